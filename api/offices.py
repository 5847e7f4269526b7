"""Where is an office, and under which telephone? What the county has written into `offices.toml` of its data folder.

```toml
[[office]]
name = "公安局"
where = "嘎鲁图镇……户政大厅"
telephone = "0477-……"
```

Nothing is shipped: an address that nobody confirmed would send people the wrong way. An office without an entry is shown
by its name, with the word that its telephone was not filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "offices.toml"
_LATER = {"农牧业局": "农牧局", "林业局": "林草局", "国土局": "自然资源局", "国土资源局": "自然资源局"}
"""Offices of the plan of 2016, which rules and a county's file still name, and what they are called since 2019 [K]."""


class OfficesError(LawFileError):
    """Raised when the county's file of offices is malformed."""


@dataclass(frozen=True, slots=True)
class Office:
    """One office; `where` and `telephone` are empty where the county has not written them."""

    name: str
    where: str = ""
    telephone: str = ""


def offices(folder: Path, names: tuple[str, ...]) -> tuple[Office, ...]:
    """These offices as the county describes them, under their later names. Raises OfficesError."""
    path = folder / FILE
    known: dict[str, Office] = {}
    if path.exists():
        file = read_law_file(path, OfficesError)
        for row in file.rows("office"):
            office = Office(row.text("name"), row.text("where"), row.text("telephone"))
            row.done()
            known[_LATER.get(office.name, office.name)] = office
        file.done()
    later = dict.fromkeys(_LATER.get(name, name) for name in names)
    return tuple(replace(known.get(name, Office(name)), name=name) for name in later)
