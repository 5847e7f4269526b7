"""Can anybody, by any order of steps, drop a family that lives in town from the 延包 of its village?

Hypothesis takes steps at random in every role of the book: rosters without the two families, explanations by every lawful
cause and every household event, objections, votes that carry and votes that don't, returns, withdrawals, refusals, cases side
by side, days that pass. What must hold is judged here from the register and from the steps that were taken. Issue 7.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from registry import case_files, cases
from registry.audit import audit
from registry.cases import Actor
from registry.cases.rows import MENDED
from registry.catalogue import PRIVILEGES
from registry.china import day_of
from registry.errors import SanquanError
from registry.law import causes
from registry.ledger.chain import read_chains
from registry.ledger.tables import LEDGER_ENTRY
from registry.rights.model import RIGHT
from registry.settlement import settle_family
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.registers import copy_of, drop
from tests.registry import made_up
from tests.registry.cases.extending import line, register_homes, request
from tests.registry.cases.walking import PAPER, SAID, Clock, keep_papers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.case_files import Case
    from registry.ledger.nouns import Version
    from registry.store.settings import Settings
    from tests.registry.cases.extending import Home
    from tests.registry.made_up import Village

# A desk looks now and then, CI for about half a minute an engine, `./run torture` for long.
RUNS = {"desk": (6, 3), "ci": (14, 4), "torture": (400, 100)}
MEMBERS = 10
"""Four adults of the first family, two of each of three others."""
_NUMBERS = itertools.count(1)
_CAUSES = (MENDED, MENDED, "exited", "member-deceased", *causes.kinds(), *causes.status_kinds(), "落户")


class Villagers(RuleBasedStateMachine):
    """Four households; the first and the last live in town and stand on no roster."""

    def __init__(self, template: Settings, homes: list[Home], folder: Path, seen: Counter[str]) -> None:
        super().__init__()
        self.settings = copy_of(template, folder / f"village-{next(_NUMBERS)}")
        self.store = Store(self.settings, load_key_file(self.settings.key_file), PRIVILEGES)
        self.store.clock = self.clock = Clock()
        self.homes, self.in_town, self.seen = homes, (homes[0], homes[-1]), seen
        self.before = {home.right: self.chain(home)[0] for home in homes}
        self.acts = self.count_acts()
        self.ids: list[str] = []
        roles = [word for word in cases.book().roles if word != "person"]
        desks = [Actor(name, name, "农牧业局", "agriculture") for name in ("zhang", "wang", "zhao")]
        self.actors = (*desks, *(Actor(f"a-{role}", role, role, role) for role in roles),
                       Actor("herder", "达楞太", "本人", "person", homes[0].people[0]))  # fmt: skip

    # --- what may happen ---

    @initialize(data=st.data(), listed=st.sampled_from((1, 2, 3)), times=st.sampled_from((0, 15, 25, 35)))
    def a_case(self, data: st.DataObject, listed: int, times: int) -> None:
        """The village hands in a roster without the two families, and the case has come some way."""
        self.draft(0, listed)
        self.officers_go_on(data, times, late=True)

    @rule(who=st.integers(0, 12), listed=st.integers(1, 3))
    def another_case(self, who: int, listed: int) -> None:
        """Anybody drafts another, beside or after it; few enough that the steps meet."""
        if len(self.ids) < 3:
            self.draft(who, listed)

    def draft(self, who: int, listed: int) -> None:
        """A draft; `listed` is 1 for one neighbour, 2 for the other, 3 for both. Whose role may not is refused."""
        told = [home for bit, home in ((1, self.homes[1]), (2, self.homes[2])) if listed & bit]
        asked = request(line(self.store, home) for home in told)
        try:
            actor = self.actors[who % len(self.actors)]
            self.ids.append(cases.open_case(self.store, actor, "extension", subject=[self.homes[1].right], request=asked))
        except SanquanError:
            return

    @rule(data=st.data(), who=st.integers(0, 12))
    def an_objection(self, data: st.DataObject, who: int) -> None:
        """Somebody contests a household's row, or the plan."""
        asked = data.draw(st.sampled_from([{}, *({"row": home.holding} for home in self.homes)]))
        actor, contested = self.actors[who % len(self.actors)], self.of(data)
        try:
            objection = cases.open_case(self.store, actor, "objection", challenges=contested, request=asked)
        except SanquanError:
            return
        self.take(objection, "submitted", actor, {})
        self.ids.append(objection)

    @rule(data=st.data(), who=st.integers(0, 12), home=st.integers(0, 3))
    def any_step(self, data: st.DataObject, who: int, home: int) -> None:
        """Any word at all, in any role, about any household."""
        word = data.draw(st.sampled_from([*cases.book().steps]))
        self.take(self.of(data), word, self.actors[who % len(self.actors)], self.said(word, data, self.homes[home]))

    @rule(data=st.data(), times=st.sampled_from((4, 12, 40)), late=st.booleans())
    def some_turns(self, data: st.DataObject, times: int, late: bool) -> None:
        """Everybody of every row is told, or only the neighbours."""
        self.officers_go_on(data, times, late=late)

    def officers_go_on(self, data: st.DataObject, times: int, *, late: bool) -> None:
        """Officers take what is open towards registration."""
        case_id = self.of(data)
        for turn in range(times):
            if not any(self.forward(case_id, self.actors[(turn + n) % 3], data, everybody=late) for n in range(3)):
                self.clock.ahead += dt.timedelta(days=20)

    @rule(data=st.data(), who=st.integers(0, 4), home=st.sampled_from((0, 3)))
    def somebody_puts_a_family_back(self, data: st.DataObject, who: int, home: int) -> None:
        """The roster is mended."""
        said = {"row": self.homes[home].holding, "difference": "missing", "cause": MENDED, "source": PAPER}
        self.take(self.of(data), "explained", self.actors[who], said)

    def forward(self, case_id: str, actor: Actor, data: st.DataObject, *, everybody: bool) -> bool:
        """One step along the route, where this actor has one."""
        try:
            case, following, facts = self.look(case_id, actor)
        except SanquanError:
            return False
        words = {each.step for each in following if each.open}
        kind = cases.kind_of(case.kind)
        people = [p for row in facts.touched.rows or () for p in row.people if everybody or row.id not in self.away]
        silent = [p for p in people if p not in cases.told(case)]
        if "told" in words and silent:
            return self.take(case_id, "told", actor, {"person": silent[0], "how": "in-person", **self.guardian(facts, silent[0])})
        papers = {step.said.get("paper") for step in case.steps}
        for paper in ("roster", "resolution"):
            if kind.by_rows and "evidence-added" in words and paper not in papers:
                return self.take(case_id, "evidence-added", actor, {"paper": paper, "source": PAPER})
        ahead = [word for word in kind.route if word in words and word not in {case.steps[-1].step, "delivered"}]
        if case.last("noticed") is not None and facts.changed is None and "noticed" in ahead:
            ahead.remove("noticed")
        if len(ahead) > 1 and "voted" in ahead:
            ahead.remove("voted")
        if not ahead:
            return False
        return self.take(case_id, ahead[-1], actor, self.said(ahead[-1], data, self.homes[1], carried=True))

    @rule(days=st.sampled_from((1, 20)))
    def days_pass(self, days: int) -> None:
        """Time goes on."""
        self.clock.ahead += dt.timedelta(days=days)

    # --- what is tried ---

    @property
    def away(self) -> set[str]:
        """The holdings of the two families."""
        return {home.holding for home in self.in_town}

    def of(self, data: st.DataObject) -> str:
        """One of the cases."""
        return data.draw(st.sampled_from(self.ids)) if self.ids else "0" * 32

    def said(self, word: str, data: st.DataObject, home: Home, *, carried: bool = False) -> dict[str, Any]:
        """What a step may say."""
        if word == "explained":
            difference = data.draw(st.sampled_from(("missing", f"person-missing-{home.people[0]}")))
            return {"row": home.holding, "difference": difference, "cause": data.draw(st.sampled_from(_CAUSES)), "source": PAPER}
        if word == "voted":
            agreed = MEMBERS if carried else data.draw(st.sampled_from((1, MEMBERS)))
            day = day_of(self.clock()).isoformat()
            return {"day": day, "attended": MEMBERS, "agreed": agreed, "source": PAPER}
        plain = {"returned", "refused", "withdrawn", "supplement-asked"}
        stated: dict[str, dict[str, Any]] = {
            "told": {"person": home.people[0], "how": "in-person"},
            "evidence-added": {"paper": "resolution", "source": PAPER},
            "supplemented": {"request": request([line(self.store, self.homes[2])])},
            "answered": {"outcome": ("upheld", "not-upheld")[len(self.ids) % 2], "reasons": "核对过"},
            **{each: {"reasons": "试"} for each in plain},
        }
        return stated.get(word, dict(SAID.get(word, {})))

    def guardian(self, facts: cases.Facts, person: str) -> dict[str, str]:
        """The grandmother acts for a child."""
        return {"guardian": self.homes[0].people[4]} if facts.touched.people.get(person) else {}

    def take(self, case_id: str, word: str, actor: Actor, said: dict[str, Any]) -> bool:
        """One step, if it is open; what is refused leaves nothing."""
        size = self.count(sa.true())
        try:
            case = self.look(case_id, actor)[0]
            cases.take(self.store, case_id, word, actor, case.n, said)
        except SanquanError:
            assert self.count(sa.true()) == size
            return False
        self.seen[word] += 1
        if word == "registered":
            written = self.count_acts() - self.acts
            assert written > 0
            self.acts += written
            self.judged(self.read(case_id), actor)
        return True

    def judged(self, case: Case, actor: Actor) -> None:
        """What a family in town that was extended must have had, from the steps alone."""
        for home in self.in_town:
            if home.holding not in case.steps[-1].said["rows"]:
                continue
            self.seen["put back"] += 1
            notice = case.last("noticed")
            assert notice is not None
            told = {step.said["person"] for step in case.since(notice.n, "told")}
            assert set(home.people) <= told, "extended before everybody was told"
            mended = [step for step in case.steps if step.step == "explained" and step.said["row"] == home.holding]
            assert mended[-1].said["cause"] == MENDED
            assert mended[-1].desk[0] != actor.id, "who put it back registered it"

    # --- what always holds ---

    @invariant()
    def nobody_lost_a_right(self) -> None:
        """Each right stands, of the same holder, on the same parcels; only its term went on, once."""
        for home in self.homes:
            chain, first = self.chain(home), self.before[home.right]
            assert [version.cause_kind for version in chain[1:]] in ([], ["extended"])
            for version in chain:
                assert version.status == "live"
                for name in ("holding_id", "powers", "unit_code", "burdens"):
                    assert version.columns[name] == first.columns[name]
                assert [each["parcel_id"] for each in version.children["right_parcel"]] == [
                    each["parcel_id"] for each in first.children["right_parcel"]
                ]
            assert chain[-1].columns["term_end"] in {"2027-12-31", "2057-12-31"}

    @invariant()
    def neither_family_is_off_the_list(self) -> None:
        """Every case shows each household that is not extended; one that wrote anything does not end without it."""
        for case in self.all():
            if case.kind != "extension" or case.last("submitted") is None:
                continue
            rows = {row.id for row in self.look(case.id, self.actors[0])[2].touched.rows or ()}
            waiting = {home.holding for home in self.homes if len(self.chain(home)) == 1}
            assert rows == waiting
            if waiting and case.last("registered") is not None:
                assert not cases.book().steps[case.steps[-1].step].ends, "the case ended and left somebody behind"
                self.seen["left waiting"] += 1

    @invariant()
    def only_extensions_are_written(self) -> None:
        """Every act on the log is one that a registration of this test wrote."""
        assert self.count_acts() == self.acts

    def teardown(self) -> None:
        """The register agrees with its log."""
        assert audit(self.store).findings == ()
        self.store.close()
        drop(self.settings)

    # --- the register ---

    def look(self, case_id: str, actor: Actor) -> tuple[Case, Any, cases.Facts]:
        """A case as an actor sees it."""
        with self.store.reading() as connection:
            return cases.look(self.store, connection, case_id, actor)

    def read(self, case_id: str) -> Case:
        """A case as it lies."""
        return next(case for case in self.all() if case.id == case_id)

    def all(self) -> list[Case]:
        """Every case, drafts too."""
        with self.store.reading() as connection:
            return case_files.cases(connection, self.store.vault)

    def chain(self, home: Home) -> list[Version]:
        """The versions of a household's contract."""
        with self.store.reading() as connection:
            return read_chains(connection, RIGHT, [home.right])[home.right]

    def count_acts(self) -> int:
        """How many acts the log has."""
        return self.count(LEDGER_ENTRY.c.cls == "R")

    def count(self, where: sa.ColumnElement[bool]) -> int:
        """How many entries of the log."""
        with self.store.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_ENTRY).where(where)) or 0)


def village_with_two_in_town(store: Store) -> tuple[Village, list[Home]]:
    """Four households, of which the first and the last settled in town, whole."""
    village = made_up.register_village(store)
    keep_papers(store)
    homes = register_homes(store, village, 4)
    made_up.settle(store, village)
    settle_family(store, list(homes[-1].people), day="2018-05-08", town=made_up.town(), officer_name="王警官")
    return village, homes


def test_no_role_and_no_order_of_steps_drops_a_family_in_town(store: Store, engine_name: str, tmp_path: Path) -> None:
    """A roster of two for a village of four: whatever anybody tries, the two in town keep row, right and holders."""
    _, homes = village_with_two_in_town(store)
    store.close()
    seen: Counter[str] = Counter()
    runs = RUNS[settings.get_current_profile_name()][0 if engine_name == "file" else 1]
    make: Callable[[], Villagers] = lambda: Villagers(store.settings, homes, tmp_path, seen)  # noqa: E731  (with its type)
    run_state_machine_as_test(
        make,  # type: ignore[arg-type]  # Hypothesis takes whatever makes a machine
        settings=settings(
            max_examples=runs, stateful_step_count=30, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )
    if runs >= RUNS["ci"][0]:
        assert seen["registered"], "nothing was ever registered: the search proves nothing"
