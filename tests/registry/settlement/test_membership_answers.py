"""A collective's written "yes" or "no" about a newborn: kept with paper, day and reason, and no right moves by it; both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.membership import acts as memberships
from registry.membership_queries import queries
from registry.papers import PurposeMissingError, papers
from registry.parties import Identity
from registry.settlement.life import Desk, record_birth
from registry.settlement.membership_answers import (
    LONGEST_REASON,
    AnswerUngroundedError,
    NoSuchAnswerError,
    NoSuchQuestionError,
    answer,
    answers,
    in_full,
    way_to_object,
)
from tests.guarantee.village import everything, registered, state_root
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.made_up import Village

AT, PAPER, BORN = Desk("王警官"), "b" * 64, "2025-05-10"
Question = tuple[int, str, str]


def born(store: Store, village: Village) -> Question:
    """A child of two members, and the question that the birth puts to their collective."""
    child = Identity("那仁", made_up.id_number("20250510", 519), sex="1")
    done = record_birth(store, child, village.people[:2], made_up.town("new:0", BORN), AT)
    return done.idx, done.newcomers[0], village.collective


@pytest.mark.rule("COL/12", "COL/57")
def test_a_no_is_kept_and_changes_no_right_no_membership_and_no_question(store: Store) -> None:
    """II.1.3, COL 12: the question stays open, nothing guarded and nothing on the log moves, and how to object stands beside."""
    village = registered(store)
    question = born(store, village)
    before, root, long = everything(store), state_root(store), size_of(store)
    kept = answer(store, question, "no", dated="2025-06-01", paper=PAPER, reason="户口不在村里", desk=AT)
    assert (everything(store), state_root(store), size_of(store)) == (before, root, long)
    with store.reading() as connection:
        (told,) = answers(store, connection)[question]
        (asked,) = queries(connection)
    assert (told.id, told.said, told.dated, told.paper, told.reason) == (kept, "no", "2025-06-01", PAPER, "户口不在村里")
    assert "户口" not in repr(told)
    assert not asked.answered
    assert audit(store).findings == ()


def size_of(store: Store) -> int:
    """How long the log is."""
    with store.reading() as connection:
        return size(connection)


def test_twice_is_once_and_a_later_answer_stands_before_an_earlier_one(store: Store) -> None:
    """Whatever order they come in: of several answers the last dated stands, as of a day and as known; none is taken back."""
    village = registered(store)
    question = born(store, village)
    later = answer(store, question, "yes", dated="2025-08-01", paper="c" * 64, reason="", desk=AT)
    first = answer(store, question, "no", dated="2025-06-01", paper=PAPER, reason="没有讨论", desk=AT)
    assert answer(store, question, "no", dated="2025-06-01", paper=PAPER, reason="没有讨论", desk=AT) == first
    with store.reading() as connection:
        assert [a.id for a in answers(store, connection)[question]] == [first, later]
        for day, ids in (("2025-05-31", []), ("2025-06-01", [first]), ("2025-07-31", [first]), ("2025-08-01", [first, later])):
            assert [a.id for a in answers(store, connection, valid_at=day).get(question, [])] == ids
        assert answers(store, connection, known_at=question[0]) == {}
        assert [query.answered for query in queries(connection)] == [False]
    with desk(store, made_up.CLERK) as at:
        act = at.act("membership-confirmed", "2025-08-01", ActFields(basis="成员大会决议"))
        memberships.begin(act, person_id=question[1], collective_id=question[2], basis="决议")
        at.commit()
    with store.reading() as connection:
        assert [query.answered for query in queries(connection)] == [True]


def test_an_answer_is_to_a_question_that_was_put_and_a_no_says_why(store: Store) -> None:
    """Refused as a unit: nobody was asked, a day before the question, no reason, too long a one."""
    village = registered(store)
    question = born(store, village)
    given = {"paper": PAPER, "desk": AT}
    for wrong in ((question[0], village.people[0], question[2]), (question[0] + 1, *question[1:])):
        with pytest.raises(NoSuchQuestionError):
            answer(store, wrong, "no", dated="2025-06-01", reason="x", **given)  # type: ignore[arg-type]  # a dict of both
    with pytest.raises(NoSuchQuestionError):
        answer(store, question, "no", dated="2025-05-09", reason="x", **given)  # type: ignore[arg-type]  # a dict of both
    for reason in ("", "  ", "长" * (LONGEST_REASON + 1)):
        with pytest.raises(AnswerUngroundedError):
            answer(store, question, "no", dated="2025-06-01", reason=reason, **given)  # type: ignore[arg-type]  # a dict of both
    with store.reading() as connection:
        assert answers(store, connection) == {}
    assert answer(store, question, "yes", dated=BORN, reason="", **given)  # type: ignore[arg-type]  # a dict of both


def test_the_reason_is_read_one_at_a_time_for_a_purpose_and_each_reading_is_logged(store: Store) -> None:
    """Policy-map section 10, N: with names, to whoever says what for; without a purpose, or such an answer, nothing is told."""
    village = registered(store)
    question = born(store, village)
    kept = answer(store, question, "no", dated="2025-06-01", paper=PAPER, reason="巴图说户口不在村里", desk=AT)
    told = in_full(store, made_up.CLERK, kept, "调解")
    assert (told["reason"], told["person"]["name"], told["paper"]) == ("巴图说户口不在村里", "那仁", PAPER)
    assert told["taken_in_by"] == {"officer": AT.officer, "bureau": AT.bureau}
    with store.reading() as connection:
        (row,) = papers(store, connection, kept)
    assert (row.id, row.what, row.detail["purpose"], row.detail["person"]) == (told["logged"], "answer", "调解", question[1])
    with pytest.raises(PurposeMissingError):
        in_full(store, made_up.CLERK, kept, " ")
    with pytest.raises(NoSuchAnswerError):
        in_full(store, made_up.CLERK, "0" * 32, "调解")
    with store.reading() as connection:
        assert len(papers(store, connection)) == 1
    assert audit(store).findings == ()


@pytest.mark.rule("COL/57")
def test_the_way_to_object_is_by_the_law_of_the_answers_day() -> None:
    """COL 56, 57 from 2025-05-01: one year, five at most; the day before, the book holds no such rule and says the rest."""
    before, on, after = (way_to_object(day) for day in ("2025-04-30", "2025-05-01", "2025-05-02"))
    assert (before["rule"], on["rule"], after["rule"]) == (None, "COL/57", "COL/57")
    assert on == after
    assert "1 年之内" in on["zh"]
    assert "最长 5 年" in on["zh"]
    assert all("别的权利不变" in each["zh"] for each in (before, on, after))
