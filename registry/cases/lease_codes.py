"""Which codes of leases has a contract already: in the register, or in a case that goes on?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

import sqlalchemy as sa

from registry import case_files
from registry.cases.kinds import kind_of
from registry.cases.rules import DRAFTED, ended, phase
from registry.cases.seeing import request_of
from registry.rights.model import RIGHT_VERSION
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.ledger.commit import Desk

KIND = "leased"
Words = tuple[str, str]


class Taken(NamedTuple):
    """Who has a code already, and what to do; the case where it is one."""

    said: Words
    hint: Words
    case: str = ""


def same(code: str) -> str:
    """A code as it is compared: another width, case or space makes no other lease.

    >>> same("流转（2021） 3号L") == same("流转(2021)3号l")
    True
    """
    return normalize("NFKC", code).replace(" ", "").casefold()


def taken_codes(at: Desk, contracts: Iterable[str]) -> dict[tuple[str, str], Taken]:
    """Of each contract, by its code, what has the code of a lease, as `same` writes it."""
    version = RIGHT_VERSION.c
    rights = sa.select(version.thing_id, version.unit_code).where(
        among(version.unit_code, "codes"), version.thing.in_(kind_of(KIND).about)
    )
    contracts_of = defaultdict[str, set[str]](set)
    for right, contract in at.connection.execute(rights.distinct(), {"codes": sorted(contracts)}):
        contracts_of[right].add(contract)
    found: dict[tuple[str, str], Taken] = {}
    ids = case_files.of_kind_about(at.connection, KIND, contracts_of)
    for case in case_files.cases(at.connection, at.store.vault, ids):
        kind = kind_of(case.kind)
        if not ended(case, kind):
            taken = _by_case(case.id, case.steps[0].day, drafted=phase(case, kind) == DRAFTED)
            code = same(str(request_of(case).get("code", "")))
            found |= {(contract, code): taken for right in case.subject for contract in contracts_of.get(right, ())}
    registered = (
        sa.select(version.within_id, version.unit_code, sa.func.min(version.act_day))
        .where(version.thing == "operating", among(version.within_id, "rights"))
        .group_by(version.within_id, version.unit_code)
    )
    for right, code, day in at.connection.execute(registered, {"rights": sorted(contracts_of)}):
        said = (f"{day} 已经登记过这个编号", f"a lease of this code was registered on {day}")
        taken = Taken(said, ("删去这一行", "take this row out"))
        found |= {(contract, same(code)): taken for contract in contracts_of[right]}
    return found


def _by_case(case_id: str, day: str, *, drafted: bool) -> Taken:
    whose = (", 还是草稿, 只有建的人看得到", ", a draft still, which its author alone sees") if drafted else ("", "")
    said = (f"{day} 建的案件已经在办这一份{whose[0]}", f"a case of {day} asks for this lease already{whose[1]}")
    return Taken(said, (f"删去这一行; 案件 {case_id}", f"take this row out; case {case_id}"), case_id)
