"""The verdict across a move: unchanged, changed lawfully, recorded after the move, violated, each for its reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from registry import parties, residence
from registry.guarantee.compare import guarantee
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.rights import acts as rights
from registry.statement import choose_event, statement
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.guarantee.compare import Guarantee
    from registry.store.engines import Store


def verdict_of(store: Store, person: str, valid_at: str = "2026-11-25", known_at: int | None = None) -> Guarantee:
    """The guarantee across the person's settlement."""
    with store.reading() as connection:
        event = choose_event(residence.events_of(connection, person, known_at))
        assert event is not None
        return guarantee(store, connection, person, event, valid_at=valid_at, known_at=known_at)


def test_settling_the_whole_family_leaves_everything_unchanged(store: Store) -> None:
    """Plan II.3.1-g: contract, homestead, share, membership, duties and benefits stay as they were."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    answer = verdict_of(store, village.people[0])
    assert answer.verdict == "unchanged"
    assert {t.thing for t in answer.things} == {
        "contract-arable", "contract-grass", "contract-forest", "contract-other", "homestead", "income", "holding",
        "membership", "duty", "benefit",
    }  # fmt: skip
    assert answer.vouched is not None


def test_the_log_vouches_since_the_day_in_china_on_which_it_was_written(store: Store) -> None:
    """Half past midnight in Beijing is still the day before in UTC: what was written then vouches for the new day."""
    store.clock = lambda: dt.datetime(2026, 11, 27, 16, 30, tzinfo=dt.UTC)
    village = made_up.register_village(store)
    made_up.settle(store, village, "2026-11-27")
    answer = verdict_of(store, village.people[0], "2026-11-28")
    assert answer.vouched is not None
    assert "2026年11月28日" in answer.vouched.zh


def test_a_term_that_ran_out_ends_nothing_and_is_marked_due(store: Store) -> None:
    """Law C9, EXT-1: on 2028-01-01 an arable contract to 2027-12-31 stands, marked 延包 due."""
    village = made_up.register_village(store)
    made_up.settle(store, village)
    answer = verdict_of(store, village.people[0], "2028-01-01")
    assert answer.verdict == "unchanged"
    due = {t.thing for t in answer.things if t.extension_due}
    assert due == {"contract-arable", "contract-other"}


def test_a_mortgage_after_the_move_is_a_lawful_change_of_burdens_only(store: Store) -> None:
    """Causes.md: mortgaged follows on the contract right; no term of it moves."""
    village = made_up.register_village(store)
    made_up.settle(store, village)
    with desk(store, made_up.CLERK) as at:
        fields = ActFields(
            basis="抵押合同",
            wills=(
                *made_up.wills(*village.people[:3], village.people[4]),
                *made_up.wills(village.people[3], guardian=village.people[0]),
            ),
        )
        act = at.act("mortgaged", "2022-03-01", fields)
        rights.burden(
            act,
            village.rights["contract-arable"],
            restriction_kind="mortgage",
            parties={"lender": "信用社"},
            document="抵1号",
            amount="50000.00",
            rank=1,
        )
        at.commit()
    answer = verdict_of(store, village.people[0])
    assert answer.verdict == "changed lawfully"
    changed = {t.thing: t for t in answer.things if t.verdict != "unchanged"}
    assert set(changed) == {"contract-arable"}
    assert changed["contract-arable"].changes[0].fields == ("burdens",)
    assert changed["contract-arable"].changes[0].consents


def test_a_member_added_later_is_a_lawful_change_of_co_holders(store: Store) -> None:
    """I2: a household event edits no member list; an act of its own does, and is named."""
    village = made_up.register_village(store)
    made_up.settle(store, village)
    with desk(store, made_up.CLERK) as at:
        act = at.act("member-deceased", "2021-01-01", ActFields(basis="死亡证明"))
        members = [CoHolder(p, "02", alive=p != village.people[4]) for p in village.people]
        holdings.change(act, village.holding, members=members)
        at.commit()
    answer = verdict_of(store, village.people[0])
    assert answer.verdict == "changed lawfully"
    assert all(
        "co_holders" in t.changes[0].fields or t.noun == "holding" for t in answer.things if t.verdict != "unchanged"
    )
    before = verdict_of(store, village.people[0], "2020-12-31")
    assert before.verdict == "unchanged"


def test_a_right_recorded_only_after_the_move_says_so(store: Store) -> None:
    """A right that held before the move but was recorded later has no first state, but a second."""
    village = made_up.Village()
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED)

        person, rows = parties.person_rows(
            store.vault, store.randomness, act.idx, parties.Identity("巴图", made_up.id_number("19800101", 331))
        )
        collective, more = parties.organisation_rows(
            store.vault, store.randomness, act.idx, "collective", parties.Organisation("15062610120600", "布日都嘎查")
        )
        for table, row in (*rows, *more):
            at.row(table, row)
        memberships.begin(act, person_id=person, collective_id=collective, basis="决议")
        at.commit()
    village.people = [person]
    made_up.settle(store, village)
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED)
        unit = rights.unit(act, kind="contract", code="x", issuer_id=collective, method="110", signed_on=made_up.SIGNED)
        rights.begin(
            act, "contract-other", rights.Holder(party_id=person), rights.Terms(unit, "x", "1998-01-01", "2027-12-31")
        )
        at.commit()
    answer = verdict_of(store, person)
    assert answer.verdict == "recorded after the move"
    assert {t.verdict for t in answer.things} == {"unchanged", "recorded after the move"}


def test_the_statement_is_one_document_and_masks_every_personal_field(store: Store) -> None:
    """权益保留证明: status now and before, each right with its verdict, the log's size and root; no name, no number."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    with store.reading() as connection:
        told = statement(store, connection, village.people[0])
    assert told["verdict"] == "unchanged"
    assert told["registration"]["now"]["division_name"] == "嘎鲁图镇文苑社区"
    assert told["registration"]["before"]["division_name"] == "嘎鲁图镇呼和陶勒盖嘎查"
    text = str(told)
    for name, born, sequence in made_up.PEOPLE:
        assert name not in text
        assert made_up.id_number(born, sequence) not in text
