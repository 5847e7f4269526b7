"""Which tables, triggers and privileges does the register have, in one place?

Migrations create what stands here; a test compares each migrated database with it (design: no guard is ever lost).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from gis.storage import gpkg
from registry import (
    breaches,
    case_files,
    membership_queries,
    paid_exits,
    papers,
    particulars,
    parties,
    records,
    residence,
    same_person,
    waiting,
)
from registry.accounts import tables as accounts
from registry.benefits.model import BENEFIT
from registry.duties.model import DUTY
from registry.evidence.model import EVIDENCE
from registry.holding.model import HOLDING
from registry.ledger import tables as ledger_tables
from registry.ledger.chain import read_all_chains
from registry.looks.model import LOOK
from registry.membership.model import MEMBERSHIP
from registry.notices import model as notices
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION
from registry.rights import model as rights
from registry.rights.model import RIGHT
from registry.service_reports import tables as service_reports
from registry.store import guards_postgresql, guards_sqlite
from registry.store.among import among
from registry.store.asking import READS, Question, ask
from registry.store.engines import KEPT_WORDS
from registry.store.privileges import SESSIONS, Privileges, SessionName, plan
from registry.store.schema import METADATA
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Dialect

    from registry.ledger.nouns import Noun, Version

# Parcels and holdings before the rights that lie on them.
NOUNS: tuple[Noun, ...] = (PARCEL, HOLDING, RIGHT, RESTRICTION, DUTY, MEMBERSHIP, BENEFIT)
NOUN_OF_THING: dict[str, Noun] = {thing: noun for noun in NOUNS for thing in noun.things}

_WORDS_OF = Question(
    sa.select(ledger_tables.THING.c.id, ledger_tables.THING.c.thing).where(among(ledger_tables.THING.c.id, "things"))
)
_NEWEST_OF = Question(
    sa.select(ledger_tables.HEAD.c.thing_id, ledger_tables.HEAD.c.ver).where(among(ledger_tables.HEAD.c.thing_id, "things"))
)
_MOST_KEPT = 500_000
_LOG = ledger_tables.LEDGER_ENTRY.name
_ACT_TABLES = (rights.BA_UNIT, rights.ALLOTMENT_LINE, rights.ALLOTMENT_SEALED, paid_exits.PAID_EXIT)
_COMPARISONS = (rights.COMPARISON, rights.BOOK_COMPARISON)
_CHILDREN = tuple(child for noun in NOUNS for child in noun.children)
_STATUS_TABLES = (
    residence.HOUSEHOLD_EVENT,
    residence.EVENT_PERSON,
    residence.HUKOU_REGISTRATION,
    residence.RESIDENCE_PERMIT,
    residence.ACTUAL_RESIDENCE,
    membership_queries.MEMBERSHIP_QUERY,
    same_person.SAME_PERSON,
    particulars.PARTICULARS,
)
# What waits at the police desk, what a collective wrote back, whom bureaus serve: no event, so it cites none.
_WAITING_TABLES = (*waiting.TABLES, membership_queries.MEMBERSHIP_ANSWER, *service_reports.TABLES)
# Neither a right nor an event: what was delivered beside them, and what left the house with names in it.
_BESIDE_TABLES = records.TABLES
_EVIDENCE_TABLES = (EVIDENCE, *notices.TABLES)
_SHARED_TABLES = (parties.PARTY, parties.PERSON_IDENTITY, parties.ORGANISATION)

GUARDED = frozenset(
    {n.table.name for n in NOUNS}
    | {t.name for t in (*_CHILDREN, *_ACT_TABLES, *_COMPARISONS)}
    | {ledger_tables.THING.name, ledger_tables.HEAD.name, ledger_tables.ERASURE.name, ledger_tables.SOURCE.name}
    | {t.name for t in _BESIDE_TABLES}
    | {papers.PAPER.name}
    | {t.name for t in breaches.TABLES}
    | {t.name for t in case_files.TABLES}
    | {t.name for t in accounts.TABLES}
    | {t.name for t in _EVIDENCE_TABLES}
)
PRIVILEGES: dict[SessionName, Privileges] = plan(
    guarded=GUARDED,
    status=frozenset(t.name for t in (*_STATUS_TABLES, *_WAITING_TABLES)),
    shared=frozenset({t.name for t in _SHARED_TABLES} | {_LOG, ledger_tables.OPENING.name}),
    looks=frozenset({LOOK.name}),
)


def count_versions(connection: Connection) -> int:
    """How many versions of guarded things are stored: what a household event must leave as it is."""
    return sum(connection.scalar(sa.select(sa.func.count()).select_from(noun.table)) or 0 for noun in NOUNS)


def newest_versions(connection: Connection, things: Iterable[str]) -> dict[str, int]:
    """The number of the newest version of each of these things, of whatever sort; what is no thing is absent."""
    return dict[str, int](ask(connection, _NEWEST_OF, {"things": sorted(set(things))}))


def words_of(connection: Connection, things: Iterable[str]) -> dict[str, str]:
    """The thing word of each of these ids that the register knows. A word is never changed: it is asked for once."""
    wanted = set(things)
    options = connection.get_execution_options()
    kept: dict[str, str] = options.get(KEPT_WORDS, {})
    found = {thing: kept[thing] for thing in wanted if thing in kept}
    if fresh := sorted(wanted - found.keys()):
        found |= dict[str, str](ask(connection, _WORDS_OF, {"things": fresh}))
        if options.get(READS):  # what a session that writes sees may yet be undone
            if len(kept) > _MOST_KEPT:
                kept.clear()
            kept |= found
    return found


def heads(connection: Connection, things: Iterable[str]) -> dict[str, Version]:
    """The newest version of each of these things, of whatever sort; many at once. What is no thing is absent."""
    of_noun: dict[Noun, list[str]] = defaultdict(list)
    for thing, word in words_of(connection, things).items():
        of_noun[NOUN_OF_THING[word]].append(thing)
    return {
        thing: chain[-1]
        for chains in read_all_chains(connection, of_noun.items()).values()
        for thing, chain in chains.items()
        if chain  # a thing that this view does not show yet
    }


def tables() -> list[Table]:
    """Every table, a referenced one before the one that refers to it."""
    return list(METADATA.sorted_tables)


def tables_on_postgresql() -> list[Table]:
    """Those, and who looked, which on the embedded engine is a file of its own (`looks.model`)."""
    return [*tables(), LOOK]


def _key_test(table: Table) -> str:
    """Which row a replacing insert would overwrite: one with the same key, or the same value of a unique column."""
    key = tuple(column.name for column in table.primary_key.columns)
    others = [tuple(c.columns.keys()) for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    # A unique list that holds the whole key, or the list before it, finds no other row.
    uniques = [key]
    for names in sorted(others, key=lambda each: (len(each), each)):
        if not any(set(known) <= set(names) for known in uniques):
            uniques.append(names)
    return " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in names) + ")" for names in uniques)


def sqlite_statements() -> list[str]:
    """Everything that makes an embedded registry, in order, but the list of causes and what closes it."""
    dialect = sqlite.dialect()
    parcel = PARCEL.table.name
    out = [*gpkg.gpkg_sql(REGISTER_CRS), *_ddl(dialect)]
    out += gpkg.feature_table_sql(parcel, "geom", REGISTER_CRS, "地块 parcels, every version")
    out += gpkg.rtree_sql(parcel, "geom")
    out += guards_sqlite.ledger() + guards_sqlite.openings() + guards_sqlite.allotments()
    for noun in NOUNS:
        out += guards_sqlite.append_only(noun.table.name, session="desk", exists=_key_test(noun.table), keys=True)
        out += guards_sqlite.of_this_transaction(noun.table.name)
    for table in _CHILDREN:
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table))
        out += guards_sqlite.of_this_transaction(table.name)
    out += guards_sqlite.burden_lies_on_what_holds(RIGHT.table.name)
    for table in _ACT_TABLES:
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table), keys=True)
        out += guards_sqlite.of_this_transaction(table.name)
    out += guards_sqlite.append_only("erasure", session="desk", exists=_key_test(ledger_tables.ERASURE), keys=True)
    beside = (ledger_tables.SOURCE, *_COMPARISONS, papers.PAPER, *breaches.TABLES, *_EVIDENCE_TABLES)
    for table in (ledger_tables.THING, *beside):
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table))
    for table in _BESIDE_TABLES:
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table))
    out += _of_cases()
    for table in accounts.TABLES:  # that two people stand behind a grant rests on a key
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table), keys=True)
    out += guards_sqlite.append_only("head", session="desk", exists=_key_test(ledger_tables.HEAD), updates=True)
    out += guards_sqlite.append_only(
        "opening", session="desk|status", exists=_key_test(ledger_tables.OPENING), deletes=True
    )
    out += guards_sqlite.append_only(
        "state_buckets", session="owner|desk", exists=_key_test(ledger_tables.STATE_BUCKETS), updates=True
    )
    for table in _STATUS_TABLES:
        out += guards_sqlite.append_only(table.name, session="status", exists=_key_test(table), keys=True)
        out += guards_sqlite.event_rows(table.name)
    for table in _WAITING_TABLES:
        out += guards_sqlite.append_only(table.name, session="status", exists=_key_test(table), keys=True)
    for table in _SHARED_TABLES:
        out += guards_sqlite.append_only(table.name, session="desk|status", exists=_key_test(table))
    return out


def _of_cases() -> list[str]:
    out = []
    for table in case_files.TABLES:
        out += guards_sqlite.append_only(table.name, session="desk", exists=_key_test(table), keys=True)
        out += guards_sqlite.step_rows(table.name)
    return out


def postgresql_statements(prefix: str) -> list[str]:
    """Everything that makes a registry on PostGIS, in order, but the list of causes and what closes it."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    out = ["CREATE EXTENSION IF NOT EXISTS postgis", *_ddl(dialect), *guards_postgresql.functions()]
    append_only, over, before = (
        guards_postgresql.append_only,
        guards_postgresql.over_new_rows,
        guards_postgresql.before_each,
    )
    for table in tables_on_postgresql():
        if table.name == "lawful_cause":
            continue
        out += append_only(table.name, updates=table.name in {"head", "state_buckets"}, deletes=table.name == "opening")
    for table in tables():
        out += guards_postgresql.keys(table)
    out += before(_LOG, "guard_ledger_entry")
    for table in (*(n.table for n in NOUNS), *_CHILDREN, *_ACT_TABLES):
        out += over(table.name, "guard_own_transaction")
    out += over(RIGHT.table.name, "guard_burden")
    out += over("opening", "guard_opening_insert") + before("opening", "guard_opening_delete", "DELETE")
    out += before("erasure", "guard_erasure")
    out += over("allotment_line", "guard_allotment_line") + before("allotment_sealed", "guard_allotment_sealed")
    for table in _STATUS_TABLES:
        out += before(table.name, "guard_event_row")
    for table in case_files.TABLES:
        out += before(table.name, "guard_step_row")
    out += guards_postgresql.row_security(prefix)
    return out


def closing_statements(*, on_postgresql: bool) -> list[str]:
    """What makes the list of lawful causes take nothing more, after it was filled."""
    if not on_postgresql:
        return guards_sqlite.closed_list()
    return [
        "CREATE TRIGGER lawful_cause_is_closed BEFORE INSERT OR UPDATE OR DELETE ON lawful_cause "
        "FOR EACH ROW EXECUTE FUNCTION guard_refuses()",
        "CREATE TRIGGER lawful_cause_refuses_truncate BEFORE TRUNCATE ON lawful_cause "
        "FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses()",
    ]


def grants(prefix: str, database: str) -> list[str]:
    """The one table of privileges as GRANTs; roles are made by whoever makes the registry."""
    out = [
        f'REVOKE TEMP, CREATE ON DATABASE "{database}" FROM PUBLIC',
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
    ]
    for session in SESSIONS:
        role, may = f"{prefix}_{session}", PRIVILEGES[session]
        out += [
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
            *(f"GRANT INSERT ON {name} TO {role}" for name in sorted(may.insert)),
            *(f"GRANT UPDATE ON {name} TO {role}" for name in sorted(may.update)),
            *(f"GRANT DELETE ON {name} TO {role}" for name in sorted(may.delete)),
        ]
    out.append(f"GRANT USAGE ON SEQUENCE parcel_version_fid_seq TO {prefix}_desk")
    return out


def _ddl(dialect: Dialect) -> list[str]:
    out = []
    for table in tables_on_postgresql() if dialect.name == "postgresql" else tables():
        out.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        out += [
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda i: i.name or "")
            # A GiST index is PostgreSQL's: as a plain index over blobs it would only slow an import of parcels.
            if dialect.name == "postgresql" or not index.dialect_options["postgresql"]["using"]
        ]
    return out
