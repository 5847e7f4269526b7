"""What does a desk leave behind: nothing where nothing was done, and the same root however much was done at once?"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest
import sqlalchemy as sa

from registry import parties
from registry.audit.report import audit
from registry.duties import acts as duties
from registry.holding.model import HOLDING
from registry.ledger.allowed import NotByThisCauseError
from registry.ledger.commit import Desk, Moment, Officer, Step, desk
from registry.ledger.position import position
from registry.ledger.tables import LEDGER_ENTRY
from registry.parties import PERSON_IDENTITY, Identity
from registry.store.engines import Store
from tests.attacks.locks_off import damaged
from tests.guarantee.village import registered, size
from tests.registry import made_up
from tests.registry.made_up import CLERK


def test_a_desk_without_acts_leaves_the_log_as_it_was(store: Store) -> None:
    """Ledger section 7: only a transaction that appended an R ends with an S."""
    registered(store)
    before = size(store)
    with desk(store, CLERK) as at:
        done = at.commit()
    assert (done.first, done.size, size(store)) == (before, before, before)


@pytest.mark.parametrize("all_heads", [False, True])
def test_many_things_at_once_give_the_root_that_audit_finds_again(
    store: Store, all_heads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ledger section 7, state root: past a number of buckets all heads are walked; the root is the same one."""
    monkeypatch.setattr("registry.ledger.commit._MANY_BUCKETS", 0 if all_heads else 4_096)
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("duty-set", "2020-01-01")
        for number in range(200):
            given = {"quantity": str(number), "unit": "次", "document": "义"}
            duties.begin(act, duty_kind="due", subject_id=village.holding, **given)
        done = at.commit()
    report = audit(store)
    assert report.findings == ()
    assert report.st == done.st


def test_cases_of_a_group_share_one_state_and_each_act_is_its_own_officers(store: Store) -> None:
    """Ledger section 8: many cases in one transaction; what one of them raises undoes that case and no other."""
    village = registered(store)
    before = size(store)
    officers = [Officer(name, "农牧业局") for name in ("张晓梅", "巴图", "王芳")]
    given = {"duty_kind": "due", "unit": "次", "document": "义"}
    with desk(store, CLERK) as at:
        duties.begin(at.act("duty-set", "2020-01-01"), subject_id=village.holding, quantity="1", **given)
        for number, officer in enumerate(officers):
            with suppress(NotByThisCauseError), at.case(officer):
                act = at.act("duty-set", "2020-01-01")
                duties.begin(act, subject_id=village.holding, quantity=str(number), **given)
                if number == 1:
                    who = Identity("苏和", made_up.id_number("19700101", 11), sex="1")
                    for table, row in parties.person_rows(store.vault, store.randomness, act.idx, who)[1]:
                        at.row(table, row)
                    duties.change(act, village.duty, quantity="2")  # another cause does that
        done = at.commit()
    assert (done.first, done.size) == (before, before + 4)
    report = audit(store)
    assert report.findings == ()
    assert report.st == done.st
    with store.reading() as connection:
        hashes = [bytes(row.leaf_hash) for row in connection.execute(sa.select(LEDGER_ENTRY)) if row.idx >= before]
    with desk(store, CLERK) as at:
        names = [at.opened(subject, ["act.desk"])["act.desk"][0] for subject in hashes[:-1]]
    assert names == [CLERK.name, "张晓梅", "王芳"]
    with store.reading() as connection:
        brought = [row.entry_idx for row in connection.execute(sa.select(PERSON_IDENTITY)) if row.entry_idx >= before]
    assert brought == []


def test_an_empty_log_ends_at_nought(store: Store) -> None:
    """Ledger section 7: before the first entry there is no state and no time; the next index is 0."""
    with damaged(store, lambda c: c.execute(sa.delete(LEDGER_ENTRY)), "ledger_entry") as connection:
        end = position(connection)
    assert (end.size, end.at, end.recorded_at, end.st) == (0, None, "", None)


@pytest.mark.parametrize("ahead", [False, True])
def test_steps_are_acts_of_one_transaction_with_one_state(store: Store, ahead: bool) -> None:
    """Ledger section 7: what was gathered, then each step's act, then one S; made here or by a process beside this one."""
    village = registered(store)
    before = size(store)
    with desk(store, CLERK) as at:
        given = {"unit": "次", "document": "义"}

        def step(number: int) -> None:
            act = at.act("duty-set", "2020-01-01")
            duties.begin(act, duty_kind="due", subject_id=village.holding, quantity=str(number), **given)

        step(0)
        done = at.commit_steps([partial(step, number) for number in range(1, 1_200)], ahead=ahead)
    assert (done.first, done.size) == (before, before + 1_201)
    report = audit(store)
    assert report.findings == ()
    assert report.st == done.st
    with store.reading() as connection:
        classes = connection.execute(
            sa.select(LEDGER_ENTRY.c.cls, LEDGER_ENTRY.c.closed_by).where(LEDGER_ENTRY.c.idx >= before)
        ).all()
    assert {tuple(row) for row in classes[:-1]} == {("R", before + 1_200)}
    assert tuple(classes[-1]) == ("S", None)


@pytest.mark.parametrize("ahead", [False, True])
def test_what_begins_and_moves_in_one_transaction_has_its_last_state_in_the_root(store: Store, ahead: bool) -> None:
    """Ledger section 7, state root: of each thing the newest version, also where an earlier batch wrote the one before."""
    village = registered(store)
    with desk(store, CLERK) as at:
        begun: list[str] = []

        def begin() -> None:
            act = at.act("duty-set", "2020-01-01")
            given = {"quantity": "1", "unit": "次", "document": "义"}
            begun.append(duties.begin(act, duty_kind="due", subject_id=village.holding, **given))

        def change(number: int) -> None:
            duties.change(at.act("duty-changed", "2021-01-01"), begun[number], quantity="2")

        steps: list[Step] = [*([begin] * 600), *(partial(change, number) for number in range(600))]
        done = at.commit_steps(steps, ahead=ahead)
    report = audit(store)
    assert report.findings == ()
    assert report.st == done.st


def begin_all(at: Desk, kinds: tuple[str, ...]) -> None:
    """An act of each kind."""
    for kind in kinds:
        at.act(kind, "2020-01-01")


def test_a_step_made_ahead_asks_the_database_nothing(store: Store) -> None:
    """The connection's stream belongs to the process that writes: a question from another would end both."""
    village = registered(store)
    before = size(store)

    def looks_up_what_is_registered(at: Desk) -> None:
        at.act("duty-set", "2020-01-01")
        at.chain(HOLDING, village.holding)

    with desk(store, CLERK) as at, pytest.raises(AssertionError, match="asked the database"):
        at.commit_steps([partial(looks_up_what_is_registered, at)], ahead=True)
    with desk(store, CLERK) as at, pytest.raises(AssertionError, match="asked the database"):
        list(at._apart([partial(looks_up_what_is_registered, at)], Moment("", "", 0)))  # noqa: SLF001
    assert size(store) == before


def test_a_step_that_makes_no_act_or_two_is_a_mistake_and_leaves_nothing(store: Store) -> None:
    """The index of the closing S is fixed before the first step: another number of acts would leave a gap."""
    registered(store)
    before = size(store)
    for kinds in ((), ("duty-set", "duty-set")):
        with desk(store, CLERK) as at, pytest.raises(AssertionError, match="1 steps made"):
            at.commit_steps([partial(begin_all, at, kinds)])
    assert size(store) == before
