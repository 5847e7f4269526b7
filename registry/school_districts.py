"""Which school district does a community or a village belong to on a day? Dated data of the registry's own, or not known.

The education bureau draws districts and changes them each year. None was found for the banner, so the file that is shipped is
empty; a registry keeps its own in its data folder. Nothing is inferred from a town or from a distance.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registry.law.strict import LawFileError, Row, read_law_file
from registry.store import durable

if TYPE_CHECKING:
    from registry.store.engines import Store

SHIPPED = Path(__file__).with_suffix(".toml")
FILE = "school-districts.toml"
UNKNOWN_DISTRICT = ("不知道哪个学区", "district not known")
_DIVISION = re.compile("[0-9]{12}")


class DistrictFileError(LawFileError):
    """Raised when a file of school districts is malformed, or puts a community into two districts on one day."""


@dataclass(frozen=True, slots=True)
class District:
    """A district by its name, with the divisions that belong to it from a day until the day before another."""

    name: str
    divisions: tuple[str, ...]
    since: dt.date
    until: dt.date

    def holds(self, division: str, day: dt.date) -> bool:
        """Whether a division belongs to it on a day."""
        return division in self.divisions and self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Districts:
    """What a file says. `made_up`: invented for a demonstration."""

    made_up: bool
    source: str
    rows: tuple[District, ...]

    def name_of(self, division: str, day: str) -> str:
        """The district of a division on a day, "" where none is known."""
        on = dt.date.fromisoformat(day)
        return next((row.name for row in self.rows if row.holds(division, on)), "")

    def of(self, day: str) -> list[District]:
        """The rows that hold on a day, in the order of the file."""
        on = dt.date.fromisoformat(day)
        return [row for row in self.rows if row.since <= on < row.until]

    def names(self, day: str) -> list[str]:
        """Every district of a day, in the order of the file."""
        return list(dict.fromkeys(row.name for row in self.of(day)))

    def said(self) -> tuple[str, str]:
        """Where it is from, or that it is not known, in Chinese and English."""
        if not self.rows:
            return "学区: 不知道。登记库没有学区划分, 不按镇、按远近推算", "school districts: not known; nothing is inferred"
        if self.made_up:
            return "学区是编的, 只作演示", "the school districts are made up, for a demonstration"
        return f"学区: {self.source}", f"school districts by: {self.source}"


def districts(store: Store) -> Districts:
    """The registry's own districts, or the empty file that is shipped. DistrictFileError."""
    own = store.settings.folder / FILE
    return read_districts(own if own.exists() else SHIPPED)


def use(store: Store, path: Path) -> Districts:
    """Take a file as the registry's own, whole, in the place of the one before. DistrictFileError: then nothing changes."""
    found = read_districts(path)
    durable.write(store.settings.folder / FILE, path.read_bytes())
    return found


def read_districts(path: Path) -> Districts:
    """Read a file strictly. DistrictFileError naming file and line."""
    file = read_law_file(path, DistrictFileError)
    made_up, source = file.flag("made_up"), file.text("source")
    found: list[District] = []
    for row in file.rows("district"):
        one = _district(row)
        for other in found:
            twice = sorted(set(one.divisions) & set(other.divisions))
            if twice and one.since < other.until and other.since < one.until:
                row.refuse(f"{twice[0]} 同一天已经在 {other.name}", f"{twice[0]} is in {other.name} on the same days", "divisions")
        found.append(one)
    file.done()
    return Districts(made_up, source, tuple(found))


def _district(row: Row) -> District:
    name = row.text("name")
    row.named(name)
    divisions = row.texts("divisions")
    for code in divisions:
        if not _DIVISION.fullmatch(code):
            row.refuse(f"{code} 不是 12 位区划代码", f"{code} is no division code of 12 digits", "divisions")
    one = District(name, divisions, *row.window())
    row.done()
    return one
