"""Who grants what to whom, and who may not?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from registry.accounts import cards, grants, holders, keys
from registry.accounts.authorise import EVERYTHING, may
from registry.accounts.grants import Proposal
from registry.accounts.holders import By
from registry.accounts.refusals import (
    AccountExistsError,
    FoundedError,
    GrantFormError,
    KeyScopeError,
    NoSuchAccountError,
    SecondPersonError,
)
from registry.accounts.roles import DutiesMixedError, NoSuchRoleError
from registry.accounts.tables import GRANT_CONFIRMED, enter
from registry.store.sqlite import sqlite3
from tests.registry import made_up
from tests.registry.accounts.people import FIRST_DAY, Clock, founders, granted, member

if TYPE_CHECKING:
    from registry.accounts.authorise import Actor
    from registry.store.engines import Store

NUMBER = made_up.id_number("19740312", 101)


def actor(store: Store, account: str) -> Actor:
    """Who an account is now."""
    with store.reading() as connection:
        return grants.actor(store, connection, holders.account(store, connection, account))


def test_grant_stands_once_another_has_confirmed_it(store: Store, clock: Clock) -> None:
    """Two people: proposed it is nothing; neither the proposer nor the one it is for confirms it; one is enough to end it."""
    store.clock = clock
    one, two = founders(store)
    clerk = member(store, "clerk")
    grant = grants.propose(store, one.by, clerk.id, Proposal("agriculture", FIRST_DAY, reason="任命文件"))
    assert not may(actor(store, clerk.id), "write", "contract-right", EVERYTHING).allowed
    for by in (one.by, clerk.by):
        with pytest.raises(SecondPersonError):
            grants.confirm(store, by, grant)
    with pytest.raises(SecondPersonError):
        grants.propose(store, clerk.by, clerk.id, Proposal("agriculture", FIRST_DAY, reason="自己"))
    grants.confirm(store, two.by, grant)
    assert may(actor(store, clerk.id), "write", "contract-right", EVERYTHING).allowed
    with pytest.raises(NoSuchAccountError):
        grants.confirm(store, two.by, grant)
    grants.end(store, one.by, grant, "调离")
    assert not may(actor(store, clerk.id), "write", "contract-right", EVERYTHING).allowed
    with pytest.raises(NoSuchAccountError):
        grants.end(store, one.by, grant, "再一次")


def test_database_refuses_one_person_for_two(store: Store, clock: Clock) -> None:
    """Even past the program: who proposed can't be written as who confirmed, nor can the proposer be rewritten."""
    store.clock = clock
    one, _ = founders(store)
    clerk = member(store, "clerk")
    grant = grants.propose(store, one.by, clerk.id, Proposal("agriculture", FIRST_DAY, reason="任命文件"))
    for proposer, confirmer in ((one.id, one.id), ("somebody", one.id)):
        row = {"grant_id": grant, "proposed_by": proposer, "confirmed_by": confirmer, "at": "2026-11-26T08:00:00Z"}
        with store.writing("desk") as connection, pytest.raises((sqlite3.Error, psycopg.Error)) as refused:
            enter(store, connection, GRANT_CONFIRMED, row, {})
        assert "constraint" in str(refused.value).lower()


def test_grant_runs_from_a_day_to_a_day(store: Store, clock: Clock) -> None:
    """Dated by the day in China; a surveyor's job and counsel's order end by themselves."""
    store.clock = clock
    both = founders(store)
    surveyor = member(store, "surveyor")
    granted(store, both, surveyor.id, "surveyor", about="15062610021000", valid_from="2026-11-28", valid_until="2026-12-01")
    seen = []
    for _ in range(7):
        seen.append(len(actor(store, surveyor.id).grants))
        clock.on(days=1)
    assert seen == [0, 0, 1, 1, 1, 0, 0]
    clock.now = dt.datetime(2026, 11, 27, 16, 0, tzinfo=dt.UTC)  # 0:00 of the 28th in China
    assert len(actor(store, surveyor.id).grants) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        Proposal("agriculture", FIRST_DAY),
        Proposal("town", FIRST_DAY, reason="r"),
        Proposal("town", FIRST_DAY, town="x", reason="r"),
        Proposal("collective", FIRST_DAY, reason="r"),
        Proposal("agriculture", FIRST_DAY, about="x", reason="r"),
        Proposal("counsel", FIRST_DAY, about="x", reason="r"),
        Proposal("surveyor", FIRST_DAY, about="x", reason="r"),
        Proposal("agriculture", "2026-12-01", "2026-12-01", reason="r"),
        Proposal("the-person", FIRST_DAY, about="x", reason="r"),
        Proposal("public", FIRST_DAY, reason="r"),
    ],
)
def test_grant_that_lacks_what_its_role_needs_is_refused(store: Store, wanted: Proposal) -> None:
    """A reason always; a town's code, a village's, a person's, a last day where the role has them."""
    one, _ = founders(store)
    clerk = member(store, "clerk")
    with pytest.raises(GrantFormError):
        grants.propose(store, one.by, clerk.id, wanted)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("administrator", "auditor"), ("auditor", "operator"), ("operator", "administrator"), ("administrator", "agriculture"),
        ("public-security", "agriculture"), ("forestry", "public-security"),
    ],
)  # fmt: skip
def test_duties_that_must_be_apart_are_refused(store: Store, first: str, second: str) -> None:
    """GB/T 22239 8.1.4.2 and I1: at the proposal, and again when two proposals that were made at once are confirmed."""
    both = founders(store)
    one = member(store, "one")
    granted(store, both, one.id, first)
    with pytest.raises(DutiesMixedError):
        grants.propose(store, both[0].by, one.id, Proposal(second, FIRST_DAY, reason="r"))
    two = member(store, "two")
    pair = [grants.propose(store, both[0].by, two.id, Proposal(name, FIRST_DAY, reason="r")) for name in (first, second)]
    grants.confirm(store, both[1].by, pair[0])
    with pytest.raises(DutiesMixedError):
        grants.confirm(store, both[1].by, pair[1])


def test_console_makes_two_administrators_and_no_third(store: Store) -> None:
    """Two people at the console, by name; from then on administrators propose and confirm."""
    alone = member(store, "alone")
    with pytest.raises(SecondPersonError):
        grants.found(store, ("张三", " 张三 "), alone.id)
    founders(store)
    third = member(store, "third")
    with pytest.raises(FoundedError):
        grants.found(store, ("张三", "李四"), third.id)


def test_nothing_is_granted_to_nobody_nor_under_a_role_that_is_none(store: Store) -> None:
    """Refused by name, nothing half-written; and a login is one person's."""
    one, _ = founders(store)
    with pytest.raises(NoSuchAccountError):
        grants.propose(store, one.by, "0" * 32, Proposal("agriculture", FIRST_DAY, reason="r"))
    with pytest.raises(NoSuchRoleError):
        grants.propose(store, one.by, one.id, Proposal("king", FIRST_DAY, reason="r"))
    with pytest.raises(AccountExistsError):
        member(store, "Admin-One")


def test_relative_is_named_for_one_person_and_removed_by_one(store: Store, clock: Clock) -> None:
    """亲情代办: listed for the person, gone at once when it is ended."""
    store.clock = clock
    village = made_up.register_village(store)
    both = founders(store)
    card = cards.issue(store, both[0].by, made_up.id_number("20030105", 303), "719305")
    grant = granted(store, both, card.account_id, "named-relative", about=village.people[0])
    with store.reading() as connection:
        assert [each.id for each in grants.relatives_of(store, connection, village.people[0])] == [grant]
    grants.end(store, By(card.account_id, ""), grant, "本人取消")
    assert actor(store, card.account_id).grants == ()
    with store.reading() as connection:
        assert grants.relatives_of(store, connection, village.people[0]) == []


def test_key_opens_what_two_people_made_it_for_until_its_day(store: Store, clock: Clock) -> None:
    """Shown once, kept as a hash; nothing before it is confirmed; the newest of a name is the only one."""
    store.clock = clock
    both = founders(store)
    made = keys.make(store, both[0].by, "exchange-desk", "产权交易中心", ["contract-right:yes-no"], 30)

    def holder(token: str) -> Actor | None:
        with store.reading() as connection:
            return keys.actor_of_key(store, connection, token)

    assert holder(made.shown) is None
    holders.confirm_secret(store, both[1].by, made.secret_id)
    granted(store, both, made.account_id, "exchange")
    found = holder(made.shown)
    assert found is not None
    assert may(found, "yes-no", "contract-right", EVERYTHING).allowed
    assert not may(found, "yes-no", "membership", EVERYTHING).allowed
    assert holder(made.shown + "x") is None
    newer = keys.make(store, both[0].by, "exchange-desk", "产权交易中心", ["contract-right:yes-no"], 10)
    assert holder(made.shown) is not None  # until the new one is confirmed
    holders.confirm_secret(store, both[1].by, newer.secret_id)
    assert holder(made.shown) is None
    assert holder(newer.shown) is not None
    clock.on(days=10)
    assert holder(newer.shown) is None


@pytest.mark.parametrize(
    ("only", "days"), [([], 10), (["contract-right:everything"], 10), (["x:read"], 10), (["person:read"], 999)]
)
def test_key_for_nothing_known_or_for_too_long_is_refused(store: Store, only: list[str], days: int) -> None:
    """The scope of a key is written as noun:action; its term has a limit."""
    with pytest.raises(KeyScopeError):
        keys.make(store, By("console-1", "张三"), "desk-key", "x", only, days)


def test_key_takes_no_staff_members_login(store: Store) -> None:
    """An account is either somebody's or a program's."""
    founders(store)
    with pytest.raises(NoSuchAccountError):
        keys.make(store, By("console-1", "张三"), "admin-one", "x", ["person:yes-no"], 10)


@pytest.mark.parametrize(
    "statement", ["UPDATE access_grant SET role = 'land'", "DELETE FROM access_grant_ended", "DELETE FROM sign_in"]
)
def test_what_was_granted_is_never_rewritten(store: Store, statement: str) -> None:
    """Grants, ends and sign-ins only grow, whoever asks."""
    both = founders(store)
    grants.end(store, both[0].by, granted(store, both, member(store, "clerk").id, "land"), "r")
    both[0].sign_in(store)
    with store.writing("desk") as connection, pytest.raises(DBAPIError):
        connection.execute(sa.text(statement))
