"""How does a test get an account, sign in with it, and move the clock?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyotp
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from registry.accounts import grants, holders, proofs, signing_in
from registry.accounts.grants import Proposal
from registry.accounts.holders import By
from registry.accounts.signing_in import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.accounts.signing_in import SignedIn
    from registry.store.engines import Store

PASSWORD = "correct horse 电池"
COUNTER = Source("10.0.0.1")
FIRST_DAY = "2016-01-01"


class Clock:
    """The store's clock of a test."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 26, 8, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        """What the store asks."""
        return self.now

    def on(self, **step: float) -> None:
        """Move it."""
        self.now += dt.timedelta(**step)


@dataclass
class Member:
    """A staff account with what its holder knows."""

    id: str
    login: str
    totp: str

    @property
    def by(self) -> By:
        """As who does something."""
        return By(self.id, self.login)

    def code(self, store: Store) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(self.totp).at(store.clock())

    def sign_in(self, store: Store, source: Source = COUNTER) -> SignedIn:
        """With everything right."""
        return signing_in.staff(store, self.login, PASSWORD, self.code(store), source)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[PasswordHash]:
    """argon2 at its smallest cost, for a test of rules is none of the hash; what the service hashes with is what it gives."""
    served = proofs._HASHER  # noqa: SLF001  (no password is hashed with it here)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(proofs, "_HASHER", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
        yield served


def member(store: Store, login: str, bureau: str = "农牧业局") -> Member:
    """A staff account without any role."""
    made = holders.open_staff(store, By("console-1", "张三"), login, PASSWORD, name="张晓梅", bureau=bureau)
    return Member(made.account_id, login, made.totp)


def founders(store: Store) -> tuple[Member, Member]:
    """The two administrators whom the console makes."""
    both = member(store, "admin-one"), member(store, "admin-two")
    for each in both:
        grants.found(store, ("张三", "李四"), each.id)
    return both


def granted(store: Store, both: tuple[Member, Member], account: str, role: str, **more: str) -> str:
    """A role that one administrator proposes and the other confirms."""
    wanted = {"valid_from": FIRST_DAY, "reason": "任命文件", **more}
    grant = grants.propose(store, both[0].by, account, Proposal(role, **wanted))
    grants.confirm(store, both[1].by, grant)
    return grant
