"""What forms do the answers have, field by field? For the OpenAPI document; tests hold every answer to it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from api.asked import FIELDS, LARGEST_INDEX
from api.v1.documents import Problem


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(_Form):
    """The same in Chinese and in English."""

    zh: str
    en: str


class Lookup(_Form):
    """An ID number, of any type; 15-digit ones find people by the number that they would have become, too."""

    id_number: str = Field(min_length=1, max_length=40, examples=[FIELDS["id_number"].example])


class Person(_Form):
    """A person, masked. `review`: what the police must look at, such as one number twice."""

    id: str
    name: str = Field(examples=["**太"])
    id_number: str = Field(examples=["****************18"])
    review: list[str]


class Linked(_Form):
    """Another row of the same person, by a decision of the police: what hangs on it stands beside their own."""

    id: str
    since: str
    event: int


class Persons(_Form):
    """Usually one; several when two people have, or had, one number."""

    persons: list[Person]


class AsOf(_Form):
    """The day that was asked about and the size of the log up to which entries count as known."""

    valid_at: str
    known_at: int


class LedgerHead(_Form):
    """The log: size, root of the tree (base64), root of the state (base64url), when the last entry was recorded."""

    size: int
    root: str
    state_root: str
    recorded_at: str


class Entry(_Form):
    """One leaf: the UTF-8 bytes of `leaf` are what the tree hashes."""

    idx: int
    recorded_at: str
    leaf: str


class Entries(_Form):
    """Entries in order; `next` is the `from` of the page that follows, null on the last."""

    entries: list[Entry]
    next: int | None
    size: int


class LogKey(_Form):
    """A key of the log: its public half as text, the entry that began it and the one that revoked it."""

    vkey: str
    since: int
    since_at: str
    revoked: int | None
    revoked_at: str | None


class Loss(_Form):
    """What the log says was lost: entries `first` to `last` of the log `origin`, whose last signed head was of this size and root.

    `note` is that head with the old log's signatures; the old log's files lie under `files`.
    """

    first: int
    last: int
    origin: str
    size: int
    root: str
    because: str
    note: str
    files: str
    zh: str
    en: str


class LedgerPolicy(_Form):
    """The keys at a size, and the policy file (c2sp.org/tlog-policy), empty where the log has no key yet; what was lost."""

    size: int
    keys: list[LogKey]
    policy: str
    losses: list[Loss]


class Witness(_Form):
    """A witness that the log names: its public key, up to which size it has cosigned (0: nothing yet), when."""

    name: str
    vkey: str
    size: int
    cosigned_at: str | None


class Witnesses(_Form):
    """What a cosignature states, and who has given one."""

    statement: Words
    witnesses: list[Witness]


class CosignatureIn(_Form):
    """What a witness wrote: the checkpoint with its line (`answer/checkpoint` of a stick)."""

    checkpoint: str = Field(min_length=1, max_length=65_536)


class CosignedBy(_Form):
    """Who cosigned a head, when."""

    name: str
    cosigned_at: str


class Cosigned(_Form):
    """A head with all lines that came back; `published`: it is still the newest one."""

    size: int
    published: bool
    witnesses: list[CosignedBy]
    checkpoint: str


class Registration(_Form):
    """Where a person is registered. The address is answered to the person alone: *** to anybody else."""

    division_code: str
    division_name: str
    registration_type: str
    since: str
    status: Literal["registered", "cancelled"]
    address: str = Field(examples=["***"])


class NowAndBefore(_Form):
    """The registration in force on the day, and the one before the event."""

    now: Registration | None
    before: Registration | None


class Permit(_Form):
    """A state of a residence permit."""

    status: Literal["issued", "endorsed", "suspended", "lapsed"]
    valid_from: str
    division_code: str


class Event(_Form):
    """A household event; `idx` is its place in the log."""

    idx: int
    kind: str
    name: Words
    day: str
    recorded_at: str
    cancelled_by: int | None


class EventAnswer(Event):
    """One household event with the ids of its people."""

    cancels: int | None
    people: list[str]
    ledger: LedgerHead


class RecordedEvent(_Form):
    """Where the event stands in the log; `repeated`: it stood there before; ids of newcomers, in order."""

    idx: int
    repeated: bool
    newcomers: list[str]


class Neighbour(_Form):
    """A parcel on one side; `text` is 户主名[地块名] with both masked."""

    id: str
    code: str
    text: str


class NewParcel(_Form):
    """A parcel that would begin: its share of each recorded figure, its shape in longitude and latitude, its derived 四至."""

    code: str
    surveyed_area_m2: str
    surveyed_area_mu: str
    geometry: dict[str, Any]
    sides: dict[str, list[Neighbour]]


class MovedParcel(_Form):
    """A parcel that keeps its id and gets another boundary: how large it measures then; what is recorded stays."""

    id: str
    code: str
    area_m2: str
    area_mu: str
    geometry: dict[str, Any]
    sides: dict[str, list[Neighbour]]


class CarriedLine(_Form):
    """A parcel under a right: the code of one that begins or the id of one that stays, with its contract area."""

    parcel: str
    contract_area_m2: str
    contract_area_mu: str


class CarriedRight(_Form):
    """A right, the code of its contract or certificate, and all the parcels that it would lie on; nothing else changes."""

    id: str
    code: str
    parcels: list[CarriedLine]


class Remainder(_Form):
    """What rounding left of one figure, and the parcel that takes it."""

    figure: str
    whole: str
    remainder: str
    taken_by: str


class CarriedBurden(Words):
    """A restriction or duty that goes on with a right, and what that means."""

    id: str
    kind: str
    code: str


class Signs(_Form):
    """Somebody whose will is needed; a minor's is a guardian's."""

    person: str
    minor: bool


class CaseToOpen(_Form):
    """The case that asks for what was shown: goes as `case` into POST /v1/cases."""

    kind: str
    subject: list[str]
    request: dict[str, Any]


class ReshapingPreview(_Form):
    """What would change, for whom. `reshaped` are parcels that keep their id, neighbours with a new vertex among them."""

    what: Literal["split", "join", "adjust", "correct"]
    kind: str
    day: str
    ends: list[str]
    begins: list[NewParcel]
    moved: list[MovedParcel]
    reshaped: list[str]
    rights: list[CarriedRight]
    remainders: list[Remainder]
    carried: list[CarriedBurden]
    signs: list[Signs]
    case: CaseToOpen


class Renewed(_Form):
    """A code before and after."""

    old: str
    new: str


class RenewedIssuer(Renewed):
    """An issuer's code before and after, and its name afterwards."""

    name: str


class RecodingPreview(_Form):
    """What a recoding would touch: counts and samples by kind of thing; `expect` things in all."""

    issuers: list[RenewedIssuer]
    counts: dict[str, int]
    samples: dict[str, list[Renewed]]
    expect: int
    case: CaseToOpen


class ParticularsSince(_Form):
    """Since when 民族 and 文化程度 of a person are stated; null: not stated. What they are is told in figures only."""

    nationality_since: str | None
    education_since: str | None


class Registrations(_Form):
    """Where a person was and is registered, and by which events."""

    person: Person
    as_of: AsOf
    now: Registration | None
    registrations: list[Registration]
    permits: list[Permit]
    particulars: ParticularsSince
    events: list[Event]
    ledger: LedgerHead


class Change(_Form):
    """One lawful act behind a difference: its cause, day, evidence, whose consent (masked), payment in yuan."""

    kind: str
    what: Words
    act_day: str
    recorded_at: str
    fields: list[str]
    evidence: list[str]
    consents: list[str]
    payment: str | None


class ThingVerdict(_Form):
    """One thing across the event, with the three states that were compared, field by field."""

    noun: str
    id: str
    thing: str
    name: Words
    verdict: str
    text: Words
    changes: list[Change]
    differs: list[str]
    row: str | None
    then: dict[str, Any] | None
    then_known_now: dict[str, Any] | None
    now: dict[str, Any] | None
    extension_due: Words | None


class Verdicts(_Form):
    """The overall verdict and each thing's; what was compared and what was not; since when the log vouches for it."""

    verdict: str | None
    verdict_text: Words
    things: list[ThingVerdict]
    begun_since: list[ThingVerdict]
    compares: Words | None
    left_out: Words
    vouched: Words | None


class GuaranteeAnswer(Verdicts):
    """The guarantee of one person across one household event."""

    person: Person
    linked: list[Linked]
    as_of: AsOf
    event: Event
    ledger: LedgerHead


class Compared(_Form):
    """A comparison with the authoritative book: the day in China, and in how many places the two differed."""

    day: str
    outcome: Literal["equal", "differs", "absent"]
    differences: int


class Book(_Form):
    """Whose book is authoritative for a right, its number there, when it was last compared, and the line that says so."""

    book: Literal["realty-platform", "contract-book", "collective"]
    number: str
    last_compared: Compared | None
    text: Words


class BookName(_Form):
    """A book and what it is called."""

    name: Literal["realty-platform", "contract-book"]
    zh: str
    en: str


class DumpRead(_Form):
    """The export that was read: SHA-256 over names and bytes of its tables; files that are no table of the book."""

    digest: str
    files: list[str]
    unread: list[str]


class RightsCompared(_Form):
    """How many rights were compared, and what they came to."""

    compared: int
    equal: int
    differ: int
    not_in_book: int


class Untouched(_Form):
    """Rights of this book where the export has no row at all: not compared. `place`: a village's 12 digits, or a table."""

    place: str
    rights: int


class Skipped(_Form):
    """Rows of a table that say nothing of these rights: history, other kinds of right."""

    table: str
    rows: int


class BookDifference(_Form):
    """One difference, names masked; `row` as a spreadsheet counts it, null where the book has no row."""

    rights: list[str]
    code: str
    table: str
    row: int | None
    field: str
    kind: Literal["differs", "not-in-register", "not-in-book"]
    register_: str = Field(alias="register")
    book: str
    what: Words


class ComparisonAnswer(_Form):
    """A comparison with an authoritative book, as it was found."""

    id: str
    compared_at: str
    book: BookName
    as_of: AsOf
    dump: DumpRead
    rights: RightsCompared
    untouched: list[Untouched]
    skipped: list[Skipped]
    differences: list[BookDifference]


class ComparisonMade(_Form):
    """A comparison that was made: when, with which book."""

    id: str
    compared_at: str
    book: BookName


class Comparisons(_Form):
    """Every comparison, newest first."""

    comparisons: list[ComparisonMade]


class RightParcel(_Form):
    """A parcel of a right: contract area by the contract, surveyed area by the survey; facts, never recomputed."""

    id: str
    contract_area_m2: str
    contract_area_mu: str
    code: str | None = None
    land_use: str | None = None
    surveyed_area_m2: str | None = None
    surveyed_area_mu: str | None = None


class Reason(_Form):
    """A ground of an answer, or something that must be shown."""

    word: str
    zh: str
    en: str


class Transferability(_Form):
    """May the operating right be let; `until`: the last day that a lease may reach."""

    answer: Literal["allowed", "refused", "review"]
    until: str
    reasons: list[Reason]
    needs: list[Reason]


class Right(_Form):
    """A right on the day. `extension_due`: its term ran out and it stands (延包). `remarks`: its 附记, of one person's rights."""

    id: str
    kind: Literal["contract", "operating", "homestead", "income"]
    thing: str
    name: Words
    status: Literal["live", "review", "ended"]
    unit_code: str
    holder_id: str
    co_holding: Literal["JOINT", "BY_SHARE", "SOLE"]
    share: list[int] | None
    powers: list[str]
    term: list[str]
    extension_due: bool
    certificate: str
    authoritative_book: Book
    burdens: str
    parcels: list[RightParcel]
    transferable: Transferability | None = None
    remarks: list[str] | None = None


class PersonRights(_Form):
    """Every right within a person's reach."""

    person: Person
    linked: list[Linked]
    as_of: AsOf
    rights: list[Right]
    ledger: LedgerHead


class RightPage(_Form):
    """Rights in the order of their ids; `next` is the `after` of the page that follows, null on the last."""

    as_of: AsOf
    rights: list[Right]
    next: str | None


class Statement(Verdicts):
    """The 权益保留证明: status now and before, each right with its verdict, and the log it was read at."""

    document: Words
    person: Person
    linked: list[Linked]
    valid_at: str
    registration: NowAndBefore
    permits: list[Permit]
    event: Event | None
    rights: list[Right]
    ledger: LedgerHead


class Village(_Form):
    """The issuing collective of a parcel."""

    code: str
    name: str


class ParcelState(_Form):
    """What is recorded of a parcel; areas are text as delivered."""

    code: str
    land_use: Literal["arable", "grass", "forest", "other", "homestead"]
    category: str
    land_type: str
    surveyed_area_mu: str
    surveyed_area_m2: str
    area_method: Literal["plane", "ellipsoid"]
    approved_area_m2: str
    excess_area_m2: str
    status: Literal["live", "review", "ended"]


class ParcelProperties(ParcelState):
    """The state on the day, and since when it is so."""

    since: str
    village: Village


class ParcelFeature(_Form):
    """A GeoJSON Feature; longitude and latitude of EPSG:4490, derived from the surveyed shape."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: ParcelProperties | None


class ParcelPage(_Form):
    """A GeoJSON FeatureCollection; `next` is the `after` of the page that follows, null on the last."""

    type: Literal["FeatureCollection"]
    as_of: AsOf
    features: list[ParcelFeature]
    next: str | None


class Act(_Form):
    """The act that made a version: its lawful cause, its day, its entry in the log and when that was recorded."""

    kind: str
    name: Words
    day: str
    entry: int
    recorded_at: str


class Stretch(ParcelState):
    """The days from `from` until before `until` (null: still) on which the parcel was so."""

    start: str = Field(alias="from")
    until: str | None
    act: Act


class RightOnParcel(_Form):
    """A right that lies on the parcel on the day."""

    id: str
    thing: str
    status: Literal["live", "review", "ended"]


class UseOfVillage(Words):
    """What a village has of one land use; null where so few households hold it that the statistics hide them."""

    land_use: str
    households: int | None
    area_mu: str | None


class VillageProperties(_Form):
    """A village by its code and short name."""

    code: str
    name: str
    uses: list[UseOfVillage]


class VillageFeature(_Form):
    """A village; longitude and latitude of EPSG:4490 of the cells in which its land lies, null where no outline is shown."""

    type: Literal["Feature"]
    id: str
    properties: VillageProperties
    geometry: dict[str, Any] | None


class VillageOutlines(_Form):
    """Whether the county shows outlines, the map's approval number (审图号), and the limits of the day with their rule."""

    shown: bool
    approval_number: str
    precision_m: int
    unbroken_km2: int
    rule: str


class Villages(_Form):
    """A GeoJSON FeatureCollection, the same for everybody."""

    type: Literal["FeatureCollection"]
    as_of: AsOf
    sketch: Words
    hidden: Words
    outlines: VillageOutlines
    features: list[VillageFeature]


class ParcelAnswer(ParcelFeature):
    """One parcel: its state on the day, the rights on it, and its history, oldest first."""

    as_of: AsOf
    rights: list[RightOnParcel]
    history: list[Stretch]


class FourSides(_Form):
    """The 四至 by side (east, south, west, north): as the survey recorded them, and by shapes and holders of the day."""

    id: str
    code: str
    as_of: AsOf
    recorded: dict[str, str]
    derived: dict[str, list[Neighbour]]


class PieceOfLand(_Form):
    """Land that parcels share or enclose, by their codes: its area in m², a place in it (easting, northing)."""

    parcels: list[str]
    area_m2: str
    place: list[str]


class PiecesBelow(_Form):
    """Pieces too small or too narrow to be a fault: how many, their area in m² in all."""

    count: int
    area_m2: str
    tolerance: str


class ParcelTopology(_Form):
    """How all parcels of the day lie beside each other."""

    as_of: AsOf
    parcels: int
    overlaps: list[PieceOfLand]
    gaps: list[PieceOfLand]
    below: PiecesBelow


class ActBetween(Words):
    """An act that took effect between two days: its kind, its day, its entry."""

    kind: str
    day: str
    entry: int


class ChangedFact(Words):
    """A recorded fact as of either day; of a boundary both are empty."""

    before: str
    after: str


class ChangedParcel(_Form):
    """A parcel that stands on one of two days alone, or of which something differs."""

    id: str
    code: str
    what: Literal["began", "ended", "changed"]
    facts: list[ChangedFact]
    acts: list[ActBetween]


class ChangedRight(Words):
    """A right, by its word and the code of its contract or certificate, that stands on one day alone or had an act between."""

    id: str
    code: str
    what: Literal["began", "ended", "changed"]
    acts: list[ActBetween]


class ParcelChanges(_Form):
    """What differs in a box between two days, both as known at one moment."""

    as_of: AsOf
    before: str
    after: str
    too_many: bool
    parcels: list[ChangedParcel]
    rights: list[ChangedRight]


class SubsidyReason(Words):
    """An act of the register: its kind, its day, its entry."""

    kind: str
    day: str
    entry: int


class SubsidyLine(_Form):
    """One household or person and policy; quantities as text, null where there is nothing; `rows` are those of the list."""

    issuer: str
    who: str
    policy: str
    basis: str
    unit: str
    last_year: str | None
    last: str | None
    registered: str | None
    listed: str | None
    rows: list[int]
    state: Literal["same", "explained", "review", "contradicts", "left-out", "unexplained", "unknown"]
    reasons: list[SubsidyReason]
    says: Words


class SubsidyCheck(_Form):
    """A subsidy list against the register; `counts` by state."""

    year: str
    file: str
    known_at: int
    counts: dict[str, int]
    lines: list[SubsidyLine]


class CertificateStep(_Form):
    """The act that put a number on a right or took it off."""

    kind: str
    zh: str
    day: str
    entry: int


class CertificateOnRight(_Form):
    """A number on one right; `until` null: it is that right's paper now."""

    right_id: str
    thing: str
    code: str
    book: str
    dated: str
    since: CertificateStep
    until: CertificateStep | None
    next_number: str
    status: str


class CertificateAnswer(_Form):
    """A certificate by its number."""

    number: str
    valid: bool
    as_of: AsOf
    rights: list[CertificateOnRight]


class CertificateReceived(_Form):
    """A certificate that was handed over; who signed for it is in no answer."""

    number: str
    received_on: str


class CertificatesDue(_Form):
    """Contracts without a certificate by code, and the case of each desk, agriculture and forestry; null where it has none."""

    village: str
    as_of: AsOf
    contracts: list[str]
    cases: dict[str, CaseToOpen | None]


class SpoiledCertificate(_Form):
    """A certificate whose print before went wrong: its number, when it was printed again, and where."""

    number: str
    at: str
    bureau: str


class SpoiledCertificates(_Form):
    """How many pre-printed booklets went wrong, and which."""

    count: int
    spoiled: list[SpoiledCertificate]


class FiledSheet(_Form):
    """A sheet that came back: the code on it, the content hash of the scan as it is kept, whether this scan was filed before."""

    code: str
    source: str
    again: bool


class FiledSheets(_Form):
    """What a scan was filed under."""

    filed: list[FiledSheet]


class ReturnedSheet(_Form):
    """A sheet of a public notice, and the content hashes of its scans."""

    code: str
    scans: list[str]


class ReturnedSheets(_Form):
    """Every sheet of a village's notices, in the order in which they were made."""

    sheets: list[ReturnedSheet]


class SheetPdf(RootModel[bytes]):
    """A sheet as PDF, true to scale on A4."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class SheetsZip(RootModel[bytes]):
    """The papers of a village, each a PDF under the name that NY/T 2539-2016 gives it."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class CertificateOrder(_Form):
    """Who makes a certificate for what, over which things, and what of them is told. Names and 四至 are never told over HTTP."""

    purpose: str = Field(max_length=200, examples=["办理贷款"])
    officer: str = Field(min_length=1, max_length=60, examples=["经办人甲"])
    bureau: str = Field(default="农牧局", min_length=1, max_length=60, examples=["农牧局"])
    things: list[str] = Field(default=[], max_length=1000, examples=[["contract-grass"]])
    show: list[Literal["facts", "family", "shape", "event", "person"]] = Field(
        default=["facts", "family", "shape", "event", "person"], examples=[["facts", "shape"]]
    )
    event: int | None = Field(default=None, ge=0, le=LARGEST_INDEX)
    form: Literal["json", "pdf"] = "json"


class StatementOrder(_Form):
    """Who makes a statement on paper for what, across which event (none: the latest settlement)."""

    purpose: str = Field(max_length=200, examples=["办理贷款"])
    officer: str = Field(min_length=1, max_length=60, examples=["经办人甲"])
    bureau: str = Field(default="农牧局", min_length=1, max_length=60, examples=["农牧局"])
    event: int | None = Field(default=None, ge=0, le=LARGEST_INDEX)
    form: Literal["json", "pdf"] = "json"


class StatementBytes(RootModel[bytes]):
    """A statement as a file: its JSON with `proof`, or the PDF that has the certificate attached where there is one."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class CertificateBytes(RootModel[bytes]):
    """A certificate: the JSON of docs/certificate.md, to be kept byte for byte, or the PDF that carries it."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class EntryProof(RootModel[str]):
    """The text of a `.tlog-proof`."""


class Provenance(_Form):
    """Of which registry, day and state of the log an export is; the roots as the log gives them."""

    registry: str
    division_code: str
    valid_at: str
    ledger_size: int
    ledger_root: str
    state_root: str
    recorded_at: str
    not_evidence: str


class ExportFile(_Form):
    """The file of an export: `sha256` in hexadecimal, also its ETag."""

    href: str
    name: str
    media_type: str
    bytes: int
    sha256: str


class Export(_Form):
    """An export under way or at its end. `parcels` is known once it runs; a box may have fewer than it says."""

    id: str
    status: Literal["waiting", "running", "done", "failed"]
    format: str
    parcels_done: int
    parcels: int | None
    provenance: Provenance
    expires_at: str | None
    file: ExportFile | None
    problem: Problem | None


class RulePack(_Form):
    """The rules that a delivery was checked by; `digest` is the SHA-256 of their file."""

    version: str
    digest: str


class BelowTolerance(_Form):
    """Land below a rule's tolerance: no fault, counted with its area (m², four decimals)."""

    rule: str
    count: int
    area_m2: str
    tolerance: str


class InspectedVillage(_Form):
    """A village: its outcome, what became of it, its faults by severity, and what lies below the tolerance of rules."""

    code: str
    name: str
    outcome: Words
    state: str
    refuse: int
    hold: int
    note: int
    excepted: int
    below: list[BelowTolerance]


class DeliveryFault(_Form):
    """A fault at its place; `place` and `nearest` are easting and northing (EPSG:4545, m, three decimals) or null."""

    id: str
    severity: Literal["refuse", "hold", "note", "excepted"]
    scope: Literal["village", "delivery"]
    village: str
    file: str
    layer: str
    row: int | None
    field: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    clause: str
    tolerance: str
    place: list[str] | None
    nearest: list[str] | None
    code: str


class FaultsMore(_Form):
    """How many faults of a rule in a village are counted and not listed."""

    id: str
    village: str
    count: int


class InspectionAnswer(_Form):
    """What the rules say of a delivery; `verdict_digest` is that of the verdict that every machine gives.

    `faults` lists at most 1,000 of a rule and village, `faults_more` counts the rest.
    """

    folder: str
    content_hash: str
    rules: RulePack
    verdict_digest: str
    outcome: Words
    villages: list[InspectedVillage]
    faults_by_severity: dict[str, int]
    faults: list[DeliveryFault]
    faults_more: list[FaultsMore]
    exceptions: list[dict[str, str | bool]]
    remarks: list[Words]
    job: InspectedJob | None = None


class InspectedJob(_Form):
    """How the delivery stands to the job package that came with it; absent where none did."""

    digest: str
    deadline: str
    late: bool
    villages_outside: list[str]
    villages_to_come: list[str]


class InspectionRule(_Form):
    """A rule: what it says, what to do, where it is reported, by which clause; `tolerance` is null where there is none."""

    id: str
    severity: Literal["refuse", "hold", "note"]
    scope: Literal["village", "delivery"]
    at: str
    clause: str
    tolerance: str | None
    zh: str
    en: str
    hint_zh: str
    hint_en: str


class InspectionRules(RulePack):
    """Every rule that a delivery is checked by."""

    rules: list[InspectionRule]


class DifferingHousehold(_Form):
    """A household by code and masked head, and in what it differs from the register."""

    code: str
    shown: str
    what: list[str]


class DeliveryDifference(Words):
    """Which households differ from what is registered, of the villages that were compared."""

    villages: list[str]
    households: list[DifferingHousehold]
    elsewhere: int
    withdrawn: list[str]


class CommittedActs(_Form):
    """The first entry of a transaction, the size of the log after it, its state root, and where the time went."""

    first: int
    size: int
    st: str
    seconds: dict[str, float]


class DeliveryReport(InspectionAnswer):
    """What came of a delivery: what the rules and the register say, and what was registered (null where nothing was)."""

    check_only: bool
    difference: DeliveryDifference | None
    committed: CommittedActs | None
    counts: dict[str, int]
    seconds: dict[str, float]


class RowFound(Words):
    """A row that disagrees with the log: its key, the fields, the entry (null where none is concerned), what is wrong."""

    key: list[tuple[str, str]]
    fields: list[str]
    entry: int | None


class Breach(_Form):
    """A finding of a recorded audit: when, at which size of the log, in which table; null while it is open."""

    id: str
    found_at: str
    log_size: int
    table: str
    found: RowFound
    closed_at: str | None


class Breaches(_Form):
    """Every recorded breach, oldest first, and how many are open."""

    open: int
    breaches: list[Breach]


class RulePlace(Words):
    """For whom a rule is made: `nation` or the code of a division."""

    code: str


class RuleCite(_Form):
    """Where a rule stands: our own page's row, the instrument, its article; `zh` as Chinese law is cited."""

    row: str
    instrument: str
    article: str
    zh: str


class RuleParameter(_Form):
    """A figure of a rule. `unconfirmed` says so where no text was found that gives it; `words`: how a list's words are read."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    name: str
    value: int | str | list[str]
    unit: Words
    words: list[Words]
    is_: Words = Field(alias="is")
    unconfirmed: Words | None


class Rule(_Form):
    """One version of a rule. `unconfirmed` and `unreviewed` are sentences where they apply; `until`: the first day after."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    id: str
    class_: Literal["decision", "prohibition", "parameter"] = Field(alias="class")
    class_name: Words
    place: RulePlace
    says: Words
    from_: str = Field(alias="from")
    until: str | None
    cites: list[RuleCite]
    quote: str | None
    parameters: list[RuleParameter]
    unconfirmed: Words | None
    source: str
    reviewed: str | None
    unreviewed: Words | None
    checked: str | None
    questions: list[str]
    note: Words | None


class RuleQuestion(_Form):
    """What the texts leave open, and what happens until a person answers."""

    number: str
    asks: Words
    until_answered: Words
    rules: list[str]


class Rules(_Form):
    """The rules in force on a day."""

    on: str
    rules: list[Rule]


class RuleAnswer(_Form):
    """One rule on a day, all its versions, its open questions."""

    on: str
    rule: Rule
    versions: list[Rule]
    questions: list[RuleQuestion]


class RuleChange(_Form):
    """A rule on two days; null where it was not in force. `parameters`: names of figures that differ."""

    rule: str
    before: Rule | None
    after: Rule | None
    parameters: list[str]


class RuleChanges(_Form):
    """What differs between two days."""

    since: str
    on: str
    changes: list[RuleChange]


class RuleQuestions(_Form):
    """Every open question."""

    questions: list[RuleQuestion]


class RuleReviews(_Form):
    """The banner's own rules beside the plan; who must make and review such rules; the ids that nobody has reviewed."""

    on: str
    must_make: list[str]
    must_review: list[str]
    unreviewed: list[str]
    rules: list[Rule]


class FateReason(Words):
    """One ground: its rule, and the facts that were looked at."""

    rule: str
    facts: list[str]


class LandFate(_Form):
    """What became of land handed or taken back before 2019, by the law of which day."""

    fate: Literal["ended", "lives on", "review"]
    fate_name: Words
    judged_by_the_law_of: str
    reasons: list[FateReason]
    rules: list[Rule]


class DeadlineReason(Words):
    """Why it is that day: the rule, and where it is written."""

    rule: str
    cite: str


class Deadline(_Form):
    """The last day; `counted_to`: before a day off moved it; `doubts`: what could not be confirmed."""

    kind: str
    day: str
    last_day: str
    counted_to: str
    length: int
    unit: Literal["days", "working days", "months", "days before"]
    reasons: list[DeadlineReason]
    rules: list[str]
    doubts: list[Words]
