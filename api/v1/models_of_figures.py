"""What forms do figures and answers to bureaus have, field by field? For the OpenAPI document; tests hold answers to it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.asked import FIELDS
from api.v1.models import AsOf, LedgerHead, Person, Words, _Form


class FigureColumn(Words):
    """A column: a count, or what stands beside one and is hidden with it."""

    id: str
    of: Literal["count", "beside"]


class FigureRow(Words):
    """A row; `level` is how far it lies below the total. A value is null where it is not shown, areas are texts."""

    code: str
    level: int
    values: list[int | str | None]


class FigureTable(_Form):
    """A table, the total first."""

    id: str
    title: Words
    columns: list[FigureColumn]
    rows: list[FigureRow]


class Figure(_Form):
    """A figure with how it was counted, for whom, and what belongs to this answer."""

    number: int
    id: str
    title: Words
    counted: Words
    bureaus: list[str]
    tables: list[FigureTable]
    notes: list[Words]


class Statistics(_Form):
    """The figures of a day; `hidden` says what a null stands for."""

    as_of: AsOf
    hidden: Words
    figures: list[Figure]


class QuarterFigures(Statistics):
    """The figures of a quarter, as of its last day."""

    quarter: Words
    office: list[str]


class Coincidence(_Form):
    """An act within some days after a settlement; `household` is a 承包方编码, "" where it concerns one person alone."""

    settled_on: str
    event: int
    kind: str
    zh: str
    en: str
    act_day: str
    entry: int
    days: int
    household: str
    people: int


class Coincidences(_Form):
    """Acts soon after a settlement, the latest first."""

    as_of: AsOf
    counted: Words
    rows: list[Coincidence]


class Status(_Form):
    """What a person is to the urban services; `months` that it has lasted, `suspended`: a permit not endorsed in time."""

    kind: Literal["settled", "permit", "none"]
    since: str | None
    suspended: bool
    months: int


class ServiceRule(Words):
    """The rule that a service rests on, in plain words."""

    id: str
    article: str


class ServiceNow(Words):
    """A service that a person has; `own_conditions`: its bureau looks at conditions of its own."""

    id: str
    bureau: str
    since: str
    rule: ServiceRule
    covers: list[str]
    confirmed: bool
    own_conditions: bool


class StillYours(_Form):
    """A retained right or other thing, with the statement's verdict where an event was compared across."""

    thing: str
    name: Words
    verdict: str | None
    text: Words


class Entitlements(_Form):
    """The services of a person, and what is still theirs."""

    person: Person
    as_of: AsOf
    status: Status
    services: list[ServiceNow]
    still_yours: list[StillYours]
    ledger: LedgerHead


class Policy(_Form):
    """A farm policy; `yuan` for one unit and year."""

    name: str
    en: str
    basis: Literal["parcel", "herd", "household", "person"]
    reads: list[str]
    unit: str
    begins: str = Field(alias="from")
    until: str
    yuan: str | None
    document: str
    source: str
    confirmed: bool


class Policies(_Form):
    """Every policy."""

    policies: list[Policy]


class PolicySum(_Form):
    """All quantities of a policy."""

    policy: str
    unit: str
    quantity: str


class Payment(_Form):
    """One line of a payment list; people masked, amounts "" where no rate is known."""

    issuer: str
    policy: str
    basis: str
    code: str
    name: str
    id_number: str
    quantity: str
    unit: str
    yuan: str
    amount: str
    since_year: str
    document: str
    confirmed: bool


class Payments(_Form):
    """The payment list of a year."""

    year: str
    known_at: int
    sums: list[PolicySum]
    payments: list[Payment]


class Collective(_Form):
    """A collective by its code."""

    code: str
    name: str


class Member(_Form):
    """A member on the roster, masked; `capable` null where no birth date is known."""

    person_id: str
    name: str
    id_number: str
    household: str
    capable: bool | None
    basis: str
    status: str


class Quorum(Words):
    """How many must attend and agree; `agree` null where it is a share of those who come."""

    rule: str
    of: int
    attend: int
    agree: int | None
    confirmed: bool


class Representatives(_Form):
    """The bounds of a representative assembly."""

    rule: str
    households: int
    least: int
    most: int
    may_not_decide: list[Words]


class Roster(_Form):
    """The roster of an assembly."""

    collective: Collective
    as_of: AsOf
    members: list[Member]
    capable: int
    to_ask: int
    quorum: Quorum
    representatives: Representatives | None


class Attendance(_Form):
    """Who came, by which way, how many had to; `agree`: how many must agree to decide."""

    in_person: int
    on_line: int
    by_proxy: int
    attended: int
    needed: int
    quorate: bool
    agree: int


class BureauQuestion(_Form):
    """About whom a bureau asks, who asks, and for what."""

    person: str = Field(max_length=64, examples=[FIELDS["person"].example])
    purpose: str = Field(max_length=200, examples=["核对技能培训补贴资格"])
    officer: str = Field(min_length=1, max_length=60, examples=["经办人甲"])
    valid_at: str | None = Field(default=None, examples=[FIELDS["valid_at"].example])


class BureauName(Words):
    """A bureau and the rule that gives it its duty."""

    id: str
    rule: str


class BureauTold(Words):
    """One answer: yes or no, and since when."""

    question: Literal["settled", "permit", "minor", "member"]
    answer: bool
    since: str | None


class BureauMembership(_Form):
    """A membership that stands: of which collective, since when, by which act, on what paper, entered when."""

    code: str
    collective: str
    since: str
    act: Words
    basis: str
    recorded_at: str
    entry: int


class BureauAnswer(_Form):
    """What a bureau was told; `logged` is the row of the log of papers.

    `memberships`, and `ask_for` where there are none: only where it asks whether somebody is a member.
    """

    bureau: BureauName
    as_of: AsOf
    person: str
    answers: list[BureauTold]
    memberships: list[BureauMembership] | None = None
    ask_for: Words | None = None
    logged: str


class ServiceReportRow(Words):
    """What became of one reported row, in words too; name and number masked."""

    row: int
    number: str
    who: str
    service: str
    state: Literal["recorded", "would be recorded", "repeated", "unmatched"]


class ServiceReport(_Form):
    """A bureau's report, row by row."""

    bureau: str
    dry_run: bool
    counts: dict[str, int]
    rows: list[ServiceReportRow]


class UnmatchedServiceRow(_Form):
    """A reported row that fits nobody yet, masked."""

    at: str
    number: str
    service: str
    since: str
    who: str


class UnmatchedServiceRows(_Form):
    """A bureau's rows that fit nobody yet."""

    bureau: str
    rows: list[UnmatchedServiceRow]


class SchoolDistrict(_Form):
    """A district with its communities and villages, from its first day until the day before `until`."""

    name: str
    divisions: list[str]
    from_: str = Field(alias="from")
    until: str


class SchoolDistricts(_Form):
    """The districts of a day; `made_up`: invented for a demonstration."""

    valid_at: str
    made_up: bool
    said: Words
    districts: list[SchoolDistrict]
