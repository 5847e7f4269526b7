"""Does what was typed open an account? Staff by password and TOTP, a person by ID number, paper code and PIN.

Whether there is such an account can't be learnt: the unknown and the wrong take the same statements, one argon2 and one
row, and are refused in the same words. Five failures lock the *account for the source* they came from. A source is the
address, or the device that signed in to this account before and says so by a cookie: nobody locks another out from
elsewhere, and not even from the same address where the other has been before.
"""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.accounts import holders, proofs, sessions
from registry.accounts.parameters import parameter
from registry.accounts.refusals import SignInLockedError, SignInRefusedError
from registry.accounts.sessions import Begun
from registry.accounts.tables import SECRET_USED, SIGN_IN, enter, instant
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.accounts.holders import Secret
    from registry.store.engines import Store
    from registry.store.keys import Vault

_TOTP_MEMORY = dt.timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an attempt comes from: the address, the device's cookie, and the session that it would replace."""

    address: str
    device: str = field(repr=False, default="")
    token: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Signed in: the session, and by what this device is known next time."""

    begun: Begun
    account_id: str
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Proof:
    """What the work on one attempt came to: the account if all fits, what is used up by it, what the row seals."""

    account_id: str | None
    uses: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


def staff(store: Store, login: str, password: str, code: str, source: Source) -> SignedIn:
    """By login, password and the code of an authenticator. SignInRefusedError, SignInLockedError."""
    mark = holders.login_mark(store.vault, login)
    now = store.clock()
    with store.reading() as connection:
        _refuse_locked(store, connection, mark, source)
        found = holders.account_of(store, connection, mark)
        kept = holders.secrets_of(store, connection, found.id if found else "")
    fits = proofs.matches(password, _told(kept.get("password"), "hash"))
    step = proofs.totp_step(_told(kept.get("totp"), "secret"), code, now.timestamp())
    if not fits or step is None or found is None or found.kind != "staff" or found.standing != "open":
        return _enter(store, mark, source, "password", _Proof(None))
    return _enter(store, mark, source, "password", _Proof(found.id, told={"step": step}))


def person(store: Store, number: str, code: str, pin: str, source: Source) -> SignedIn:
    """By ID number, an unused code of the newest card, and the PIN. SignInRefusedError, SignInLockedError."""
    mark = card_mark(store.vault, number)
    with store.reading() as connection:
        _refuse_locked(store, connection, mark, source)
        cards = holders.secrets_by_mark(store, connection, "card", mark)
        codes = holders.secrets_by_mark(store, connection, "card-code", code_mark(store.vault, number, code))
        meant = codes[-1] if codes else None
        mine = [card for card in cards if meant is None or card.account_id == meant.account_id]
        card = mine[-1] if mine else None
        standing = _standing(connection, card)
    fits = proofs.matches(pin, _told(card, "hash"))
    good = fits and standing and card is not None and meant is not None and meant.told["card"] == card.id
    if not good or card is None or meant is None or _over(store, meant):
        return _enter(store, mark, source, "card", _Proof(None))
    return _enter(store, mark, source, "card", _Proof(card.account_id, meant.id))


def sealed_code(store: Store, login: str, code: str, source: Source) -> SignedIn:
    """By the sealed code that two people made for a day on which nothing else works. SignInRefusedError, SignInLockedError."""
    mark = sealed_mark(store.vault, login, "")
    with store.reading() as connection:
        _refuse_locked(store, connection, mark, source)
        found = holders.secrets_by_mark(store, connection, "break-glass", sealed_mark(store.vault, login, code))
        kept = found[-1] if found else None
        standing = _standing(connection, kept)
    good = kept is not None and standing
    return _enter(store, mark, source, "break-glass", _Proof(kept.account_id, kept.id) if kept and good else _Proof(None))


def subject(store: Store, issuer: str, name: str, source: Source) -> SignedIn:
    """By the subject that a provider vouches for; bound to an account by two people before. SignInRefusedError."""
    mark = subject_mark(store.vault, issuer, name)
    with store.reading() as connection:
        found = holders.secrets_by_mark(store, connection, "subject", mark)
        bound = found[-1] if found else None
        newest = holders.secrets_of(store, connection, bound.account_id if bound else "").get("subject")
        good = bound is not None and newest == bound and _standing(connection, bound)
    return _enter(store, mark, source, "oidc", _Proof(bound.account_id if bound and good else None))


def card_mark(vault: Vault, number: str) -> bytes:
    """By which the cards of an ID number are found."""
    return vault.blind("account card", number.strip().upper()[:40])


def code_mark(vault: Vault, number: str, code: str) -> bytes:
    """By which a code of a card is found: under its number only."""
    return vault.blind("account card code", f"{number.strip().upper()[:40]}\n{proofs.known_code(code)}")


def sealed_mark(vault: Vault, login: str, code: str) -> bytes:
    """By which a sealed code is found; with an empty code what its attempts are counted under."""
    return vault.blind("account sealed code", f"{proofs.known_login(login)}\n{proofs.known_code(code)}")


def subject_mark(vault: Vault, issuer: str, name: str) -> bytes:
    """By which a subject of a provider is found."""
    return vault.blind("account subject", f"{issuer}\n{name}")


def known_device(vault: Vault, mark: bytes, device: str) -> bool:
    """Whether this device signed in to this account before."""
    drawn, _, proof = device.partition(".")
    return bool(proof) and hmac.compare_digest(_device_proof(vault, mark, drawn).encode(), proof.encode())


def _device_proof(vault: Vault, mark: bytes, drawn: str) -> str:
    return vault.blind("account device", f"{mark.hex()}\n{drawn}").hex()


def _source_mark(vault: Vault, mark: bytes, source: Source) -> bytes:
    if known_device(vault, mark, source.device):
        return vault.blind("account source", f"device\n{source.device}")
    return vault.blind("account source", f"address\n{source.address}")


def _refuse_locked(store: Store, connection: Connection, mark: bytes, source: Source) -> None:
    """Count what failed since the last success. SignInLockedError."""
    now = store.clock()
    most, within = (parameter(name, now.date()) for name in ("failures", "failures-minutes"))
    window = dt.timedelta(minutes=within)
    rows = connection.execute(
        sa.select(SIGN_IN.c.at, SIGN_IN.c.outcome)
        .where(
            SIGN_IN.c.mark == mark,
            SIGN_IN.c.source == _source_mark(store.vault, mark, source),
            SIGN_IN.c.at > instant(now - window),
        )
        .order_by(SIGN_IN.c.at, SIGN_IN.c.id)
    ).all()
    good = max((number for number, row in enumerate(rows) if row.outcome == "good"), default=-1)
    failed = [row.at for row in rows[good + 1 :]]
    if len(failed) >= most:
        wait = sessions.moment(failed[-most]) + window - now
        raise SignInLockedError(max(1, int(wait.total_seconds())))


def _enter(store: Store, mark: bytes, source: Source, how: str, proof: _Proof) -> SignedIn:
    """Write the attempt down and, where all fits, begin a session: judged again here, where one comes after the other."""
    with store.writing("desk") as connection:
        if how != "oidc":  # the provider counts its own failures
            _refuse_locked(store, connection, mark, source)
        good = proof.account_id is not None and not _used(store, connection, proof)
        row = {
            "at": instant(store.clock()),
            "mark": mark,
            "source": _source_mark(store.vault, mark, source),
            "outcome": "good" if good else "refused",
            "account_id": proof.account_id if good else None,
        }
        enter(store, connection, SIGN_IN, row, {"how": how, **(proof.told if good else {})})
        if not good or proof.account_id is None:
            connection.commit()
            raise SignInRefusedError
        if proof.uses is not None:
            enter(store, connection, SECRET_USED, {"secret_id": proof.uses, "at": row["at"]}, {"how": how})
        begun = sessions.begin(store, connection, proof.account_id, how, source.token)
        connection.commit()
    drawn = proofs.new_token()
    device = source.device if known_device(store.vault, mark, source.device) else ""
    return SignedIn(begun, proof.account_id, device or f"{drawn}.{_device_proof(store.vault, mark, drawn)}")


def _used(store: Store, connection: Connection, proof: _Proof) -> bool:
    """Whether the paper code or the step of the authenticator was used before."""
    if proof.uses is not None:
        used = sa.select(SECRET_USED.c.secret_id).where(SECRET_USED.c.secret_id == proof.uses)
        return connection.scalar(used) is not None
    if "step" not in proof.told:
        return False
    since = instant(store.clock() - _TOTP_MEMORY)
    rows = connection.execute(
        sa.select(SIGN_IN).where(SIGN_IN.c.account_id == proof.account_id, SIGN_IN.c.at >= since)
    ).mappings()
    return any(opened_row(store.vault, SIGN_IN, dict(row)).get("step") == proof.told["step"] for row in rows)


def _told(secret: Secret | None, name: str) -> str | None:
    return None if secret is None else str(secret.told[name])


def _over(store: Store, secret: Secret) -> bool:
    return secret.until is not None and secret.until <= instant(store.clock())


def _standing(connection: Connection, secret: Secret | None) -> bool:
    """Whether the account of a secret is open; the same statement where there is none."""
    found = holders.standing_of(connection, "" if secret is None else secret.account_id)
    return found == "open"
