"""An example of every kind of case over the made-up family, and somebody who walks a case step by step.

Made-up people only. The clock is the walker's: a notice of fifteen working days passes in a test.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import shapely
import sqlalchemy as sa
from stdnum.cn import uscc

from registry import breaches, cases, china, parties, sources
from registry.benefits.model import BENEFIT_VERSION
from registry.cases import Actor
from registry.certificates import issuing
from registry.certificates.refusals import AlreadyIssued
from registry.holding import acts as holdings
from registry.holding.model import HOLDING_VERSION, CoHolder
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.check import Disagreement
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP_VERSION
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.parties import Identity, Organisation
from registry.reshaping import plan_recoding
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT_VERSION
from tests.registry.cases import delivering, extending
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE, Village, id_number, square

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table

    from registry.case_files import Case
    from registry.cases import Facts, Next
    from registry.store.engines import Store

PAPERS = (b"a paper", b"a signed will")
PAPER, WILL = (hashlib.sha256(content).hexdigest() for content in PAPERS)
FIRST = Actor("zhang", "张晓梅", "农牧业局", "agriculture")
SECOND = Actor("wang", "王建国", "农牧业局", "agriculture")
_FORTY_DAYS, _HALF_A_YEAR = dt.timedelta(days=40), dt.timedelta(days=200)
COOPERATIVE = "93150626MA0NAAAA1" + uscc.calc_check_digit("93150626MA0NAAAA1")
NEWCOMER = {"name": "其其格", "id_number": id_number("19790815", 628), "sex": "2"}


def keep_papers(store: Store) -> None:
    """What every step of an example cites."""
    for content in PAPERS:
        sources.keep(store, content, kind="材料", dated="2026-01-01")


@dataclass
class Example:
    """What a case of a kind asks for in a test; `before` are cases that are registered first."""

    subject: list[str] = field(default_factory=list)
    request: dict[str, Any] = field(default_factory=dict)
    challenges: str | None = None


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        """Now, and what was added."""
        return dt.datetime.now(dt.UTC) + self.ahead


class Walker:
    """Walks cases of one village through the engine. The two officers have a role each test may choose."""

    def __init__(self, store: Store, village: Village) -> None:
        self.store, self.village = store, village
        keep_papers(store)
        self.clock = store.clock = Clock()
        self.first, self.second = FIRST, SECOND
        self.guardian = village.people[4]

    def of_desk(self, role: str) -> tuple[Actor, Actor]:
        """The two officers at another desk."""
        return replace(self.first, role=role), replace(self.second, role=role)

    # --- what a door does ---

    def open(self, kind: str, example: Example, actor: Actor | None = None) -> str:
        """A new draft."""
        return cases.open_case(
            self.store,
            actor or self.first,
            kind,
            subject=example.subject,
            challenges=example.challenges,
            request=example.request,
            applicant=(actor or self.first).person or self.village.people[0],
        )

    def step(self, case_id: str, word: str, actor: Actor | None = None, **said: Any) -> None:  # noqa: ANN401  (what a step says)
        """One step by the first officer, or by another."""
        who = actor or self.first
        with self.store.reading() as connection:
            n = cases.one(self.store, connection, case_id, who).n
        cases.take(self.store, case_id, word, who, n, said)

    # --- what a test does ---

    def look(self, case_id: str, actor: Actor | None = None) -> tuple[Case, tuple[Next, ...], Facts]:
        """The case, what comes next, and the facts."""
        with self.store.reading() as connection:
            return cases.look(self.store, connection, case_id, actor or self.first)

    def walk(self, kind: str, example: Example, until: str = "delivered") -> str:
        """A case taken along its route up to a step, or to its end, with everything that it asks for."""
        case_id = self.open(kind, example)
        self.go_on(case_id, until)
        return case_id

    def go_on(self, case_id: str, until: str = "delivered") -> None:
        """The rest of the route up to a step, or to its end."""
        case, _, _ = self.look(case_id)
        kind = cases.kind_of(case.kind)
        now = cases.phase(case, kind)
        for word in kind.route[kind.route.index(now) + 1 if now in kind.route else 0 :]:
            self._prepare(case_id, kind, word)
            said = dict(SAID.get(word, {}))
            if word == "voted":
                said["day"] = self.today()
            if word == "reviewed":
                minors = [person for person, minor in self.look(case_id)[2].touched.people.items() if minor]
                said["findings"] = dict.fromkeys(minors, "孩子的份额不变")
                said |= {"signs": dict.fromkeys(self.signs(case_id), "当面问过, 是自愿的")} if kind.kind in EXITS else {}
            other = word in {"approved", "answered"} or (word == "registered" and kind.kind in EXITS)
            self.step(case_id, word, self.second if other else None, **said)
            if word == until:
                return

    def _prepare(self, case_id: str, kind: cases.Kind, word: str) -> None:
        if kind.kind in EXITS:
            self._prepare_exit(case_id, kind, word)
            return
        if word == "delivered" and kind.kind == "disputed":
            self.step(case_id, "dropped", source=PAPER, reasons="申请人撤回")
            self.walk("dispute-closed", Example([self.lock_of(case_id)], {"ground": "dropped", "document": "撤回书"}))
        if word == ("surveyed" if "surveyed" in kind.route else "reviewed"):
            for any_of in kind.evidence:
                if any_of != ("survey",):
                    self.step(case_id, "evidence-added", paper=any_of[0], source=PAPER)
        if word == ("voted" if kind.by_rows else "reviewed") and kind.notifies:
            if kind.kind in {"membership-exited", "share-transferred"}:
                # The made-up family's move was recorded on the day of the test.
                self.clock.ahead += _FORTY_DAYS
            self.ask(case_id)
            if self.look(case_id)[2].notice_until is not None:
                self.clock.ahead += _FORTY_DAYS

    def _prepare_exit(self, case_id: str, kind: cases.Kind, word: str) -> None:
        if word == "noticed":
            for any_of in kind.evidence:
                self.step(case_id, "evidence-added", paper=any_of[0], source=self.paper(any_of[0]))
            if kind.kind == "contract-exited":
                self.step(case_id, "issuer-told", day=self.today(), source=self.paper("通知发包方"))
        if word == "posted":
            # The made-up family's move was recorded on the day of the test.
            self.clock.ahead += _FORTY_DAYS
            self.ask(case_id)
        exit_ = self.look(case_id)[2].exit
        if word == "reviewed" and exit_ is not None and exit_.waits:
            self.clock.ahead += _HALF_A_YEAR
        if word == "registered" and exit_ is not None and exit_.unpaid:
            self.pay(case_id)

    def lock_of(self, case_id: str) -> str:
        """The restriction that the file of a dispute laid."""
        registered = self.look(case_id)[0].last("registered")
        assert registered is not None
        (lock,) = self.ids(RESTRICTION_VERSION, RESTRICTION_VERSION.c.cause_idx == registered.act_idx)
        return lock

    def pay(self, case_id: str, amount: str = "123000.00") -> None:
        """A payment to the head of the family; 123,000 yuan are all that the examples ask for."""
        proof = self.paper(f"银行凭证 {amount} {self.look(case_id)[0].n}")
        self.step(case_id, "paid", to=self.village.people[0], amount=amount, day=self.today(), source=proof)

    def signs(self, case_id: str) -> frozenset[str]:
        """The signs of pressure of an exit."""
        exit_ = self.look(case_id)[2].exit
        return exit_.signs if exit_ is not None else frozenset()

    def state(self, case_id: str) -> str:
        """The state of an exit."""
        exit_ = self.look(case_id)[2].exit
        assert exit_ is not None
        return exit_.state

    def paper(self, content: str) -> str:
        """A paper that is kept; its content hash."""
        return sources.keep(self.store, content.encode(), kind="paper", dated=SIGNED)

    @cached_property
    def witness(self) -> str:
        """A neighbour of the same village, no relative."""
        return self.villager(Identity("哈斯", id_number("19660101", 731), sex="1"))

    def villager(self, known: Identity) -> str:
        """Somebody more who is a member of the collective; their id."""
        with desk(self.store, CLERK) as at:
            act = at.act("membership-confirmed", SIGNED, ActFields(basis="成员大会决议"))
            person, rows = parties.person_rows(at.store.vault, at.randomness, act.idx, known)
            act.fields = ActFields(basis="成员大会决议", people=((person, known.name, known.id_number),))
            for table, row in rows:
                at.row(table, row)
            memberships.begin(act, person_id=person, collective_id=self.village.collective, basis="成员大会决议2号")
            at.commit()
        return person

    def will(self, case_id: str, person: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401  (what a step says)
        """What a signer of an exit says: a paper of their own, told and witnessed."""
        said = {
            "person": person,
            "source": self.paper(f"{case_id} {person} 同意书"),
            "sheet": self.paper("告知书"),
            "language": "mn",
            "read": "aloud",
            "identity": "in-person",
            "mark": "signature",
            "witness": self.witness,
        }
        return said | other

    def ask(self, case_id: str) -> None:
        """Everybody is told, and whoever must agree agrees; `guardian` acts for the child."""
        _, _, facts = self.look(case_id)
        for person, minor in sorted(facts.touched.people.items()):
            guardian: dict[str, Any] = {"guardian": self.guardian} if minor else {}
            if person in facts.touched.signers:
                self.step(case_id, "consented", **self.will(case_id, person, **guardian))
            elif person in facts.touched.consents and facts.touched.signers:
                self.step(case_id, "consented", person=person, source=self.paper(f"{person} 同意"))
            elif person in facts.touched.consents:
                self.step(case_id, "consented", person=person, source=WILL, **guardian)
            else:
                self.step(case_id, "told", person=person, how="in-person", **guardian)

    def ids(self, table: Table, *where: Any) -> list[str]:  # noqa: ANN401  (SQLAlchemy's conditions)
        """Ids of things, the newest last."""
        with self.store.reading() as connection:
            query = sa.select(table.c.thing_id).where(*where).group_by(table.c.thing_id)
            return list(connection.scalars(query.order_by(sa.func.min(table.c.cause_idx))))

    def example(self, kind: str) -> Example:
        """What a case of this kind may ask for, after whatever must stand before it was registered."""
        return EXAMPLES[kind](self)

    def today(self) -> str:
        """The day in China."""
        return china.today(self.store)


SAID: dict[str, dict[str, Any]] = {
    "surveyed": {"source": PAPER},
    "noticed": {"where": "嘎查公示栏"},
    "posted": {"where": "嘎查公示栏"},
    "voted": {"attended": 4, "agreed": 3, "source": PAPER},
    "reviewed": {"opinion": "材料齐全"},
    "approved": {"opinion": "同意"},
    "answered": {"outcome": "not-upheld", "reasons": "与名册相符"},
}
"""What each step of a route says in a test."""


def _lease(walker: Walker) -> Example:
    lines = [{"parcel": walker.village.parcels["grass"], "m2": "2561446.67", "mu": "3842.17"}]
    today = walker.today()
    request = {"lessee": NEWCOMER, "code": "L-1", "from": today, "until": f"{int(today[:4]) + 2}-10-31", "parcels": lines}
    return Example([walker.village.rights["contract-grass"]], request)


def _mortgage(walker: Walker) -> Example:
    request = {"lender": "乌审农商行", "amount": "50000.00", "rank": 1, "document": "抵1号"}
    return Example([walker.village.rights["contract-grass"]], request)


def _objected(walker: Walker) -> Example:
    return Example([walker.village.rights["contract-grass"]], {"objector": "斯琴", "document": "异议1号"})


def _restriction(walker: Walker, kind: str) -> Example:
    walker.walk(kind, walker.example(kind))
    return Example([walker.ids(RESTRICTION_VERSION)[-1]])


def _seizure(walker: Walker) -> Example:
    today = walker.today()
    request = {"court": "乌审旗人民法院", "document": "(2026)内0626执1号", "until": f"{int(today[:4]) + 1}-06-30"}
    return Example([walker.village.rights["contract-grass"]], request)


def _lifting(walker: Walker) -> Example:
    walker.walk("seized", _seizure(walker))
    return Example(walker.ids(RESTRICTION_VERSION)[-1:], {"ground": "ordered", "document": "(2026)内0626执1号之一"})


def _dispute(walker: Walker) -> Example:
    request = {"claimant": "巴图", "claim": "boundary", "document": "乌审仲案1号"}
    return Example([walker.village.rights["contract-grass"]], request)


def _closing(walker: Walker) -> Example:
    case_id = walker.walk("disputed", _dispute(walker), "registered")
    walker.step(case_id, "dropped", source=PAPER, reasons="申请人撤回")
    return Example([walker.lock_of(case_id)], {"ground": "dropped", "document": "撤回书"})


def _award(walker: Walker) -> Example:
    areas = [{"parcel": walker.village.parcels["arable"], "m2": "31001.00", "mu": "46.51"}]
    request = {"orders": "corrects", "document": "乌审仲案2号", "served": "2026-01-05", "areas": areas}
    return Example([walker.village.rights["contract-arable"]], request)


def _operating(walker: Walker) -> Example:
    walker.walk("leased", _lease(walker))
    return Example(walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.thing == "operating")[-1:], {"ground": "agreed"})


def _division(walker: Walker) -> Example:
    village = walker.village
    request = {
        "members": village.people[2:3],
        "representative": village.people[2],
        "code": f"{VILLAGE_CODE}0002",
        "unit_code": f"{VILLAGE_CODE}0002J",
        "parcels": [village.parcels["arable"]],
    }
    return Example([village.holding], request)


def _merging(walker: Walker) -> Example:
    walker.walk("contract-divided", _division(walker))
    both = walker.ids(HOLDING_VERSION)
    return Example(both, {"into": walker.village.holding})


def _split(walker: Walker) -> Example:
    line = [["574080", "4262990.5"], ["574080", "4263190.5"]]
    return Example([walker.village.parcels["arable"]], {"line": line})


def _halves(walker: Walker) -> list[str]:
    """The western half and the eastern: both came with one entry, and ids say nothing of where they lie."""
    walker.walk("parcel-split", _split(walker))
    with walker.store.reading() as connection:
        chains = read_chains(connection, PARCEL, walker.ids(PARCEL_VERSION)[-2:], geometry=True)
    return sorted(chains, key=lambda half: float(shapely.bounds(chains[half][-1].geometry)[0]))


def _adjusted(walker: Walker) -> Example:
    return Example(_halves(walker), {"line": [["574090", "4262990"], ["574090", "4263190"]]})


def _exchange(walker: Walker) -> Example:
    """The family's half of the arable land for the half that the son left with."""
    mine, theirs = _halves(walker)
    division = _division(walker)
    division.request["parcels"] = [theirs]
    walker.walk("contract-divided", division)
    son = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "contract-divided", RIGHT_VERSION.c.ver == 1)[-1]
    family = walker.village.rights["contract-arable"]
    gives = [{"right": family, "parcels": [mine]}, {"right": son, "parcels": [theirs]}]
    return Example([family, son], {"gives": gives, "filed": walker.today()})


def _estate(walker: Walker) -> Example:
    """The grandmother's share, to her son and her granddaughter."""
    walker.walk("member-deceased", walker.example("member-deceased"))
    walker.guardian = walker.village.people[1]
    heirs = [(0, 2, 3), (3, 1, 3)]
    people = walker.village.people
    lines = [{"person": people[who], "numerator": n, "denominator": d} for who, n, d in heirs]
    return Example([walker.village.rights["income-4"]], {"heirs": lines})


def _first(walker: Walker, land: str) -> Example:
    """A field beside the family's arable land, or a wood far from it."""
    east = {"arable": 574177, "forest": 590000}[land]
    west, to = str(east), str(east + 100)
    corners = [[west, "4263000"], [to, "4263000"], [to, "4263100"], [west, "4263100"]]
    parcel = {"code": f"{VILLAGE_CODE}09001", "shape": [*corners, corners[0]], "category": "10", "land_type": "012"}
    areas = {"surveyed_m2": "10000.00", "surveyed_mu": "15.00", "m2": "9800.00", "mu": "14.70"}
    contract = {"land": land, "code": f"{VILLAGE_CODE}0901J", "signed": "2017-03-01", "from": "2017-03-01"}
    last = {"until": "2046-12-31", "method": "110"}
    return Example([walker.village.holding], {**contract, **last, "parcels": [parcel | areas]})


def _yard(walker: Walker) -> Example:
    """The plot of the son, who left with a household of his own."""
    walker.walk("contract-divided", _division(walker))
    corners = [["590000", "4262000"], ["590020", "4262000"], ["590020", "4262020"], ["590000", "4262020"]]
    areas = {"surveyed_m2": "400.00", "surveyed_mu": "0.60", "m2": "400.00", "mu": "0.60"}
    parcel = {"code": "150626100210JC00001F00010009", "shape": [*corners, corners[0]], "local_name": "西院", **areas}
    approved = {"approved_m2": "400.00", "excess_m2": "0.00"}
    request = {"land": "homestead", "code": "乌集用2026第9号", "signed": walker.today(), "parcels": [parcel | approved]}
    return Example(walker.ids(HOLDING_VERSION)[-1:], request)


def _benefit_of_land_that_went(walker: Walker) -> Example:
    """A benefit for a parcel that was split since."""
    walker.walk("benefit-granted", walker.example("benefit-granted"))
    walker.clock.ahead += dt.timedelta(days=1)
    walker.walk("parcel-split", _split(walker))
    return Example(walker.ids(BENEFIT_VERSION)[-1:], {"ground": "basis-gone"})


def _recoding(walker: Walker) -> Example:
    """The made-up village under another code, from a day of 2024."""
    request = {"old": VILLAGE_CODE, "new": "15062610029900", "day": "2024-03-01", "name": "新村"}
    with desk(walker.store, CLERK) as at:
        found = plan_recoding(at, VILLAGE_CODE, request["new"], day=request["day"])
    return Example([walker.village.holding], {**request, "expect": len(found.things)})


def _wrong_delivery(walker: Walker) -> Example:
    wrong = delivering.wrong_delivery(walker.store, walker.village)
    return Example([wrong.holding], {"delivery": wrong.content_hash, "expect": 3, "reason": "整村图形偏移"})


def _survey(walker: Walker) -> Example:
    corners = [["574000", "4263000"], ["574176", "4263000"], ["574176", "4263176.5"], ["574000", "4263176.5"]]
    return Example([walker.village.parcels["arable"]], {"shape": [*corners, corners[0]], "m2": "31064.00", "mu": "46.60"})


def _exit(walker: Walker, right: str) -> Example:
    terms = {"payment": "120000.00", "reference": "118000.00", "improvements": "3000.00"}
    return Example([walker.village.rights[right]], {"receiver": walker.village.collective, **terms})


def _voided(walker: Walker) -> Example:
    walker.walk("share-exited", _exit(walker, "income-0"))
    return Example([walker.village.rights["income-0"]], {"ground": "forged"})


def _cooperative(walker: Walker) -> Example:
    """The family's pasture put into a cooperative that the register does not know yet."""
    lease = _lease(walker)
    return Example(lease.subject, {**lease.request, "lessee": {"name": "巴音草业合作社", "company": COOPERATIVE}})


def _unlisted(walker: Walker) -> Example:
    """The neighbour, a member whom no list names, and his wife."""
    members = [{"person": walker.witness, "relation": "02"}, {**NEWCOMER, "relation": "12"}]
    request = {"code": f"{VILLAGE_CODE}0077", "signed": walker.today(), "members": members}
    return Example([walker.ids(MEMBERSHIP_VERSION)[-1]], request)


def _rest(walker: Walker, right: str, east: str = "574100") -> dict[str, Any]:
    """What is left of the arable land west of a line."""
    corners = [["574000", "4263000"], [east, "4263000"], [east, "4263176"], ["574000", "4263176"]]
    return {
        "shape": [*corners, corners[0]],
        "m2": "17600.00",
        "mu": "26.40",
        "areas": [{"right": right, "m2": "17600.00", "mu": "26.40"}],
    }


def _expropriated(walker: Walker) -> Example:
    request = {"day": walker.today(), "document": "内政土发1号", "compensation": "50000.00"}
    rest = _rest(walker, walker.village.rights["contract-arable"])
    return Example([walker.village.parcels["arable"]], {**request, "rest": rest})


def _readjusted(walker: Walker) -> Example:
    """A quarter of the family's land to the son, of whose half a flood took a part."""
    mine, theirs = _halves(walker)
    walker.walk("parcel-split", Example([mine], {"line": [["574040", "4262990.5"], ["574040", "4263190.5"]]}))
    quarter = walker.ids(PARCEL_VERSION)[-1]
    division = _division(walker)
    division.request["parcels"] = [theirs]
    walker.walk("contract-divided", division)
    son = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "contract-divided", RIGHT_VERSION.c.ver == 1)[-1]
    corners = [["574080", "4263000"], ["574120", "4263000"], ["574120", "4263176"], ["574080", "4263176"]]
    areas = {"m2": "7040.00", "mu": "10.56"}
    rest = {"shape": [*corners, corners[0]], **areas, "areas": [{"right": son, **areas}]}
    walker.walk("land-lost", Example([theirs], {"day": walker.today(), "document": "灾1号", "rest": rest}))
    family = walker.village.rights["contract-arable"]
    vote = {"body": "assembly", "day": walker.today(), "of": 4, "agreed": 3}
    return Example([family, son], {"gives": family, "parcels": [quarter], **vote})


def _extinct(walker: Walker) -> Example:
    """The son's household, of whom nobody is left."""
    walker.walk("contract-divided", _division(walker))
    home = walker.ids(HOLDING_VERSION)[-1]
    walker.walk("member-deceased", Example([home], {"person": walker.village.people[2], "day": walker.today()}))
    return Example([home], {"sought": "公告三个月, 没有继承人也没有漏登的人"})


def _without_heir(walker: Walker) -> Example:
    walker.walk("member-deceased", walker.example("member-deceased"))
    return Example([walker.village.rights["income-4"]], {"sought": "公告三个月, 没有继承人"})


def _old_contract(walker: Walker) -> str:
    """A contract of 2004 on land of its own, which the old law could reach; the id of its right."""
    village, day = walker.village, "2004-01-01"
    with desk(walker.store, CLERK) as at:
        act = at.act("first-registration", day, ActFields(basis="老合同"))
        household, rows = parties.household_rows(at.randomness)
        for table, row in rows:
            at.row(table, row)
        head = village.people[2]
        home = holdings.begin(
            act,
            household_id=household,
            code=f"{VILLAGE_CODE}0055",
            issuer_id=village.collective,
            representative_id=head,
            members=[CoHolder(head, "02")],
        )
        facts = ParcelFacts(f"{VILLAGE_CODE}05500", village.collective, "arable", "10", "012", "10000.00", "15.00")
        land = parcels.begin(act, facts, square(594_000, 4_263_000, 100.0), {})
        code = f"{VILLAGE_CODE}0055J"
        unit = rights.unit(act, kind="contract", code=code, issuer_id=village.collective, method="110", signed_on=day)
        terms = Terms(unit, code, "1998-01-01", "2027-12-31")
        right = rights.begin(act, "contract-arable", Holder(holding_id=home), terms, [Contracted(land, "10000.00", "15.00")])
        at.commit()
    return right


def _before_2019(walker: Walker, day: str) -> Example:
    moved = {"moved": "2010-05-01", "whole": "yes", "to": "city with districts", "became": "yes"}
    return Example([_old_contract(walker)], {"day": day, **moved})


def _other_collective(walker: Walker) -> tuple[str, dict[str, str]]:
    """A collective with two members and no shares yet: its id, and their memberships by person."""
    with desk(walker.store, CLERK) as at:
        act = at.act("membership-confirmed", SIGNED, ActFields(basis="成员大会决议"))
        organisation = Organisation("15062610021100", "另一嘎查")
        other, rows = parties.organisation_rows(at.store.vault, at.randomness, act.idx, "collective", organisation)
        people = {}
        for name, number in (("苏日娜", id_number("19850404", 842)), ("布和", id_number("19830303", 851))):
            person, more = parties.person_rows(at.store.vault, at.randomness, act.idx, Identity(name, number))
            rows += more
            people[person] = (person, name, number)
        act.fields = ActFields(basis="成员大会决议", people=tuple(people.values()))
        for table, row in rows:
            at.row(table, row)
        found = {p: memberships.begin(act, person_id=p, collective_id=other, basis="决议1号") for p in people}
        at.commit()
    return other, found


def _allotted(walker: Walker) -> Example:
    _, members = _other_collective(walker)
    shares = [{"person": person, "numerator": 1, "denominator": 100} for person in members]
    request = {"code": "15062610021100", "resolution": "成员大会决议8号", "shares": shares}
    return Example([next(iter(members.values()))], request)


def _requantified(walker: Walker) -> Example:
    """A member who came since gets a share, and everybody's becomes less by the same part."""
    people = [*walker.village.people, walker.witness]
    shares = [{"person": person, "numerator": 10, "denominator": 6000} for person in people]
    return Example([walker.village.rights["income-0"]], {"resolution": "成员大会决议9号", "shares": shares})


def _passed_on(walker: Walker) -> Example:
    cap = {"cap_numerator": 1, "cap_denominator": 100}
    part = {"to": walker.village.people[1], "numerator": 1, "denominator": 2, "payment": "3000.00"}
    return Example([walker.village.rights["income-0"]], part | cap)


def _house(walker: Walker) -> Example:
    house = {"number": "0001", "storeys": 1, "area_m2": "96.00", "year": "2009", "structure": "4"}
    return Example([walker.village.parcels["homestead"]], {"buildings": [house]})


def _objection(walker: Walker) -> Example:
    contested = walker.walk("representative-changed", walker.example("representative-changed"), "noticed")
    return Example(challenges=contested)


def _certified(walker: Walker, request: dict[str, Any]) -> Example:
    """The family's contract, with a certificate that there is something to be asked about."""
    with desk(walker.store, CLERK) as at, suppress(AlreadyIssued):
        issuing.issue(at, [f"{VILLAGE_CODE}0001J"], day=walker.today(), fields=ActFields(basis="颁证", sources=(PAPER,)))
        at.commit()
    return Example([walker.village.rights["contract-grass"]], request)


def _breach(walker: Walker) -> Example:
    """A row that an audit found: never the same one twice."""
    with walker.store.reading() as connection:
        n = len(breaches.breaches(walker.store, connection))
    found = Disagreement("right_version", (("ver", n + 1),), 1, ("term_end",), "与账目不符", "it is not what the log says")
    breaches.record(walker.store, [found], 1)
    with walker.store.reading() as connection:
        (row,) = [each for each in breaches.breaches(walker.store, connection) if each.found["key"] == [["ver", str(n + 1)]]]
    return Example(request={"breach": row.id})


EXAMPLES: dict[str, Callable[[Walker], Example]] = {
    "representative-changed": lambda w: Example([w.village.holding], {"representative": w.village.people[1]}),
    "omission-corrected": lambda w: Example([w.village.holding], {**NEWCOMER, "relation": "20", "day": "1998-01-01"}),
    "clerical-slip": lambda w: Example([w.village.parcels["arable"]], {"field": "local_name", "to": "东梁"}),
    "record-corrected": lambda w: Example(
        [w.village.rights["contract-arable"]], {"day": SIGNED, "changes": {"certificate_number": "NM-1"}}
    ),
    "objection": _objection,
    "unlawful-condition": lambda w: Example(
        [w.village.rights["contract-grass"]],
        {"tied": "school", "demanded": "contract-land", "written": "village-rule", "words": "不交回草场, 孩子不能入学"},
    ),
    "question": lambda w: Example([w.village.benefit], {"year": "2026", "words": "今年草原补奖少了三百块"}),
    "breach": _breach,
    "objected": _objected,
    "objection-closed": lambda w: _restriction(w, "objected"),
    "member-added": lambda w: Example([w.village.holding], {**NEWCOMER, "relation": "12", "day": "2020-05-01"}),
    "member-deceased": lambda w: Example([w.village.holding], {"person": w.village.people[4], "day": "2020-05-01"}),
    "leased": _lease,
    "subleased": _lease,
    "operating-ended": _operating,
    "mortgaged": _mortgage,
    "mortgage-discharged": lambda w: _restriction(w, "mortgaged"),
    "seized": _seizure,
    "seizure-lifted": _lifting,
    "disputed": _dispute,
    "dispute-closed": _closing,
    "judgment-registered": lambda w: Example(
        [w.village.holding],
        {"orders": "enters", "document": "(2026)内0626民初1号", "day": "2026-01-05", **NEWCOMER, "relation": "20"},
    ),
    "award-registered": _award,
    "certificate-issued": lambda w: Example([w.village.rights["contract-grass"]]),
    "certificate-replaced": lambda w: _certified(w, {"reason": "lost"}),
    "certificate-renewed": lambda w: _certified(w, {"reason": "damaged"}),
    "certificate-cancelled": lambda w: _certified(w, {}),
    "membership-confirmed": lambda w: Example(
        [w.village.memberships[0]], {**NEWCOMER, "ground": "returned", "resolution": "成员大会决议3号", "day": "2026-01-05"}
    ),
    "membership-gained": lambda w: Example(
        [w.village.holding], {**NEWCOMER, "ground": "marriage", "resolution": "成员大会决议4号", "day": "2026-01-05"}
    ),
    "membership-exited": lambda w: Example([w.village.memberships[1]], {"payment": "5000.00"}),
    "inherited": lambda w: Example(
        [w.village.rights["homestead"]],
        {"heirs": [{"person": p, "numerator": 1, "denominator": 2} for p in w.village.people[1:3]]},
    ),
    "contract-registered": lambda w: _first(w, "arable"),
    "forest-registered": lambda w: _first(w, "forest"),
    "homestead-registered": _yard,
    "duty-set": lambda w: Example(
        [w.village.rights["contract-grass"]],
        {"duty": "grazing-ban", "quantity": "120", "unit": "亩", "document": "禁牧1号", "until": "2030-12-31"},
    ),
    "duty-changed": lambda w: Example([w.village.duty], {"quantity": "110", "document": "草畜2号"}),
    "benefit-granted": lambda w: Example(
        [w.village.parcels["arable"]], {"policy": "草畜平衡奖励", "unit": "亩", "quantity": "46.50", "year": "2026"}
    ),
    "benefit-adjusted": lambda w: Example([w.village.benefit], {"quantity": "3842.17", "year": "2026"}),
    "benefit-ended": _benefit_of_land_that_went,
    "share-inherited": _estate,
    "contract-divided": _division,
    "contracts-merged": _merging,
    "exchanged": _exchange,
    "parcel-split": _split,
    "parcel-merged": lambda w: Example(_halves(w)),
    "recoded": _recoding,
    "delivery-withdrawn": _wrong_delivery,
    "boundary-adjusted": _adjusted,
    "survey-corrected": _survey,
    "boundary-signed": lambda w: Example([w.village.parcels["arable"]]),
    "contract-exited": lambda w: _exit(w, "contract-arable"),
    "homestead-exited": lambda w: _exit(w, "homestead"),
    "share-exited": lambda w: _exit(w, "income-0"),
    "exit-voided": _voided,
    "household-registered": _unlisted,
    "contributed": _cooperative,
    "pledged": lambda w: Example(
        [w.village.rights["income-0"]], {"lender": "乌审农商行", "amount": "20000.00", "rank": 1, "document": "质1号"}
    ),
    "pledge-discharged": lambda w: _restriction(w, "pledged"),
    "building-recorded": _house,
    "expropriated": _expropriated,
    "land-lost": lambda w: Example([w.village.parcels["other"]], {"day": w.today(), "document": "灾1号"}),
    "readjusted": _readjusted,
    "extinct": _extinct,
    "left-without-heir": _without_heir,
    "handed-back-before-2019": lambda w: _before_2019(w, "2015-06-01"),
    "taken-back-before-2019": lambda w: _before_2019(w, "2012-06-01"),
    "membership-lost": lambda w: Example(
        [w.village.memberships[1]], {"ground": "civil-servant", "document": "录用1号", "day": "2026-01-05"}
    ),
    "shares-allotted": _allotted,
    "shares-requantified": _requantified,
    "share-transferred": _passed_on,
    "extension": lambda w: Example(
        [w.village.rights["contract-arable"]],
        extending.request([extending.line(w.store, extending.first_home(w.village))]),
    ),
}
EXITS = ("contract-exited", "homestead-exited", "share-exited")


def role_for(kind: str) -> str:
    """The desk that keeps the book of what the example is about."""
    if kind == "forest-registered":
        return "forestry"
    return "realty" if kind in {"inherited", "homestead-exited", "homestead-registered", "building-recorded"} else "agriculture"
