"""Does each list of the supervision bureau hold what happened, once, with how it was counted, and nobody's name?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from registry import supervision
from registry.cases import Actor
from registry.china import CHINA
from registry.ledger import read as ledger
from registry.ledger.commit import Officer
from registry.looks.keeping import looked
from registry.supervision.sheet import sheet
from tests.registry.cases.conftest import store, walker
from tests.registry.made_up import PEOPLE

if TYPE_CHECKING:
    from registry.supervision import Listing
    from tests.registry.cases.walking import Walker

__all__ = ["store", "walker"]


def listed(walker: Walker, name: str) -> Listing:
    """One list as of the walker's day."""
    today = walker.store.clock().astimezone(CHINA).date().isoformat()
    with walker.store.reading() as connection:
        return supervision.listing(
            name, walker.store, connection, valid_at=today, known_at=ledger.size(connection)
        )


def test_an_attempt_is_listed_once_however_many_people_it_concerns(walker: Walker) -> None:
    """The whole household is told of it; the inspector sees one attempt, by whom, and why it was refused."""
    looked(walker.store, Officer("张晓梅", "农牧业局"), list(walker.village.people), "refused", "不是合法原因")
    found = listed(walker, "refused")
    assert [(row[1], row[2], row[4]) for row in found.rows] == [("张晓梅", "农牧业局", len(PEOPLE))]
    assert "不是合法原因" in str(found.rows[0][3])
    assert listed(walker, "odd-looks").rows == []


def test_a_namesake_in_the_household_is_found_whoever_of_it_is_looked_at(walker: Walker) -> None:
    """The officer is called like the wife: looking at the mother is listed, with the id of who was looked at."""
    looked(walker.store, Officer("敖登", "国土局"), walker.village.people[4], "rights", "柜台查询")
    looked(walker.store, Officer("无此人", "国土局"), walker.village.people[4], "rights", "柜台查询")
    same = [row for row in listed(walker, "odd-looks").rows if "同名" in row[0][0]]  # type: ignore[index]  # a pair
    assert [(row[2], row[4]) for row in same] == [("敖登", walker.village.people[4])]


def test_a_report_of_a_condition_is_listed_from_its_submission_on_without_its_words(walker: Walker) -> None:
    """A draft is its author's. What the report says in words, and who made it, stands in the case alone."""
    reporter = Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])
    example = walker.example("unlawful-condition")
    case_id = walker.open("unlawful-condition", example, reporter)
    assert listed(walker, "conditions").rows == []
    walker.step(case_id, "submitted", reporter)
    found = listed(walker, "conditions")
    assert [row[-1] for row in found.rows] == [case_id]
    told = str(found.as_json())
    assert str(example.request["words"]) not in told
    assert [name for name, _, _ in PEOPLE if name in told] == []


def test_what_lies_before_the_listed_days_is_not_listed_but_an_unanswered_report_is(walker: Walker) -> None:
    """Ninety days (STAT/odd-looks); a report waits for its answer however old it is."""
    reporter = Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])
    case_id = walker.open("unlawful-condition", walker.example("unlawful-condition"), reporter)
    walker.step(case_id, "submitted", reporter)
    looked(walker.store, Officer("敖登", "国土局"), walker.village.people[4], "rights", "柜台查询")
    walker.clock.ahead = dt.timedelta(days=120)
    assert listed(walker, "odd-looks").rows == []
    assert [row[-1] for row in listed(walker, "conditions").rows] == [case_id]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_list_leaves_as_a_table_that_says_how_it_was_counted(walker: Walker, form: str) -> None:
    """As csv with its mark of order, or as a workbook."""
    looked(walker.store, Officer("=1+1", "国土局"), walker.village.people[4], "rights", "柜台查询")
    for name in supervision.LISTS:
        one = listed(walker, name)
        made = sheet(one, form)
        if form == "xlsx":
            assert made[:2] == b"PK"
        else:
            assert one.counted[0] in made.decode("utf-8-sig")
            assert "\n=1+1" not in made.decode("utf-8-sig")
            assert ",=1+1" not in made.decode("utf-8-sig")
