"""Does any household event, in any history of lawful acts, corrections and time travel, move anything guarded?

Hypothesis makes the histories; plain dicts say what must be answered (hazards.md C6). Every history is then replayed
without its household events (I13): the same digests, the same projections, the same state root. Meanwhile its log is
published and cosigned (watch.py), so that a false alarm of audit or witness fails here, too.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry import residence
from registry.audit.report import audit
from registry.catalogue import NOUNS, PRIVILEGES
from registry.errors import SanquanError
from registry.guarantee.compare import guarantee
from registry.ledger import read
from registry.ledger.act import Will
from registry.ledger.chain import read_chains, state_at
from registry.ledger.commit import desk
from registry.ledger.nouns import Version
from registry.ledger.position import position
from registry.ledger.tables import HEAD, LEDGER_ENTRY, THING
from registry.ledger.verify.replay import replay
from registry.parties import PARTY
from registry.settlement import Event, Recorded, record
from registry.store.engines import Store
from registry.store.keys import load_key_file
from registry.store.randomness import SeededRandomness
from registry.store.settings import Settings
from tests.registers import copy_of, drop
from tests.registry.made_up import CLERK, id_number
from tests.stateful import strategies
from tests.stateful.deeds import Deed, Step, differs, do, tell
from tests.stateful.model import Model, Refused
from tests.stateful.strategies import DAYS
from tests.stateful.watch import Watch

# In CI 200 histories of 50 steps are shared between the engines; `./run torture` runs more, a desk fewer.
RUNS = {"desk": (10, 5), "ci": (140, 60), "torture": (3_500, 1_500)}
# How often the log is published and cosigned in the midst of a history; once more at its end.
WATCHED = 2
# One seed for all: the same choices must meet the same ids, or a failure could not be repeated.
_SEED = 1
_NUMBERS = itertools.count(1)


class History(RuleBasedStateMachine):
    """One register, its model, and what was done to it as data."""

    def __init__(self, template: Settings, plain: Settings, folder: Path) -> None:
        super().__init__()
        self.folder, self.plain = folder / f"history-{next(_NUMBERS)}", plain
        self.settings = copy_of(template, self.folder / "one")
        self.store = Store(
            self.settings, load_key_file(self.settings.key_file), PRIVILEGES, randomness=SeededRandomness(_SEED)
        )
        self.model = Model()
        self.history: list[tuple[Deed, tuple[str, ...]]] = []
        self.events: dict[int, Event] = {}
        self.people: list[str] = []
        self.born: dict[str, str] = {}
        self.newcomers: list[str] = []
        self.collective = ""
        self.families = 0
        self.refused = 0
        self.st = ""
        self.turn = 0
        self.watch = Watch(self.store, self.folder)

    # --- what may happen ---

    @initialize(data=st.data())
    def a_village(self, data: st.DataObject) -> None:
        """A collective, and a first family."""
        steps: tuple[Step, ...] = (
            ("organisation", {"code": strategies.VILLAGE, "name": "呼和陶勒盖嘎查"}),
            ("household", {}),
            ("person", {"name": "达楞太", "number": id_number("19740312", 1)}),
            (
                "begin",
                {
                    "noun": "membership",
                    "thing": "membership",
                    "facts": {"person_id": "@2", "collective_id": "@0", "basis": "决议"},
                },
            ),
        )
        made = self.done(Deed("first-registration", strategies.FIRST, steps))
        self.collective = made[0]
        self.people.append(made[2])
        self.a_family(data)

    @precondition(lambda self: self.families < 3)
    @rule(data=st.data())
    def a_family(self, data: st.DataObject) -> None:
        """A family and its rights are registered."""
        self.families += 1
        deed = strategies.family(data.draw, self.collective, self.families)
        made = self.done(deed)
        self.people += [made[n] for n, (name, _) in enumerate(deed.steps) if name == "person"]

    @rule(data=st.data())
    def an_act_on_one_thing(self, data: st.DataObject) -> None:
        """Any lawful cause on anything that stands: a change, a correction dated back, an end, a restoring."""
        thing_id = data.draw(st.sampled_from(sorted(self.model.chains)))
        self.perhaps(strategies.one_thing(data.draw, self.model, thing_id, self.people, self.wills()))

    @rule(data=st.data())
    def an_act_on_many_things(self, data: st.DataObject) -> None:
        """A split, a death, somebody who joins, 延包 with its head in the future, a new membership, duty or benefit."""
        self.perhaps(strategies.one_of_many(data.draw, self.model, self.people, self.collective, self.wills()))

    @rule(data=st.data())
    def a_burden(self, data: st.DataObject) -> None:
        """A restriction or a lease, often before a day on which something else begins."""
        rights = [i for i, c in self.model.chains.items() if c.noun == "right"]
        contracts = [i for i in rights if self.model.chains[i].thing.startswith("contract")]
        if data.draw(st.booleans()):
            self.perhaps(strategies.a_burden(data.draw, self.model, rights, self.wills()))
        else:
            self.perhaps(strategies.a_lease(data.draw, self.model, contracts, self.people[0], self.wills()))

    @rule(data=st.data())
    def an_event(self, data: st.DataObject) -> None:
        """A household event of any of the 27 kinds; I1: it writes nothing guarded and leaves the state root."""
        standing = [
            i for i in self.events if i not in self.model.cancelled and self.events[i].kind != "event-cancelled"
        ]
        event = strategies.event(data.draw, [*self.people, *self.newcomers], standing, len(self.events))
        before = self.guarded()
        try:
            done = record(self.store, event, "王警官", "公安局")
        except SanquanError:
            assert event.cancels in self.model.cancelled
            return
        assert not done.repeated or event.kind == "event-cancelled"
        self.took(event, done)
        assert self.guarded() == before
        self.unviolated(done.idx, data)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def an_event_again(self, data: st.DataObject) -> None:
        """I28: the same event sent twice acts once."""
        idx = data.draw(st.sampled_from(sorted(self.events)))
        before = self.size()
        done = record(self.store, self.events[idx], "李警官", "公安局")
        assert (done.idx, done.repeated, self.size()) == (idx, True, before)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def a_question(self, data: st.DataObject) -> None:
        """I25: any day, as known at any size of the log."""
        thing_id = data.draw(st.sampled_from(sorted(self.model.chains)))
        day, known = data.draw(st.sampled_from(DAYS)), data.draw(st.integers(1, self.size()))
        self.same_as_model([thing_id], day, known)
        person = data.draw(st.sampled_from([*self.people, *self.newcomers]))
        with self.store.reading() as connection:
            found = residence.registration_at(connection, self.store.vault, person, day, known)
        assert (found.division_code if found else None) == self.model.registered_in(person, day, known)

    @precondition(lambda self: self.watch.times < WATCHED)
    @rule()
    def a_publication(self) -> None:
        """The log is published and cosigned; the witness finds nothing to refuse."""
        self.watch.look()

    # --- what is looked at ---

    def perhaps(self, deed: Deed | None) -> None:
        """Do a deed if one was drawn."""
        if deed is not None:
            self.done(deed)

    def done(self, deed: Deed) -> list[str]:
        """Do a deed; the model says whether it must be refused, and what holds afterwards."""
        named = {line[0] for _, step in deed.steps for line in step.get("columns", {}).get("holding_member", ())}
        strangers = tuple(sorted({p for p in named if p in self.newcomers}))
        expected = _foreseen(self.model, deed)
        before = self.size()
        try:
            with desk(self.store, CLERK) as at:
                idx, made = do(at, deed)
                committed = at.commit()
        except SanquanError:
            assert not expected, (deed, "the model would have taken it")
            assert self.size() == before
            self.refused += 1
            # The acts of a history draw by their number: what was refused must not be drawn again for something else.
            self.store.randomness.restart(lambda: 1_000_000 + self.refused)
            return []
        assert expected, (deed, "the model would have refused it")
        staged = tell(self.model, deed, idx, made)
        self.model.chains |= staged
        self.history.append((deed, strangers))
        self.st = committed.st
        self.same_as_model(staged, None, committed.size)
        self.turn += 1
        if self.events and self.turn % 2:
            self.unviolated(sorted(self.events)[self.turn % len(self.events)], None)
        return made

    def took(self, event: Event, done: Recorded) -> None:
        """Tell the model of an event."""
        self.events[done.idx] = event
        self.newcomers += done.newcomers
        if event.cancels is not None:
            self.model.cancelled[event.cancels] = done.idx
        for row in event.registrations:
            who = done.newcomers[0] if row.person_id == "new:0" else row.person_id
            self.model.registrations.setdefault(who, []).append((row.valid_from, done.idx, row.division_code))

    def unviolated(self, idx: int, data: st.DataObject | None) -> None:
        """I1: across an event nothing is ever violated, and each state is the one that the model has."""
        event = self.events[idx]
        self.turn += 1
        person = event.people[self.turn % len(event.people)]
        day = data.draw(st.sampled_from([d for d in DAYS if d >= event.day])) if data else DAYS[-1]
        with self.store.reading() as connection:
            found = next(e for e in residence.events_of(connection, person) if e.idx == idx)
            known = position(connection).size
            answer = guarantee(self.store, connection, person, found, valid_at=day, known_at=known)
        for thing in (*answer.things, *answer.begun_since):
            assert thing.verdict != "violated", (thing.thing, thing.differs, thing.row)
            chain = self.model.chains[thing.thing_id]
            if chain.undecided(event.day, idx):
                continue
            states = (
                (thing.then, chain.before(event.day, idx, idx)),
                (thing.then_known_now, chain.before(event.day, idx, known)),
                (thing.now, chain.on(day, known)),
            )
            for projected, expected in states:
                assert (projected and projected["status"]) == (expected and expected["status"]), thing.thing

    def same_as_model(self, thing_ids: Iterable[str], day: str | None, known: int) -> None:
        """Model == tables, on a day or on every day that matters, as known at a size of the log."""
        for noun in NOUNS:
            ids = [i for i in thing_ids if self.model.chains[i].noun == noun.name]
            if not ids:
                continue
            with self.store.reading() as connection:
                found = read_chains(connection, noun, ids, geometry=noun.has_geometry)
            for thing_id in ids:
                chain = self.model.chains[thing_id]
                for one in [day] if day else chain.days():
                    state, expected = state_at(found[thing_id], one, known), chain.on(one, known)
                    assert (state is None) == (expected is None)
                    if state is not None:
                        assert state.thing == chain.thing
                        assert not differs(expected, state.columns, state.children, state.status, state.geometry)

    def guarded(self) -> dict[str, bytes]:
        """The newest digest of everything guarded."""
        with self.store.reading() as connection:
            rows = connection.execute(sa.select(HEAD.c.thing_id, HEAD.c.digest)).all()
        return {row.thing_id: bytes(row.digest) for row in rows}

    def size(self) -> int:
        """How long the log is."""
        with self.store.reading() as connection:
            return position(connection).size

    def wills(self) -> tuple[Will, ...]:
        """A signed paper of everybody who may be asked, a guardian's beside it."""
        return tuple(Will(p, "a" * 64, self.people[0]) for p in (*self.people, *self.newcomers))

    # --- the end of a history ---

    def teardown(self) -> None:
        """Everything once more, then the same history without its household events."""
        try:
            if self.history:
                self.check_the_whole()
                self.check_without_events()
        finally:
            self.store.close()
            drop(self.settings)
            shutil.rmtree(self.folder, ignore_errors=True)

    def check_the_whole(self) -> None:
        """Every thing on every day, every event, the log by itself (P1 to P6), and the audit."""
        size = self.size()
        self.same_as_model(self.model.chains, None, size)
        with self.store.reading() as connection:
            assert set(connection.scalars(sa.select(THING.c.id))) == set(self.model.chains)
            assert replay(read.leaves(connection)).failures == ()
        for idx in self.events:
            self.unviolated(idx, None)
        kept = self.watch.checkpoint
        self.watch.look()
        assert audit(self.store, None, kept or self.watch.checkpoint).findings == ()

    def check_without_events(self) -> None:
        """I13: drop all household events, replay: every version and the state root are the same."""
        settings_ = copy_of(self.plain, self.folder / "two")
        shutil.copy(self.settings.key_file, settings_.key_file)
        other = Store(settings_, load_key_file(settings_.key_file), PRIVILEGES, randomness=SeededRandomness(_SEED))
        try:
            root = ""
            entered: set[str] = set()
            for deed, strangers in self.history:
                with desk(other, CLERK) as at:
                    do(at, deed, [p for p in strangers if p not in entered])
                    root = at.commit().st
                entered |= set(strangers)
            assert root == self.st
            with self.store.reading() as here, other.reading() as there:
                assert set(there.scalars(sa.select(LEDGER_ENTRY.c.cls))) == {"R", "S"}
                assert set(there.scalars(sa.select(PARTY.c.id))) <= set(here.scalars(sa.select(PARTY.c.id)))
                for noun in NOUNS:
                    ids = [i for i, c in self.model.chains.items() if c.noun == noun.name]
                    one = read_chains(here, noun, ids, geometry=True)
                    two = read_chains(there, noun, ids, geometry=True)
                    assert _without_places(one) == _without_places(two)
        finally:
            other.close()
            drop(settings_)


def _foreseen(model: Model, deed: Deed) -> bool:
    try:
        tell(model, deed, 10**9, [f"@{n}" for n in range(100)])
    except Refused:
        return False
    return True


def _without_places(chains: dict[str, list[Version]]) -> dict[str, list[Any]]:
    """Everything of the versions but where their entries stand in the log: fewer entries stand before them."""
    return {
        thing_id: [
            (
                v.ver, v.valid_from, v.valid_to, v.status, v.digest, v.columns,
                {name: [line | {"cause_idx": None} for line in lines] for name, lines in v.children.items()},
                None if v.geometry is None else v.geometry.wkb,
            )
            for v in chain
        ]
        for thing_id, chain in chains.items()
    }  # fmt: skip


@pytest.mark.parametrize("engine", ["file", "postgis"])
def test_histories_agree_with_the_model_and_no_event_moves_anything(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """I1, I13, I25, I28, P1 to P6: model == tables == replay == audit, and every event leaves the state root.

    No alarm: a witness cosigns each clean history, and the audit with its files and its last checkpoint finds nothing.
    """
    template: Settings = request.getfixturevalue(f"{engine}_template")
    plain: Settings = request.getfixturevalue("file_template")
    runs = RUNS[settings.get_current_profile_name()][0 if engine == "file" else 1]
    make: Callable[[], History] = lambda: History(template, plain, tmp_path)  # noqa: E731
    run_state_machine_as_test(
        make,  # type: ignore[arg-type]
        settings=settings(
            max_examples=runs, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
