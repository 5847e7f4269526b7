"""What forms do the answers about deliveries have, field by field? For the OpenAPI document; tests hold every answer to it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel

from api.v1.documents import Problem
from api.v1.models import CaseToOpen, Words


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakenBack(_Form):
    """When a village was withdrawn, and by which acts (first and last entry)."""

    day: str
    entries: tuple[int, int]


class RegisteredVillage(_Form):
    """What a delivery registered of a village: its acts (first and last entry), and the withdrawal, null where none."""

    code: str
    entries: tuple[int, int]
    withdrawn: TakenBack | None


class RegisteredDelivery(_Form):
    """One delivery: SHA-256 over its files, the instant of its first act, its villages."""

    content_hash: str
    recorded_at: str
    villages: list[RegisteredVillage]


class Deliveries(_Form):
    """Every delivery that registered anything, oldest first."""

    deliveries: list[RegisteredDelivery]


class Stop(_Form):
    """What stops a village: a later act or move in words, its day, the code of what it is about."""

    zh: str
    en: str
    day: str
    code: str


class Moved(_Form):
    """A person who moved since, by id: the case asks for their will, a guardian's for a minor."""

    person: str
    kind: str
    day: str
    minor: bool


class WithdrawalOfVillage(_Form):
    """One village: whether it goes, how much would end by noun, which contracts lose a burden, what stops it, who moved."""

    code: str
    goes: bool
    ends: dict[str, int]
    freed: list[str]
    stops: list[Stop]
    moved: list[Moved]


class Withdrawal(_Form):
    """What a withdrawal would do; `case` asks for it, null where no village goes."""

    delivery: str
    kind: str
    expect: int
    villages: list[WithdrawalOfVillage]
    case: CaseToOpen | None


class Decided(_Form):
    """What the bureau decided: when, which bureau, why."""

    at: str
    bureau: str
    reason: str


class Exception_(_Form):  # noqa: N801  (the word itself is Python's)
    """One explanation of a fault: its id, where the fault stands, SHA-256 of photo and paper, its state."""

    id: str
    village: str
    fault: str
    layer: str
    code: str
    photo: str
    paper: str
    day: str
    kept_at: str
    state: Literal["waiting", "approved", "refused"]
    decision: Decided | None


class Exceptions(_Form):
    """Explanations in the order in which they came."""

    exceptions: list[Exception_]


class Archive(RootModel[bytes]):
    """A zip: what a surveyor takes home, or a sheet for each village."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class Workbook(RootModel[bytes]):
    """A workbook, or the same tables as a zip of csv."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class BlankTable(RootModel[bytes]):
    """A table with a header and no row."""

    model_config = ConfigDict(json_schema_extra={"format": "binary"})


class HandInMade(_Form):
    """What was handed in: SHA-256 over all files, as it is logged; records by layer and table; what is to be known of it."""

    href: str
    name: str
    sha256: str
    records: dict[str, int]
    remarks: list[Words]


class HandIn(_Form):
    """A hand-in under way or at its end. `step`: what is being done, as the command calls it."""

    id: str
    status: Literal["waiting", "running", "done", "failed"]
    step: str
    expires_at: str | None
    made: HandInMade | None
    problem: Problem | None
