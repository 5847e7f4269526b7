"""How is an act written down as data, done to a register, and told to the model?

A *deed* is one act: kind, day, steps. The same deed can be done to a second register, which is how a history without
its household events is replayed (I13). "@0" in a step stands for the first id that the deed itself makes.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, cast

import shapely

from registry import parties
from registry.benefits import acts as benefits
from registry.duties import acts as duties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import Act, ActFields, Will
from registry.ledger.commit import Desk
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import PARTY, Identity, Organisation
from registry.restrictions import acts as restrictions
from registry.rights import acts as rights
from registry.rights import old_law
from registry.rights.acts import Contracted, Holder, Terms
from tests.stateful.model import Chain, Model, Refused, State

Step = tuple[str, dict[str, Any]]
ACTS: dict[str, ModuleType] = {
    "right": rights,
    "holding": holdings,
    "parcel": parcels,
    "membership": memberships,
    "restriction": restrictions,
    "duty": duties,
    "benefit": benefits,
}
REACHES_BACK = {"record-corrected", "omission-corrected", "court-ordered", "arbitrated"}
LISTS = {"holding_member", "right_parcel"}


@dataclass(frozen=True)
class Deed:
    """One act as data."""

    kind: str
    day: str
    steps: tuple[Step, ...]
    wills: tuple[Will, ...] = ()
    payment: str = ""


def do(at: Desk, deed: Deed, strangers: Sequence[str] = ()) -> tuple[int, list[str]]:
    """Do a deed at a desk; its entry and the ids that it made.

    `strangers` came into the register by a household event: where that was dropped they are entered as a bare person.
    """
    act = at.act(deed.kind, deed.day, ActFields(basis="依据", wills=deed.wills, payment=deed.payment))
    for person in strangers:
        at.row(PARTY, {"id": person, "kind": "person"})
    made: list[str] = []
    people: list[tuple[str, ...]] = []
    for name, given in deed.steps:
        new = _STEPS[name](act, **{key: known(value, made) for key, value in given.items()})
        if new is not None:
            made.append(new)
            people += [(new, given["name"], given["number"])] if name == "person" else []
    act.fields = replace(act.fields, people=tuple(people))
    return act.idx, made


def known(value: Any, made: Sequence[str]) -> Any:  # noqa: ANN401  (whatever a step is given)
    """A value with the ids that a deed has made put in for "@0", "@1" and so on."""
    if isinstance(value, str) and value.startswith("@"):
        number = int(value[1:])
        return made[number] if number < len(made) else value
    if isinstance(value, tuple | list):
        return type(value)(known(v, made) for v in value)
    if isinstance(value, dict):
        return {k: known(v, made) for k, v in value.items()}
    return value


def tell(model: Model, deed: Deed, idx: int, made: Sequence[str]) -> dict[str, Chain]:
    """The chains as the deed leaves them; the model itself is not touched. Refused when the register must refuse."""
    staged: dict[str, Chain] = {}
    ids = iter(made)
    for name, given in deed.steps:
        facts = {key: known(value, made) for key, value in given.items()}
        _TOLD[name](model, staged, deed, idx, ids, facts)
    return staged


def _organisation(act: Act, code: str, name: str) -> str:
    desk = act.desk
    made = parties.organisation_rows(desk.store.vault, desk.randomness, act.idx, "collective", Organisation(code, name))
    return _rows(act, made)


def _person(act: Act, name: str, number: str) -> str:
    desk = act.desk
    return _rows(act, parties.person_rows(desk.store.vault, desk.randomness, act.idx, Identity(name, number)))


def _household(act: Act) -> str:
    return _rows(act, parties.household_rows(act.desk.randomness))


def _unit(act: Act, kind: str, issuer_id: str) -> str:
    return rights.unit(act, kind=kind, code="U", issuer_id=issuer_id, method="110", signed_on=act.day)


def _allot(act: Act, lines: Sequence[tuple[str, int, int]]) -> str:
    return rights.allot(act, lines)


def _rows(act: Act, made: tuple[str, list[tuple[Any, dict[str, Any]]]]) -> str:
    for table, row in made[1]:
        act.desk.row(table, row)
    return made[0]


def _begin(act: Act, noun: str, thing: str, facts: State) -> str:
    facts = copy.deepcopy(facts)
    if noun == "right":
        return rights.begin(act, thing, _holder(facts), _terms(facts), _contracted(facts["right_parcel"]))
    if noun == "holding":
        facts["members"] = _members(facts.pop("holding_member"))
    if noun == "parcel":
        shape = facts.pop("geom")
        return parcels.begin(act, ParcelFacts(**facts), shape, {"local_name": "西梁"})
    return cast("str", ACTS[noun].begin(act, **facts))


def _change(act: Act, noun: str, thing_id: str, columns: State) -> None:
    columns = copy.deepcopy(columns)
    if noun == "holding":
        members = columns.pop("holding_member", None)
        holdings.change(act, thing_id, **columns, members=None if members is None else _members(members))
    elif noun == "parcel":
        shape = columns.pop("geom", None)
        parcels.change(act, thing_id, columns, shape=shape)
    elif noun == "right":
        lines = columns.pop("right_parcel", None)
        holder = _holder(columns) if "holder_id" in columns else None
        for name in ("holder_id", "holding_id", "party_id", "allotment_id", "share_numerator", "share_denominator"):
            columns.pop(name, None)
        rights.change(act, thing_id, parcels=None if lines is None else _contracted(lines), holder=holder, **columns)
    else:
        ACTS[noun].change(act, thing_id, **columns)


def _end(act: Act, noun: str, thing_id: str) -> None:
    ACTS[noun].end(act, thing_id)


def _restore(act: Act, noun: str, thing_id: str) -> None:
    ACTS[noun].restore(act, thing_id)


def _burden(act: Act, right_id: str, facts: State) -> str:
    return rights.burden(act, right_id, parties={"lender": "信用社"}, **facts)


def _unburden(act: Act, restriction_id: str, right_id: str) -> None:
    rights.unburden(act, restriction_id)


def _reburden(act: Act, restriction_id: str, right_id: str) -> None:
    rights.reburden(act, restriction_id)


def _let(act: Act, right_id: str, facts: State) -> str:
    return rights.let(act, right_id, _holder(facts), _terms(facts), _contracted(facts["right_parcel"]))


def _end_letting(act: Act, operating_id: str, right_id: str) -> None:
    rights.end_letting(act, operating_id)


_STEPS: Mapping[str, Callable[..., str | None]] = {
    "organisation": _organisation,
    "person": _person,
    "household": _household,
    "unit": _unit,
    "allot": _allot,
    "begin": _begin,
    "change": _change,
    "end": _end,
    "restore": _restore,
    "burden": _burden,
    "unburden": _unburden,
    "reburden": _reburden,
    "let": _let,
    "end_letting": _end_letting,
}


def _holder(facts: State) -> Holder:
    return Holder(
        facts.get("holding_id"),
        facts.get("party_id"),
        facts.get("allotment_id"),
        facts.get("share_numerator"),
        facts.get("share_denominator"),
    )


def _terms(facts: State) -> Terms:
    return Terms(facts["unit_id"], facts["unit_code"], facts["term_start"], facts["term_end"], book="contract-book")


def _contracted(lines: Sequence[tuple[str, str, str]]) -> list[Contracted]:
    return [Contracted(*line) for line in lines]


def _members(lines: Sequence[tuple[str, str, int, str, int]]) -> list[CoHolder]:
    return [CoHolder(who, relation, bool(co), remark, bool(alive)) for who, relation, co, remark, alive in lines]


# --- the same, told to the model ---


def _chain(model: Model, staged: dict[str, Chain], thing_id: str) -> Chain:
    if thing_id not in staged:
        old = model.chains[thing_id]
        staged[thing_id] = Chain(old.noun, old.thing, list(old.edits))
    return staged[thing_id]


def _new(staged: dict[str, Chain], deed: Deed, idx: int, thing_id: str, noun: str, thing: str, facts: State) -> None:
    staged[thing_id] = Chain(noun, thing)
    staged[thing_id].begin(idx, deed.day, {**facts, "status": "live"})


def _edit(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, thing_id: str, columns: State) -> None:
    def edit(state: State) -> State:
        if state["status"] == "ended":
            raise Refused
        return {**state, **columns}

    _chain(model, staged, thing_id).change(idx, deed.day, edit, reaches_back=deed.kind in REACHES_BACK)


def _finish(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, thing_id: str) -> None:
    # No deed shows where the household moved: without it the old law lets neither kind end a right.
    if deed.kind in old_law.ACTS:
        raise Refused

    def edit(state: State) -> State:
        if state["status"] == "ended":
            raise Refused
        return {**state, "status": "ended"}

    _chain(model, staged, thing_id).change(idx, deed.day, edit)


def _bring_back(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, thing_id: str) -> None:
    def edit(state: State) -> State:
        if state["status"] != "ended":
            raise Refused
        return {**state, "status": "live"}

    _chain(model, staged, thing_id).change(idx, deed.day, edit)


def _follow(
    model: Model, staged: dict[str, Chain], deed: Deed, idx: int, right_id: str, *, add: str, remove: str
) -> None:
    def edit(state: State) -> State:
        burdens = (set(state["burdens"]) - {remove}) | ({add} if add else set())
        return {**state, "burdens": sorted(burdens)}

    chain = _chain(model, staged, right_id)
    standing = chain.on(deed.day)
    if standing is None or (add and standing["status"] == "ended"):
        raise Refused
    chain.change(idx, deed.day, edit)


def _tell_begin(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State) -> None:
    facts = dict(given["facts"])
    if given["noun"] == "right":
        facts["burdens"] = []
    _new(staged, deed, idx, next(ids), given["noun"], given["thing"], facts)


def _tell_burden(
    model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State
) -> None:
    new = next(ids)
    _new(staged, deed, idx, new, "restriction", "restriction", {**given["facts"], "right_id": given["right_id"]})
    _follow(model, staged, deed, idx, given["right_id"], add=new, remove="")


def _tell_unburden(
    model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State
) -> None:
    _finish(model, staged, deed, idx, given["restriction_id"])
    _follow(model, staged, deed, idx, given["right_id"], add="", remove=given["restriction_id"])


def _tell_reburden(
    model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State
) -> None:
    _bring_back(model, staged, deed, idx, given["restriction_id"])
    _follow(model, staged, deed, idx, given["right_id"], add=given["restriction_id"], remove="")


def _tell_let(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State) -> None:
    new = next(ids)
    _new(
        staged, deed, idx, new, "right", "operating", {**given["facts"], "burdens": [], "within_id": given["right_id"]}
    )
    _follow(model, staged, deed, idx, given["right_id"], add=new, remove="")


def _tell_end_letting(
    model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State
) -> None:
    _finish(model, staged, deed, idx, given["operating_id"])
    _follow(model, staged, deed, idx, given["right_id"], add="", remove=given["operating_id"])


def _passes(model: Model, staged: dict[str, Chain], deed: Deed, idx: int, ids: Iterator[str], given: State) -> None:
    next(ids)


_TOLD: Mapping[str, Callable[[Model, dict[str, Chain], Deed, int, Iterator[str], State], None]] = {
    **dict.fromkeys(("organisation", "person", "household", "unit", "allot"), _passes),
    "begin": _tell_begin,
    "change": lambda m, s, d, i, _, g: _edit(m, s, d, i, g["thing_id"], g["columns"]),
    "end": lambda m, s, d, i, _, g: _finish(m, s, d, i, g["thing_id"]),
    "restore": lambda m, s, d, i, _, g: _bring_back(m, s, d, i, g["thing_id"]),
    "burden": _tell_burden,
    "unburden": _tell_unburden,
    "reburden": _tell_reburden,
    "let": _tell_let,
    "end_letting": _tell_end_letting,
}


def differs(
    model_state: State | None,
    columns: State,
    lists: Mapping[str, list[State]],
    status: str,
    shape: shapely.Geometry | None,
) -> list[str]:
    """The facts in which a row of the register differs from the model."""
    if model_state is None:
        return ["the model has no such state"]
    out = [] if model_state["status"] == status else ["status"]
    for name, value in model_state.items():
        if name in {"status", "powers"}:
            continue
        if name == "geom":
            same = shape is not None and value.wkb == shape.wkb
        elif name == "burdens":
            same = json.loads(columns[name]) == value
        elif name in LISTS:
            keys = {
                "holding_member": ("person_id", "relation", "co_holder", "remark", "alive"),
                "right_parcel": ("parcel_id", "contract_area_m2", "contract_area_mu"),
            }[name]
            same = [tuple(line[k] for k in keys) for line in lists[name]] == [tuple(v) for v in value]
        else:
            same = columns[name] == value
        if not same:
            out.append(name)
    return out


def box(east: float, north: float, side: float) -> shapely.Polygon:
    """A square parcel."""
    return shapely.box(east, north, east + side, north + side)
