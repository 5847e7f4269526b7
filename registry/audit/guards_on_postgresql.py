"""Which triggers, functions, policies, keys, roles and grants stand on PostgreSQL, beside those that are declared?

PostgreSQL keeps what it understood, not what it was told. So each trigger is compared as it tells it back, with its
state; each function by its body and settings; each policy, constraint, role and grant by what it allows.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from registry import catalogue
from registry.store.privileges import SESSIONS
from registry.store.schema import references

if TYPE_CHECKING:
    from sqlalchemy import Constraint
    from sqlalchemy.engine import Connection

Objects = dict[tuple[str, str], str]
"""(what it is, its name) to what it says, in words that can be compared."""

_FUNCTION: Final = re.compile(
    r"CREATE FUNCTION (\w+)\(\) RETURNS trigger LANGUAGE plpgsql (SET .*) AS \$guard\$(.*)\$guard\$", re.DOTALL
)
_TRIGGER: Final = re.compile(r"CREATE TRIGGER (\w+) .* ON (\w+) ", re.DOTALL)
_POLICY: Final = re.compile(
    r"CREATE POLICY (\w+) ON (\w+) FOR (\w+)(?: TO (\w+))?(?: USING \((.*)\))?(?: WITH CHECK \((.*)\))?$"
)


@cache
def declared(roles: str) -> Objects:
    """What the catalogue declares for a registry whose roles begin so. Not to be altered."""
    objects: Objects = {}
    statements = (*catalogue.postgresql_statements(roles), *catalogue.closing_statements(on_postgresql=True))
    for statement in statements:
        if made := _FUNCTION.match(statement):
            objects["function", made[1]] = f"{made[3].strip()} {_settings(made[2])}"
        elif made := _TRIGGER.match(statement):
            objects["trigger", f"{made[2]}.{made[1]}"] = f"O {_verbs_in_order(statement)}"
        elif made := _POLICY.match(statement):
            name, table, verb, role, using, check = made.groups()
            objects["policy", f"{table}.{name}"] = _policy(verb, role or "public", using, check)
    for table in catalogue.tables_on_postgresql():
        secured = "on" if f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY" in statements else "off"
        objects["table", table.name] = f"row security {secured}"
        for constraint in table.constraints:
            name = str(constraint.name or _given_name(constraint))
            # Days are DATEs here, and references are triggers.
            if not name.endswith("_is_a_day") and constraint not in references(table):
                objects["constraint", f"{table.name}.{name}"] = "valid"
    for session in SESSIONS:
        role = f"{roles}_{session}"
        objects["role", role] = ""
        for table in catalogue.tables_on_postgresql():
            objects["grant", f"{role}.{table.name}"] = " ".join(_granted(table.name, session))
    return objects


def _given_name(constraint: Constraint) -> str:
    """What PostgreSQL calls a constraint that was declared without a name."""
    if isinstance(constraint, PrimaryKeyConstraint):
        return f"{constraint.table.name}_pkey"
    columns = constraint.columns if isinstance(constraint, UniqueConstraint) else ()
    return "_".join([constraint.parent.name, *(column.name for column in columns), "key"])


def _granted(table: str, session: Any) -> list[str]:  # noqa: ANN401  (a session's name)
    may = catalogue.PRIVILEGES[session]
    verbs = {"DELETE": may.delete, "INSERT": may.insert, "UPDATE": may.update}
    return sorted(["SELECT", *(verb for verb, tables in verbs.items() if table in tables)])


def _settings(clauses: str) -> str:
    """What a function sets while it runs, as PostgreSQL keeps it: "SET a = b SET c = d" is "a=b c=d"."""
    return clauses.removeprefix("SET ").replace(" SET ", " ").replace(" = ", "=")


def _verbs_in_order(statement: str) -> str:
    """The declaration as PostgreSQL tells it back: verbs in its own order, one space between words."""
    words = " ".join(statement.split())
    head, _, tail = words.partition(" ON ")
    before, moment, verbs = re.split(r" (BEFORE|AFTER) ", head)
    order = [verb for verb in ("INSERT", "DELETE", "UPDATE", "TRUNCATE") if verb in verbs.split(" OR ")]
    return f"{before} {moment} {' OR '.join(order)} ON {tail}"


def _policy(verb: str, role: str, using: str | None, check: str | None) -> str:
    return f"{verb} {role} using {_bare(using)} check {_bare(check)}"


def _bare(condition: str | None) -> str:
    return re.sub(r"::text|[()]", "", condition or "")


def found(connection: Connection, roles: str) -> Objects:
    """What stands in the database."""
    objects: Objects = {}
    names = {"roles": [f"{roles}_{session}" for session in SESSIONS]}
    for kind, query in _QUERIES.items():
        for name, text in connection.execute(sa.text(_OURS + query), names if ":roles" in query else {}):
            objects[kind, name] = text
    for table, name, verb, role, using, check in connection.execute(sa.text(_POLICIES)):
        objects["policy", f"{table}.{name}"] = _policy(verb, role, using, check)
    for role, table, verbs in connection.execute(sa.text(_OURS + _GRANTS), names):
        objects["grant", f"{role}.{table}"] = verbs
    return objects


# What an extension owns (spatial_ref_sys) is PostGIS's, alembic_version is Alembic's.
_OURS: Final = """
    WITH ours AS (
        SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relacl, c.relowner FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
"""
_QUERIES: Final = {
    "table": """
        SELECT relname, 'row security ' || CASE WHEN relrowsecurity THEN 'on' ELSE 'off' END
        FROM ours WHERE relkind IN ('r','p','f')""",
    "view": "SELECT relname, '' FROM ours WHERE relkind IN ('v','m')",
    "rule": """
        SELECT o.relname || '.' || r.rulename, '' FROM pg_rewrite r JOIN ours o ON o.oid = r.ev_class
        WHERE o.relkind IN ('r','p')""",
    "function": """
        SELECT p.proname, trim(p.prosrc) || ' ' || coalesce(array_to_string(p.proconfig, ' '), '')
            || CASE WHEN p.prosecdef THEN ' as its owner' ELSE '' END
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "trigger": """
        SELECT o.relname || '.' || t.tgname, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid, true)
        FROM pg_trigger t JOIN ours o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal""",
    # the triggers behind a foreign key: none may be switched off
    "key trigger": """
        SELECT o.relname || '.' || t.tgname, t.tgenabled::text
        FROM pg_trigger t JOIN ours o ON o.oid = t.tgrelid WHERE t.tgisinternal AND t.tgenabled <> 'O'""",
    "constraint": """
        SELECT o.relname || '.' || k.conname, CASE WHEN k.convalidated THEN 'valid' ELSE 'not checked' END
        FROM pg_constraint k JOIN ours o ON o.oid = k.conrelid WHERE k.contype <> 't'""",
    "event trigger": "SELECT evtname, '' FROM pg_event_trigger",
    "role": """
        SELECT r.rolname, concat_ws(' ',
            CASE WHEN r.rolsuper THEN 'superuser' END,
            CASE WHEN r.rolbypassrls THEN 'bypasses row security' END,
            CASE WHEN r.rolcreaterole THEN 'makes roles' END,
            CASE WHEN r.rolreplication THEN 'replicates' END,
            (SELECT 'is a member of ' || string_agg(m.roleid::regrole::text, ' ')
                FROM pg_auth_members m WHERE m.member = r.oid),
            (SELECT array_to_string(s.setconfig, ' ') FROM pg_db_role_setting s WHERE s.setrole = r.oid LIMIT 1))
        FROM pg_roles r WHERE r.rolname = ANY(:roles)""",
}
_POLICIES: Final = """
    SELECT tablename, policyname, cmd, array_to_string(roles, ' '), qual, with_check
    FROM pg_policies WHERE schemaname = 'public'"""
# What each role may do to each table, then whoever else was granted anything.
_GRANTS: Final = """
    SELECT r.rolname, o.relname, concat_ws(' ',
        CASE WHEN has_table_privilege(r.oid, o.oid, 'DELETE') THEN 'DELETE' END,
        CASE WHEN has_any_column_privilege(r.oid, o.oid, 'INSERT') THEN 'INSERT' END,
        CASE WHEN has_any_column_privilege(r.oid, o.oid, 'SELECT') THEN 'SELECT' END,
        CASE WHEN has_table_privilege(r.oid, o.oid, 'TRIGGER') THEN 'TRIGGER' END,
        CASE WHEN has_table_privilege(r.oid, o.oid, 'TRUNCATE') THEN 'TRUNCATE' END,
        CASE WHEN has_any_column_privilege(r.oid, o.oid, 'UPDATE') THEN 'UPDATE' END)
    FROM pg_roles r, ours o WHERE r.rolname = ANY(:roles) AND o.relkind IN ('r','p','f')
    UNION ALL
    SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, o.relname,
        string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type)
    FROM ours o, aclexplode(o.relacl) a WHERE o.relkind IN ('r','p','f') AND a.grantee <> o.relowner
    AND NOT EXISTS (SELECT 1 FROM pg_roles r WHERE r.oid = a.grantee AND r.rolname = ANY(:roles))
    GROUP BY 1, 2"""
