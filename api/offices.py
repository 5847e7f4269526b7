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

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "offices.toml"


class OfficesError(LawFileError):
    """Raised when the county's file of offices is malformed."""


@dataclass(frozen=True, slots=True)
class Office:
    """One office; `where` and `telephone` are empty where the county has not written them."""

    name: str
    where: str = ""
    telephone: str = ""


def offices(folder: Path, names: tuple[str, ...]) -> tuple[Office, ...]:
    """These offices as the county describes them. Raises OfficesError."""
    path = folder / FILE
    known: dict[str, Office] = {}
    if path.exists():
        file = read_law_file(path, OfficesError)
        for row in file.rows("office"):
            office = Office(row.text("name"), row.text("where"), row.text("telephone"))
            row.done()
            known[office.name] = office
        file.done()
    return tuple(known.get(name, Office(name)) for name in names)
