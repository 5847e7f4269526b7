"""Which functions, triggers and policies keep PostgreSQL append-only, also against TRUNCATE and COPY?

Every function has SET search_path = pg_catalog, public, pg_temp: a TEMP table named ledger_entry would otherwise shadow
the one that a guard reads (tried). Guards of long tables run once a statement, over its new rows: COPY fires them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.store.schema import references

if TYPE_CHECKING:
    from sqlalchemy import ForeignKeyConstraint, Table

_PATH = "SET search_path = pg_catalog, public, pg_temp"
_LAST_STATE = "(SELECT coalesce(max(idx),-1) FROM ledger_entry WHERE cls='S')"

# A plan is kept for the session. Made while a table is small it would read the whole of it for each row ever after, and
# made for 3,000 new rows it would read it for one: an index answers both.
_BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"


def _function(name: str, body: str, declare: str = "", settings: str = _PATH) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {settings} AS $guard$ {declare} BEGIN {body} END $guard$"


def functions() -> list[str]:
    """The guards, to be attached by the functions below."""
    return [
        _function(
            "guard_refuses",
            "RAISE EXCEPTION '%: append-only, no row is ever changed or removed', TG_TABLE_NAME USING ERRCODE = '23001';",
        ),
        _function(
            "guard_own_transaction",
            f"IF EXISTS (SELECT 1 FROM fresh WHERE cause_idx <= {_LAST_STATE}) THEN "
            "RAISE EXCEPTION '%: an older entry can no longer be cited', TG_TABLE_NAME USING ERRCODE = '23001'; END IF; "
            "RETURN NULL;",
        ),
        _function(
            "guard_burden",
            "IF EXISTS (SELECT 1 FROM fresh f WHERE f.effect = 'follows' AND f.base_ver IS DISTINCT FROM "
            "(SELECT max(b.ver) FROM right_version b WHERE b.thing_id = f.thing_id AND b.cause_idx < f.cause_idx "
            "AND b.valid_from <= f.valid_from AND (b.valid_to IS NULL OR b.valid_to > f.valid_from))) THEN "
            "RAISE EXCEPTION 'right_version: a burden lies on the state in force on its first day' "
            "USING ERRCODE = '23001'; END IF; RETURN NULL;",
        ),
        _function(
            "guard_ledger_entry",
            "entry := NEW.leaf::jsonb; "
            f"last_state := {_LAST_STATE}; "
            "IF NEW.idx IS DISTINCT FROM (SELECT coalesce(max(idx),-1)+1 FROM ledger_entry) THEN "
            "RAISE EXCEPTION 'ledger_entry: entries are numbered without gap' USING ERRCODE = '23001'; END IF; "
            "IF (entry->>'cls') IS DISTINCT FROM NEW.cls THEN "
            "RAISE EXCEPTION 'ledger_entry: class differs from the leaf' USING ERRCODE = '23001'; END IF; "
            "IF NEW.cls = 'R' AND (entry->>'kind') IS DISTINCT FROM NEW.kind THEN "
            "RAISE EXCEPTION 'ledger_entry: kind differs from the leaf' USING ERRCODE = '23001'; END IF; "
            "IF NEW.leaf_hash IS DISTINCT FROM sha256('\\x00'::bytea || convert_to(NEW.leaf,'UTF8')) THEN "
            "RAISE EXCEPTION 'ledger_entry: hash differs from the leaf' USING ERRCODE = '23001'; END IF; "
            "IF NEW.cls IN ('H','C') AND (entry->'rv') IS DISTINCT FROM '[]'::jsonb THEN "
            "RAISE EXCEPTION 'ledger_entry: an event carries no version' USING ERRCODE = '23001'; END IF; "
            "IF NEW.recorded_at < (SELECT recorded_at FROM ledger_entry WHERE idx = NEW.idx - 1) THEN "
            "RAISE EXCEPTION 'ledger_entry: time never goes back' USING ERRCODE = '23001'; END IF; "
            "IF NEW.cls = 'H' AND ((entry->>'st') IS DISTINCT FROM "
            "(SELECT leaf::jsonb->>'st' FROM ledger_entry WHERE idx = last_state) "
            "OR EXISTS (SELECT 1 FROM ledger_entry WHERE idx > last_state AND cls = 'R')) THEN "
            "RAISE EXCEPTION 'ledger_entry: an event repeats the last state and shares no transaction with an act' "
            "USING ERRCODE = '23001'; END IF; RETURN NEW;",
            "DECLARE entry jsonb; last_state bigint;",
        ),
        _function(
            "guard_opening_insert",
            "IF EXISTS (SELECT 1 FROM fresh JOIN erasure USING (subject, path)) THEN "
            "RAISE EXCEPTION 'opening: this value was erased' USING ERRCODE = '23001'; END IF; RETURN NULL;",
        ),
        _function(
            "guard_opening_delete",
            "IF NOT EXISTS (SELECT 1 FROM erasure WHERE subject = OLD.subject AND path = OLD.path "
            f"AND entry_idx > {_LAST_STATE}) THEN "
            "RAISE EXCEPTION 'opening: goes only with an erasure on the log' USING ERRCODE = '23001'; END IF; RETURN OLD;",
        ),
        _function(
            "guard_erasure",
            f"IF NEW.entry_idx <= {_LAST_STATE} THEN "
            "RAISE EXCEPTION 'erasure: cites an older entry' USING ERRCODE = '23001'; END IF; RETURN NEW;",
        ),
        _function(
            "guard_allotment_line",
            "IF EXISTS (SELECT 1 FROM fresh JOIN allotment_sealed USING (allotment_id)) THEN "
            "RAISE EXCEPTION 'allotment_line: the allotment is sealed' USING ERRCODE = '23001'; END IF; RETURN NULL;",
        ),
        _function(
            "guard_allotment_sealed",
            "IF EXISTS (SELECT 1 FROM allotment_line WHERE allotment_id = NEW.allotment_id "
            "AND (NEW.common % denominator <> 0 OR cause_idx <> NEW.cause_idx)) OR "
            "(SELECT sum(numerator * (NEW.common / denominator)) FROM allotment_line "
            "WHERE allotment_id = NEW.allotment_id) IS DISTINCT FROM NEW.common THEN "
            "RAISE EXCEPTION 'allotment_sealed: the shares do not make one' USING ERRCODE = '23001'; END IF; RETURN NEW;",
        ),
        _function(
            "guard_event_row",
            "IF NEW.event_idx IS DISTINCT FROM (SELECT max(idx) FROM ledger_entry) THEN "
            "RAISE EXCEPTION '%: cites another event', TG_TABLE_NAME USING ERRCODE = '23001'; END IF; RETURN NEW;",
        ),
        _function(
            "guard_step_row",
            "IF NEW.entry_idx IS DISTINCT FROM (SELECT max(idx) FROM ledger_entry) THEN "
            "RAISE EXCEPTION '%: cites another step', TG_TABLE_NAME USING ERRCODE = '23001'; END IF; RETURN NEW;",
        ),
    ]


def append_only(table: str, *, updates: bool = False, deletes: bool = False) -> list[str]:
    """No UPDATE, no DELETE, no TRUNCATE, whoever asks (privileges refuse most of them before)."""
    verbs = " OR ".join(verb for verb, allowed in (("UPDATE", updates), ("DELETE", deletes)) if not allowed)
    out = [
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses()"
    ]
    if verbs:
        out.append(
            f"CREATE TRIGGER {table}_refuses_change BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION guard_refuses()"
        )
    return out


def over_new_rows(table: str, function: str, name: str = "") -> list[str]:
    """A guard over all rows of one INSERT or COPY, named after table and function unless it has a name."""
    return [
        f"CREATE TRIGGER {name or f'{table}_{function}'} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ]


def before_each(table: str, function: str, verb: str = "INSERT") -> list[str]:
    """A guard before each row."""
    return [f"CREATE TRIGGER {table}_{function} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"]


def keys(table: Table) -> list[str]:
    """The keys that are asked once a statement (`schema.reference`): a function and a trigger each, named as the key.

    No row that is cited is locked, as a foreign key would: it can't go. Every table cited refuses UPDATE, DELETE and
    TRUNCATE; a row of another transaction is seen only after its COMMIT; and what a savepoint takes back takes along
    whatever was written after it.
    """
    out = []
    for key in references(table):
        out += [_key_function(key), *over_new_rows(table.name, str(key.name), str(key.name))]
    return out


def _key_function(key: ForeignKeyConstraint) -> str:
    cited = key.referred_table.name
    pairs = [(element.parent, element.column.name) for element in key.elements]
    # MATCH SIMPLE, as a foreign key: a NULL cites nothing.
    given = [f"here.{ours.name} IS NOT NULL" for ours, _ in pairs if ours.nullable]
    same = " AND ".join(f"there.{theirs} = here.{ours.name}" for ours, theirs in pairs)
    where = " AND ".join([*given, f"NOT EXISTS (SELECT 1 FROM {cited} AS there WHERE {same})"])
    shown = f"({', '.join(ours.name for ours, _ in pairs)}) REFERENCES {cited} ({', '.join(theirs for _, theirs in pairs)})"
    return _function(
        str(key.name),
        f"/* FOREIGN KEY {shown} */ IF EXISTS (SELECT 1 FROM fresh AS here WHERE {where}) THEN "
        "RAISE EXCEPTION 'insert on table \"%\" violates foreign key constraint \"%\"', TG_TABLE_NAME, TG_NAME "
        "USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME; "
        "END IF; RETURN NULL;",
        settings=f"{_PATH} {_BY_INDEX}",
    )


def row_security(prefix: str) -> list[str]:
    """Which class a role may append: lock 3 in the values, where a grant sees only tables."""
    return [
        "ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY everybody_reads ON ledger_entry FOR SELECT USING (true)",
        f"CREATE POLICY desk_appends_no_event ON ledger_entry FOR INSERT TO {prefix}_desk WITH CHECK (cls <> 'H')",
        f"CREATE POLICY status_appends_events_only ON ledger_entry FOR INSERT TO {prefix}_status WITH CHECK (cls = 'H')",
    ]
