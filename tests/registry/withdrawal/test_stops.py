"""What builds on a delivery since is told by name and stops its village; who moved since must sign, and then sees why."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import shapely
import sqlalchemy as sa

from registry import papers, sources
from registry.audit import audit
from registry.benefits import acts as benefits
from registry.certificates.issuing import issue
from registry.delivery.register import import_delivery
from registry.duties import acts as duties
from registry.holding import acts as holdings
from registry.holding.model import HOLDING_VERSION
from registry.ledger import read
from registry.ledger.act import ActFields, Will
from registry.ledger.commit import desk
from registry.ledger.verify.replay import replay
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL_VERSION
from registry.parties import find_by_name
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT_VERSION
from registry.settlement import Event, record, settle_family
from registry.withdrawal import NothingToWithdraw
from tests import untraced
from tests.guarantee.village import projections, verdict
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, Copy
from tests.registry.delivery.test_register import size, versions
from tests.registry.made_up import town
from tests.registry.withdrawal.conftest import planned, proof, standing, taken_back
from tests.registry.withdrawal.test_withdraw import copied, imported

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.ledger.commit import Desk
    from registry.store.engines import Store

FAMILY = f"{GACHA}000001"
ARABLE = f"{FAMILY}J"
PAPER = "c" * 64
_KILLS = int(os.environ.get("SANQUAN_KILLS") or (20 if os.environ.get("CI") else 4))
_PROGRAM = """
import sys
from pathlib import Path
from migrations.upgrade import open_registry
from registry.ledger.commit import Officer
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.withdrawal import plan_withdrawal, withdraw
print("ready", flush=True)
with desk(open_registry(Path(sys.argv[1])), Officer("张晓梅", "乌审旗农牧业局")) as at:
    withdraw(at, plan_withdrawal(at, sys.argv[2]), "错", ActFields(basis="撤回成果", sources=(sys.argv[3],)))
    at.commit()
"""


def one(store: Store, table: sa.Table, column: sa.ColumnElement[str], code: str) -> str:
    """The id of what has this code."""
    with store.reading() as connection:
        return str(connection.scalar(sa.select(table.c.thing_id).where(column == code)))


def contract(store: Store) -> str:
    """The right of the family's contract."""
    return one(store, RIGHT_VERSION, RIGHT_VERSION.c.unit_code, ARABLE)


def parcel(store: Store) -> str:
    """A parcel of the family."""
    with store.reading() as connection:
        query = sa.select(PARCEL_VERSION.c.thing_id).where(PARCEL_VERSION.c.code.startswith(GACHA))
        return str(connection.scalar(query.order_by(PARCEL_VERSION.c.code)))


def seized(store: Store, at: Desk) -> None:
    """A court seizes the family's contract right."""
    act = at.act("seized", "2026-05-01", ActFields(basis="法院"))
    rights.burden(act, contract(store), restriction_kind="seizure", parties={"court": "法院"}, document="1")


def duty(store: Store, at: Desk) -> None:
    """A grazing ban is laid on a parcel: no version of the parcel tells."""
    act = at.act("duty-set", "2026-05-01", ActFields(basis="禁牧"))
    duties.begin(act, duty_kind="grazing-ban", subject_id=parcel(store), quantity="", unit="", document="1")


def benefit(store: Store, at: Desk) -> None:
    """The household gets an award."""
    act = at.act("benefit-granted", "2026-05-01", ActFields(basis="草奖"))
    holding = one(store, HOLDING_VERSION, HOLDING_VERSION.c.code, FAMILY)
    benefits.begin(act, policy="草奖", basis="household", beneficiary_id=holding, quantity="1", unit="亩", policy_year="2026")


def survey(store: Store, at: Desk) -> None:
    """A survey is corrected."""
    act = at.act("survey-corrected", "2026-05-01", ActFields(basis="测量"))
    parcels.change(act, parcel(store), {"surveyed_area_m2": "1.00"}, shape=shapely.box(0, 0, 1, 1))


def second_right(store: Store, at: Desk) -> None:
    """The household gets another right, on a parcel of the delivery."""
    with store.reading() as connection:
        issuer = connection.scalar(sa.select(PARCEL_VERSION.c.village_id).where(PARCEL_VERSION.c.thing_id == parcel(store)))
    act = at.act("first-registration", "2026-05-01", ActFields(basis="新合同"))
    unit = rights.unit(act, kind="contract", code="N1", issuer_id=str(issuer), method="110", signed_on="2026-05-01")
    holding = one(store, HOLDING_VERSION, HOLDING_VERSION.c.code, FAMILY)
    rights.begin(
        act, "contract-grass", Holder(holding_id=holding), Terms(unit, "N1"), [Contracted(parcel(store), "1.00", "0.00")]
    )


LATER = {
    "seizure": (seized, "seized", ARABLE),
    "duty on a parcel": (duty, "duty set", GACHA),
    "benefit": (benefit, "benefit granted", FAMILY),
    "survey": (survey, "survey corrected", GACHA),
    "right": (second_right, "first registration", "N1"),
}


@pytest.mark.parametrize("later", LATER)
def test_later_act_is_named_and_stops_its_village_alone(store: Store, small: Copy, later: str) -> None:
    """The other villages go, and nothing of the stopped one is touched."""
    do, kind, code = LATER[later]
    content_hash = imported(store, small.root)
    with desk(store, CLERK) as at:
        do(store, at)
        at.commit()
    plan = planned(store, content_hash)
    ids = {thing_id for each in plan.villages for some in each.begun.values() for _, thing_id in some}
    ids -= {thing_id for each in plan.going for some in each.begun.values() for _, thing_id in some}
    mine = {thing_id: facts for thing_id, facts in standing(store, "2026-11-26").items() if thing_id in ids}
    stopped = [each for each in plan.villages if each.stops]
    assert [each.village.code for each in stopped] == [GACHA]
    assert {(stop.day, stop.code.startswith(code)) for stop in stopped[0].stops} == {("2026-05-01", True)}
    assert any(kind in stop.en for stop in stopped[0].stops), stopped[0].stops
    with pytest.raises(NothingToWithdraw):
        taken_back(store, content_hash, GACHA)
    done = taken_back(store, content_hash)
    assert {each.village.code for each in done.going} == {OTHER_GACHA, FARMERS}
    assert mine.items() <= standing(store, "2026-11-26").items()
    assert audit(store).findings == ()


def test_certificate_issued_or_signed_for_stops(store: Store, small: Copy) -> None:
    """The paper is out: it is cancelled by its own act first."""
    content_hash = imported(store, small.root)
    with store.reading() as connection:
        number = connection.scalar(
            sa.select(RIGHT_VERSION.c.certificate_number).where(RIGHT_VERSION.c.unit_code.startswith(FARMERS))
        )
    papers.enter(store, CLERK, papers.RECEIVED, str(number), bytes.fromhex(PAPER), "领取", {"day": "2026-01-02"})
    with desk(store, CLERK) as at:
        issue(at, [ARABLE], day="2026-03-01", fields=ActFields(basis="颁证", sources=(PAPER,)))
        at.commit()
    stops = {each.village.code: each.stops for each in planned(store, content_hash).villages}
    assert ["certificate" in stop.en for stop in stops[GACHA]] == [True]
    assert [(stop.en, stop.code) for stop in stops[FARMERS]] == [("its certificate was handed over", number)]
    assert stops[OTHER_GACHA] == []


def test_later_delivery_that_builds_on_it_goes_first(store: Store, small: Copy) -> None:
    """B laid a duty and a burden on what A registered: A waits; when B was withdrawn, A goes and leaves no live thing."""
    first = copied(small, "first")
    first.edit("限制与义务", lambda rows: rows.__setitem__(slice(None), rows[1:3]))
    one_hash = imported(store, first.root)
    after_first = standing(store, "2026-11-26")
    two_hash = imported(store, small.root)
    stops = {each.village.code: each.stops for each in planned(store, one_hash).villages}
    assert all(stops.values())
    assert {stop.en for some in stops.values() for stop in some} >= {"duty set was registered since"}
    freed = {code for each in planned(store, two_hash).villages for code in each.freed}
    assert freed == {"150626104213000012J", "150626104213000004J", "150626101206004008J"}
    taken_back(store, two_hash)
    assert standing(store, "2026-11-26") == after_first
    taken_back(store, one_hash)
    assert standing(store, "2026-11-26") == {}
    assert audit(store).findings == ()


def moved(store: Store) -> tuple[tuple[str, ...], int]:
    """达楞太 and his mother settle in town; their ids and the event."""
    with store.reading() as connection:
        people = tuple(find_by_name(connection, store.vault, name)[0] for name in ("达楞太", "莲花"))
    done = settle_family(store, people, day="2017-05-08", town=town(), officer_name="王警官")
    return people, done.idx


def test_who_moved_since_must_sign_and_then_sees_a_lawful_change(store: Store, small: Copy) -> None:
    """Without their will the village stops; with it the guarantee says changed lawfully, by a correction, never violated."""
    content_hash = imported(store, small.root)
    people, idx = moved(store)
    before = projections(store, people[0])
    plan = planned(store, content_hash)
    (stopped,) = [each for each in plan.villages if each.stops]
    assert {(m.person, m.day, m.minor, m.signed) for m in stopped.moved} == {(p, "2017-05-08", False, False) for p in people}
    assert {person for person in people if any(person in stop.zh for stop in stopped.stops)} == set(people)
    paper = sources.keep(store, b"signed", kind="will", dated="2026-11-01")
    wills = tuple(Will(person, paper) for person in people)
    assert planned(store, content_hash, GACHA, wills[:1]).going == []
    done = taken_back(store, content_hash, "", wills)
    assert len(done.going) == 3
    told = verdict(store, people[0], idx)
    assert told.verdict == "changed lawfully"
    for thing in told.things:
        assert thing.verdict == "changed lawfully"
        assert {change.kind for change in thing.changes} == {"record-corrected"}
        names = {name for change in thing.changes for name in change.consents}
        assert "**太" in names
        assert names <= {"**太", "*花"}
    assert before
    assert audit(store).findings == ()
    with store.reading() as connection:
        assert replay(read.leaves(connection)).size == size(store)


def test_a_minor_signs_by_a_guardian_and_a_cancelled_event_states_nothing(store: Store, small: Copy) -> None:
    """A child's own line is no will; an event that was cancelled stops nothing."""
    content_hash = imported(store, small.root)
    with store.reading() as connection:
        child, mother = (find_by_name(connection, store.vault, name)[0] for name in ("诺敏", "敖登"))
    done = record(store, Event("settled-in-banner", "2017-05-08", (child,), (town(child),)), "王警官", "公安局")
    paper = sources.keep(store, b"signed", kind="will", dated="2026-11-01")
    (village,) = planned(store, content_hash, GACHA, (Will(child, paper),)).villages
    assert [(m.minor, m.signed) for m in village.moved] == [(True, False)]
    assert planned(store, content_hash, GACHA, (Will(child, paper, mother),)).going
    record(store, Event("event-cancelled", "2017-06-01", (child,), cancels=done.idx), "王警官", "公安局")
    assert planned(store, content_hash, GACHA).going


def test_what_a_court_restored_is_registered_and_comes_in_only_once(store: Store, small: Copy) -> None:
    """A withdrawn right that is restored counts as before: the same content again adds all but that contract."""
    content_hash = imported(store, small.root)
    (village,) = planned(store, content_hash, GACHA).villages
    before = standing(store, "2026-11-26")
    taken_back(store, content_hash, GACHA)
    right = contract(store)
    entry = next(entry for entry, things in village.begun.items() if any(thing_id == right for _, thing_id in things))
    with desk(store, CLERK) as at:
        act = at.act("restored", "2026-11-26", ActFields(basis="法院"))
        for noun, thing_id in village.begun[entry]:
            restore = {"holding": holdings.restore, "parcel": parcels.restore, "right": rights.restore}[noun.name]
            restore(act, thing_id)
        at.commit()
    restored = standing(store, "2026-11-26")
    report = import_delivery(store, small.root, CLERK)
    assert {village.code: village.state for village in report.villages}[GACHA] == "registered"
    after = standing(store, "2026-11-26")
    assert len(after) == len(before)
    assert restored.items() <= after.items()
    assert audit(store).findings == ()


@pytest.mark.parametrize("engine_name", ["file", "postgis"])
def test_withdrawal_killed_at_random_moments_leaves_all_or_nothing(
    make_store: Callable[[str], Store], engine_name: str, small: Copy, request: pytest.FixtureRequest
) -> None:
    """SIGKILL again and again; then once to its end: the state is that of one whole withdrawal."""
    if engine_name == "postgis":
        request.getfixturevalue("postgis_admin_url")
    store = make_store(engine_name)
    content_hash = imported(store, small.root)
    before, paper = versions(store), proof(store)
    rng = random.Random(2016)
    for _ in range(_KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(store.settings.folder), content_hash, paper],
            stdout=subprocess.PIPE, text=True, env=untraced.environment(),
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdout.close()
        time.sleep(rng.uniform(0, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if versions(store) != before:
            break
        assert audit(store).findings == ()
    else:
        taken_back(store, content_hash)
    assert standing(store, "2026-11-26") == {}
    assert audit(store).findings == ()
