"""Cases about the paper of a contract: a new one for a lost, damaged or overtaken one, or none any more.

The number, the book and the date of the paper change on every right of the contract, and nothing else does: a lost paper is
no lost right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import holders, only_one, seen_of, standing
from registry.certificates import issuing
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk


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

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The new number on all rights of the contract."""
        issuing.reissue_within(at, _code(at, subject, day), day=day, fields=fields)


class Cancelled:
    """权证注销: the paper is cancelled, its rights stand. All holders are told."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder of the contract."""
        Said(request).done()
        return _of_contract(at, subject, day)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """No number on any right of the contract."""
        issuing.cancel_within(at, _code(at, subject, day), day=day, fields=fields)


def _code(at: Desk, subject: Sequence[str], day: str) -> str:
    return str(standing(at, RIGHT, only_one(subject), day).columns["unit_code"])


def _of_contract(at: Desk, subject: Sequence[str], day: str) -> Touched:
    people: dict[str, bool] = {}
    found = issuing.with_paper(at, _code(at, subject, day), day)
    for right_id in found.rights:
        people |= holders(at, right_id, day)[0]
    return Touched(seen_of(at, *((RIGHT, right_id) for right_id in found.rights)), people)
