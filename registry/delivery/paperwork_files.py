"""Which files beside layers and tables are read: the summary tables and the metadata of a delivery?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from pathlib import Path

SUMMARIES, METADATA = BESIDE = ("汇总表格", "元数据")


def files_of(folder: Path) -> list[Path]:
    """The files of both folders that are read, in the order of their names."""
    if not folder.is_dir():
        return []
    return [
        path
        for each in sorted(folder.iterdir())
        if normalize("NFC", each.name) in BESIDE and each.is_dir() and not each.is_symlink()
        for path in sorted(each.iterdir())
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]
