"""Write migration 0001's frozen statements from the declared schema. Run once, before the first release only.

Afterwards a change of the schema is a migration of its own, and a test compares the migrated database with what is
declared.
"""

from __future__ import annotations

from pathlib import Path

from registry import catalogue
from registry.law.causes import lawful_causes
from registry.ledger.state_map import full_root

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


def main() -> None:
    """Write one file an engine."""
    roots, _ = full_root([])
    for engine in ("sqlite", "postgresql"):
        on_postgresql = engine == "postgresql"
        statements = catalogue.postgresql_statements("{roles}") if on_postgresql else catalogue.sqlite_statements()
        statements += [_cause_insert(), *_parts(bytes(roots), on_postgresql=on_postgresql)]
        statements += catalogue.closing_statements(on_postgresql=on_postgresql)
        text = ";;\n".join(statement.strip() for statement in statements) + ";;\n"
        (VERSIONS / f"0001_{engine}.sql").write_text(text, encoding="utf-8")


def _cause_insert() -> str:
    rows = ",\n".join(
        "("
        + ", ".join(
            (
                _text(c.thing),
                _text(c.kind),
                _text(c.in_force_from.isoformat()),
                _text(c.in_force_until.isoformat()),
                _text(c.effect),
                str(int(c.needs_consent)),
                str(int(c.needs_payment)),
                str(int(c.review)),
                _text(c.basis),
            )
        )
        + ")"
        for c in lawful_causes()
    )
    return (
        "INSERT INTO lawful_cause (thing, kind, in_force_from, in_force_until, effect, needs_consent, needs_payment, "
        f"review, basis) VALUES\n{rows}"
    )


def _parts(roots: bytes, *, on_postgresql: bool) -> list[str]:
    out = []
    for part in range(16):
        text = roots[part * 8192 : (part + 1) * 8192].hex()
        value = f"decode('{text}','hex')" if on_postgresql else f"x'{text}'"
        out.append(f"INSERT INTO state_buckets (part, roots) VALUES ({part}, {value})")
    return out


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    main()
