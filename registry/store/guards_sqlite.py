"""Which triggers keep the embedded file append-only, and keep other programs from writing it?

Every guard calls `sanquan_session()`, which only our connections register: a program that opens the file and writes
gets "no such function" (QGIS, a script, a second connection attached). Who forces it is named by `sanquan audit`.
"""

from __future__ import annotations

# By name: left to itself SQLite walks the log backwards over all acts of the transaction (measured: 90 µs a row at 1,400).
_LAST_STATE = "(SELECT coalesce(max(idx),-1) FROM ledger_entry INDEXED BY ledger_entry_states WHERE cls='S')"
_KEYS_ON = "(SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1"


def append_only(
    table: str, *, session: str, exists: str, updates: bool = False, deletes: bool = False, keys: bool = False
) -> list[str]:
    """No UPDATE, no DELETE, no INSERT OR REPLACE over a row; `exists` finds the row that a replace would overwrite.

    A BEFORE DELETE trigger alone does not see INSERT OR REPLACE (tried): hence the test before each insert. `keys`: the
    table's promise rests on foreign keys, so a connection that switched them off is refused. It costs 7 µs a row, so
    lists and openings leave it to the version and the entry that they come with.
    """
    unkeyed = f"WHEN {_KEYS_ON} THEN RAISE(ABORT,'{table}: foreign keys are switched off') " if keys else ""
    allowed = " AND ".join(f"sanquan_session() IS NOT '{name}'" for name in session.split("|"))
    out = [
        f"CREATE TRIGGER {table}_refuses_replacing BEFORE INSERT ON {table} BEGIN SELECT CASE "
        f"WHEN {allowed} THEN RAISE(ABORT,'{table}: this session may not write here') "
        f"{unkeyed}WHEN EXISTS (SELECT 1 FROM {table} WHERE {exists}) "
        f"THEN RAISE(ABORT,'{table}: append-only, the row exists') END; END"
    ]
    if updates:
        out.append(
            f"CREATE TRIGGER {table}_updates_by_the_desk BEFORE UPDATE ON {table} BEGIN SELECT CASE "
            f"WHEN {allowed} THEN RAISE(ABORT,'{table}: this session may not write here') END; END"
        )
    else:
        out.append(
            f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT,'{table}: append-only, no row is ever updated'); END"
        )
    if not deletes:
        out.append(
            f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT,'{table}: append-only, no row is ever deleted'); END"
        )
    return out


def of_this_transaction(table: str) -> list[str]:
    """A version, and each line of its lists, cites an entry above the last state: one of its own transaction."""
    return [
        f"CREATE TRIGGER {table}_cites_its_own_transaction BEFORE INSERT ON {table} "
        f"WHEN NEW.cause_idx <= {_LAST_STATE} "
        f"BEGIN SELECT RAISE(ABORT,'{table}: an older entry can no longer be cited'); END"
    ]


def burden_lies_on_what_holds(table: str) -> list[str]:
    """A version made by a burden rests on the version in force on its first day, as known before its entry."""
    return [
        f"CREATE TRIGGER {table}_burden_lies_on_what_holds BEFORE INSERT ON {table} WHEN NEW.effect = 'follows' "
        f"AND NEW.base_ver IS NOT (SELECT max(b.ver) FROM {table} b WHERE b.thing_id = NEW.thing_id "
        "AND b.cause_idx < NEW.cause_idx AND b.valid_from <= NEW.valid_from "
        "AND (b.valid_to IS NULL OR b.valid_to > NEW.valid_from)) "
        f"BEGIN SELECT RAISE(ABORT,'{table}: a burden lies on the state in force on its first day'); END"
    ]


def ledger() -> list[str]:
    """The log: numbered without gap, columns equal to the leaf, events without versions and with the last state."""
    return [
        "CREATE TRIGGER ledger_entry_is_next BEFORE INSERT ON ledger_entry BEGIN SELECT CASE "
        f"WHEN {_KEYS_ON} THEN RAISE(ABORT,'ledger_entry: foreign keys are switched off') "
        "WHEN NEW.idx IS NOT (SELECT coalesce(max(idx),-1)+1 FROM ledger_entry) "
        "THEN RAISE(ABORT,'ledger_entry: entries are numbered without gap and never replaced') "
        "WHEN NEW.cls IS 'H' AND sanquan_session() IS NOT 'status' "
        "THEN RAISE(ABORT,'ledger_entry: only the status session appends an event') "
        "WHEN NEW.cls IS NOT 'H' AND sanquan_session() IS NOT 'desk' "
        "THEN RAISE(ABORT,'ledger_entry: only the desk session appends this class') "
        "WHEN json_extract(NEW.leaf,'$.cls') IS NOT NEW.cls THEN RAISE(ABORT,'ledger_entry: class differs from the leaf') "
        "WHEN NEW.cls = 'R' AND json_extract(NEW.leaf,'$.kind') IS NOT NEW.kind "
        "THEN RAISE(ABORT,'ledger_entry: kind differs from the leaf') "
        "WHEN NEW.leaf_hash IS NOT sanquan_leaf_hash(NEW.leaf) THEN RAISE(ABORT,'ledger_entry: hash differs from the leaf') "
        "WHEN NEW.cls IN ('H','C') AND json_extract(NEW.leaf,'$.rv') IS NOT '[]' "
        "THEN RAISE(ABORT,'ledger_entry: an event carries no version') "
        "WHEN NEW.recorded_at < (SELECT recorded_at FROM ledger_entry WHERE idx = NEW.idx - 1) "
        "THEN RAISE(ABORT,'ledger_entry: time never goes back') "
        "WHEN NEW.cls = 'H' AND json_extract(NEW.leaf,'$.st') IS NOT "
        f"(SELECT json_extract(leaf,'$.st') FROM ledger_entry WHERE idx = {_LAST_STATE}) "
        "THEN RAISE(ABORT,'ledger_entry: an event repeats the last state') "
        f"WHEN NEW.cls = 'H' AND EXISTS (SELECT 1 FROM ledger_entry WHERE idx > {_LAST_STATE} AND cls = 'R') "
        "THEN RAISE(ABORT,'ledger_entry: an event never shares a transaction with an act') END; END",
        "CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT,'ledger_entry: append-only, no entry is ever updated'); END",
        "CREATE TRIGGER ledger_entry_refuses_delete BEFORE DELETE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT,'ledger_entry: append-only, no entry is ever deleted'); END",
    ]


def openings() -> list[str]:
    """The one table from which a row may go, and only with an erasure that the log shows."""
    return [
        "CREATE TRIGGER opening_stays_erased BEFORE INSERT ON opening "
        "WHEN EXISTS (SELECT 1 FROM erasure WHERE subject = NEW.subject AND path = NEW.path) "
        "BEGIN SELECT RAISE(ABORT,'opening: this value was erased'); END",
        "CREATE TRIGGER opening_goes_only_by_erasure BEFORE DELETE ON opening "
        "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE subject = OLD.subject AND path = OLD.path "
        f"AND entry_idx > {_LAST_STATE}) "
        "BEGIN SELECT RAISE(ABORT,'opening: goes only with an erasure on the log'); END",
        "CREATE TRIGGER erasure_is_fresh BEFORE INSERT ON erasure "
        f"WHEN NEW.entry_idx <= {_LAST_STATE} BEGIN SELECT RAISE(ABORT,'erasure: cites an older entry'); END",
    ]


def allotments() -> list[str]:
    """Shares are exact: over a common denominator they make one, and a sealed allotment takes no further line."""
    return [
        "CREATE TRIGGER allotment_line_comes_before_the_seal BEFORE INSERT ON allotment_line "
        "WHEN EXISTS (SELECT 1 FROM allotment_sealed WHERE allotment_id = NEW.allotment_id) "
        "BEGIN SELECT RAISE(ABORT,'allotment_line: the allotment is sealed'); END",
        "CREATE TRIGGER allotment_makes_one BEFORE INSERT ON allotment_sealed BEGIN SELECT CASE "
        "WHEN EXISTS (SELECT 1 FROM allotment_line WHERE allotment_id = NEW.allotment_id "
        "AND (NEW.common % denominator <> 0 OR cause_idx <> NEW.cause_idx)) "
        "THEN RAISE(ABORT,'allotment_sealed: not a common denominator of lines of one entry') "
        "WHEN (SELECT sum(numerator * (NEW.common / denominator)) FROM allotment_line "
        "WHERE allotment_id = NEW.allotment_id) IS NOT NEW.common "
        "THEN RAISE(ABORT,'allotment_sealed: the shares do not make one') END; END",
    ]


def event_rows(table: str) -> list[str]:
    """A status row cites the event being recorded: the last entry of the log."""
    return [
        f"CREATE TRIGGER {table}_cites_the_event_being_recorded BEFORE INSERT ON {table} "
        "WHEN NEW.event_idx IS NOT (SELECT max(idx) FROM ledger_entry) "
        f"BEGIN SELECT RAISE(ABORT,'{table}: cites another event'); END"
    ]


def step_rows(table: str) -> list[str]:
    """A case, and each of its steps, cites the step being recorded: the last entry of the log."""
    return [
        f"CREATE TRIGGER {table}_cites_the_step_being_recorded BEFORE INSERT ON {table} "
        "WHEN NEW.entry_idx IS NOT (SELECT max(idx) FROM ledger_entry) "
        f"BEGIN SELECT RAISE(ABORT,'{table}: cites another step'); END"
    ]


def closed_list() -> list[str]:
    """The list of lawful causes is filled by a migration and then takes nothing."""
    return [
        "CREATE TRIGGER lawful_cause_is_closed BEFORE INSERT ON lawful_cause "
        "BEGIN SELECT RAISE(ABORT,'lawful_cause: the list is closed'); END",
        "CREATE TRIGGER lawful_cause_refuses_update BEFORE UPDATE ON lawful_cause "
        "BEGIN SELECT RAISE(ABORT,'lawful_cause: the list is closed'); END",
        "CREATE TRIGGER lawful_cause_refuses_delete BEFORE DELETE ON lawful_cause "
        "BEGIN SELECT RAISE(ABORT,'lawful_cause: the list is closed'); END",
    ]
