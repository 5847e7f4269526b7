"""How is a question put over HTTP, and how is its answer written: parameters, the moment, ETag, ready-made bytes?

Answers are read on the event loop, one after the other, from one unchanging view: the log's tree in memory takes no two
readers that extend it at once. An ETag is made of the log's size and of the whole question, the day and who asks included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import written
from api.asked import FIELDS, LARGEST_INDEX, LONGEST_LEASE, LONGEST_PAGE, Moment
from api.v1.asker import reader_of
from registry.looks.keeping import listed, looked
from registry.parcels.box import Box
from registry.parcels.box import box as read_box
from registry.rights.compared import newest_comparison

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.v1.asker import Asker
    from registry.looks.words import What
    from registry.masks import Reader
    from registry.store.engines import Store

OK = 200
GEOJSON = "application/geo+json"
# What an answer's form is, for ETags: a later form must not be taken for this one.
_FORM = b"1"


def _about(name: str) -> dict[str, Any]:
    field = FIELDS[name]
    return {"description": f"{field.zh} / {field.en}", "examples": [field.example]}


ValidAt = Annotated[str | None, Query(json_schema_extra={"format": "date"}, **_about("valid_at"))]
KnownAt = Annotated[str | None, Query(**_about("known_at"))]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, **_about("limit"))]
After = Annotated[str | None, Query(**_about("after"))]
Village = Annotated[str | None, Query(**_about("village"))]
BoxText = Annotated[str | None, Query(**_about("bbox"))]
WantedBox = Annotated[str, Query(alias="bbox", **_about("bbox"))]
Since = Annotated[str, Query(json_schema_extra={"format": "date"}, **_about("since"))]
Crs = Annotated[Literal["EPSG:4490", "EPSG:4545"], Query(**_about("crs"))]
Code = Annotated[str | None, Query(**_about("code"))]
ParcelCode = Annotated[str, Query(**_about("code"))]
HouseholdCode = Annotated[str, Query(**_about("household"))]
UnitCode = Annotated[str, Query(alias="code", **_about("unit"))]
NoticeVillage = Annotated[str, Query(alias="village", **_about("village"))]
CertificateNumber = Annotated[str, Query(**_about("number"))]
Round = Annotated[int, Query(ge=1, le=3, **_about("round"))]
Day = Annotated[str | None, Query(json_schema_extra={"format": "date"}, **_about("day"))]
Kind = Annotated[Literal["contract", "operating", "homestead", "income"] | None, Query(**_about("kind"))]
Holder = Annotated[str | None, Query(**_about("holder"))]
Transferable = Annotated[Literal["lease"] | None, Query(**_about("transferable"))]
Years = Annotated[int, Query(ge=1, le=LONGEST_LEASE, **_about("years"))]
EventIdx = Annotated[int | None, Query(ge=0, le=LARGEST_INDEX, **_about("event"))]
First = Annotated[int, Query(alias="from", ge=0, le=LARGEST_INDEX, **_about("from"))]
PersonPath = Annotated[str, Path(**_about("person"))]
ParcelPath = Annotated[str, Path(**_about("parcel"))]
IdxPath = Annotated[int, Path(ge=0, le=LARGEST_INDEX, **_about("idx"))]


class Question:
    """The request with its moment. One for each GET: `question.answer(build)` gives the response."""

    def __init__(self, request: Request, valid_at: ValidAt = None, known_at: KnownAt = None) -> None:
        self.request = request
        self.store: Store = request.app.state.store
        self.valid_at = valid_at
        self.known_at = known_at
        self.reader: Reader = "desk"

    def answer(
        self, build: Callable[[Connection, Moment], dict[str, Any]], media_type: str = "application/json"
    ) -> Response:
        """Read the moment, answer 304 where the caller has this answer already, else build and write it."""
        return self.answer_bytes(lambda connection, at: written(build(connection, at)), media_type)

    async def answer_about(
        self, person: str, what: What, who: Asker, build: Callable[[Connection, Moment, Reader], dict[str, Any]]
    ) -> Response:
        """`answer` of one person's data: who reads it is written down, durably, before it leaves; a 304 shows nothing new."""
        self.reader = reader_of(self.request, person)
        answered = self.answer(lambda connection, at: build(connection, at, self.reader))
        if answered.status_code == OK:
            await run_in_threadpool(looked, self.store, who.officer, person, what, who.purpose)
        return answered

    def listed(self, answered: Response, place: str, what: What, who: Asker) -> Response:
        """An answer about everybody in a place ("": the banner): one row says who reads it, before it leaves; none for a 304."""
        if answered.status_code == OK:
            listed(self.store, who.officer, place, what, who.purpose)
        return answered

    def answer_bytes(self, build: Callable[[Connection, Moment], bytes], media_type: str) -> Response:
        """`answer` where the answer is bytes of its own: a page, a file."""
        with self.store.reading() as connection:
            at = asked.moment(self.store, connection, self.valid_at, self.known_at)
            headers = {"ETag": self._etag(at, self._beside(connection)), "Cache-Control": "private, no-cache"}
            if headers["ETag"] in tags(self.request.headers.get("if-none-match", "")):
                return Response(status_code=304, headers=headers)
            return Response(build(connection, at), 200, headers, media_type)

    def _beside(self, _connection: Connection) -> str:
        """What an answer shows that is no entry of the log."""
        return ""

    def _etag(self, at: Moment, beside: str) -> str:
        url = self.request.url
        asked_for = (url.path, url.query, at.valid_at, str(at.known_at), beside, self.reader)
        parts = (_FORM, *(part.encode() for part in asked_for))
        digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
        return f'"{at.log_size}-{digest[:24]}"'


class LogQuestion(Question):
    """A question to which no day belongs: about the log itself, or about one entry of it."""

    def __init__(self, request: Request, known_at: KnownAt = None) -> None:
        super().__init__(request, None, known_at)


class BookQuestion(Question):
    """A question whose answer shows when a right was last compared with the book that decides."""

    def _beside(self, connection: Connection) -> str:
        return newest_comparison(connection)


Asked = Annotated[Question, Depends(Question)]
AskedOfBooks = Annotated[BookQuestion, Depends(BookQuestion)]
AskedOfLog = Annotated[LogQuestion, Depends(LogQuestion)]


def after(given: str | None) -> str | None:
    """Where the page begins; InputError."""
    return None if given is None else asked.text("after", given)


def village(given: str | None) -> str | None:
    """A village's or an issuer's code; InputError."""
    return None if given is None else asked.text("village", given)


def box(given: str | None, crs: str) -> Box | None:
    """The box in the register's CRS; BoxMalformedError."""
    return None if given is None else read_box(given, asked.CRSS[crs])


def tags(header: str) -> set[str]:
    """The tags of an If-None-Match."""
    # A weak tag compares equal for If-None-Match (RFC 9110, 13.1.2).
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
