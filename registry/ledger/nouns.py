"""What do all guarded nouns have in common: the columns of a version, its keys, and what of it is committed?

A *noun* is one folder of the register (rights, parcels …) with one table of versions. A *version* cites, by foreign
keys, the ledger entry that made it and the lawful cause of it; `facts` are what π compares; a *named* path can name a
person and is kept as a commitment here and as an opening elsewhere. Nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from registry.ledger.tables import words
from registry.store.schema import METADATA, day_check, reference
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import shapely

STATUSES = ("live", "review", "ended")
COMMON = (
    "thing_id", "ver", "next_ver", "prev_ver", "prev_cause_idx", "cause_idx", "cause_cls", "cause_kind", "thing",
    "cause_from", "cause_until", "effect", "act_day", "valid_from", "valid_to", "status", "digest", "salt", "named",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Noun:
    """One guarded noun: its table, the things it may hold, its lists, and how its facts are read off a row.

    `facts(columns, children)` returns what is committed under the path "facts": text, whole numbers, lists and
    dictionaries with lower-case ASCII keys only (areas and fractions as text or whole numbers, never floats).
    """

    name: str
    table: Table
    things: tuple[str, ...]
    facts: Callable[[Row, Mapping[str, list[Row]]], Row]
    children: tuple[Table, ...] = ()
    named_paths: tuple[str, ...] = ()
    has_geometry: bool = False

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns that this noun adds to the common ones."""
        return _own_columns(self.table)


@cache
def _own_columns(table: Table) -> tuple[str, ...]:
    return tuple(c.name for c in table.columns if c.name not in COMMON and c.name not in {"fid", "geom"})


@dataclass(slots=True)
class Version:
    """One version of one thing, as read or about to be written. `named` maps a path to its commitment (b64u).

    `shape_digest` is that of the geometry, where it was read with it: many at once are cheaper than one by one.
    """

    thing_id: str
    thing: str
    ver: int
    prev_ver: int | None
    prev_cause_idx: int | None
    cause_idx: int
    cause_kind: str
    cause_from: str
    cause_until: str
    effect: str
    act_day: str
    valid_from: str
    valid_to: str | None
    status: str
    columns: Row
    children: dict[str, list[Row]]
    digest: bytes = b""
    salt: bytes = b""
    named: dict[str, str] = field(default_factory=dict)
    geometry: shapely.Geometry | None = None
    shape_digest: bytes | None = None


def version_table(
    name: str,
    things: tuple[str, ...],
    *columns: SchemaItem,
    feature: bool = False,
    follows: bool = False,
    rules: tuple[str, ...] = (),
) -> Table:
    """The table of versions of a noun, with the keys that make an unlawful version impossible to store.

    `feature`: the table is a layer of the GeoPackage and so needs a whole-number key of its own (`fid`).
    `follows`: a version may be made by an act on a burden; such a version repeats the terms of the one it lies on.
    `rules`: the prohibitions of the rule book that the closed list of causes keeps for this noun.
    """
    key: list[SchemaItem] = (
        [
            Column("fid", Whole, primary_key=True),
            UniqueConstraint("thing_id", "ver", name=f"{name}_is_numbered_once"),
        ]
        if feature
        else [PrimaryKeyConstraint("thing_id", "ver")]
    )
    burden: list[SchemaItem] = []
    if follows:
        burden = [
            Column("terms_digest", Bytes, nullable=False),
            Column("base_ver", Whole),
            Column("same_terms", Bytes),
            UniqueConstraint(
                "thing_id", "ver", "terms_digest", "holder_id", "status", name=f"{name}_terms_can_be_cited"
            ),
            CheckConstraint("(effect = 'follows') = (same_terms IS NOT NULL)", name=f"{name}_burden_cites_terms"),
            CheckConstraint(
                "(effect = 'follows') = (base_ver IS NOT NULL)", name=f"{name}_burden_cites_what_it_lies_on"
            ),
            CheckConstraint("base_ver < ver", name=f"{name}_burden_lies_on_an_earlier_version"),
            CheckConstraint("same_terms = terms_digest", name=f"{name}_burden_alters_no_term"),
            reference(
                ["thing_id", "base_ver", "same_terms", "holder_id", "status"],
                [f"{name}.{c}" for c in ("thing_id", "ver", "terms_digest", "holder_id", "status")],
                name=f"{name}_burden_moves_ends_or_begins_nothing",
            ),
        ]
    else:
        burden = [CheckConstraint("effect = 'own'", name=f"{name}_is_changed_by_its_own_cause")]
    return Table(
        name,
        METADATA,
        Column("thing_id", Words, nullable=False),
        Column("ver", Whole, nullable=False),
        Column("next_ver", Whole, nullable=False),
        Column("prev_ver", Whole),
        Column("prev_cause_idx", Whole),
        Column("cause_idx", Whole, nullable=False),
        Column("cause_cls", Words, nullable=False),
        Column("cause_kind", Words, nullable=False),
        Column("thing", Words, nullable=False),
        Column("cause_from", Day, nullable=False),
        Column("cause_until", Day, nullable=False),
        Column("effect", Words, nullable=False),
        Column("act_day", Day, nullable=False),
        Column("valid_from", Day, nullable=False),
        Column("valid_to", Day),
        Column("status", Words, nullable=False),
        Column("digest", Bytes, nullable=False),
        Column("salt", Bytes, nullable=False),
        Column("named", Words, nullable=False),
        *columns,
        *key,
        *burden,
        UniqueConstraint("thing_id", "ver", "cause_idx", name=f"{name}_has_one_entry"),
        UniqueConstraint("thing_id", "ver", "valid_from", "cause_idx", name=f"{name}_begins_on_one_day"),
        CheckConstraint("next_ver = ver + 1", name=f"{name}_counts_on"),
        CheckConstraint("cause_cls = 'R'", name=f"{name}_is_caused_by_an_act"),
        CheckConstraint(f"thing IN ({words(things)})", name=f"{name}_holds_its_own_things"),
        CheckConstraint(f"status IN ({words(STATUSES)})", name=f"{name}_status_is_known"),
        CheckConstraint("length(digest) = 32 AND length(salt) = 32", name=f"{name}_digest_and_salt_have_32_bytes"),
        CheckConstraint("act_day >= cause_from AND act_day < cause_until", name=f"{name}_cause_was_in_force"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=f"{name}_stretch_has_days"),
        CheckConstraint(
            "valid_from = act_day OR (prev_cause_idx IS NOT NULL AND prev_cause_idx = cause_idx AND valid_from > act_day)",
            name=f"{name}_begins_with_its_act",
        ),
        CheckConstraint(
            "(ver = 1 AND prev_ver IS NULL AND prev_cause_idx IS NULL) OR (ver > 1 AND prev_ver IS NOT NULL "
            "AND prev_cause_idx IS NOT NULL AND prev_ver = ver - 1 AND cause_idx >= prev_cause_idx)",
            name=f"{name}_chain_has_no_fork_and_no_gap",
        ),
        reference(["thing_id", "thing"], ["thing.id", "thing.thing"], name=f"{name}_is_of_a_thing"),
        reference(
            ["cause_idx", "cause_cls", "cause_kind"],
            ["ledger_entry.idx", "ledger_entry.cls", "ledger_entry.kind"],
            name=f"{name}_cites_its_entry",
        ),
        reference(
            ["thing", "cause_kind", "cause_from", "cause_until", "effect"],
            [f"lawful_cause.{c}" for c in ("thing", "kind", "in_force_from", "in_force_until", "effect")],
            name=f"{name}_cause_is_lawful",
            rules=rules,
        ),
        ForeignKeyConstraint(
            ["thing_id", "next_ver", "valid_to", "cause_idx"],
            [f"{name}.{c}" for c in ("thing_id", "ver", "valid_from", "cause_idx")],
            name=f"{name}_ends_only_where_the_next_begins",
            deferrable=True,
            initially="DEFERRED",
        ),
        reference(
            ["thing_id", "prev_ver", "prev_cause_idx"],
            [f"{name}.{c}" for c in ("thing_id", "ver", "cause_idx")],
            name=f"{name}_follows_the_one_before",
        ),
        *day_check(name, "cause_from", "cause_until", "act_day", "valid_from", "valid_to"),
        # One tree less to write for each row; a layer of a GeoPackage must keep its whole-number key.
        sqlite_with_rowid=feature,
    )


def child_table(name: str, parent: str, *columns: SchemaItem) -> Table:
    """A list that belongs to a version and is closed when its transaction is; `pos` keeps the order as delivered."""
    return Table(
        name,
        METADATA,
        Column("thing_id", Words, nullable=False),
        Column("ver", Whole, nullable=False),
        Column("cause_idx", Whole, nullable=False),
        Column("pos", Whole, nullable=False),
        *columns,
        PrimaryKeyConstraint("thing_id", "ver", "pos"),
        reference(
            ["thing_id", "ver", "cause_idx"],
            [f"{parent}.{c}" for c in ("thing_id", "ver", "cause_idx")],
            name=f"{name}_belongs_to_a_version",
        ),
        sqlite_with_rowid=False,
    )


def index(table: Table, *columns: str) -> None:
    """An index named after what it finds."""
    Index(f"{table.name}_by_{'_'.join(columns)}", *(table.c[c] for c in columns))
