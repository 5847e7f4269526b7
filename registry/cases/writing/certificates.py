"""Cases about the paper of a contract: its first one, a new one for a lost, damaged or overtaken one, or none any more.

The number, the book and the date of the paper change on every right of the contract, and nothing else does: a lost paper is
no lost right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import everybody, holders, only_one, seen_of, standing
from registry.certificates import issuing
from registry.ledger.chain import read_chains
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

_WHY = {"lost": "补发：遗失", "damaged": "换发：损坏", "changed": "换发：登记内容变更"}


class Issued:
    """颁证: each contract of a right that the case is about gets its first certificate, all or none; a whole village is one case.

    Nobody is told first: the paper shows what is registered, and that had its notice.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder: none of them decides. What else is registered of a contract meanwhile is on its paper."""
        Said(request).done()
        found = issuing.without_paper(at, self._codes(at, subject, day), day)
        return Touched(people=everybody(at, [right for each in found for right in each.rights.values()], day))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The next numbers, an act a contract, in the order of their codes."""
        issuing.issue(at, self._codes(at, subject, day), day=day, fields=fields)

    def _codes(self, at: Desk, subject: Sequence[str], day: str) -> list[str]:
        at.remember(read_chains(at.connection, RIGHT, subject))
        return sorted({str(standing(at, RIGHT, right_id, day).columns["unit_code"]) for right_id in subject})


@dataclass(frozen=True, slots=True)
class Reissued:
    """补发, 换发: `reason` is one of `reasons`; a holder applies, all are told. The number is the next of the series."""

    reasons: tuple[issuing.Reason, ...]

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder of the contract."""
        said = Said(request)
        said.word("reason", self.reasons)
        said.done()
        return _of_contract(at, subject, day)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The new number on all rights of the contract; the paper prints why."""
        why = replace(fields, basis=f"{_WHY[request['reason']]} {fields.basis}")
        issuing.reissue(at, _code(at, subject, day), day=day, fields=why)


class Cancelled:
    """权证注销: the paper is cancelled, its rights stand. All holders are told."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder of the contract."""
        Said(request).done()
        return _of_contract(at, subject, day)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """No number on any right of the contract."""
        issuing.cancel(at, _code(at, subject, day), day=day, fields=fields)


def _code(at: Desk, subject: Sequence[str], day: str) -> str:
    return str(standing(at, RIGHT, only_one(subject), day).columns["unit_code"])


def _of_contract(at: Desk, subject: Sequence[str], day: str) -> Touched:
    people: dict[str, bool] = {}
    found = issuing.with_paper(at, _code(at, subject, day), day)
    for right_id in found.rights:
        people |= holders(at, right_id, day)[0]
    return Touched(seen_of(at, *((RIGHT, right_id) for right_id in found.rights)), people)
