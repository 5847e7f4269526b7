"""What forms have questions and answers about who asks: sessions, accounts, grants, cards, keys?"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.asked import FIELDS
from api.v1.models import _Form

_LOGIN = Field(max_length=80, examples=["zhangxiaomei"])
_TYPED = 200
_NUMBER = Field(min_length=1, max_length=40, examples=[FIELDS["id_number"].example])
_REASON = Field(min_length=1, max_length=200, examples=["任命文件 2026 第 12 号"])
_DAY = r"^\d{4}-\d\d-\d\d$"
_ID = Field(pattern="^[0-9a-f]{32}$", examples=["01a214972b270a22b2143099b7c322c2"])


class SignIn(_Form):
    """A staff member: login, password, and the six digits of the authenticator."""

    login: str = _LOGIN
    password: str = Field(max_length=_TYPED, examples=["…"])
    code: str = Field(max_length=12, examples=["123456"])


class CardSignIn(_Form):
    """A person: ID number, a code of the paper card that was not used yet, and the PIN."""

    id_number: str = _NUMBER
    code: str = Field(max_length=40, examples=["A3C4-DE6F-GH7J"])
    pin: str = Field(max_length=12, examples=["482915"])


class SealedCode(_Form):
    """For a day on which nothing else works: the login, and the code out of the sealed envelope. It works once."""

    login: str = _LOGIN
    code: str = Field(max_length=40, examples=["A3C4-DE6F-GH7J"])


class NewPassword(_Form):
    """The present password, and the one that replaces it; every session ends."""

    old: str = Field(max_length=_TYPED, examples=["…"])
    new: str = Field(max_length=_TYPED, examples=["…"])


class Held(_Form):
    """A role that stands today."""

    role: str
    zh: str
    en: str
    town: str
    about: str


class Who(_Form):
    """Who asks: anybody, console (the token of the start), staff, person or key. `csrf` goes with every write by cookie."""

    kind: Literal["anybody", "console", "staff", "person", "key"]
    account: str
    name: str
    person: str | None
    roles: list[Held]
    until: str | None = None
    csrf: str | None = None


class Done(_Form):
    """Done; the id of what was made, where something was."""

    id: str | None = None


class AccountIn(_Form):
    """A new staff account. It may do nothing until a role is granted by two people."""

    login: str = _LOGIN
    password: str = Field(max_length=_TYPED, examples=["…"])
    name: str = Field(min_length=1, max_length=40, examples=["某某"])
    bureau: str = Field(min_length=1, max_length=40, examples=["农牧局"])


class AccountMade(_Form):
    """The account, and the secret for its authenticator: shown once."""

    account: str
    totp: str
    address: str


class Reset(_Form):
    """A new password, or a new secret for an authenticator; it counts once another administrator has confirmed it."""

    what: Literal["password", "totp"]
    password: str = Field(default="", max_length=_TYPED, examples=["…"])


class ResetMade(_Form):
    """Which secret another one confirms; `totp` is shown once."""

    secret: str
    totp: str
    address: str


class StepIn(_Form):
    """Lock, unlock or close an account, or end its sessions everywhere."""

    step: Literal["locked", "unlocked", "closed", "sessions-ended"]
    reason: str = _REASON


class AccountShown(_Form):
    """An account as administrators and auditors see it; a person's has no name here."""

    id: str
    kind: Literal["staff", "person", "key"]
    at: str
    login: str
    name: str
    bureau: str
    standing: Literal["open", "locked", "closed"]


class Waiting(_Form):
    """A secret that waits for its second person."""

    id: str
    account: str
    what: str
    made_by: str


class Accounts(_Form):
    """Every account, and what waits to be confirmed."""

    accounts: list[AccountShown]
    waiting: list[Waiting]


class GrantIn(_Form):
    """A role to be granted. `town`: a division code; `about`: a village's code, a job's, or a person's id."""

    account: str = _ID
    role: str = Field(max_length=40, examples=["agriculture"])
    town: str = Field(default="", max_length=12, examples=["150626100"])
    about: str = Field(default="", max_length=40, examples=["15062610021000"])
    valid_from: str = Field(pattern=_DAY, examples=["2026-12-01"])
    valid_until: str | None = Field(default=None, pattern=_DAY, examples=["2027-12-01"])
    reason: str = _REASON


class EndIn(_Form):
    """Why it ends."""

    reason: str = _REASON


class GrantShown(_Form):
    """A grant with who stands behind it."""

    id: str
    account: str
    role: str
    town: str
    about: str
    valid_from: str
    valid_until: str | None
    reason: str
    proposed_at: str
    proposed_by: str
    confirmed_by: str | None
    ended_at: str | None
    stands: bool


class Grants(_Form):
    """Every grant, oldest first."""

    grants: list[GrantShown]


class CardIn(_Form):
    """A person at the counter: their ID number, and the PIN that they type there themselves."""

    id_number: str = _NUMBER
    pin: str = Field(max_length=12, examples=["482915"])


class CardMade(_Form):
    """The codes of a card, shown once, to be printed for its holder. Any card before it has ended."""

    account: str
    codes: list[str]
    until: str


class KeyIn(_Form):
    """A key for an office's program: which actions on which columns (noun:action), and for how many days."""

    name: str = Field(max_length=80, examples=["exchange-desk"])
    bureau: str = Field(min_length=1, max_length=40, examples=["产权交易中心"])
    only: list[str] = Field(min_length=1, max_length=60, examples=[["contract-right:yes-no"]])
    days: int = Field(ge=1, le=3_660, examples=[180])


class SecretMade(_Form):
    """What is shown once, and the id under which another confirms it."""

    account: str
    secret: str
    shown: str


class SubjectIn(_Form):
    """Whom a provider (OIDC) means: its address, and the subject (`sub`) that it never gives to another."""

    issuer: str = Field(max_length=200, examples=["https://sso.example.cn"])
    subject: str = Field(min_length=1, max_length=200, examples=["248289761001"])


class RelativeIn(_Form):
    """亲情代办: a person at the counter names a relative, who has a card already."""

    person: str = _ID
    id_number: str = _NUMBER
    valid_until: str | None = Field(default=None, pattern=_DAY, examples=["2027-12-01"])
    reason: str = _REASON


class Relative(_Form):
    """Somebody who may look and apply for the person, and never consents for them."""

    grant: str
    since: str
    until: str | None
    confirmed: bool


class Relatives(_Form):
    """Who may look and apply for the person who asks."""

    relatives: list[Relative]
