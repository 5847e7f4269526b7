"""Does a boundary wait for both sides, and for an absent neighbour only after two invitations and the days to object?"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from registry.cases import (
    Actor,
    NotByYouError,
    SaidMalformedError,
    StepNotOpenError,
    absent_until,
    dossier_of,
    invitations,
)
from tests.registry.cases.test_engine import missing
from tests.registry.cases.walking import FIRST, PAPER, WILL, Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

KIND = "boundary-signed"


@pytest.fixture
def noticed(walker: Walker) -> str:
    """The family shows the line between their half of the field and the half of the son who left; all of them signed."""
    exchange = walker.example("exchanged")
    (mine,) = exchange.request["gives"][0]["parcels"]
    case_id = walker.walk(KIND, Example([mine]), "noticed")
    walker.step(case_id, "evidence-added", paper="boundary", source=PAPER)
    head, wife, _, child, grandmother = walker.village.people
    walker.step(case_id, "consented", person=head, source=WILL)
    for person in (wife, grandmother):
        walker.step(case_id, "told", person=person, how="in-person")
    walker.step(case_id, "told", person=child, how="in-person", guardian=wife)
    return case_id


def absence(walker: Walker) -> dict[str, Any]:
    """The son did not come; the result was delivered today."""
    return {"person": walker.village.people[2], "day": walker.today(), "source": PAPER}


def invited(walker: Walker, case_id: str, days: int = 0) -> None:
    """An invitation of the son for today, or for a day as far from it."""
    day = dt.date.fromisoformat(walker.today()) + dt.timedelta(days=days)
    walker.step(case_id, "told", person=walker.village.people[2], how="by-letter", day=day.isoformat())


def test_both_sides_sign_by_their_representative(walker: Walker, noticed: str) -> None:
    """One of each household signs; everybody with a right on either side is told."""
    touched = walker.look(noticed)[2].touched
    assert touched.consents == {walker.village.people[0], walker.village.people[2]}
    assert set(touched.people) == set(walker.village.people)
    assert "还缺 1 人的同意" in missing(walker, noticed, "reviewed")
    walker.step(noticed, "consented", person=walker.village.people[2], source=WILL)
    walker.go_on(noticed)


@pytest.mark.rule("REG/absent-neighbour")
def test_absent_neighbour_is_invited_twice_and_has_his_days_to_object(walker: Walker, noticed: str) -> None:
    """缺席指界: two invitations, the result delivered, fifteen days; then it stands, and the case says who was absent."""
    for _ in range(2):
        invited(walker, noticed)
    with pytest.raises(SaidMalformedError, match=r"两次.*算 0 次"):
        walker.step(noticed, "absent", **absence(walker))
    walker.clock.ahead += dt.timedelta(days=3)
    invited(walker, noticed, 2)
    with pytest.raises(SaidMalformedError, match=r"两次.*算 1 次"):
        walker.step(noticed, "absent", **absence(walker))
    walker.clock.ahead += dt.timedelta(days=2)
    with pytest.raises(SaidMalformedError, match=r"两次.*算 1 次"):
        walker.step(noticed, "absent", **absence(walker))
    walker.clock.ahead += dt.timedelta(days=1)
    walker.step(noticed, "absent", **absence(walker))
    until = absent_until(walker.look(noticed)[0])[walker.village.people[2]]
    walker.clock.ahead += dt.date.fromisoformat(until) - dt.date.fromisoformat(walker.today())
    assert missing(walker, noticed, "reviewed") == f"等到 {until} 满: 缺席的人 15 天内可以申请重新指界"
    walker.clock.ahead += dt.timedelta(days=1)
    assert missing(walker, noticed, "reviewed") == ""
    walker.step(noticed, "reviewed", opinion="界址清楚, 一方缺席")
    walker.step(noticed, "delivered")
    assert walker.village.people[2] in absent_until(walker.look(noticed)[0])
    assert dossier_of(walker.store, noticed, FIRST, "法院调卷", reader="desk").startswith(b"%PDF")


@pytest.mark.rule("REG/absent-neighbour")
def test_nobody_is_invited_for_a_day_that_is_over_nor_again_before_the_last_one_is(walker: Walker, noticed: str) -> None:
    """Two letters of one morning are one invitation; a reminder of the same day is none, and one of another day waits."""
    with pytest.raises(SaidMalformedError, match="已经过了"):
        invited(walker, noticed, -1)
    invited(walker, noticed, 3)
    invited(walker, noticed, 3)
    whom: list[dict[str, Any]] = [{"person": walker.village.people[2]}, {"everybody": "yes", "source": PAPER}]
    later = (dt.date.fromisoformat(walker.today()) + dt.timedelta(days=9)).isoformat()
    for people in whom:
        with pytest.raises(SaidMalformedError, match="过了那天没来, 再请第二次"):
            walker.step(noticed, "told", **people, how="by-letter", day=later)
    walker.clock.ahead += dt.timedelta(days=3)
    with pytest.raises(SaidMalformedError, match="再请第二次"):
        invited(walker, noticed, 1)
    walker.clock.ahead += dt.timedelta(days=1)
    invited(walker, noticed)
    assert len(invitations(walker.look(noticed)[0])[walker.village.people[2]]) == 2


def test_who_signs_late_is_absent_no_more_and_who_objects_stops_it(walker: Walker, noticed: str) -> None:
    """Late is not never; an objection holds the case as any other."""
    invited(walker, noticed)
    walker.clock.ahead += dt.timedelta(days=3)
    invited(walker, noticed)
    walker.clock.ahead += dt.timedelta(days=1)
    walker.step(noticed, "absent", **absence(walker))
    son = Actor("chaolu", "朝鲁", "本人", "person", walker.village.people[2])
    walker.clock.ahead += dt.timedelta(days=40)
    objection = walker.open("objection", Example(challenges=noticed), son)
    walker.step(objection, "submitted", son)
    assert "异议" in missing(walker, noticed, "reviewed")
    walker.step(objection, "answered", walker.second, outcome="not-upheld", reasons="与旧界一致")
    walker.step(noticed, "consented", person=walker.village.people[2], source=WILL)
    assert absent_until(walker.look(noticed)[0]) == {}


def test_neighbours_are_told_apart_by_where_their_land_lies(walker: Walker, noticed: str) -> None:
    """The side, the parcel's code and the household's: of everybody whom the case touches."""
    lies = walker.look(noticed)[2].touched.lies
    head, _, son, _, grandmother = walker.village.people
    assert set(lies) == set(walker.village.people)
    assert [each.sides for each in lies[grandmother]] == [each.sides for each in lies[head]]
    assert () in {each.sides for each in lies[head]}
    (of_son,) = lies[son]
    assert set(of_son.sides) <= {"east", "south", "west", "north"}
    assert of_son.sides
    assert of_son.parcel not in {each.parcel for each in lies[head]}


def test_who_lives_far_away_sends_somebody_by_a_letter(walker: Walker, noticed: str) -> None:
    """民法典 165: the letter names whom they send; of the register, an adult, and not themselves. In no other case."""
    head, wife, son, child, _ = walker.village.people
    unfit: list[tuple[str, dict[str, Any]]] = [
        ("letter", {"proxy": wife}), ("proxy", {"proxy": son, "letter": PAPER}), ("proxy", {"proxy": child, "letter": PAPER}),
        ("letter", {"proxy": wife, "letter": "0" * 64}),
    ]  # fmt: skip
    for field, sent in unfit:
        with pytest.raises(SaidMalformedError, match=field):
            walker.step(noticed, "consented", person=son, source=WILL, **sent)
    walker.step(noticed, "consented", person=son, source=WILL, proxy=wife, letter=PAPER)
    assert missing(walker, noticed, "reviewed") == ""
    pages = PdfReader(io.BytesIO(dossier_of(walker.store, noticed, FIRST, "法院调卷", reader="paper"))).pages
    assert "代理人 敖登" in "".join(page.extract_text() for page in pages)
    other = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    with pytest.raises(SaidMalformedError, match="不认识"):
        walker.step(other, "consented", person=head, source=WILL, letter=PAPER)


def test_nobody_is_made_absent_who_need_not_come_or_by_whom_it_serves(walker: Walker, noticed: str) -> None:
    """Only who must sign is absent; whoever holds beside it records no absence; a day to come is none."""
    wife = walker.village.people[1]
    with pytest.raises(SaidMalformedError):
        walker.step(noticed, "absent", **{**absence(walker), "person": wife})
    with pytest.raises(SaidMalformedError, match="还没有到"):
        walker.step(noticed, "absent", **{**absence(walker), "day": "2099-01-01"})
    own = Actor("x", "某人", "测绘单位", "surveyor", wife)
    with pytest.raises(NotByYouError):
        walker.step(noticed, "absent", own, **absence(walker))
    other = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    with pytest.raises(StepNotOpenError):
        walker.step(other, "absent", **absence(walker))
