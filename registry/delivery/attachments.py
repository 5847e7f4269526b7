r"""Are the papers and sketches there that the rows of a delivery point to?

A path of the standard is relative to the delivery's folder and written with \\ ; several pictures of one paper are joined
by / . Only names are looked at: the files stay where they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from pathlib import Path

    from registry.delivery.faults import Faults
    from registry.delivery.read import Delivery

FOLDERS = ("图件", "其他资料")
_PATHS = (("KZD", "DZJ"), ("QSLYZLFJ", "FJ"), ("CBJYQZDJB", "DKSYT"))


def files_below(folder: Path) -> frozenset[str]:
    """Every file of a delivered folder, relative to the delivery, as names are compared: NFC, lower case, / between."""
    root = folder.parent
    return frozenset(_compared(path.relative_to(root).as_posix()) for path in folder.rglob("*") if path.is_file())


def check_attachments(delivery: Delivery, faults: Faults) -> None:
    """Say once for each part how many of its rows point to a file that is not there. Nothing where no folder came."""
    if delivery.attachments is None:
        return
    for part, column in _PATHS:
        frame = delivery.part(part)
        if frame is not None:
            values = frame.values(column)
            missing = [row for row, value in enumerate(values) if value and not _is_there(value, delivery.attachments)]
            if missing:
                row = int(frame.row[missing[0]])
                faults.whole("attachments-missing", frame.files[0], part, column, count=len(missing), first=row)


def _is_there(value: str, files: frozenset[str]) -> bool:
    whole = _compared(value.replace("\\", "/"))
    return whole in files or all(_compared(each.replace("\\", "/")) in files for each in value.split("/"))


def _compared(path: str) -> str:
    return normalize("NFC", path).casefold().strip("/")
