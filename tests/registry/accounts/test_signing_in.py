"""Who gets in, who does not, and what neither can learn or do to others?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from registry.accounts import cards, grants, holders, keys, proofs, sessions, signing_in, tokens
from registry.accounts.holders import By
from registry.accounts.refusals import (
    NoSuchAccountError,
    SecondPersonError,
    SignInLockedError,
    SignInRefusedError,
    WeakSecretError,
)
from registry.accounts.sessions import LastUse
from registry.accounts.signing_in import Source
from registry.accounts.tables import SESSION, SIGN_IN, TABLES
from registry.audit import audit
from tests.registry import made_up
from tests.registry.accounts.people import COUNTER, PASSWORD, Clock, Member, founders, granted, member

if TYPE_CHECKING:
    from pwdlib import PasswordHash

    from registry.store.engines import Store

ELSEWHERE = Source("10.0.0.99")
CLERK = By("console-1", "张三")
NUMBER = made_up.id_number("19740312", 101)
UNKNOWN = made_up.id_number("19700101", 909)
PIN = "482916"


def open_session(store: Store, token: str, used: LastUse | None = None) -> bool:
    """Whether a token still opens something."""
    with store.reading() as connection:
        found = sessions.of_token(store, connection, token)
    return found is not None and (used is None or used.use(store, found))


def wrong(store: Store, who: Member, source: Source, times: int) -> None:
    """Attempts with a wrong password."""
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            signing_in.staff(store, who.login, "wrong password", who.code(store), source)


def test_password_and_authenticator_together_open_a_session(store: Store, clock: Clock) -> None:
    """Two factors, always: neither alone opens anything; only the hash of the token is kept."""
    store.clock = clock
    who = member(store, "clerk")
    for password, code in ((PASSWORD, "000000"), ("wrong password", who.code(store)), (PASSWORD, "")):
        with pytest.raises(SignInRefusedError):
            signing_in.staff(store, who.login, password, code, COUNTER)
    done = signing_in.staff(store, " CLERK ", PASSWORD, who.code(store), COUNTER)
    assert done.account_id == who.id
    assert open_session(store, done.begun.token)
    with store.reading() as connection:
        assert connection.scalar(sa.select(SESSION.c.token_hash)) == proofs.digest(done.begun.token)


def test_service_hashes_at_the_cost_of_rfc_9106(cheap_hashes: PasswordHash) -> None:
    """RFC 9106 section 4, the second recommended option: argon2id with 64 MiB, 3 passes and 4 lanes."""
    assert cheap_hashes.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_code_of_the_authenticator_works_once(store: Store, clock: Clock) -> None:
    """Whoever looked over a shoulder has nothing: the same code is refused, the next one works."""
    store.clock = clock
    who = member(store, "clerk")
    who.sign_in(store)
    with pytest.raises(SignInRefusedError):
        who.sign_in(store)
    clock.on(seconds=60)
    assert who.sign_in(store).account_id == who.id


def test_session_ends_when_idle_and_at_its_limit(store: Store, clock: Clock) -> None:
    """15 minutes unused, or 10 hours used all along (parameters.toml); and once idle it stays over."""
    store.clock = clock
    who, used = member(store, "clerk"), LastUse()
    token = who.sign_in(store).begun.token
    for _ in range(3):
        clock.on(minutes=14)
        assert open_session(store, token, used)
    clock.on(minutes=15)
    assert not open_session(store, token, used)
    assert not open_session(store, token, used)
    token = who.sign_in(store).begun.token
    limit = _until(store, token)
    while clock.now < sessions.moment(limit):
        assert open_session(store, token, used)
        clock.on(minutes=10)
    assert not open_session(store, token)


def _until(store: Store, token: str) -> str:
    with store.reading() as connection:
        found = sessions.of_token(store, connection, token)
    assert found is not None
    return found.until


def test_session_unknown_to_the_process_counts_as_used_when_it_began(store: Store, clock: Clock) -> None:
    """After a restart a session ends sooner, never later."""
    store.clock = clock
    token = member(store, "clerk").sign_in(store).begun.token
    clock.on(minutes=16)
    assert not open_session(store, token, LastUse())


def test_signing_in_again_rotates_and_signing_out_everywhere_ends_all(store: Store, clock: Clock) -> None:
    """A session sent along with a sign-in ends; a request ends every one of an account and of no other."""
    store.clock = clock
    who, other = member(store, "clerk"), member(store, "other")
    first = who.sign_in(store).begun.token
    clock.on(seconds=60)
    second = who.sign_in(store, Source("10.0.0.1", token=first)).begun.token
    clock.on(seconds=60)
    third = who.sign_in(store).begun.token
    kept = other.sign_in(store).begun.token
    assert [open_session(store, token) for token in (first, second, third)] == [False, True, True]
    with store.writing("desk") as connection:
        assert holders.end_sessions(store, connection, who.id, "everywhere") == 2
        connection.commit()
    assert [open_session(store, token) for token in (first, second, third, kept)] == [False, False, False, True]


def test_locked_account_signs_in_nowhere_and_its_sessions_end(store: Store, clock: Clock) -> None:
    """An administrator's lock ends everything at once; unlocked, its holder signs in anew."""
    store.clock = clock
    who = member(store, "clerk")
    token = who.sign_in(store).begun.token
    holders.set_step(store, CLERK, who.id, "locked", "离岗")
    clock.on(seconds=60)
    assert not open_session(store, token)
    with pytest.raises(SignInRefusedError):
        who.sign_in(store)
    holders.set_step(store, CLERK, who.id, "unlocked", "回岗")
    clock.on(seconds=60)
    assert who.sign_in(store).account_id == who.id
    assert not open_session(store, token)


def test_five_failures_lock_the_account_for_that_source_and_nobody_else(store: Store, clock: Clock) -> None:
    """GB/T 22239 8.1.4.1, hazards 2: nobody can lock another out, neither from elsewhere nor, on a known device, from here."""
    store.clock = clock
    who = member(store, "clerk")
    device = who.sign_in(store, COUNTER).device
    clock.on(seconds=60)
    wrong(store, who, ELSEWHERE, 5)
    with pytest.raises(SignInLockedError) as locked:
        who.sign_in(store, ELSEWHERE)
    assert 0 < locked.value.wait_s <= 15 * 60
    assert who.sign_in(store, COUNTER).account_id == who.id
    clock.on(seconds=60)
    wrong(store, who, COUNTER, 5)  # somebody else at the same address, without the device's cookie
    assert who.sign_in(store, Source(COUNTER.address, device)).account_id == who.id
    clock.on(minutes=15)
    assert who.sign_in(store, ELSEWHERE).account_id == who.id


def test_device_of_one_account_is_none_of_another(store: Store, clock: Clock) -> None:
    """A cookie that somebody got for their own account gives no second counter on another's."""
    store.clock = clock
    who, thief = member(store, "clerk"), member(store, "thief")
    device = thief.sign_in(store).device
    wrong(store, who, Source("10.0.0.7", device), 5)
    with pytest.raises(SignInLockedError):
        signing_in.staff(store, who.login, "x", "", Source("10.0.0.7"))


def test_login_that_is_nobodys_locks_in_the_same_way(store: Store, clock: Clock) -> None:
    """What is refused, and when it locks, tells nothing about whether there is such an account."""
    store.clock = clock
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            signing_in.staff(store, "nobody", "x", "1", COUNTER)
    with pytest.raises(SignInLockedError):
        signing_in.staff(store, "nobody", "x", "1", COUNTER)


def test_paper_card_lets_its_holder_in_once_a_code(store: Store, clock: Clock) -> None:
    """ID number, code and PIN; each code once; a card made in person ends the one before."""
    store.clock = clock
    village = made_up.register_village(store)
    card = cards.issue(store, CLERK, NUMBER, PIN)
    assert len(set(card.codes)) == 10
    done = signing_in.person(store, NUMBER.lower(), card.codes[0].lower().replace("-", " "), PIN, COUNTER)
    with store.reading() as connection:
        actor = grants.actor(store, connection, holders.account(store, connection, done.account_id))
    assert actor.person_id == village.people[0]
    for code, pin in ((card.codes[0], PIN), (card.codes[1], "482917"), ("AAAA-AAAA-AAAA", PIN)):
        with pytest.raises(SignInRefusedError):
            signing_in.person(store, NUMBER, code, pin, COUNTER)
    assert signing_in.person(store, NUMBER, card.codes[1], PIN, COUNTER).account_id == done.account_id
    newer = cards.issue(store, CLERK, NUMBER, "719305")
    with pytest.raises(SignInRefusedError):
        signing_in.person(store, NUMBER, card.codes[2], PIN, COUNTER)
    again = signing_in.person(store, NUMBER, newer.codes[0], "719305", COUNTER)
    assert again.account_id == done.account_id
    clock.on(days=401)
    with pytest.raises(SignInRefusedError):
        signing_in.person(store, NUMBER, newer.codes[1], "719305", COUNTER)


def test_card_of_a_number_that_two_people_have_is_neither_ones(store: Store, clock: Clock) -> None:
    """Who of two people with one number stands at the counter is the police's to say: the account sees nobody's rights."""
    store.clock = clock
    made_up.register_village(store)
    card = cards.issue(store, CLERK, UNKNOWN, PIN)
    done = signing_in.person(store, UNKNOWN, card.codes[0], PIN, COUNTER)
    with store.reading() as connection:
        assert holders.account(store, connection, done.account_id).person_id is None


@pytest.mark.parametrize("pin", ["12345", "111111", "234567", "876543", "740312", "abcdef", "1234567"])
def test_pin_that_somebody_would_try_first_is_refused(store: Store, pin: str) -> None:
    """Six digits, not all alike, no run, none out of the number itself."""
    with pytest.raises(WeakSecretError) as refused:
        cards.issue(store, CLERK, NUMBER, pin)
    assert pin not in str(refused.value)


@pytest.mark.parametrize("way", ["person", "staff"])
def test_unknown_and_wrong_take_the_same_work(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """C14: one argon2, the same statements, one row, one refusal: whether a number or a login is known shows in nothing."""
    store.clock = clock
    made_up.register_village(store)
    card = cards.issue(store, CLERK, NUMBER, PIN)
    who = member(store, "clerk")
    work: list[str] = []
    matches = proofs.matches

    def counted(secret: str, kept: str | None) -> bool:
        work.append("argon2")
        return matches(secret, kept)

    monkeypatch.setattr(proofs, "matches", counted)
    for engine in (store.engine("reader"), store.engine("desk")):
        event.listen(engine, "before_cursor_execute", lambda *asked: work.append(asked[2]))
    told = set()

    def attempt(known: str, secret: str, other: str) -> list[str]:
        work.clear()
        with pytest.raises(SignInRefusedError) as refused:
            (signing_in.person if way == "person" else signing_in.staff)(store, known, secret, other, COUNTER)
        told.add(str(refused.value))
        clock.on(minutes=20)
        return list(work)

    if way == "person":
        tried = [(NUMBER, "AAAA-AAAA-AAAA", PIN), (UNKNOWN, "AAAA-AAAA-AAAA", PIN), (NUMBER, card.codes[0], "000001")]
    else:
        tried = [("clerk", "wrong password", who.code(store)), ("nobody", "x", "123456"), ("clerk", PASSWORD, "000000")]
    done = [attempt(*each) for each in tried]
    assert done[0] == done[1] == done[2]
    assert done[0].count("argon2") == 1
    assert len(told) == 1


def test_sealed_code_of_two_people_works_once(store: Store, clock: Clock) -> None:
    """Break-glass: made by one, confirmed by another; then once, for an hour, without password and authenticator."""
    store.clock = clock
    one, two = founders(store)
    who = member(store, "duty")
    made = keys.seal_code(store, one.by, who.id)
    with pytest.raises(SignInRefusedError):
        signing_in.sealed_code(store, "duty", made.shown, COUNTER)
    for by in (one.by, who.by):
        with pytest.raises(SecondPersonError):
            holders.confirm_secret(store, by, made.secret_id)
    holders.confirm_secret(store, two.by, made.secret_id)
    with pytest.raises(NoSuchAccountError):
        holders.confirm_secret(store, two.by, made.secret_id)
    done = signing_in.sealed_code(store, "duty", made.shown, COUNTER)
    assert done.begun.session.how == "break-glass"
    with pytest.raises(SignInRefusedError):
        signing_in.sealed_code(store, "duty", made.shown, COUNTER)
    clock.on(minutes=60)
    assert not open_session(store, done.begun.token)


def test_reset_by_one_administrator_opens_nothing(store: Store, clock: Clock) -> None:
    """Or one administrator could become anybody: the old password stays until another confirms the new one."""
    store.clock = clock
    one, two = founders(store)
    who = member(store, "clerk")
    reset = holders.renew(store, one.by, who.id, "another horse 电池")
    assert who.sign_in(store).account_id == who.id
    holders.confirm_secret(store, two.by, reset)
    clock.on(seconds=60)
    with pytest.raises(SignInRefusedError):
        who.sign_in(store)
    holders.renew(store, who.by, who.id, "my own horse 电池")
    assert signing_in.staff(store, "clerk", "my own horse 电池", who.code(store), COUNTER).account_id == who.id


@pytest.mark.parametrize("password", ["short", "clerkclerkclerk", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_weak_password_is_refused_and_not_repeated(store: Store, password: str) -> None:
    """At least 12 characters of some variety, without the login."""
    with pytest.raises(WeakSecretError) as refused:
        holders.open_staff(store, CLERK, "clerk", password, name="张", bureau="农牧业局")
    assert password not in str(refused.value)


def test_nothing_secret_stands_in_any_row(store: Store, clock: Clock) -> None:
    """Neither password, PIN, code, token, number nor name can be read from a table; and every row agrees with its seal."""
    store.clock = clock
    made_up.register_village(store)
    one, _ = founders(store)
    token = one.sign_in(store).begun.token
    card = cards.issue(store, CLERK, NUMBER, PIN)
    signing_in.person(store, NUMBER, card.codes[0], PIN, COUNTER)
    secrets = [PASSWORD, PIN, NUMBER, token, one.totp, COUNTER.address, "张晓梅", *card.codes, *map(proofs.known_code, card.codes)]
    with store.reading() as connection:
        for table in TABLES:
            for row in connection.execute(sa.select(table)):
                written = b"\0".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
                assert not [secret for secret in secrets if secret.encode() in written], table.name
        assert connection.scalar(sa.select(sa.func.count()).select_from(SIGN_IN)) == 2
    assert audit(store).findings == ()


def test_who_asks_with_a_token_is_who_its_session_account_and_grants_say(store: Store, clock: Clock) -> None:
    """Asked together with every page, they are what they are one by one; a session that has ended is nobody's."""
    store.clock = clock
    clerk = member(store, "clerk")
    granted(store, founders(store), clerk.id, "agriculture")
    token = signing_in.staff(store, clerk.login, PASSWORD, clerk.code(store), COUNTER).begun.token
    with store.reading() as connection:
        session = sessions.of_token(store, connection, token)
        actor = grants.actor(store, connection, holders.account(store, connection, clerk.id))
        assert tokens.of_token(store, connection, token) == (session, actor)
        assert tokens.of_token(store, connection, "another") is None
    assert "agriculture" in {each.role.id for each in actor.held}
    holders.set_step(store, CLERK, clerk.id, "locked", "离岗")
    with store.reading() as connection:
        assert tokens.of_token(store, connection, token) is None
