"""What forms have the answers about a person's lists, field by field? For the OpenAPI document, as `models`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from api.v1.models import AsOf, LedgerHead, Person, Words, _Form  # the one base of every answer


class ListLine(_Form):
    """One act upon a list: `day` from which it counts, `recorded_at` when it was entered. `signed`: the person's own will."""

    noun: Literal["holding", "right", "membership"]
    id: str
    thing: str
    name: Words
    code: str | None
    what: Literal["listed", "gone", "kept"]
    text: Words
    kind: str = Field(examples=["first-registration"])
    act: Words
    day: str = Field(examples=["2016-11-30"])
    recorded_at: str
    entry: int
    basis: list[str]
    sources: list[str] = Field(description="材料的内容摘要 / content hashes of its papers")
    bureau: str
    needs_consent: bool
    signed: bool
    signed_for: bool = Field(description="别人代签 / somebody signed for them")


class ListChild(_Form):
    """A minor on a list, masked. `conflict`: somebody else of age, who may be the guardian, stands on it and holds a part."""

    name: str = Field(examples=["*敏"])
    id: str
    code: str
    listed: bool
    conflict: bool


class HeldThen(_Form):
    """One right on a day."""

    id: str
    thing: str
    name: Words
    contract_area_mu: str | None
    share: list[int] | None


class LetThen(_Form):
    """What was let on a day. `paid`: yuan for the whole term as the act says it, null where it says nothing."""

    id: str
    term: list[str | None]
    paid: str | None


class ListYear(_Form):
    """One year by its last day, the current one by the day asked about."""

    day: str
    held: list[HeldThen]
    let: list[LetThen]


class Listings(_Form):
    """Every act upon a list of theirs, oldest entry first."""

    person: Person
    as_of: AsOf
    lines: list[ListLine]
    children: list[ListChild]
    years: list[ListYear]
    not_known: Words
    left_out: Words
    ledger: LedgerHead


class PersonDossierOrder(BaseModel):
    """Who has the dossier made, and for what. Who signed in is who made it."""

    model_config = ConfigDict(extra="forbid")

    officer: str = Field(min_length=1, max_length=100, examples=["某某"])
    bureau: str = Field(default="", max_length=100)
    purpose: str = Field(min_length=1, max_length=200, examples=["(2026)内0626民初1号"])


class PersonDossierPdf(RootModel[bytes]):
    """The dossier of one person as PDF."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})
