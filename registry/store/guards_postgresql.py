"""Which functions, triggers and policies keep PostgreSQL append-only, also against TRUNCATE and COPY?

Every function has SET search_path = pg_catalog, public, pg_temp: a TEMP table named ledger_entry would otherwise shadow
the one that a guard reads (tried). Guards of long tables run once a statement, over its new rows: COPY fires them too.
"""

from __future__ import annotations

_PATH = "SET search_path = pg_catalog, public, pg_temp"
_LAST_STATE = "(SELECT coalesce(max(idx),-1) FROM ledger_entry WHERE cls='S')"


def _function(name: str, body: str, declare: str = "") -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {_PATH} AS $guard$ {declare} BEGIN {body} END $guard$"


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


def over_new_rows(table: str, function: str) -> list[str]:
    """A guard over all rows of one INSERT or COPY."""
    return [
        f"CREATE TRIGGER {table}_{function} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ]


def before_each(table: str, function: str, verb: str = "INSERT") -> list[str]:
    """A guard before each row."""
    return [f"CREATE TRIGGER {table}_{function} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"]


def row_security(prefix: str) -> list[str]:
    """Which class a role may append: lock 3 in the values, where a grant sees only tables."""
    return [
        "ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY everybody_reads ON ledger_entry FOR SELECT USING (true)",
        f"CREATE POLICY desk_appends_no_event ON ledger_entry FOR INSERT TO {prefix}_desk WITH CHECK (cls <> 'H')",
        f"CREATE POLICY status_appends_events_only ON ledger_entry FOR INSERT TO {prefix}_status WITH CHECK (cls = 'H')",
    ]
