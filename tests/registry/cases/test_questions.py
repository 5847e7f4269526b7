"""Is a question about a payment, a share or a right answered by whoever keeps it, seen by nobody else, and changes nothing?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.answers import cases as answers
from registry import cases
from registry.cases import Actor, NoSuchCaseError, NotByYouError
from registry.cases.kinds import book
from registry.looks.reading import looks
from registry.whose import whose
from tests.registry.cases.test_locks import refused
from tests.registry.cases.walking import FIRST, PAPER, SECOND, Example, Walker

QUESTION = "question"
REALTY = Actor("bao", "宝音", "自然资源局", "realty")


def asker(walker: Walker) -> Actor:
    """One of the family who is not its head."""
    return Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])


def asked(walker: Walker, example: Example | None = None) -> str:
    """A question that was handed in."""
    case_id = walker.open(QUESTION, example or walker.example(QUESTION), asker(walker))
    walker.step(case_id, "submitted", asker(walker))
    return case_id


def test_question_is_seen_by_the_office_that_keeps_the_line_and_by_who_asked(walker: Walker) -> None:
    """A payment: 农牧业局; a homestead: 自然资源局. The village, the rest of the family, another office learn of none."""
    payment = asked(walker)
    yard = asked(walker, Example([walker.village.rights["homestead"]], {"words": "院子是不是量小了"}))
    village = [
        Actor("x", "某人", "某单位", role) for role in ("collective", "township", "surveyor", "supervision", "forestry")
    ]
    husband = replace(asker(walker), id="husband", person=walker.village.people[0])
    for case_id, sees, not_theirs in ((payment, FIRST, REALTY), (yard, REALTY, FIRST)):
        for reader in (sees, asker(walker)):
            assert walker.look(case_id, reader)[0].id == case_id
        for other in (*village, husband, not_theirs):
            with pytest.raises(NoSuchCaseError):
                walker.look(case_id, other)


def test_who_answers_reads_whose_payment_it_is(walker: Walker) -> None:
    """Paid to a household: its village, and its representative masked, as of its land."""
    (payment,) = walker.example(QUESTION).subject
    with walker.store.reading() as connection:
        found = whose(walker.store, connection, [payment, walker.village.holding])
    assert found[payment] == found[walker.village.holding]
    assert found[payment].person == walker.village.people[0]
    assert found[payment].holder.startswith("*")


def test_question_is_answered_with_reasons_by_another_than_who_wrote_it_down(walker: Walker) -> None:
    """Taken in, a paper beside it if there is one, answered: it ends, and nothing of the register moved."""
    case_id = asked(walker)
    walker.step(case_id, "accepted")
    walker.step(case_id, "evidence-added", paper="proof", source=PAPER)
    walker.step(case_id, "answered", outcome="upheld", reasons="少算了一块草场, 已另案调整")
    case, following, _ = walker.look(case_id, asker(walker))
    assert (case.steps[-1].said["reasons"], following) == ("少算了一块草场, 已另案调整", ())
    at_the_counter = walker.open(QUESTION, walker.example(QUESTION), FIRST)
    walker.step(at_the_counter, "submitted")
    walker.step(at_the_counter, "accepted")
    with pytest.raises(NotByYouError):
        walker.step(at_the_counter, "answered", outcome="not-upheld", reasons="x")
    walker.step(at_the_counter, "answered", SECOND, outcome="not-upheld", reasons="是按新标准发的")


def test_words_are_read_by_whose_turn_it_is_and_by_who_wrote_them(walker: Walker) -> None:
    """Everywhere else they are a star; whoever asked reads afterwards which office read them."""
    case_id = asked(walker)
    words = walker.example(QUESTION).request["words"]
    assert answers.show(walker.store, case_id, FIRST)["request"]["words"] == "*"
    assert answers.read(walker.store, case_id, FIRST)["words"] == words
    assert {look.what for look in looks(walker.store, [walker.village.people[1]])} == {"case"}
    assert answers.read(walker.store, case_id, asker(walker))["words"] == words
    walker.step(case_id, "accepted")
    walker.step(case_id, "answered", outcome="not-upheld", reasons="是按新标准发的")
    assert answers.read(walker.store, case_id, FIRST)["words"] is None
    assert words not in repr(cases.asked(walker.look(case_id, asker(walker))[0], asker(walker), ()))


def test_question_has_a_day_for_its_answer_that_nobody_confirmed(walker: Walker) -> None:
    """It stands on the work list with its days left; after the answer there is none."""
    case_id = asked(walker)
    due = book().dues[0]
    assert (due.kinds, due.unit, due.confirmed) == ((QUESTION,), "working days", False)
    until = answers.show(walker.store, case_id, FIRST)["answer_until"]
    with walker.store.reading() as connection:
        (work,) = cases.Worklists(walker.store).of(connection, FIRST)
    assert (work.until, work.sort) == (until, "todo")
    walker.step(case_id, "accepted")
    walker.step(case_id, "answered", outcome="not-upheld", reasons="是按新标准发的")
    assert answers.show(walker.store, case_id, FIRST)["answer_until"] is None


@pytest.mark.parametrize(
    ("request_", "named"),
    [({"words": ""}, "words"), ({"words": "x", "year": "今年"}, "year"), ({"words": "x", "payment": "1"}, "…")],
)
def test_question_that_is_not_whole_is_refused(walker: Walker, request_: dict[str, str], named: str) -> None:
    """Words are wanted, a year is one of the calendar, nothing else is taken."""
    refused(walker, QUESTION, Example([walker.village.benefit], request_), named)


def test_question_is_about_one_line(walker: Walker) -> None:
    """Two lines can have two offices: each is asked by itself."""
    both = Example([walker.village.benefit, walker.village.rights["homestead"]], {"words": "x"})
    refused(walker, QUESTION, both, "subject")
