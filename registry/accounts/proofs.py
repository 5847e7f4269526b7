"""Is what somebody typed the secret that was set: password, TOTP, PIN, paper code, token?

Passwords and PINs are kept as argon2id hashes. What is drawn by us and long (tokens, codes) is kept as a digest: argon2
would protect nothing there. Whoever is unknown is measured against a hash of nothing, so that the work is the same.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from registry.accounts.refusals import WeakSecretError

_LOGIN = re.compile(r"[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]{1,39}")
_LONGEST_PASSWORD = 200
_PIN = re.compile(r"[0-9]{6}")
_RUNS = "01234567890", "09876543210"
# Letters and digits that no hand and no eye mistakes: no 0 O, 1 I L, 5 S, 2 Z, 8 B.
_ALPHABET = "346789ACDEFGHJKMNPQRTUVWXY"
_CODE_LENGTH = 12
_HASHER = PasswordHash((Argon2Hasher(),))
_STEP_S = 30
KEY_PREFIX = "sqk_"


def hashed(secret: str) -> str:
    """The argon2id hash of a password or PIN."""
    return _HASHER.hash(secret)


def matches(secret: str, kept: str | None) -> bool:
    """Whether this is the secret; one argon2 whatever is kept, also where nothing is."""
    return _HASHER.verify(secret[:_LONGEST_PASSWORD], kept or nothing()) and kept is not None


@cache
def nothing() -> str:
    """A hash that no secret fits: what the unknown are measured against."""
    return hashed(secrets.token_hex(16))


def checked_login(login: str, least: int) -> str:
    """A login as it is kept: without blanks, small letters. WeakSecretError."""
    if not _LOGIN.fullmatch(login.strip()):
        raise WeakSecretError(least)
    return known_login(login)


def known_login(login: str) -> str:
    """A login as it is looked up."""
    return login.strip().lower()[:80]


def checked_password(password: str, login: str, least: int) -> str:
    """A password fit to be one. WeakSecretError."""
    if not least <= len(password) <= _LONGEST_PASSWORD or login in password.lower() or len(set(password)) < least // 2:
        raise WeakSecretError(least)
    return password


def checked_pin(pin: str, number: str, least: int) -> str:
    """A PIN that nobody would try first. WeakSecretError."""
    is_run = any(pin in run for run in _RUNS)
    if not _PIN.fullmatch(pin) or len(set(pin)) == 1 or is_run or pin in number:
        raise WeakSecretError(least)
    return pin


def new_totp() -> str:
    """A secret for an authenticator, base32."""
    return pyotp.random_base32()


def totp_address(secret: str, login: str) -> str:
    """The address (otpauth:) that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="三权 Sanquan")


def totp_step(secret: str | None, code: str, now_s: float) -> int | None:
    """The step of time whose code this is: the present one or a neighbour. None where it is none of them."""
    totp = pyotp.TOTP(secret or "A" * 32)
    step = int(now_s) // _STEP_S
    fits = [each for each in (step - 1, step, step + 1) if hmac.compare_digest(totp.at(each * _STEP_S), code.strip()[:12])]
    return fits[0] if fits and secret is not None else None


def new_code() -> str:
    """A code for paper, in groups of four: 56 bits."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(drawn[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def known_code(code: str) -> str:
    """A code as it is looked up: blanks, strokes and the case of letters don't matter."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[:40]


def new_token(prefix: str = "") -> str:
    """A token of 256 bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def csrf(token: str) -> str:
    """What a page must send back with a cookie: made of the token, so nothing more is kept."""
    return hmac.digest(token.encode(), b"sanquan csrf", hashlib.sha256).hex()[:32]
