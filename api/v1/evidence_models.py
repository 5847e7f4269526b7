"""What forms do the answers about evidence, looks and notices have, field by field? For the OpenAPI document, as `models`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, RootModel

from api.v1.models import Person, Words, _Form  # the one base of every answer
from registry.evidence.limits import MediaType, Removed
from registry.looks.words import What
from registry.notices.posting import HungKind


class Look(_Form):
    """One look, in words too. `purpose` is null where nobody said one."""

    at: str = Field(examples=["2026-11-25T08:00:00Z"])
    what: What
    officer: str
    bureau: str
    purpose: str | None
    place: str | None = Field(description="看的是这里的所有人 / everybody of this place was looked at", examples=["150626100210"])
    zh: str = Field(examples=["2026-11-25 农牧局 经办人甲 看了您的权益保留证明, 理由: 柜台查询"])
    en: str


class Looks(_Form):
    """Who looked at a person, newest first, no more than `at_most`."""

    person: Person
    looks: list[Look]
    at_most: int


class RemovedPart(_Form):
    """What was taken out of a file."""

    what: Removed
    zh: str
    en: str


class Came(_Form):
    """A file that came and was kept as a source: its own hash and size, when, what was taken out of it.

    `taken` is what the camera says of its time, null where it says nothing; `width` and `height` in pixels, 0 for a PDF.
    """

    original_hash: str
    original_bytes: int
    received_at: str
    media_type: MediaType
    taken: str | None
    pages: int
    width: int
    height: int
    removed: list[RemovedPart]


class SourceTold(_Form):
    """What is kept: its content hash, by which it is cited, kind, own day and size; `came` is empty for a paper made here.

    What it is about is sealed, and in no answer.
    """

    content_hash: str
    kind: str
    dated: str
    size_bytes: int
    came: list[Came]


class SourceBytes(RootModel[str]):
    """A file, as an attachment."""


class SourceReading(_Form):
    """Who opens a paper, for what; logged before it is handed out."""

    purpose: str = Field(max_length=200, examples=["复核异议"])
    officer: str = Field(min_length=1, max_length=60, examples=["经办人甲"])
    bureau: str = Field(default="农牧局", min_length=1, max_length=60, examples=["农牧局"])


class NoticePhoto(_Form):
    """A photograph of the notice on the wall: its content hash, the day and place as told, and the camera's own time."""

    content_hash: str
    taken: str
    place: str
    camera: str | None


class PublicNotice(_Form):
    """One notice: from which day to which, by which rule, what it says; `hangs` on the day of the answer."""

    id: str
    kind: HungKind
    called: Words
    rule: str
    village: str
    title: str
    body: str
    begins: str
    ends: str
    hangs: bool
    taken_down: str | None
    parcels: list[str]
    photos: list[NoticePhoto]


class PublicNotices(_Form):
    """Notices, the one that ends first in front."""

    as_of: str
    notices: list[PublicNotice]


class NoticePhotographed(_Form):
    """The photograph that was kept."""

    notice: str
    content_hash: str
    original_hash: str
    state: Literal["kept"] = "kept"


class MessageTold(_Form):
    """One message of the outbox: to whom and what it says stay sealed."""

    id: str
    at: str
    channel: Literal["log", "smtp", "sms"]
    kind: str
    tries: int
    state: Literal["waiting", "delivered", "given up"]
    why: str | None


class Outbox(_Form):
    """Every message, oldest first."""

    messages: list[MessageTold]
