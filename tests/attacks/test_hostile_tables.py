"""A hostile table ends in words that name it where it is handed in as an export of a book, a payment list or the police's events.

The tables are those of the deliveries that were made to harm (C10 of hazards.md), and each runs through the real command in a
process of its own: bounded in CPU and memory, nothing recorded, nothing left behind.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.attacks.corpus import CORPUS, SECRET, TABLES
from tests.attacks.test_corpus import _MOST_CPU_S, _MOST_MIB, SOUND, _content, command
from tests.registers import copy_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.settings import Settings

__all__ = ["command"]
HOSTILE = [name for name in CORPUS if name.startswith(("csv: ", "xlsx: "))]
DOORS = (("subsidies check", "惠农牧补贴"), ("compare", "CBHT"), ("events import", "户籍事件"))


@pytest.mark.parametrize(("name", "door"), [(name, DOORS[n % len(DOORS)]) for n, name in enumerate(HOSTILE)])
def test_hostile_table_is_refused_by_name(
    name: str, door: tuple[str, str], command: Callable[..., dict[str, Any]], file_template: Settings, tmp_path: Path
) -> None:
    """Ends with 2, says which file, and the register is as it was, byte for byte; one way in for each, in turn."""
    root = tmp_path / SOUND.name
    shutil.copytree(SOUND, root)
    CORPUS[name].make(root)
    (spoilt,) = (root / TABLES).glob(CORPUS[name].place)
    settings = copy_of(file_template, tmp_path / "registry")
    before = _content(settings)
    words, table = door
    path = spoilt.rename(spoilt.with_stem(table))
    answer = command(*words.split(), str(path), "--registry", str(settings.folder))
    assert answer["code"] == 2, answer
    said = "".join((answer["out"] + answer["err"]).split())
    assert path.name in said, said[:400]
    assert "系统出错" not in said
    assert SECRET not in said
    assert answer["cpu"] <= _MOST_CPU_S
    assert answer["mib"] <= _MOST_MIB
    assert _content(settings) == before
