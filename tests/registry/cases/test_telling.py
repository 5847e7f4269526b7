"""Is everybody told by the step itself, once, and is what concerns all on the board for exactly the days of the rule?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import cases
from registry.audit import audit
from registry.case_files import CASE_STEP
from registry.cases import SaidMalformedError, telling
from registry.cases.kinds import book
from registry.notices import outbox, posting
from registry.notices.fit import UnfitWordsError
from registry.notices.outbox import Draft, messages
from registry.notices.posting import notices
from registry.notices.texts import Words
from tests.registry import made_up
from tests.registry.cases.extending import line, register_homes, request
from tests.registry.cases.walking import EXITS, FIRST, PAPER, SECOND, Example, role_for

if TYPE_CHECKING:
    from registry.notices.outbox import Message
    from registry.notices.posting import Notice
    from tests.registry.cases.walking import Walker

POSTED = sorted({kind for wait in book().waits if wait.notice for kind in wait.kinds})


def at_its_notice(walker: Walker, kind: str) -> str:
    """A case of a kind at its notice, by officers of its desk."""
    walker.first, walker.second = (replace(actor, role=role_for(kind)) for actor in (FIRST, SECOND))
    return walker.walk(kind, walker.example(kind), "noticed")


def told(walker: Walker) -> list[Message]:
    """Every message."""
    with walker.store.reading() as connection:
        return messages(walker.store, connection)


def hanging(walker: Walker, *, over: bool = False) -> list[Notice]:
    """What hangs today, or ever hung."""
    with walker.store.reading() as connection:
        return notices(walker.store, connection, over=over)


def steps(walker: Walker) -> int:
    """How many steps were written."""
    with walker.store.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(CASE_STEP)) or 0)


@pytest.mark.parametrize("kind", POSTED)
def test_notice_of_a_case_hangs_for_its_days_and_everybody_touched_has_a_message(walker: Walker, kind: str) -> None:
    """Items 3 and 10: each person once; the board says until when, in which village, and names nobody."""
    case_id = at_its_notice(walker, kind)
    case, _, facts = walker.look(case_id)
    # An example may have registered a case before this one.
    (hung,) = [each for each in hanging(walker) if case_id in each.body]
    assert (hung.begins, hung.ends) == (walker.today(), cases.notice_until(case, cases.kind_of(kind)))
    assert hung.village == ("150626100211" if kind == "shares-allotted" else made_up.VILLAGE_CODE[:12])
    assert hung.hangs_on(hung.ends)
    assert not [name for name, _, _ in made_up.PEOPLE if name in hung.title + hung.body]
    found = [each for each in told(walker) if case_id in each.text]
    assert sorted(each.person for each in found) == sorted(facts.touched.people)
    asked = {each.person for each in found if each.kind == "consent-asked"}
    assert asked == set(facts.touched.people) & facts.touched.consents
    assert audit(walker.store).findings == ()


def test_household_that_the_roster_left_out_is_told_so_by_the_notice(walker: Walker) -> None:
    """延包: the red rows of who lives in town are told to the household, each person; the others that a notice hangs."""
    homes = register_homes(walker.store, walker.village)
    first, last = homes[0], homes[-1]
    asked = request(line(walker.store, home) for home in homes[1:-1])
    walker.walk("extension", Example([home.right for home in homes], asked), "noticed")
    found = told(walker)
    assert {each.person for each in found if each.kind == "not-on-roster"} == {*first.people, *last.people}
    assert {each.kind for each in found if each.person not in {*first.people, *last.people}} == {"notice-posted"}
    assert len({each.person for each in found}) == len(found)
    (hung,) = hanging(walker)
    assert (hung.kind, hung.rule) == ("contract-notice", "REG/contract-notice")


def test_kind_that_nobody_else_need_know_of_hangs_nowhere(walker: Walker) -> None:
    """Leaving a collective, a change of the representative: those whom it touches are told, the board says nothing."""
    for kind in ("membership-exited", "representative-changed"):
        at_its_notice(walker, kind)
    assert hanging(walker, over=True) == []
    assert {each.kind for each in told(walker)} <= {"step", "consent-asked"}


@pytest.mark.parametrize("kind", EXITS)
def test_notice_of_an_exit_hangs_when_all_have_signed(walker: Walker, kind: str) -> None:
    """E9: they are told first, each for themselves; what everybody reads comes with `posted`, and both are messages."""
    case_id = at_its_notice(walker, kind)
    assert hanging(walker) == []
    before = len(told(walker))
    assert before == len(walker.look(case_id)[2].touched.people)
    walker.go_on(case_id, "posted")
    (hung,) = hanging(walker)
    assert (hung.kind, hung.rule) == ("exit-notice", "EXIT/E9")
    assert len(told(walker)) == before + len(walker.look(case_id)[2].touched.people)


def test_notice_comes_down_with_the_step_that_ends_it_and_a_new_one_takes_its_place(walker: Walker) -> None:
    """One notice of a case at a time; nothing of it is deleted."""
    case_id = walker.walk("omission-corrected", walker.example("omission-corrected"), "noticed")
    walker.step(case_id, "noticed", where="再贴一次")
    first, second = sorted(hanging(walker, over=True), key=lambda each: each.taken_down is None)
    assert (first.taken_down is not None, second.taken_down) == (True, None)
    walker.step(case_id, "withdrawn", reasons="不办了")
    assert hanging(walker) == []
    assert len(hanging(walker, over=True)) == 2
    assert audit(walker.store).findings == ()


def test_step_that_can_tell_nobody_is_not_taken_and_one_that_is_refused_tells_nobody(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: neither a step without its messages nor messages without their step."""
    case_id = walker.walk("omission-corrected", walker.example("omission-corrected"), "accepted")
    before = steps(walker)

    def full(*_given: object) -> None:
        raise UnfitWordsError

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "put", full)
        with pytest.raises(UnfitWordsError):
            walker.step(case_id, "noticed", where="嘎查公示栏")
    assert (steps(walker), told(walker), hanging(walker, over=True)) == (before, [], [])
    with pytest.raises(cases.StepNotOpenError):
        walker.step(case_id, "posted", where="嘎查公示栏")
    assert told(walker) == []
    walker.step(case_id, "noticed", where="嘎查公示栏")
    assert len(told(walker)) == len(walker.look(case_id)[2].touched.people)


def test_message_and_notice_of_one_step_are_never_written_twice(walker: Walker) -> None:
    """Their ids follow from case, step and person: the key refuses the second, whoever comes with it."""
    case_id = walker.walk("omission-corrected", walker.example("omission-corrected"), "noticed")
    one = told(walker)[0]
    (hung,) = hanging(walker)
    again = Draft(one.id, one.person, "log", "", "step", Words(case_id, "柜台", telling.TELEPHONE))
    refused = (sa.exc.DBAPIError, walker.store.engine("desk").dialect.loaded_dbapi.Error)
    with walker.store.writing("desk") as connection, pytest.raises(refused):
        outbox.put(walker.store, connection, [again])
    with walker.store.writing("desk") as connection, pytest.raises(refused):
        posting.hang(
            walker.store, connection, made_up.CLERK, notice_id=hung.id, kind="case-notice", village=hung.village,
            title=hung.title, body=hung.body, begins=hung.begins, ends=hung.ends,
        )  # fmt: skip
    assert len({each.id for each in told(walker)}) == len(told(walker))


def test_one_step_tells_everybody_and_each_child_through_an_adult_of_its_list(walker: Walker) -> None:
    """A village is told by one step with its signed list: five people, one entry; without the list it is refused."""
    case_id = at_its_notice(walker, "member-deceased")
    people = frozenset(walker.look(case_id)[2].touched.people)
    before = steps(walker)
    with pytest.raises(SaidMalformedError) as refused:
        walker.step(case_id, "told", everybody="yes", how="in-person")
    assert refused.value.field == "source"
    walker.step(case_id, "told", everybody="yes", how="in-person", source=PAPER)
    case, _, _ = walker.look(case_id)
    assert (steps(walker), cases.told(case)) == (before + 1, people)
    assert case.steps[-1].said["guardians"] == {walker.village.people[3]: walker.village.people[0]}
    walker.step(case_id, "evidence-added", paper="proof", source=PAPER)
    walker.go_on(case_id)
    assert audit(walker.store).findings == ()


def test_child_of_whose_list_nobody_of_age_is_told_waits_to_be_told_by_name(walker: Walker) -> None:
    """A child heir of another household is nobody's to hear for: told with the guardian who is named."""
    walker.walk("member-deceased", walker.example("member-deceased"))
    child = walker.village.people[3]
    heirs = {"heirs": [{"person": child, "numerator": 1, "denominator": 1}]}
    case_id = walker.walk("share-inherited", Example([walker.village.rights["income-4"]], heirs), "noticed")
    walker.step(case_id, "told", everybody="yes", how="by-letter", source=PAPER)
    assert cases.told(walker.look(case_id)[0]) == frozenset()
    walker.step(case_id, "told", person=child, guardian=walker.village.people[0], how="in-person")
    assert cases.told(walker.look(case_id)[0]) == {child}
