"""Which tables tell who may do what: accounts, their secrets, sessions, sign-ins and grants?

Every row only grows: what ends is said by a row of its own. Names, hashes and reasons are sealed, and the seal is bound to
the other columns of its row. A *mark* is a blind index: what was typed is found again by it and can't be read from it.
That two people stand behind a grant, a key, a subject or a sealed code is a constraint, not a habit of the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    select,
)

from registry.store.bulk import insert_rows
from registry.store.schema import METADATA, day_check
from registry.store.sealing import sealed_row
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

KINDS = ("staff", "person", "key")
WHATS = ("password", "totp", "card", "card-code", "key", "subject", "break-glass")
STEPS = ("locked", "unlocked", "closed")
HOWS = ("password", "oidc", "card", "break-glass")
ENDS = ("signed-out", "everywhere", "rotated")
OUTCOMES = ("good", "refused")


def _one_of(column: str, words: tuple[str, ...], name: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=name)


ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("mark", Bytes, nullable=False),
    Column("person_id", Words),
    Column("sealed", Bytes, nullable=False),
    UniqueConstraint("mark", name="account_has_its_own_name"),
    _one_of("kind", KINDS, "account_kind_is_known"),
    CheckConstraint("person_id IS NULL OR kind = 'person'", name="account_of_a_person_is_no_desk"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="account_is_of_a_person"),
)

SECRET = Table(
    "account_secret",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("account_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("mark", Bytes),
    Column("until", Words),
    Column("made_by", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    UniqueConstraint("id", "made_by", name="secret_has_one_maker"),
    _one_of("what", WHATS, "secret_is_of_a_known_kind"),
    CheckConstraint("what NOT IN ('card','card-code','key') OR until IS NOT NULL", name="card_and_key_run_out"),
    ForeignKeyConstraint(["account_id"], ["account.id"], name="secret_is_of_an_account"),
)
Index("account_secret_by_mark", SECRET.c.mark)
Index("account_secret_by_account", SECRET.c.account_id, SECRET.c.seq)

SECRET_CONFIRMED = Table(
    "account_secret_confirmed",
    METADATA,
    Column("secret_id", Words, primary_key=True),
    Column("made_by", Words, nullable=False),
    Column("confirmed_by", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("confirmed_by <> made_by", name="secret_is_confirmed_by_another"),
    ForeignKeyConstraint(
        ["secret_id", "made_by"], ["account_secret.id", "account_secret.made_by"], name="confirming_is_of_a_secret"
    ),
)

SECRET_USED = Table(
    "account_secret_used",
    METADATA,
    Column("secret_id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["secret_id"], ["account_secret.id"], name="use_is_of_a_secret"),
)

STEP = Table(
    "account_step",
    METADATA,
    Column("account_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("at", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("account_id", "seq"),
    _one_of("step", STEPS, "account_step_is_known"),
    ForeignKeyConstraint(["account_id"], ["account.id"], name="step_is_of_an_account"),
)

SESSION = Table(
    "account_session",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("account_id", Words, nullable=False),
    Column("token_hash", Bytes, nullable=False),
    Column("at", Words, nullable=False),
    Column("until", Words, nullable=False),
    Column("how", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    UniqueConstraint("token_hash", name="session_has_its_own_token"),
    CheckConstraint("length(token_hash) = 32", name="session_keeps_a_hash"),
    _one_of("how", HOWS, "session_says_how_it_began"),
    ForeignKeyConstraint(["account_id"], ["account.id"], name="session_is_of_an_account"),
)
Index("account_session_by_account", SESSION.c.account_id)

SESSION_ENDED = Table(
    "account_session_ended",
    METADATA,
    Column("session_id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    _one_of("why", ENDS, "session_end_has_a_known_reason"),
    ForeignKeyConstraint(["session_id"], ["account_session.id"], name="end_is_of_a_session"),
)

SIGN_IN = Table(
    "sign_in",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("mark", Bytes, nullable=False),
    Column("source", Bytes, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("account_id", Words),
    Column("sealed", Bytes, nullable=False),
    _one_of("outcome", OUTCOMES, "sign_in_went_one_way_or_the_other"),
    CheckConstraint("(outcome = 'good') = (account_id IS NOT NULL)", name="good_sign_in_names_its_account"),
    ForeignKeyConstraint(["account_id"], ["account.id"], name="sign_in_is_of_an_account"),
)
Index("sign_in_by_mark", SIGN_IN.c.mark, SIGN_IN.c.source, SIGN_IN.c.at)

GRANT = Table(
    "access_grant",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("account_id", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("town", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("valid_until", Day),
    Column("proposed_by", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    UniqueConstraint("id", "proposed_by", name="grant_has_one_proposer"),
    CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="grant_ends_after_it_begins"),
    CheckConstraint("role NOT IN ('counsel','surveyor') OR valid_until IS NOT NULL", name="order_and_job_run_out"),
    *day_check("access_grant", "valid_from", "valid_until"),
    ForeignKeyConstraint(["account_id"], ["account.id"], name="grant_is_to_an_account"),
)
Index("access_grant_by_account", GRANT.c.account_id)

GRANT_CONFIRMED = Table(
    "access_grant_confirmed",
    METADATA,
    Column("grant_id", Words, primary_key=True),
    Column("proposed_by", Words, nullable=False),
    Column("confirmed_by", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("confirmed_by <> proposed_by", name="grant_is_confirmed_by_another"),
    ForeignKeyConstraint(
        ["grant_id", "proposed_by"], ["access_grant.id", "access_grant.proposed_by"], name="confirming_is_of_a_grant"
    ),
)

GRANT_ENDED = Table(
    "access_grant_ended",
    METADATA,
    Column("grant_id", Words, primary_key=True),
    Column("ended_by", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["grant_id"], ["access_grant.id"], name="ending_is_of_a_grant"),
)
TABLES = (
    ACCOUNT, SECRET, SECRET_CONFIRMED, SECRET_USED, STEP, SESSION, SESSION_ENDED, SIGN_IN, GRANT, GRANT_CONFIRMED, GRANT_ENDED,
)  # fmt: skip


def newest_step(account_id: Column[str] | str) -> Select[str]:
    """The last step of an account, asked alone or within another question."""
    return select(STEP.c.step).where(STEP.c.account_id == account_id).order_by(STEP.c.seq.desc()).limit(1)


def enter(
    store: Store, connection: Connection, table: Table, row: Mapping[str, Any], told: Mapping[str, Any]
) -> dict[str, Any]:
    """Append a row with what it keeps sealed; a row of one id gets it here. Returns the row."""
    full = {"id": store.randomness.new_id(), **row} if "id" in table.columns else dict(row)
    sealed = sealed_row(store.vault, table, full, told, store.randomness.nonce())
    insert_rows(connection, table, [*full, "sealed"], [(*full.values(), sealed)])
    return full


def instant(moment: dt.datetime) -> str:
    """A moment of the store's clock as rows keep it: UTC, to the second; it sorts as it reads."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
