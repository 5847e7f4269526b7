"""Which acts and events may come next? Drawn from what stands, so that most are lawful and some must be refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import shapely
from hypothesis import strategies as st

from registry.law import causes
from registry.ledger.act import Will
from registry.parties import Identity
from registry.residence import Registration
from registry.rights.acts import CONTRACT_POWERS
from registry.settlement import Event
from tests.registry.made_up import id_number
from tests.stateful.deeds import ACTS, Deed, Step, box
from tests.stateful.model import Chain, Model, State

Draw = Callable[[st.SearchStrategy[Any]], Any]

# Few days, so that acts and events meet on one day; the edges of the windows of causes.md are among them.
DAYS = (
    "2003-03-01",
    "2010-06-01",
    "2016-11-30",
    "2017-05-08",
    "2017-05-09",
    "2018-12-31",
    "2019-01-01",
    "2020-02-29",
    "2022-03-01",
    "2025-05-01",
    "2026-06-01",
    "2028-01-01",
)
FIRST = "2003-03-01"
VILLAGE = "15062610021000"
TERM_ENDS = ("2027-12-31", "2047-12-31", "2057-12-31", "")
SORTS = {
    "mortgaged": "mortgage",
    "pledged": "pledge",
    "seized": "seizure",
    "objected": "objection",
    "disputed": "dispute",
}
ENDS_SORT = {
    "mortgage": "mortgage-discharged",
    "pledge": "pledge-discharged",
    "seizure": "seizure-lifted",
    "objection": "objection-closed",
    "dispute": "dispute-closed",
}
GENERAL = {"record-corrected", "court-ordered", "arbitrated", "first-registration", "restored"}
_SOLE = {"holder_id", "holding_id", "party_id", "allotment_id", "share_numerator", "share_denominator", "co_holding"}


def lawful(thing: str, kind: str, day: str, effect: str = "own") -> bool:
    """Whether the closed list has the cause on the day."""
    on = dt.date.fromisoformat(day)
    return any((c.thing, c.kind, c.effect) == (thing, kind, effect) and c.holds_on(on) for c in causes.lawful_causes())


def kinds_of(thing: str, effect: str = "own") -> list[str]:
    """The kinds that the closed list has for a thing."""
    return sorted({c.kind for c in causes.lawful_causes() if (c.thing, c.effect) == (thing, effect)})


def family(draw: Draw, collective: str, number: int) -> Deed:
    """A contracting household: a contract on one or two uses, homestead, membership, duty, benefit, shares."""
    size = draw(st.integers(1, 3))
    uses = draw(st.sets(st.sampled_from(["arable", "grass", "forest", "other"]), min_size=1, max_size=2))
    steps: list[Step] = [("household", {}), ("unit", {"kind": "contract", "issuer_id": collective})]
    people = []
    for n in range(size):
        born = ("19740312", "20110718", "19880202")[n]
        people.append(f"@{len(steps)}")
        steps.append(("person", {"name": f"巴图{number}{n}", "number": id_number(born, 10 * number + n)}))
    holding = f"@{len(steps)}"
    members = [(who, ("02", "30", "12")[n], 1, "", 1) for n, who in enumerate(people)]
    facts: State = {
        "household_id": "@0",
        "code": f"{VILLAGE}{number:04d}",
        "issuer_id": collective,
        "representative_id": people[0],
        "holding_member": members,
    }
    steps.append(("begin", {"noun": "holding", "thing": "holding", "facts": facts}))
    for n, use in enumerate([*sorted(uses), "homestead"]):
        parcel = f"@{len(steps)}"
        code = f"{VILLAGE}{number:03d}{n:02d}" if use != "homestead" else f"150626100210JC{number:05d}F{n:08d}"
        steps.append(
            ("begin", {"noun": "parcel", "thing": "parcel", "facts": parcel_facts(code, collective, use, number)})
        )
        thing = use if use == "homestead" else f"contract-{use}"
        right: State = {
            "holder_id": holding,
            "holding_id": holding,
            "unit_id": "@1",
            "unit_code": "U",
            "term_start": "" if use == "homestead" else "1998-01-01",
            "term_end": "" if use == "homestead" else "2027-12-31",
            "right_parcel": [(parcel, "31000.00", "46.50")],
        }
        steps.append(("begin", {"noun": "right", "thing": thing, "facts": right}))
    first_right = f"@{len(steps) - 1}"
    allotment = f"@{len(steps)}"
    lines = [(who, 12, 6000) for who in people]
    steps.append(("allot", {"lines": [*lines, (collective, 6000 - 12 * size, 6000)]}))
    income: State = {
        "holder_id": people[0],
        "party_id": people[0],
        "allotment_id": allotment,
        "share_numerator": 12,
        "share_denominator": 6000,
        "unit_id": "@1",
        "unit_code": "U",
        "term_start": "",
        "term_end": "",
        "right_parcel": [],
    }
    steps.append(("begin", {"noun": "right", "thing": "income", "facts": income}))
    for noun, facts in (
        ("membership", {"person_id": people[0], "collective_id": collective, "basis": "决议"}),
        ("duty", duty_facts(first_right)),
        ("benefit", benefit_facts(holding)),
    ):
        steps.append(("begin", {"noun": noun, "thing": noun, "facts": facts}))
    return Deed("first-registration", draw(st.sampled_from(DAYS[:5])), tuple(steps))


def parcel_facts(code: str, village: str, use: str, number: int) -> State:
    """A parcel as delivered."""
    return {
        "code": code,
        "village_id": village,
        "land_use": use,
        "category": "10",
        "land_type": "012",
        "surveyed_area_m2": "31000.00",
        "surveyed_area_mu": "46.50",
        "geom": box(574_000.0 + 500 * number, 4_263_000.0, 176.07),
    }


def duty_facts(subject: str) -> State:
    """A stocking limit."""
    return {
        "duty_kind": "stocking-limit",
        "subject_id": subject,
        "quantity": "120",
        "unit": "羊单位",
        "document": "责1",
    }


def benefit_facts(beneficiary: str) -> State:
    """A grassland payment."""
    return {
        "policy": "草原生态保护补助奖励",
        "basis": "household",
        "beneficiary_id": beneficiary,
        "quantity": "46.50",
        "unit": "亩",
        "policy_year": "2016",
    }


def one_thing(draw: Draw, model: Model, thing_id: str, people: list[str], wills: tuple[Will, ...]) -> Deed | None:
    """A lawful act of a drawn kind on one thing: change what the kind may change, end, restore; None if nothing."""
    chain = model.chains[thing_id]
    kind = draw(st.sampled_from(kinds_of(chain.thing)))
    may = ACTS[chain.noun].MAY[kind]
    choices = [
        *(["end"] if may.ends else []),
        *(["restore"] if may.restores else []),
        *(["change", "change"] if _changeable(chain, may.fields) else []),
    ]
    if (
        chain.noun == "restriction"
        and ENDS_SORT.get(_any_state(chain)["restriction_kind"]) != kind
        and kind not in GENERAL
    ):
        choices = [c for c in choices if c == "change"]
    if not choices:
        return None
    days = [d for d in DAYS if lawful(chain.thing, kind, d)]
    day, what = draw(st.sampled_from(days)), draw(st.sampled_from(choices))
    step: Step = (what, {"noun": chain.noun, "thing_id": thing_id})
    if what == "change":
        name = draw(st.sampled_from(_changeable(chain, may.fields)))
        step[1]["columns"] = _new_value(draw, model, chain, name, people)
    elif chain.noun == "restriction":
        right = str(_any_state(chain)["right_id"])
        if not lawful(model.chains[right].thing, kind, day, "follows"):
            return None
        verb = "unburden" if what == "end" else "reburden"
        step = (verb, {"restriction_id": thing_id, "right_id": right})
    elif chain.thing == "operating" and what == "end":
        right = str(_any_state(chain)["within_id"])
        if lawful(model.chains[right].thing, kind, day, "follows"):
            step = ("end_letting", {"operating_id": thing_id, "right_id": right})
    return Deed(kind, day, (step,), wills, "80000.00")


def a_burden(draw: Draw, model: Model, rights: list[str], wills: tuple[Will, ...]) -> Deed | None:
    """A mortgage, seizure, pledge, objection or dispute on a right."""
    right_id = draw(st.sampled_from(rights))
    thing = model.chains[right_id].thing
    kinds = [k for k in (*SORTS, "court-ordered") if k in kinds_of(thing, "follows")]
    kind = draw(st.sampled_from(kinds))
    days = [d for d in DAYS if lawful(thing, kind, d, "follows") and lawful("restriction", kind, d)]
    day = draw(st.sampled_from(days))
    facts = {"restriction_kind": SORTS.get(kind, "seizure"), "document": "文1", "amount": "50000.00", "rank": 1}
    return Deed(kind, day, (("burden", {"right_id": right_id, "facts": facts}),), wills)


def a_lease(draw: Draw, model: Model, rights: list[str], tenant: str, wills: tuple[Will, ...]) -> Deed | None:
    """An operating right carved out of a contract right, inside its term."""
    right_id = draw(st.sampled_from(rights))
    kind = draw(st.sampled_from(["leased", "subleased", "contributed", "first-registration"]))
    day = draw(st.sampled_from(DAYS))
    standing = model.chains[right_id].on(day)
    if standing is None:
        return None
    facts: State = {
        "holder_id": tenant,
        "party_id": tenant,
        "unit_id": standing["unit_id"],
        "unit_code": "L",
        "term_start": day,
        "term_end": standing["term_end"],
        "right_parcel": standing["right_parcel"][:1],
    }
    return Deed(kind, day, (("let", {"right_id": right_id, "facts": facts}),), wills)


def one_of_many(draw: Draw, model: Model, people: list[str], collective: str, wills: tuple[Will, ...]) -> Deed | None:
    """Acts that begin something beside what is there, or touch several things at once."""
    what = draw(st.sampled_from(["membership", "duty", "benefit", "split", "death", "born", "extension"]))
    day = draw(st.sampled_from(DAYS))
    rights = [i for i, c in model.chains.items() if c.thing.startswith("contract")]
    if what == "membership":
        kind = draw(
            st.sampled_from(["membership-confirmed", "membership-gained", "omission-corrected", "court-ordered"])
        )
        facts: State = {"person_id": draw(st.sampled_from(people)), "collective_id": collective, "basis": "补登"}
        return Deed(kind, day, (("begin", {"noun": "membership", "thing": "membership", "facts": facts}),))
    if what in {"duty", "benefit"}:
        kind = {"duty": "duty-set", "benefit": "benefit-granted"}[what]
        subject = draw(st.sampled_from(rights))
        facts = duty_facts(subject) if what == "duty" else benefit_facts(subject)
        return Deed(kind, day, (("begin", {"noun": what, "thing": what, "facts": facts}),))
    if what == "extension":
        columns = {"term_end": "2057-12-31", "extension": "第二轮延包30年"}
        step = ("change", {"noun": "right", "thing_id": draw(st.sampled_from(rights)), "columns": columns})
        return Deed("extended", "2028-01-01", (step,))
    if what == "split":
        return _split(draw, model, rights, day, collective, wills)
    return _member(draw, model, day, people, what)


def _split(
    draw: Draw, model: Model, rights: list[str], day: str, collective: str, wills: tuple[Will, ...]
) -> Deed | None:
    """A parcel becomes two, recorded areas conserved; the right lists the children."""
    right_id = draw(st.sampled_from(rights))
    standing = model.chains[right_id].on(day)
    if standing is None or not standing["right_parcel"]:
        return None
    parcel_id = standing["right_parcel"][0][0]
    facts = {**parcel_facts(f"{VILLAGE}99901", collective, "arable", 90), "surveyed_area_m2": "15500.00"}
    lines = [("@0", "15500.00", "23.25"), ("@1", "15500.00", "23.25"), *standing["right_parcel"][1:]]
    steps: tuple[Step, ...] = (
        ("begin", {"noun": "parcel", "thing": "parcel", "facts": facts}),
        ("begin", {"noun": "parcel", "thing": "parcel", "facts": {**facts, "code": f"{VILLAGE}99902"}}),
        ("end", {"noun": "parcel", "thing_id": parcel_id}),
        ("change", {"noun": "right", "thing_id": right_id, "columns": {"right_parcel": lines}}),
    )
    return Deed("parcel-split", day, steps, wills)


def _member(draw: Draw, model: Model, day: str, people: list[str], what: str) -> Deed | None:
    """A death, which takes nobody off the list; somebody who joins it."""
    holdings = [i for i, c in model.chains.items() if c.noun == "holding"]
    holding_id = draw(st.sampled_from(holdings))
    standing = model.chains[holding_id].on(day)
    if standing is None:
        return None
    lines = list(standing["holding_member"])
    if what == "death":
        who = draw(st.sampled_from([line[0] for line in lines]))
        lines = [(*line[:4], 0) if line[0] == who else line for line in lines]
        kind = "member-deceased"
    else:
        lines.append((draw(st.sampled_from(people)), "30", 1, "", 1))
        kind = "member-added"
    step = ("change", {"noun": "holding", "thing_id": holding_id, "columns": {"holding_member": lines}})
    return Deed(kind, day, (step,))


def _any_state(chain: Chain) -> State:
    state = chain.on(chain.first_day())
    if state is None:
        raise AssertionError
    return state


_CHANGES = {
    "right": (
        "term_start", "term_end", "extension", "unit_code", "certificate_number", "certificate_date", "book_number",
        "powers", "right_parcel", "holder_id",
    ),
    "holding": ("code", "representative_id", "holding_member"),
    "parcel": ("code", "surveyed_area_m2", "geom", "buildings", "land_use"),
    "membership": ("basis",),
    "restriction": ("document", "amount", "until"),
    "duty": ("quantity", "document", "until"),
    "benefit": ("quantity", "policy_year", "policy"),
}  # fmt: skip


def _changeable(chain: Chain, fields: frozenset[str]) -> list[str]:
    names = [n for n in _CHANGES[chain.noun] if n in fields or "*" in fields]
    # Only what a whole household holds passes whole to another household.
    jointly = chain.thing.startswith("contract") or chain.thing == "homestead"
    return names if jointly else [n for n in names if n not in {"holder_id", "right_parcel"}]


def _new_value(draw: Draw, model: Model, chain: Chain, name: str, people: list[str]) -> State:
    if name == "holder_id":
        other = draw(st.sampled_from([i for i, c in model.chains.items() if c.noun == "holding"]))
        return {"holder_id": other, "holding_id": other}
    if name == "right_parcel":
        parcel = draw(st.sampled_from([i for i, c in model.chains.items() if c.noun == "parcel"]))
        return {name: [(parcel, draw(st.sampled_from(["31000.00", "15500.00"])), "23.25")]}
    if name == "holding_member":
        who = draw(st.lists(st.sampled_from(people), min_size=1, max_size=3, unique=True))
        return {name: [(p, "02", 1, "", 1) for p in who]}
    if name == "geom":
        east = draw(st.integers(0, 3))
        return {name: shapely.affinity.translate(_any_state(chain)["geom"], east / 1000)}
    values = {
        "term_start": st.sampled_from(["1998-01-01", "2028-01-01"]),
        "term_end": st.sampled_from(TERM_ENDS),
        "representative_id": st.sampled_from(people),
        "land_use": st.sampled_from(["arable", "grass"]),
        "powers": st.sampled_from([CONTRACT_POWERS, "possess,use"]),
        "buildings": st.sampled_from(['[{"storeys":1}]', "[]"]),
    }
    return {name: draw(values.get(name, st.sampled_from(["一", "二", "三"])))}


# --- household events ---

_PLACES = (("150626100010", "嘎鲁图镇文苑社区"), ("150626100210", "呼和陶勒盖嘎查"), ("150602001001", "东胜区"))
_PERMITS = {
    "permit-issued": "issued",
    "permit-endorsed": "endorsed",
    "permit-suspended": "suspended",
    "permit-lapsed": "lapsed",
}
_NEWCOMERS = {"registered-first", "birth-registered", "adoption-registered"}


def event(draw: Draw, people: list[str], standing: list[int], number: int) -> Event:
    """A household event of a drawn kind: any of the closed list, about anybody, on any day."""
    kinds = sorted(set(causes.status_kinds()) - (set() if standing else {"event-cancelled"}))
    kind = draw(st.sampled_from(kinds))
    day = draw(st.sampled_from(DAYS))
    who = tuple(draw(st.lists(st.sampled_from(people), min_size=1, max_size=3, unique=True)))
    if kind == "event-cancelled":
        return Event(kind, day, who, cancels=draw(st.sampled_from(standing)))
    if kind in _PERMITS:
        return Event(kind, day, who, permits=dict.fromkeys(who, (_PERMITS[kind], "150626")), key=f"k{number}")
    if kind.startswith("identity"):
        renamed = Identity(f"改名{number}", id_number("19880202", 500 + number % 400))
        return Event(kind, day, who[:1], identities={who[0]: renamed}, key=f"k{number}")
    code, name = draw(st.sampled_from(_PLACES))
    if kind in _NEWCOMERS:
        born = Identity(f"新生{number}", id_number("20240101", 100 + number % 800))
        rows: tuple[Registration, ...] = (Registration("new:0", day, "H-1", "30", code, name, f"{name}1号"),)
        return Event(kind, day, who, rows, newcomers=(born,), key=f"k{number}")
    rows = tuple(Registration(p, day, f"H-{number}", "", code, name, f"{name}1号") for p in who)
    return Event(kind, day, who, rows, key=f"k{number}")
