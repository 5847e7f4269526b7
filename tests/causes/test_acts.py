"""Does an act of each listed pair go through with its needs met, and is it refused with one need missing?

Every act is written to the database and then taken back: a pair that acts could not write would be a dead row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from registry.catalogue import NOUN_OF_THING
from registry.law import causes
from registry.law.causes import Cause, NoLawfulCauseError
from registry.ledger.act import ActFields, ConsentMissingError, PaymentMissingError, Will, cause_window
from registry.ledger.allowed import May
from registry.ledger.commit import Desk, desk
from registry.ledger.position import position
from registry.ledger.tables import RIGHT_THINGS
from registry.restrictions.acts import SORT_OF_KIND
from registry.rights import acts as rights
from registry.rights import old_law
from registry.store.engines import Store
from tests.causes.things import day_in, thing_ids
from tests.registry.made_up import CLERK, Village, square
from tests.stateful.deeds import ACTS, Deed, Step, do
from tests.stateful.strategies import benefit_facts, duty_facts, parcel_facts

Registered = tuple[Store, Village]
NOUN_OF = {thing: "right" if thing in RIGHT_THINGS else thing for thing in causes.things()}
PAIRS = sorted({(c.thing, c.kind, c.effect) for c in causes.lawful_causes()})
# A slip of a restriction is mended in its own row; nothing of it stands in the right that it lies on.
NO_ACT = {(thing, "clerical-slip", "follows") for thing in RIGHT_THINGS}
# Stands for the id that an earlier act of the same trial made last.
LAST = "<last>"
LETTINGS = {"leased", "subleased", "contributed"}
BEGINS_SORT = {"mortgaged", "pledged", "seized", "objected", "disputed"}
VALUES: dict[str, Any] = {
    "right": {
        "unit_code": "新", "term_end": "2027-06-30", "certificate_number": "新", "extension": "延", "book_number": "新",
        "right_parcel": [], "holder_id": None, "allotment_id": None,
    },
    "holding": {"code": "新", "representative_id": None, "holding_member": None},
    "parcel": {"code": "新", "surveyed_area_m2": "1.00", "buildings": '[{"storeys":1}]'},
    "membership": {"basis": "新"},
    "restriction": {"document": "新"},
    "duty": {"quantity": "9", "document": "新"},
    "benefit": {"quantity": "9", "policy": "新"},
}  # fmt: skip


class Unkept:
    """A connection whose COMMIT asks the deferred keys and then takes everything back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a connection has)
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Not for good."""
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        self._connection.rollback()


@pytest.mark.parametrize(("thing", "kind", "effect"), PAIRS)
def test_a_listed_pair_is_accepted_with_its_needs_met(
    everything_registered: Registered, thing: str, kind: str, effect: str
) -> None:
    """Causes.md, Tests: every (thing, kind) pair listed is accepted with its needs met, down to the database."""
    if (thing, kind, effect) in NO_ACT:
        assert "document" in ACTS["restriction"].MAY[kind].fields
        return
    store, village = everything_registered
    rows = [c for c in causes.lawful_causes() if (c.thing, c.kind, c.effect) == (thing, kind, effect)]
    cause = max(rows, key=lambda c: c.in_force_from)
    with store.writing("desk") as connection:
        at = Desk(store, Unkept(connection), CLERK, position(connection))  # type: ignore[arg-type]
        last = ""
        for deed in _deeds(village, thing, cause):
            if deed.kind in old_law.ACTS:
                _end_as_the_old_law_did(at, village, thing, kind)
                continue
            made = do(at, replace(deed, steps=_with(deed.steps, last)))[1]
            last = made[-1] if made else last
        written = {v.thing: v for versions in at._versions.values() for v in versions if v.cause_kind == kind}  # noqa: SLF001
        assert thing in written
        assert written[thing].effect == effect
        at.commit()


@pytest.mark.parametrize("kind", [k.kind for k in causes.kinds().values() if k.needs_consent])
def test_an_act_without_the_will_that_it_needs_is_refused(everything_registered: Registered, kind: str) -> None:
    """Causes.md, consent: refused with one need missing: no signature at all, or no guardian's beside a minor's."""
    store, village = everything_registered
    with desk(store, CLERK) as at, pytest.raises(ConsentMissingError):
        at.act(kind, "2025-06-01", ActFields(payment="1.00"))
    for cause in _on_what_a_household_holds(kind):
        deed = _deeds(village, cause.thing, cause)[-1]
        without = [tuple(w for w in deed.wills if w.person_id != person) for person in village.people]
        without.append(tuple(Will(w.person_id, w.source) for w in deed.wills))
        for wills in without:
            with desk(store, CLERK) as at, pytest.raises(ConsentMissingError):
                do(at, replace(deed, wills=wills))


@pytest.mark.parametrize("kind", [k.kind for k in causes.kinds().values() if k.needs_payment])
@pytest.mark.parametrize("payment", ["", "0", "0.00", "-5", "1e9", "..", "1.2.3"])
def test_an_act_without_the_payment_that_it_needs_is_refused(
    everything_registered: Registered, kind: str, payment: str
) -> None:
    """Causes.md, pay: > 0, paid: nothing, nought, less than nought and what is no sum are refused."""
    store, village = everything_registered
    with desk(store, CLERK) as at, pytest.raises(PaymentMissingError):
        at.act(kind, "2025-06-01", ActFields(wills=_wills(village), payment=payment))


def test_each_dated_row_is_asked_on_the_day_before_of_and_after() -> None:
    """Causes.md, Tests: each dated row on the day before, of and after, as the acts ask it."""
    one = dt.timedelta(days=1)
    for cause in causes.lawful_causes():
        for edge in (cause.in_force_from, cause.in_force_until):
            if edge.year in {1, 9999}:
                continue
            for day in (edge - one, edge, edge + one):
                own = (cause.in_force_from.isoformat(), cause.in_force_until.isoformat())
                try:
                    found = cause_window(cause.thing, cause.kind, day.isoformat(), cause.effect)
                except NoLawfulCauseError:
                    found = ("", "")
                assert (found == own) == cause.holds_on(day)


def test_an_act_for_a_pair_that_is_not_listed_is_refused_before_anything_is_written(
    everything_registered: Registered,
) -> None:
    """Causes.md: every pair not listed: the act says which causes would be lawful, and the log is as long as before."""
    store, village = everything_registered
    listed = {(c.thing, c.kind) for c in causes.lawful_causes()}
    ids = thing_ids(village)
    for thing in causes.things():
        kind = next(k for k in causes.kinds() if (thing, k) not in listed and not causes.kinds()[k].needs_consent)
        with desk(store, CLERK) as at:
            act = at.act(kind, "2018-06-01")
            with pytest.raises(NoLawfulCauseError):
                act.change(NOUN_OF_THING[thing], ids[thing], lambda _c, _l, status: status)


def _on_what_a_household_holds(kind: str) -> list[Cause]:
    """The rows of a kind whose act asks each co-holder of the right: on the right itself, or a mortgage on it."""
    asks = {("own", True), ("follows", kind == "mortgaged" or kind in LETTINGS)}
    return [
        c
        for c in causes.lawful_causes()
        if c.kind == kind
        and (c.effect, True) in asks
        and (c.thing.startswith("contract") or c.thing in {"homestead", "holding"})
        and c.in_force_until > dt.date(2019, 1, 1)
    ]


def _end_as_the_old_law_did(at: Desk, village: Village, thing: str, kind: str) -> None:
    """2002 art. 26, on a contract of 2004: the whole household moved to a city, non-agricultural there, as a paper shows."""
    begun = at.act("first-registration", "2004-01-01", ActFields(basis="承包合同"))
    unit = rights.unit(begun, kind="contract", code="C1", issuer_id=village.collective, method="", signed_on="2004-01-01")
    stated = rights.Terms(unit, "C1", "2004-01-01", "2033-12-31")
    right_id = rights.begin(begun, thing, rights.Holder(holding_id=village.holding), stated)
    moved = old_law.OldHouseholdMove(
        dt.date(2005, 6, 1), whole_household=True, to="city with districts", became_non_agricultural=True
    )
    rights.end(at.act(kind, "2010-01-01", ActFields(basis="收回通知书", sources=("c" * 64,))), right_id, moved=moved)


def _with(steps: tuple[Step, ...], last: str) -> tuple[Step, ...]:
    return tuple((name, {k: last if v == LAST else v for k, v in given.items()}) for name, given in steps)


def _wills(village: Village) -> tuple[Will, ...]:
    return tuple(Will(p, "a" * 64, village.people[0]) for p in (*village.people, village.collective))


def _deeds(village: Village, thing: str, cause: Cause) -> list[Deed]:
    """The acts that lead to one of this pair, the last one being it."""
    day = day_in(cause)
    steps, before = (
        _follows(village, thing, cause.kind) if cause.effect == "follows" else _own(village, thing, cause.kind)
    )
    made = Deed(cause.kind, day, steps, _wills(village), "1.00")
    earlier = min(day, "2018-05-01") if cause.kind != "pledge-discharged" else day
    return [*(Deed(kind, earlier, given, _wills(village), "1.00") for kind, given in before), made]


def _own(village: Village, thing: str, kind: str) -> tuple[tuple[Step, ...], list[tuple[str, tuple[Step, ...]]]]:
    noun = NOUN_OF[thing]
    may: May = ACTS[noun].MAY[kind]
    thing_id = thing_ids(village)[thing]
    named = {"noun": noun, "thing_id": thing_id}
    if thing == "restriction":
        return _restriction(village, kind, may)
    fields = [f for f in VALUES[noun] if f in may.fields or "*" in may.fields]
    if fields:
        return (("change", {**named, "columns": _value(village, thing, noun, fields[0])}),), []
    if may.ends:
        if thing == "operating" and kind == "operating-ended":
            return (("end_letting", {"operating_id": thing_id, "right_id": ""}),), []
        return (("end", named),), []
    if may.begins:
        return _begun(village, thing, noun), []
    assert may.restores
    return (("restore", named),), [("court-ordered", (("end", named),))]


def _value(village: Village, thing: str, noun: str, field: str) -> dict[str, Any]:
    if field == "holder_id":
        return {"holder_id": village.holding, "holding_id": village.holding}
    if field == "allotment_id":
        return {"holder_id": village.people[0], "party_id": village.people[0]}
    if field == "representative_id":
        return {field: village.people[1]}
    if field == "holding_member":
        return {field: [(p, "02", 1, "", 1) for p in village.people]}
    if field == "right_parcel":
        lines = {} if thing == "income" else {"homestead": village.parcels["homestead"]}
        use = "arable" if thing == "operating" else thing.removeprefix("contract-")
        parcel = lines.get(thing, village.parcels.get(use, ""))
        return {field: [(parcel, "1.00", "0.01")] if parcel else []}
    return {field: VALUES[noun][field]}


def _begun(village: Village, thing: str, noun: str) -> tuple[Step, ...]:
    if thing == "operating":
        return _letting(village, village.rights["contract-grass"], village.parcels["grass"])
    if noun == "right":
        facts = {
            "holder_id": village.holding, "holding_id": village.holding, "unit_id": "@0", "unit_code": "新",
            "term_start": "", "term_end": "", "right_parcel": [],
        }  # fmt: skip
        unit: Step = ("unit", {"kind": "contract", "issuer_id": village.collective})
        return (unit, ("begin", {"noun": noun, "thing": thing, "facts": facts}))
    given: dict[str, Any] = {
        "duty": duty_facts(village.holding),
        "benefit": benefit_facts(village.holding),
        "membership": {"person_id": village.people[0], "collective_id": village.collective, "basis": "新"},
        "holding": {
            "household_id": village.household, "code": "新", "issuer_id": village.collective,
            "representative_id": village.people[0], "holding_member": [(village.people[0], "02", 1, "", 1)],
        },
        "parcel": {**parcel_facts("新", village.collective, "arable", 1), "geom": square(0, 0, 1)},
    }[noun]  # fmt: skip
    return (("begin", {"noun": noun, "thing": thing, "facts": given}),)


def _letting(village: Village, right_id: str, parcel_id: str) -> tuple[Step, ...]:
    facts = {
        "holder_id": village.people[0], "party_id": village.people[0], "unit_id": "@0", "unit_code": "L9",
        "term_start": "2018-06-01", "term_end": "2020-12-31", "right_parcel": [(parcel_id, "1.00", "0.01")],
    }  # fmt: skip
    unit: Step = ("unit", {"kind": "contract", "issuer_id": village.collective})
    return (unit, ("let", {"right_id": right_id, "facts": facts}))


def _restriction(village: Village, kind: str, may: May) -> tuple[tuple[Step, ...], list[tuple[str, tuple[Step, ...]]]]:
    if may.fields and kind not in BEGINS_SORT:
        return (
            ("change", {"noun": "restriction", "thing_id": village.rights["mortgage"], "columns": {"document": "新"}}),
        ), []
    return _follows(village, "income" if kind.startswith("pledge") else "contract-arable", kind)


def _follows(village: Village, thing: str, kind: str) -> tuple[tuple[Step, ...], list[tuple[str, tuple[Step, ...]]]]:
    """A burden begun, ended or brought back on a right of this thing."""
    right_id = thing_ids(village)[thing]
    sort = SORT_OF_KIND.get(kind, "seizure")
    laying: Step = ("burden", {"right_id": right_id, "facts": {"restriction_kind": sort, "document": "文9"}})
    letting = _letting(village, right_id, village.parcels["arable"])
    if kind in LETTINGS:
        return letting, []
    if kind == "operating-ended":
        return (("end_letting", {"operating_id": LAST, "right_id": right_id}),), [("leased", letting)]
    lifting: Step = ("unburden", {"restriction_id": LAST, "right_id": right_id})
    if kind == "restored":
        again: Step = ("reburden", {"restriction_id": LAST, "right_id": right_id})
        return (again,), [("seized", (laying,)), ("seizure-lifted", (lifting,))]
    if kind in SORT_OF_KIND and kind not in BEGINS_SORT:
        laid = next(k for k in sorted(BEGINS_SORT) if SORT_OF_KIND[k] == sort)
        return (lifting,), [(laid, (laying,))]
    return (laying,), []
