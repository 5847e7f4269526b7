"""What do `/v1/cases` answer?"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DossierPdf(RootModel[bytes]):
    """The dossier of a case as PDF."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class Why(_Form):
    """A reason, in both languages."""

    zh: str
    en: str


class Word(Why):
    """A word of ours with its names."""

    word: str


class StepWord(Word):
    """A step, who may take it, and who may not after an earlier one."""

    by: list[str]
    not_by: list[str]
    apart: bool


class Notice(_Form):
    """How long a notice stands; `confirmed` is false where nobody confirmed it."""

    model_config = ConfigDict(extra="allow")

    value: int
    unit: str
    until: str
    confirmed: bool
    basis: str


class CaseKind(Word):
    """A kind of case: the cause of its act, what it may be about, who applies, its route, its papers (one of each line).

    `notices`: how long a notice of it stands; `answers`: within how many days it is answered.
    """

    cause: str | None
    about: list[str]
    applies: list[str]
    route: list[str]
    same_day: bool
    evidence: list[list[str]]
    notices: list[Notice]
    answers: list[Notice]


class CaseKinds(_Form):
    """All kinds, with the words that they use."""

    roles: list[Word]
    papers: list[Word]
    steps: list[StepWord]
    kinds: list[CaseKind]


class Taken(_Form):
    """Who took a step; the name is masked."""

    name: str
    bureau: str
    role: str


class CaseStep(_Form):
    """One step: its entry in the log, the first entry of the acts that it wrote, and what may be shown of what it said."""

    n: int
    step: str
    zh: str
    en: str
    at: str
    by: Taken
    entry: int
    act: int | None
    said: dict[str, Any]


class TouchedPerson(_Form):
    """Somebody whose right the case touches; the name is masked. `absent_until`: 缺席指界, the last day to object."""

    id: str
    name: str
    minor: bool
    told: bool
    needs_consent: bool
    consented: bool
    absent_until: str | None


class NextStep(Why):
    """A step that comes next: what is missing, and why it is not this actor's."""

    step: str
    open: bool
    missing: list[Why]
    not_you: list[Why]


class ExitState(Word):
    """The state of a paid exit, and the signs of pressure that its review answers."""

    signs: list[Word]


class DisputeState(Word):
    """Where a dispute stands; `until`: the last day to sue against an award; `locked`: whether its lock still lies."""

    until: str | None
    locked: bool


class RowContract(_Form):
    """A contract of a row: its term now, and the one that it would get."""

    model_config = ConfigDict(extra="allow")

    right: str
    code: str
    to: str
    new_from: str
    new_to: str


class RowDifference(Why):
    """Where the roster differs from the register; `causes` are the lawful ones, `explained` the one that was named."""

    key: str
    causes: list[str]
    explained: str | None


class CaseRow(_Form):
    """One household: ready, waiting (and for what), or not-extended, because nobody of it is left."""

    household: str
    code: str
    standing: str
    contracts: list[RowContract]
    differences: list[RowDifference]
    why: list[Why]
    people: list[str]


class RowCounts(_Form):
    """How many households; `written` are those that this case extended already."""

    ready: int
    waiting: int
    not_extended: int
    written: int


class CaseRows(_Form):
    """The households of a case that goes row by row, red ones first; `samples` of what would be written; `strangers` are codes
    of the roster that the register does not know.
    """

    counts: RowCounts
    samples: list[RowContract]
    rows: list[CaseRow]
    strangers: list[str]


class RosterCase(_Form):
    """The case that a roster asks for: goes as `case` into POST /v1/cases, its `request` into a supplement."""

    kind: str
    subject: list[str]
    request: dict[str, Any]


class LeaseFault(Why):
    """What is wrong with a row of a ledger of leases: in which column, and what to do."""

    field: str
    hint_zh: str
    hint_en: str


class LeaseRow(_Form):
    """One row: its number as Excel shows it, what it says without a name, and its faults; none where it may become a case.

    `case`: the case that asks for this lease already.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    row: int
    contract: str
    lease: str
    start: str = Field(alias="from")
    until: str
    case: str | None
    faults: list[LeaseFault]


class LeaseList(_Form):
    """Every row of the ledger; `opened` are the drafts that were made of it, in its order."""

    rows: list[LeaseRow]
    opened: list[str]


class CaseSummary(Why):
    """A case in a list: `n` is the number of its last step, which goes into `seen` of the next."""

    id: str
    kind: str
    subject: list[str]
    challenges: str | None
    opened_at: str
    n: int
    phase: Word


class CaseAnswer(CaseSummary):
    """A case with its steps, whom it touches now, and what comes next. `words`: what was asked, for whose turn it is to answer."""

    request: dict[str, Any]
    words: str | None
    steps: list[CaseStep]
    people: list[TouchedPerson]
    exit: ExitState | None
    dispute: DisputeState | None
    rows: CaseRows | None
    notice_until: str | None
    answer_until: str | None
    next: list[NextStep]


class Cases(_Form):
    """Cases that the asker may see, oldest first."""

    cases: list[CaseSummary]
