"""Which farm policies are there on a day, on which basis, at which rate? `policies.toml`, read strictly.

A policy reads what its basis says (land, herd, household, person). One that would read where somebody is registered, or of
which type, is refused with its row named, and with it the whole file (plan II.3.1-g, invariant I11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from registry.benefits.model import BASES
from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from registry.law.strict import Row

POLICIES = Path(__file__).with_name("policies.toml")
READS: Mapping[str, tuple[str, ...]] = {
    "parcel": ("parcel-area", "contract-area"),
    "herd": ("herd-size",),
    "household": ("contract-area", "household"),
    "person": ("person",),
}
"""What a policy of each basis may be reckoned from."""
UNITS = ("亩", "羊单位", "头", "户", "人")
HUKOU = re.compile("户口|户籍|户别|城镇|城乡|落户|进城|农转非|非农|迁入|迁出|居住|hukou|regist|reside|urban|town", re.IGNORECASE)
_YUAN = re.compile(r"[0-9]{1,6}\.[0-9]{2}", re.ASCII)


class PolicyFileError(LawFileError):
    """Raised when the file of policies is malformed, or a policy reads where somebody is registered."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy from a day until before another; `yuan` for one unit and year, None where no rate is known."""

    name: str
    en: str
    basis: str
    reads: tuple[str, ...]
    unit: str
    in_force_from: date
    in_force_until: date
    yuan: Decimal | None
    document: str
    source: str
    confirmed: bool

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.in_force_from <= day < self.in_force_until


@lru_cache(maxsize=1)
def policies() -> tuple[Policy, ...]:
    """Every policy, in the order of the file."""
    return read_policies(POLICIES)


def policy_on(name: str, basis: str, unit: str, day: date) -> Policy | None:
    """The policy of this name, basis and unit that is in force on a day; None where the file has none."""
    return next((p for p in policies() if (p.name, p.basis, p.unit) == (name, basis, unit) and p.holds_on(day)), None)


def read_policies(path: Path) -> tuple[Policy, ...]:
    """Read a file of policies strictly. Raises PolicyFileError naming file and row."""
    file = read_law_file(path, PolicyFileError)
    found: list[Policy] = []
    for row in file.rows("policy"):
        name = row.text("name")
        row.named(name)
        for key in row.keys():  # noqa: SIM118  (a Row is no mapping)
            if HUKOU.search(key):
                row.refuse(f"政策不能看户口: {key}", f"no policy reads the household registration: {key}")
        basis = row.word("basis", BASES)
        reads = row.texts("reads")
        for word in reads:
            if HUKOU.search(word):
                row.refuse(f"政策不能看户口: {word}", f"no policy reads the household registration: {word}")
            if word not in READS[basis]:
                row.refuse(f"{basis} 的政策不能按 {word} 算", f"a policy of basis {basis} cannot be reckoned from {word}")
        start, end = row.window()
        policy = Policy(
            name=name,
            en=row.text("en"),
            basis=basis,
            reads=reads,
            unit=row.word("unit", UNITS),
            in_force_from=start,
            in_force_until=end,
            yuan=_rate(row),
            document=row.text("document"),
            source=row.text("source"),
            confirmed=row.flag("confirmed"),
        )
        row.done()
        for old in found:
            same = (old.name, old.basis, old.unit) == (policy.name, policy.basis, policy.unit)
            if same and start < old.in_force_until and old.in_force_from < end:
                row.refuse("时段和别的行重叠", f"the window overlaps that from {old.in_force_from}")
        found.append(policy)
    file.done()
    return tuple(found)


def _rate(row: Row) -> Decimal | None:
    if not row.has("yuan"):
        return None
    text = row.text("yuan")
    if not _YUAN.fullmatch(text):
        row.refuse(f"yuan “{text}”应当是两位小数", f"yuan must have two decimals: {text!r}")
    return Decimal(text)
