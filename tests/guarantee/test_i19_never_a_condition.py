"""I19: does no decision read a right or an exit, does no exit require a settlement, and can the two never be tied?

Every decision of the plan's part II reads facts and the rule book, and no fact is about land. Of a settlement an exit looks at
the days only, to stop or review it (policy-map 9.3); the database takes no row that ties one to the other.
"""

from __future__ import annotations

import ast
import configparser
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry import cases
from registry.cases.kinds import FILE as KINDS_FILE
from registry.decisions.asking import FACTS, QUESTIONS
from registry.guarantee.reach import within_reach
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parties import Identity
from registry.rights import acts as rights
from registry.settlement import Event, record
from registry.settlement.filing import decide, settle
from registry.store.engines import Store
from tests.attacks.forgery import put
from tests.attacks.refusals import refusal
from tests.guarantee.village import burdened, event_of_every_kind, everything, projections, state_root, verdict
from tests.registry import made_up
from tests.registry.cases.leaving import LAND, brought_to, desks
from tests.registry.cases.walking import EXITS, Walker
from tests.registry.decisions.cases import CASES
from tests.registry.made_up import CLERK, MOVED, Village
from tests.registry.settlement.filings import banner, family, filing

ROOT = Path(__file__).parents[2]
# What a form that ties settling to land would ask for, in either language.
OF_LAND = (
    *("土地", "承包", "草场", "宅基地", "股权", "退地", "交回", "退出"),
    *("land", "right", "homestead", "share", "exit", "contract", "member", "mortgage", "parcel", "lease_of"),
)


def test_decisions_may_import_the_rule_book_and_nothing_else() -> None:
    """I19, dependency: a contract says it, and no module of the decisions loads a table, a right or a case when it runs."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    contract = parser["importlinter:contract:decisions-alone"]
    assert contract["modules"].split() == ["registry.decisions"]
    assert contract["allowed"].split() == ["registry.errors", "registry.law"]
    program = (
        "import sys, registry.decisions.asking, registry.decisions.queue;"
        "print(sorted(m for m in sys.modules if m.startswith(('registry.', 'sqlalchemy', 'gis', 'api'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert {name.split(".")[1] for name in loaded if name.startswith("registry.")} <= {"decisions", "law", "errors"}
    assert not [name for name in loaded if not name.startswith("registry.")]


def test_no_fact_of_any_decision_is_about_land() -> None:
    """I19, templates: neither a field nor the paper that shows it names land, a right, a share or an exit."""
    for facts in FACTS:
        for field in dataclasses.fields(facts):
            assert not [word for word in OF_LAND if word in field.name], field.name
            assert not [word for word in OF_LAND if word in field.metadata.get("paper", "")], field.metadata


@pytest.mark.parametrize("word", QUESTIONS)
def test_no_paper_that_is_asked_for_is_about_land(word: str) -> None:
    """I19, checklists: over all cases, what is still to bring is never a paper about land."""
    cases = [case for case in CASES.values() if case.question == word]
    needs = {need for case in cases for r in QUESTIONS[word].decide(case.facts, case.day).reasons for need in r.needs}
    assert not [need for need in needs for land in OF_LAND if land in need]


def test_adding_rights_leases_and_mortgages_changes_no_decision(make_store: Any, engine_name: str) -> None:  # noqa: ANN401
    """I19, metamorphic: the same people with nothing, with land, with land let, mortgaged, seized: one and the same answer."""
    seen = []
    for holds in ("nothing", "land", "burdened land"):
        store = make_store(engine_name)
        village = _people_only(store) if holds == "nothing" else made_up.register_village(store)
        made_up.register_hukou(store, village)
        if holds == "burdened land":
            burdened(store, village)
        with store.reading() as connection:
            holding = bool(within_reach(connection, village.people[0]))
            answers = decide(store, connection, filing(*family(village)))
        assert holding == (holds != "nothing")
        seen.append([(a.decision, a.told, a.state) for a in answers])
    assert seen[0] == seen[1] == seen[2]


def _people_only(store: Store) -> Village:
    """The family without anything: people of the register by an event of the police, and no right."""
    newcomers = tuple(
        Identity(name, made_up.id_number(born, sequence), sex="1" if sequence % 2 else "2")
        for name, born, sequence in made_up.PEOPLE
    )
    rows = tuple(made_up.rural(f"new:{n}", "02") for n in range(len(newcomers)))
    done = record(store, Event("registered-first", "2016-09-14", (), rows, newcomers=newcomers), "王警官", "公安局")
    return Village(people=list(done.newcomers))


def test_nobody_gains_or_loses_a_right_by_any_settlement(store: Store) -> None:
    """I19, I1: one settles, a part, the whole family, and then everything else of class H: every row stands, byte for byte."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    burdened(store, village)
    before, root = everything(store), state_root(store)
    held = {person: projections(store, person) for person in village.people}
    for who in ([0], [1, 2], [3, 4]):
        done = settle(store, filing(*family(village, who)), "王警官", "公安局")[1]
        assert done is not None
        for n in who:
            assert verdict(store, village.people[n], done.idx).verdict == "unchanged"
    event_of_every_kind(store, village, "2018-01-01")
    assert (everything(store), state_root(store)) == (before, root)
    assert {person: projections(store, person) for person in village.people} == held


def test_who_gave_land_up_is_decided_like_who_did_not(store: Store) -> None:
    """I19, I24: an exit, or none, is read by no settlement: the answer after an exit is the answer before it."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    person = village.people[0]
    with store.reading() as connection:
        before = decide(store, connection, filing(banner(person)))
    _exits(store, village)
    with store.reading() as connection:
        after = decide(store, connection, filing(banner(person)))
    assert [a.decision for a in before] == [a.decision for a in after]


def _exits(store: Store, village: Village) -> None:
    """The head of the family gives up his share, for pay and by his own will."""
    with desk(store, CLERK) as at:
        fields = ActFields(basis="退出协议", wills=made_up.wills(village.people[0]), payment="12000.00")
        rights.end(at.act("exited", "2017-03-01", fields), village.rights["income-0"])
        at.commit()


# What a form that ties giving land up to a move or a service would ask for.
OF_SETTLING = (
    *("落户", "户口", "迁移", "入学", "医保", "社保", "住房保障"),
    *("settle", "hukou", "residence", "school", "insurance", "housing"),
)
TIES = (
    "the exit is about a person who moved",
    "its step cites the move",
    "its act is the move",
    "it contests the move",
)


@pytest.mark.rule("EXIT/E4", "WS-2016/II.3.1-h")
def test_no_step_or_paper_of_an_exit_is_about_a_settlement_or_a_service() -> None:
    """I19, checklists: what a paid exit asks for, word by word of the book of kinds."""
    book = cases.book()
    assert set(book.exits) == set(EXITS)
    for kind in book.exits:
        asked = [book.papers[paper] for any_of in cases.kind_of(kind).evidence for paper in any_of]
        steps = [book.steps[step] for step in cases.kind_of(kind).route]
        words = [f"{each.word} {each.zh} {each.en}" for each in asked] + [f"{each.word} {each.zh} {each.en}" for each in steps]
        assert not [word for word in words for of in OF_SETTLING if of in word]
    assert "settle" not in KINDS_FILE.read_text("utf-8")


def test_exit_of_a_settled_family_asks_and_gives_what_any_others_does(make_store: Any, engine_name: str) -> None:  # noqa: ANN401
    """I19, E4: who settled long ago and who never did: the same steps, the same papers, the same states, the same end."""
    ways = []
    for settles in (False, True):
        store = make_store(engine_name)
        village = made_up.register_village(store)
        made_up.register_hukou(store, village)
        if settles:
            made_up.settle(store, village)
        walker = Walker(store, village)
        desks(walker, LAND)
        case_id = walker.open(LAND, walker.example(LAND))
        way = []
        for word in ("accepted", "noticed", "posted", "reviewed", "approved", "registered", "delivered"):
            walker.go_on(case_id, word)
            case, following, facts = walker.look(case_id)
            assert facts.exit is not None
            open_ = [(each.step, each.missing, each.not_you) for each in following]
            way.append((facts.exit, open_, [step.step for step in case.steps], len(facts.touched.consents)))
        ways.append(way)
    assert ways[0] == ways[1]


@pytest.mark.parametrize(
    ("cites", "says"),
    [
        ({"cause_cls": "H", "cause_kind": "settled-in-banner"}, "exit_is_an_act_and_no_settlement"),
        ({"cause_cls": "R", "cause_kind": "settled-in-banner"}, "exit_is_an_act_and_no_settlement"),
        ({"cause_cls": "H", "cause_kind": "exited"}, "exit_is_an_act_and_no_settlement"),
        ({"cause_cls": "R", "cause_kind": "exited"}, "FOREIGN KEY"),
    ],
)
@pytest.mark.rule("EXIT/E4")
def test_database_takes_no_exit_that_cites_a_settlement(store: Store, cites: dict[str, str], says: str) -> None:
    """I19, E4: raw SQL of the desk itself: the exit hangs on the move, whatever it calls the move; refused by the table."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    walker = Walker(store, village)
    case_id = walker.open(LAND, walker.example(LAND))
    settled = made_up.settle(store, village).idx
    row = {
        "right_id": village.rights["contract-arable"],
        "thing": "contract-arable",
        "case_id": case_id,
        "price": "120000.00",
        "improvements": "0.00",
        "receiver_id": village.collective,
        "exit_day": MOVED,
        "cause_idx": settled,
        **cites,
    }
    said = refusal(store, "desk", lambda connection: put(connection, "paid_exit", row))
    assert says in said or said == {"FOREIGN KEY": "23503"}.get(says, "23514")


@pytest.mark.parametrize("tie", TIES)
def test_database_takes_no_case_that_is_tied_to_a_settlement(store: Store, tie: str) -> None:
    """I19, E4: a case is about guarded things, its steps are of class C, what it writes is of class R: an H fits nowhere."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    walker = Walker(store, village)
    case_id = brought_to(walker, "draft", LAND)
    n = walker.look(case_id)[0].n
    settled = made_up.settle(store, village).idx
    step = {"case_id": case_id, "n": n + 1, "follows": n, "step": "paid", "at": "2026-11-26T00:00:00Z", "cls": "C"}
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "the exit is about a person who moved": (
            "case_subject", {"case_id": case_id, "thing_id": village.people[0], "entry_idx": settled},
        ),
        "its step cites the move": ("case_step", {**step, "entry_idx": settled, "act_idx": None, "act_cls": None}),
        "its act is the move": ("case_step", {**step, "entry_idx": settled - 1, "act_idx": settled, "act_cls": "H"}),
        "it contests the move": (
            "case_file", {"id": "1" * 32, "kind": LAND, "challenges": f"{settled:032d}", "entry_idx": settled, "cls": "C"},
        ),
    }  # fmt: skip
    said = refusal(store, "desk", lambda connection: put(connection, *rows[tie]))
    assert said in {"23503", "23514", "23001"} or "FOREIGN KEY" in said or "CHECK" in said or "cites another step" in said
