"""Is a right locked by a court's document only, for its days only, and freed by another; and does the lock take nothing away?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from registry.cases import NotByYouError, SaidMalformedError, StepNotOpenError
from registry.ledger.chain import read_chains
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT
from tests.registry.cases.walking import FIRST, PAPER, Example

if TYPE_CHECKING:
    from registry.ledger.nouns import Noun, Version
    from tests.registry.cases.walking import Walker

_TWO_YEARS = dt.timedelta(days=731)


def head(walker: Walker, noun: Noun, thing_id: str) -> Version:
    """The newest version of a thing."""
    with walker.store.reading() as connection:
        return read_chains(connection, noun, [thing_id])[thing_id][-1]


def refused(walker: Walker, kind: str, example: Example, field: str) -> None:
    """A request that does not fit stays a draft."""
    case_id = walker.open(kind, example)
    with pytest.raises(SaidMalformedError) as told:
        walker.step(case_id, "submitted")
    assert told.value.field == field


def test_seizure_changes_no_term_and_stops_disposal_until_it_is_lifted(walker: Walker) -> None:
    """The right keeps its terms to the byte; a mortgage waits for the court's release."""
    grass = walker.village.rights["contract-grass"]
    before = head(walker, RIGHT, grass).columns["terms_digest"]
    mortgage = walker.example("mortgaged")
    lifting = walker.example("seizure-lifted")
    assert head(walker, RIGHT, grass).columns["terms_digest"] == before
    refused(walker, "mortgaged", mortgage, "subject")
    walker.walk("seizure-lifted", lifting)
    walker.walk("mortgaged", mortgage)


def test_second_seizure_waits_behind_the_first(walker: Walker) -> None:
    """轮候查封: it has the second rank, and stays when the first is lifted."""
    lifting = walker.example("seizure-lifted")
    walker.walk("seized", walker.example("seized"))
    first, second = walker.ids(RESTRICTION_VERSION)
    assert [head(walker, RESTRICTION, each).columns["rank"] for each in (first, second)] == [1, 2]
    walker.walk("seizure-lifted", Example([first], lifting.request))
    assert [head(walker, RESTRICTION, each).status for each in (first, second)] == ["ended", "live"]
    refused(walker, "mortgaged", walker.example("mortgaged"), "subject")


@pytest.mark.rule("REG/seizure")
@pytest.mark.parametrize("years", [-1, 4])
def test_seizure_ends_on_a_day_within_its_years(walker: Walker, years: int) -> None:
    """REG/seizure: three years at most at a time; never one that has passed."""
    example = walker.example("seized")
    until = f"{int(walker.today()[:4]) + years}-01-01"
    refused(walker, "seized", Example(example.subject, {**example.request, "until": until}), "until")


def test_seizure_that_has_not_run_out_is_lifted_by_order_only(walker: Walker) -> None:
    """What is no seizure is not lifted as one; after its last day the document that says so is enough."""
    lifting = walker.example("seizure-lifted")
    expired: dict[str, Any] = {**lifting.request, "ground": "expired"}
    refused(walker, "seizure-lifted", Example(lifting.subject, expired), "ground")
    objection = walker.example("objection-closed").subject
    refused(walker, "seizure-lifted", Example(objection, lifting.request), "subject")
    walker.clock.ahead += _TWO_YEARS
    walker.walk("seizure-lifted", Example(lifting.subject, expired))


def test_nobody_but_a_desk_has_something_seized_and_never_without_the_courts_order(walker: Walker) -> None:
    """A creditor goes to the court; without its document nothing is decided."""
    example = walker.example("seized")
    for role in ("person", "counsel", "bank", "collective", "township"):
        with pytest.raises(NotByYouError):
            walker.open("seized", example, type(FIRST)("x", "某人", "某单位", role))
    case_id = walker.walk("seized", example, "accepted")
    walker.step(case_id, "evidence-added", paper="proof", source=PAPER)
    with pytest.raises(StepNotOpenError, match="法院文书"):
        walker.step(case_id, "reviewed", opinion="齐全")
