"""Does a new paper change the paper alone, on every right of its contract, and only for who holds them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.cases import ActRefusedError, StepNotOpenError
from registry.ledger.evidence import behind
from registry.rights.model import RIGHT
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example

if TYPE_CHECKING:
    from registry.ledger.nouns import Version
    from tests.registry.cases.walking import Walker

LAND = ("contract-arable", "contract-grass", "contract-forest", "contract-other")


def standing(walker: Walker) -> list[Version]:
    """The rights of the family's contract."""
    return [head(walker, RIGHT, walker.village.rights[thing]) for thing in LAND]


@pytest.mark.parametrize("kind", ["certificate-replaced", "certificate-renewed"])
def test_new_paper_has_the_next_number_on_every_right_of_the_contract(walker: Walker, kind: str) -> None:
    """补发, 换发: number, book and date; no holder, area or term. The homestead has a paper of its own."""
    example = walker.example(kind)
    before = standing(walker)
    walker.walk(kind, example)
    now = standing(walker)
    numbers = {right.columns["certificate_number"] for right in now}
    assert len(numbers) == 1
    assert numbers != {before[0].columns["certificate_number"]}
    assert {right.cause_kind for right in now} == {"certificate-reissued"}
    with walker.store.reading() as connection:
        papers = "".join(behind(walker.store, connection, now[0].cause_idx).papers)
    assert papers.startswith({"certificate-replaced": "补发：遗失", "certificate-renewed": "换发：损坏"}[kind])
    changed = {"certificate_number", "certificate_book", "certificate_date", "terms_digest", "base_ver", "same_terms"}
    for one, other in zip(before, now, strict=True):
        assert {name for name in one.columns if one.columns[name] != other.columns[name]} <= changed
    assert head(walker, RIGHT, walker.village.rights["homestead"]).ver == 1


def test_paper_is_cancelled_and_the_right_stands(walker: Walker) -> None:
    """注销 of the paper: live, without a number; what has none is not cancelled again."""
    example = walker.example("certificate-cancelled")
    walker.walk("certificate-cancelled", example)
    assert {(right.status, right.columns["certificate_number"]) for right in standing(walker)} == {("live", "")}
    case_id = walker.open("certificate-cancelled", example)
    with pytest.raises(ActRefusedError, match="没有现行的权证"):
        walker.step(case_id, "submitted")


@pytest.mark.parametrize("kind", ["certificate-replaced", "certificate-renewed", "certificate-cancelled"])
def test_a_contract_that_never_had_a_paper_gets_its_first_and_no_other(walker: Walker, kind: str) -> None:
    """The code that a delivery has of every contract (CBJYQZBM) is no certificate: the submission is refused, and says 颁证."""
    request = {"certificate-replaced": {"reason": "lost"}, "certificate-renewed": {"reason": "damaged"}}.get(kind, {})
    case_id = walker.open(kind, Example([walker.village.rights["contract-grass"]], request))
    with pytest.raises(ActRefusedError, match="没有颁过的, 办颁证"):
        walker.step(case_id, "submitted")
    assert [step.step for step in walker.look(case_id)[0].steps] == ["drafted"]


def test_a_paper_that_is_older_than_the_register_is_replaced_once_its_number_is_there(walker: Walker) -> None:
    """Its number is of no series of ours: 更正登记 brought it, 换发 is taken."""
    walker.walk("record-corrected", walker.example("record-corrected"))
    renewed = Example([walker.village.rights["contract-arable"]], {"reason": "damaged"})
    case_id = walker.open("certificate-renewed", renewed)
    walker.step(case_id, "submitted")
    assert [step.step for step in walker.look(case_id)[0].steps] == ["drafted", "submitted"]


def test_only_who_holds_the_right_asks_for_a_new_paper(walker: Walker) -> None:
    """causes.toml: the holder applies; a neighbour's application is not taken, and all co-holders are told."""
    example = walker.example("certificate-renewed")
    holder = walker.village.people[0]
    walker.village.people[0] = walker.witness
    case_id = walker.open("certificate-renewed", example)
    with pytest.raises(StepNotOpenError, match="权利人本人"):
        walker.step(case_id, "submitted")
    walker.village.people[0] = holder
    case_id = walker.walk("certificate-renewed", example, "noticed")
    assert set(walker.look(case_id)[2].touched.people) == set(walker.village.people)


def test_lost_paper_is_posted_and_a_damaged_one_is_handed_in(walker: Walker) -> None:
    """The first waits its days; the second needs the old paper; neither is asked for under the other's name."""
    lost = walker.walk("certificate-replaced", walker.example("certificate-replaced"), "noticed")
    assert walker.look(lost)[2].notice_until is not None
    renewed = walker.walk("certificate-renewed", walker.example("certificate-renewed"), "noticed")
    walker.ask(renewed)
    with pytest.raises(StepNotOpenError, match="交回的旧证"):
        walker.step(renewed, "reviewed", opinion="齐全")
    subject = [walker.village.rights["contract-grass"]]
    refused(walker, "certificate-renewed", Example(subject, {"reason": "lost"}), "reason")
