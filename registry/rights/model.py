"""What is a right: who holds what, over which parcels, with which powers, for which term, under which burdens?

One right per contract and land use. `co_holding` is JOINT (a household: the whole member list, no fractions), BY_SHARE
(exact fractions of a sealed allotment) or SOLE. *Terms* are the facts without the burdens: a version made because a
burden began or ended (effect `follows`) repeats them to the byte. A term that ran out ends nothing (law C9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from registry.ledger.nouns import Noun, Row, child_table, index, version_table
from registry.ledger.tables import RIGHT_THINGS
from registry.store.schema import METADATA, day_check, reference
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = RIGHT_THINGS
CONTRACTS = ("contract-arable", "contract-grass", "contract-forest", "contract-other")
"""The four contract rights, by what the land is."""
BOOKS = ("realty-platform", "contract-book", "collective")

BA_UNIT = Table(
    "ba_unit",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("code", Words, nullable=False),
    Column("issuer_id", Words, nullable=False),
    Column("method", Words, nullable=False),
    Column("signed_on", Day, nullable=False),
    Column("cause_idx", Whole, nullable=False),
    Column("cause_cls", Words, nullable=False),
    CheckConstraint("kind IN ('contract','certificate','share-ledger')", name="unit_kind_is_known"),
    CheckConstraint("cause_cls = 'R'", name="unit_is_caused_by_an_act"),
    reference(["issuer_id"], ["party.id"], name="unit_has_its_issuer"),
    reference(
        ["cause_idx", "cause_cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="unit_cites_its_entry"
    ),
    *day_check("ba_unit", "signed_on"),
)
index(BA_UNIT, "code")

ALLOTMENT_LINE = Table(
    "allotment_line",
    METADATA,
    Column("allotment_id", Words, nullable=False),
    Column("holder_id", Words, nullable=False),
    Column("numerator", Whole, nullable=False),
    Column("denominator", Whole, nullable=False),
    Column("cause_idx", Whole, nullable=False),
    Column("cause_cls", Words, nullable=False),
    PrimaryKeyConstraint("allotment_id", "holder_id"),
    CheckConstraint("numerator > 0 AND denominator > 0 AND numerator <= denominator", name="share_is_a_part_of_one"),
    CheckConstraint("cause_cls = 'R'", name="share_is_caused_by_an_act"),
    reference(
        ["cause_idx", "cause_cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="share_cites_its_entry"
    ),
    UniqueConstraint("allotment_id", "holder_id", "numerator", "denominator", name="share_can_be_cited"),
)
ALLOTMENT_SEALED = Table(
    "allotment_sealed",
    METADATA,
    Column("allotment_id", Words, primary_key=True),
    Column("common", Whole, nullable=False),
    Column("cause_idx", Whole, nullable=False),
    Column("cause_cls", Words, nullable=False),
    CheckConstraint("common > 0", name="allotment_has_a_common_denominator"),
    CheckConstraint("cause_cls = 'R'", name="allotment_is_caused_by_an_act"),
    reference(
        ["cause_idx", "cause_cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="allotment_cites_its_entry"
    ),
)

RIGHT_VERSION = version_table(
    "right_version",
    THINGS,
    Column("unit_id", Words, nullable=False),
    Column("unit_code", Words, nullable=False),
    Column("holder_id", Words, nullable=False),
    Column("holding_id", Words),
    Column("party_id", Words),
    Column("within_id", Words),
    Column("co_holding", Words, nullable=False),
    Column("allotment_id", Words),
    Column("share_numerator", Whole),
    Column("share_denominator", Whole),
    Column("powers", Words, nullable=False),
    Column("term_start", Words, nullable=False),
    Column("term_end", Words, nullable=False),
    Column("extension", Words, nullable=False),
    Column("certificate_number", Words, nullable=False),
    Column("certificate_book", Words, nullable=False),
    Column("certificate_date", Words, nullable=False),
    Column("book", Words, nullable=False),
    Column("book_number", Words, nullable=False),
    Column("burdens", Words, nullable=False),
    CheckConstraint("co_holding IN ('JOINT','BY_SHARE','SOLE')", name="right_co_holding_is_known"),
    CheckConstraint(f"book IN ({', '.join(repr(b) for b in BOOKS)})", name="right_names_the_authoritative_book"),
    CheckConstraint(
        "(holding_id IS NULL) <> (party_id IS NULL) AND coalesce(holding_id, party_id) = holder_id",
        name="right_has_one_holder",
    ),
    CheckConstraint(
        "(co_holding = 'BY_SHARE') = (allotment_id IS NOT NULL) AND (allotment_id IS NULL) = (share_numerator IS NULL) "
        "AND (share_numerator IS NULL) = (share_denominator IS NULL)",
        name="right_by_share_cites_its_allotment",
    ),
    CheckConstraint(
        "(thing = 'operating') = (within_id IS NOT NULL)", name="operating_right_lies_within_a_contract_right"
    ),
    reference(["unit_id"], ["ba_unit.id"], name="right_is_of_a_unit"),
    reference(["holding_id"], ["thing.id"], name="right_is_held_by_a_holding"),
    reference(["party_id"], ["party.id"], name="right_is_held_by_a_party"),
    reference(["within_id"], ["thing.id"], name="right_lies_within_a_right"),
    reference(["allotment_id"], ["allotment_sealed.allotment_id"], name="right_cites_a_sealed_allotment"),
    reference(
        ["allotment_id", "holder_id", "share_numerator", "share_denominator"],
        [f"allotment_line.{c}" for c in ("allotment_id", "holder_id", "numerator", "denominator")],
        name="right_has_the_share_of_its_line",
    ),
    follows=True,
    rules=(
        "WS-2016/II.3.1-g",
        "RLCL/settled-in-town",
        "RLCL/women-keep",
        "HOME/no-forced-exit",
        "HOME/no-mortgage",
    ),
)
index(RIGHT_VERSION, "holder_id")
index(RIGHT_VERSION, "unit_code")
index(RIGHT_VERSION, "certificate_number")
index(RIGHT_VERSION, "within_id")

RIGHT_PARCEL = child_table(
    "right_parcel",
    "right_version",
    Column("parcel_id", Words, nullable=False),
    Column("contract_area_m2", Words, nullable=False),
    Column("contract_area_mu", Words, nullable=False),
    reference(["parcel_id"], ["thing.id"], name="right_lies_on_a_parcel"),
)
index(RIGHT_PARCEL, "parcel_id")

BOOK_COMPARISON = Table(
    "book_comparison",
    METADATA,
    Column("right_id", Words, nullable=False),
    Column("compared_at", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    PrimaryKeyConstraint("right_id", "compared_at"),
    ForeignKeyConstraint(["right_id"], ["thing.id"], name="comparison_is_of_a_right"),
)
# A comparison with an authoritative book as a whole; its lines above have the same `compared_at`. `sealed` is what was
# found, names masked: it tells which household differs in what.
COMPARISON = Table(
    "comparison",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("compared_at", Words, nullable=False),
    Column("book", Words, nullable=False),
    Column("dump_digest", Bytes, nullable=False),
    Column("valid_at", Day, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint(f"book IN ({', '.join(repr(b) for b in BOOKS)})", name="comparison_names_a_book"),
    CheckConstraint("length(dump_digest) = 32", name="comparison_names_a_dump_by_its_content"),
    *day_check("comparison", "valid_at"),
)


def terms(columns: Row, children: Mapping[str, list[Row]]) -> Row:
    """Everything about a right but its burdens: what an act on a burden may not touch."""
    return {
        "unit": columns["unit_id"],
        "unit_code": columns["unit_code"],
        "holder": columns["holder_id"],
        "within": columns["within_id"],
        "co_holding": columns["co_holding"],
        "allotment": columns["allotment_id"],
        "share": None
        if columns["share_numerator"] is None
        else [columns["share_numerator"], columns["share_denominator"]],
        "powers": columns["powers"],
        "term_start": columns["term_start"],
        "term_end": columns["term_end"],
        "extension": columns["extension"],
        "certificate": [columns["certificate_number"], columns["certificate_book"], columns["certificate_date"]],
        "book": [columns["book"], columns["book_number"]],
        "parcels": [[p["parcel_id"], p["contract_area_m2"], p["contract_area_mu"]] for p in children["right_parcel"]],
    }


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:
    return {**terms(columns, children), "burdens": columns["burdens"]}


RIGHT = Noun("right", RIGHT_VERSION, THINGS, _facts, (RIGHT_PARCEL,))
