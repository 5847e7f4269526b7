"""Old law against new: every row of policy-map 9.6, on both sides of each of its dates."""

from __future__ import annotations

import ast
import inspect
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.decisions import taking_back
from registry.decisions.taking_back import (
    BLOCKED,
    LAW_OF_2018,
    UNIFIED,
    Destination,
    Fate,
    Land,
    OldMove,
    Proof,
    fate_of_land,
)
from registry.law.book import RuleNotInForceError, book

GOLDEN = Path(__file__).with_name("golden") / "taking-back.txt"
TODAY = date(2026, 11, 26)
DAY = timedelta(days=1)
LAW_OF_2002, PLAN = date(2003, 3, 1), UNIFIED
TO_CITY = OldMove(date(2005, 6, 1), True, "city with districts", True, "arable", None)
TO_TOWN = replace(TO_CITY, to="small town", became_non_agricultural=False)
FIELDS: tuple[Land, ...] = ("arable", "grass")
REST: tuple[Land, ...] = ("forest", "other", "homestead", "share")
LANDS = FIELDS + REST
DESTINATIONS: tuple[Destination, ...] = ("small town", "city with districts", "elsewhere")


def taken(move: OldMove, day: date) -> Fate:
    """The fate of land that the collective took back on a day."""
    return fate_of_land(replace(move, proof=Proof("taken back", day)), TODAY).fate


def handed(move: OldMove, day: date) -> Fate:
    """The fate of land that the household handed back on a day."""
    return fate_of_land(replace(move, proof=Proof("handed back", day)), TODAY).fate


@pytest.mark.rule("RLCL/settled-in-town")
@pytest.mark.parametrize("land", LANDS)
def test_9_6_a_whole_household_in_a_small_town_keeps_any_land(land: Land) -> None:
    """Row 1: kept, or given up by their will; 嘎鲁图镇 is a small town. On the last day of the old law and the first of the new."""
    move = replace(TO_TOWN, land=land)
    assert fate_of_land(move, TODAY).fate == "lives on"
    for day in (date(2005, 6, 2), BLOCKED - DAY, BLOCKED, PLAN - DAY, PLAN, LAW_OF_2018 - DAY, LAW_OF_2018, LAW_OF_2018 + DAY):
        assert taken(move, day) == "lives on"
    assert handed(move, LAW_OF_2018 - DAY) == ("ended" if land in FIELDS else "lives on")
    assert handed(move, LAW_OF_2018) == "lives on"


@pytest.mark.rule("RLCL/moved-to-a-city", "RLCL/proved-acts-before-2019")
@pytest.mark.parametrize("land", FIELDS)
def test_9_6_a_whole_household_in_a_city_lost_fields_only_by_a_proved_act(land: Land) -> None:
    """Row 2: should hand back, may be taken back: ended only if a dated act is proved; otherwise it lives on."""
    move = replace(TO_CITY, land=land)
    assert fate_of_land(move, TODAY).fate == "lives on"
    assert taken(move, move.moved) == "ended"
    assert taken(move, BLOCKED - DAY) == "ended"
    assert handed(move, BLOCKED - DAY) == "ended"
    assert handed(move, LAW_OF_2018 - DAY) == "ended"
    assert handed(move, LAW_OF_2018) == "lives on"


@pytest.mark.rule("RLCL/moved-to-a-city")
def test_9_6_the_terms_of_the_old_article_are_narrow() -> None:
    """Whole household, city divided into districts, non-agricultural: without one of them a taking back ends nothing."""
    day = BLOCKED - DAY
    assert taken(TO_CITY, day) == "ended"
    assert taken(replace(TO_CITY, became_non_agricultural=False), day) == "lives on"
    assert taken(replace(TO_CITY, whole_household=False), day) == "lives on"
    assert taken(replace(TO_CITY, to="elsewhere"), day) == "lives on"
    assert taken(TO_CITY, TO_CITY.moved - DAY) == "lives on"


@pytest.mark.rule("RLCL/moved-to-a-city")
@pytest.mark.parametrize("land", REST)
@pytest.mark.parametrize("day", [BLOCKED - DAY, BLOCKED, PLAN, LAW_OF_2018])
def test_9_6_forest_homestead_and_share_are_untouched(land: Land, day: date) -> None:
    """Row 3: art. 26 speaks of arable land and pasture only."""
    move = replace(TO_CITY, land=land)
    assert taken(move, day) == handed(move, day) == "lives on"


@pytest.mark.rule("RLCL/settled-in-town")
@pytest.mark.parametrize("to", DESTINATIONS)
@pytest.mark.parametrize("land", LANDS)
def test_9_6_part_of_a_household_keeps_everything(to: Destination, land: Land) -> None:
    """Row 4: who stays holds the land, wherever the others went."""
    move = replace(TO_CITY, whole_household=False, to=to, land=land)
    for day in (BLOCKED - DAY, BLOCKED, PLAN, LAW_OF_2018 - DAY, LAW_OF_2018):
        assert taken(move, day) == "lives on"


@pytest.mark.rule("GUARANTEE/SC-2014-25")
@pytest.mark.parametrize("land", FIELDS)
def test_9_6_a_taking_back_between_2014_and_the_plan_goes_to_a_person(land: Land) -> None:
    """Row 5: blocked by 国发〔2014〕25号 from 2014-07-24 to 2016-09-13; the day before it ended, the day of it does not."""
    move = replace(TO_CITY, land=land)
    assert [taken(move, BLOCKED + DAY * n) for n in (-1, 0, 1)] == ["ended", "review", "review"]
    found = fate_of_land(replace(move, proof=Proof("taken back", PLAN - DAY)), TODAY)
    assert (found.fate, found.reasons[0].rule) == ("review", "GUARANTEE/SC-2014-25")


@pytest.mark.rule("WS-2016/II.2.1")
@pytest.mark.parametrize("to", DESTINATIONS)
@pytest.mark.parametrize("land", FIELDS)
def test_9_6_a_taking_back_after_the_plan_goes_to_a_person(to: Destination, land: Land) -> None:
    """Row 6: 非农业 no longer exists: for a move from 2016-09-14 on, wherever to, a taking back is likely a breach."""
    move = replace(TO_CITY, moved=PLAN, to=to, land=land)
    for day in (PLAN, PLAN + DAY, LAW_OF_2018 - DAY):
        found = fate_of_land(replace(move, proof=Proof("taken back", day)), TODAY)
        assert (found.fate, found.reasons[0].rule) == ("review", "WS-2016/II.2.1")
    assert taken(replace(TO_CITY, land=land), PLAN) == "review"
    assert taken(move, LAW_OF_2018) == "lives on"


@pytest.mark.rule("RLCL/settled-in-town", "RLCL/moved-to-a-city")
@given(
    moved=st.dates(LAW_OF_2018, TODAY),
    whole=st.booleans(),
    to=st.sampled_from(DESTINATIONS),
    city_type=st.booleans(),
    land=st.sampled_from(LANDS),
    act=st.sampled_from(["handed back", "taken back", None]),
    later=st.integers(0, 3000),
)
def test_9_6_after_2019_everything_is_kept(
    moved: date, whole: bool, to: Destination, city_type: bool, land: Land, act: str | None, later: int
) -> None:
    """Row 7: any move, any land, any town or city: kept; an exit goes by policy-map 9.1 alone."""
    proof = None if act is None else Proof(act, moved + DAY * later)  # type: ignore[arg-type]  # one of the two words
    found = fate_of_land(OldMove(moved, whole, to, city_type, land, proof), TODAY)
    assert found.fate == "lives on"


@pytest.mark.rule("RLCL/moved-to-a-city")
def test_9_6_an_act_before_the_law_of_2002_is_not_judged_by_it() -> None:
    """The book holds no rule of the days before 2003-03-01: it refuses, and says which days it covers."""
    move = replace(TO_CITY, moved=date(2001, 1, 1))
    with pytest.raises(RuleNotInForceError, match="2003-03-01"):
        taken(move, LAW_OF_2002 - DAY)
    assert taken(move, LAW_OF_2002) == "ended"
    assert fate_of_land(move, TODAY).fate == "lives on"


@pytest.mark.rule("RLCL/proved-acts-before-2019")
@example(PLAN, True, "small town", False, "arable", "taken back", PLAN - DAY)  # taken before they moved: no rule of the plan
@given(
    moved=st.dates(LAW_OF_2002, TODAY),
    whole=st.booleans(),
    to=st.sampled_from(DESTINATIONS),
    city_type=st.booleans(),
    land=st.sampled_from(LANDS),
    act=st.sampled_from(["handed back", "taken back"]),
    day=st.dates(LAW_OF_2002, TODAY),
)
def test_a_fate_names_rules_in_force_on_the_day_of_the_act_and_nothing_ends_without_proof(
    moved: date, whole: bool, to: Destination, city_type: bool, land: Land, act: str, day: date
) -> None:
    """Issue 5, Show: the reasons name rules in force on that date; issue 5, item 3: an old act ends a right only if proved."""
    move = OldMove(moved, whole, to, city_type, land, None)
    assert fate_of_land(move, TODAY).fate == "lives on"
    found = fate_of_land(replace(move, proof=Proof(act, day)), TODAY)  # type: ignore[arg-type]  # one of the two words
    assert found.day == day
    assert all(book().rule(rule, day) for rule in found.rules)
    assert found.fate != "ended" or (whole and land in FIELDS and day < LAW_OF_2018)
    assert found.fate != "review" or (act == "taken back" and BLOCKED <= day < LAW_OF_2018 and land in FIELDS)


def test_the_days_of_the_table_are_those_of_the_book() -> None:
    """A date stands in the book; the table's three are held to it."""
    assert book().versions("GUARANTEE/SC-2014-25")[0].in_force_from == BLOCKED
    assert book().versions("WS-2016/II.2.1")[0].in_force_from == PLAN
    assert [v.in_force_from for v in book().versions("RLCL/settled-in-town")] == [LAW_OF_2002, LAW_OF_2018]


def _each_way() -> dict[str, OldMove]:
    """A move for each explanation that there is, the rows of 9.6 in their order."""
    def proved(move: OldMove, day: date) -> OldMove:
        return replace(move, proof=Proof("taken back", day))

    early = date(2010, 1, 1)
    return {
        "no proof": TO_CITY,
        "small town, taken back": proved(TO_TOWN, early),
        "small town, handed back": replace(TO_TOWN, proof=Proof("handed back", early)),
        "city, handed back": replace(TO_CITY, proof=Proof("handed back", early)),
        "city, taken back": proved(TO_CITY, BLOCKED - DAY),
        "city, forest": proved(replace(TO_CITY, land="forest"), early),
        "part of the household": proved(replace(TO_CITY, whole_household=False), early),
        "city, taken back between 2014 and the plan": proved(TO_CITY, BLOCKED),
        "city, taken back since the plan": proved(TO_CITY, PLAN),
        "moved since the plan, taken back": proved(replace(TO_CITY, moved=PLAN), PLAN),
        "taken back since 2019": proved(TO_CITY, LAW_OF_2018),
    }


def test_explanations_of_takings_back_are_the_golden_ones() -> None:
    """Issue 5, Show: golden texts for every explanation; SANQUAN_GOLDEN=write rewrites them, to be read by eye."""
    lines = []
    for name, move in _each_way().items():
        found = fate_of_land(move, TODAY)
        lines += [f"== {name}: {found.fate} ({', '.join(found.rules)})"]
        lines += [line for reason in found.reasons for line in (f"   {reason.rule}: {reason.zh}", f"   {reason.en}")]
    text = "\n".join(lines) + "\n"
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_every_explanation_of_a_taking_back_is_met() -> None:
    """No place of `taking_back.py` that explains a fate is left out of the golden ones."""
    places = [node for node in ast.walk(ast.parse(inspect.getsource(taking_back))) if isinstance(node, ast.Call)]
    explained = [node for node in places if isinstance(node.func, ast.Name) and node.func.id == "_fate"]
    assert len(explained) == len({fate_of_land(move, TODAY).reasons[0].zh for move in _each_way().values()})
