"""What forms do the answers about settling have: decisions, filings, permits, who waits, imports?"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.v1.models import AsOf, LedgerHead, Person, RecordedEvent, Words

Result = Literal["eligible", "not eligible", "needs evidence", "review"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reason(_Form):
    """One ground: the rule and where it is written, whether a text confirms it, why, the facts looked at, what is missing.

    `question`: the number of the open question of the law, where there is one.
    """

    rule: str
    cite: str
    confirmed: bool
    zh: str
    en: str
    facts: list[str]
    needs: list[str]
    question: str | None


class Decided(_Form):
    """A result with its reasons; `rules` are all that were read."""

    result: Result
    result_zh: str
    reasons: list[Reason]
    rules: list[str]


class Decision(Decided):
    """A decision. `needs`: papers still to bring. `beside`: what rules of other levels say. `told`: what more there is.

    `unchanged` says what no result of any decision changes.
    """

    question: str
    name: Words
    day: str
    needs: list[str]
    beside: list[Decided]
    told: dict[str, Any]
    unchanged: Words


class Filed(_Form):
    """One person of a filing: what was decided, and what became of it."""

    person: str
    state: str = Field(examples=["recorded", "did not apply", "a person must look"])
    decision: Decision


class FilingAnswer(_Form):
    """Each person's decision, and the event that was recorded of those who may and want to; null where none was."""

    people: list[Filed]
    recorded: RecordedEvent | None


class Changed(_Form):
    """The decision about a number, and the event."""

    decision: Decision
    recorded: RecordedEvent


class Permit(_Form):
    """How a residence permit stands on the day; null days where there is none in use."""

    person: Person
    as_of: AsOf
    state: Literal["none", "in force", "suspended", "lapsed"]
    years_from: str | None
    endorse_from: str | None
    endorse_by: str | None
    steps: list[dict[str, str]]
    ledger: LedgerHead


class ApplicationId(_Form):
    """An application in the queue."""

    application: str


class WaitingApplication(_Form):
    """One that waits; `place` counts from 1, `priority` is its class in the order of the plan (I.2.1)."""

    application: str
    place: int
    priority: Literal["stock-long-resident", "stock", "increment"]
    question: str
    name: Words
    who: str
    person: str | None
    received_at: str


class WaitingApplications(_Form):
    """Everybody who waits, first first."""

    applications: list[WaitingApplication]


class WayToObject(_Form):
    """How to object to a collective's "no", by the law of its day; `rule` is null where the book holds none."""

    zh: str
    en: str
    rule: str | None


class CollectiveAnswer(_Form):
    """What a collective wrote back last: it changes no right."""

    id: str
    said: Literal["yes", "no"]
    dated: str
    paper: str
    object: WayToObject | None


class AnswerKept(_Form):
    """A collective's answer that was kept."""

    id: str
    said: Literal["yes", "no"]
    object: WayToObject | None


class MembershipQuery(_Form):
    """A question to a collective about a child of its members; a membership that is recorded answers it."""

    event: int
    person: str
    who: str
    collective: str
    collective_name: str
    asked_on: str
    answered: bool
    answer: CollectiveAnswer | None


class MembershipQueries(_Form):
    """Every such question up to the day."""

    as_of: AsOf
    queries: list[MembershipQuery]


class ImportedRow(_Form):
    """What became of one row, names and numbers masked."""

    row: int
    event: str
    kind: str
    who: str
    state: Literal["recorded", "would be recorded", "repeated", "unmatched", "refused", "waits for its event"]
    zh: str
    en: str
    idx: int | None


class ImportedEvents(_Form):
    """An import from the police network, row by row."""

    file: str
    dry_run: bool
    counts: dict[str, int]
    rows: list[ImportedRow]


class UnmatchedRow(_Form):
    """A row that fits nobody yet, masked."""

    at: str
    event: str
    kind: str
    day: str
    who: str


class UnmatchedRows(_Form):
    """The queue of rows that fit nobody."""

    rows: list[UnmatchedRow]
