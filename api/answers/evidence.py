"""What is told of a paper that is kept, of a public notice, of the outbox: to service and command alike?

What a paper is about, to whom something is sent and what it says stay sealed: no answer holds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from api.answers.events import Day, OfficerIn, Strict
from registry import sources
from registry.china import today
from registry.evidence import keeping
from registry.evidence.limits import REMOVED
from registry.notices import outbox, posting
from registry.notices.parcels import MOST_PARCELS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.evidence.keeping import Piece
    from registry.notices.posting import Notice
    from registry.store.engines import Store

Answer = dict[str, Any]
ParcelCode = Annotated[str, StringConstraints(min_length=19, max_length=28), Field(examples=["1506261002100000001"])]


class NoticeIn(Strict):
    """A notice that is put up. `village`: 12 digits. Its last day follows from the rule in force on its first.

    `parcels`: the codes of the parcels that it is about; figure 7 counts them while it hangs.
    """

    kind: posting.NoticeKind = Field(examples=["first-notice"])
    village: str = Field(pattern="^[0-9]{12}$", examples=["150626100210"])
    title: str = Field(min_length=1, max_length=posting.LONGEST_TITLE, examples=["呼和陶勒盖嘎查 首次登记公示"])
    body: str = Field(min_length=1, max_length=posting.LONGEST_BODY, examples=["第 3 组草场共 12 块, 图和表贴在嘎查公示栏。"])
    begins: Day
    parcels: list[ParcelCode] = Field(default_factory=list, max_length=MOST_PARCELS)
    officer: OfficerIn


class TakeDownIn(Strict):
    """Why a notice is taken down."""

    reason: str = Field(min_length=1, max_length=posting.LONGEST_REASON, examples=["表上有错, 重新公示"])
    officer: OfficerIn


def source(store: Store, connection: Connection, content_hash: str) -> Answer:
    """What is known of a paper. SourceMissingError."""
    came = keeping.pieces(store, connection, content_hash)
    known = sources.describe(store, connection, content_hash)
    return {
        "content_hash": known.content_hash,
        "kind": known.kind,
        "dated": known.dated,
        "size_bytes": known.size_bytes,
        "came": [_came(piece) for piece in came],
    }


def post(store: Store, sent: NoticeIn) -> Answer:
    """Put a notice up."""
    who = sent.officer.officer()
    hung = posting.post(
        store, who, sent.kind, village=sent.village, title=sent.title, body=sent.body, begins=sent.begins, parcels=sent.parcels
    )
    return notice_told(hung, today(store))


def take_down(store: Store, notice_id: str, sent: TakeDownIn) -> Answer:
    """Take a notice down."""
    posting.take_down(store, sent.officer.officer(), notice_id, sent.reason)
    with store.reading() as connection:
        return notice_told(posting.notice(store, connection, notice_id), today(store))


def notices(store: Store, connection: Connection, *, over: bool) -> Answer:
    """Those that hang today, or every one."""
    now = today(store)
    return {"as_of": now, "notices": [notice_told(one, now) for one in posting.notices(store, connection, over=over)]}


def notice_told(one: Notice, now: str) -> Answer:
    """One notice."""
    zh, en = one.called
    return {
        **{name: getattr(one, name) for name in ("id", "kind", "rule", "village", "title", "body", "begins", "ends")},
        "called": {"zh": zh, "en": en},
        "hangs": one.hangs_on(now),
        "taken_down": one.taken_down,
        "parcels": list(one.parcels),
        "photos": [
            {"content_hash": p.content_hash, "taken": p.taken, "place": p.place, "camera": p.camera or None} for p in one.photos
        ],
    }


def messages(store: Store, connection: Connection) -> Answer:
    """Every message of the outbox, without address and text."""
    told = [
        {
            **{name: getattr(one, name) for name in ("id", "at", "channel", "kind", "tries", "state")},
            "why": one.why or None,
        }
        for one in outbox.messages(store, connection)
    ]
    return {"messages": told}


def _came(piece: Piece) -> Answer:
    stated = piece.stated
    return {
        "original_hash": piece.original_hash,
        "original_bytes": piece.original_bytes,
        "received_at": piece.received_at,
        "media_type": piece.media_type,
        "taken": stated["taken"] or None,
        "pages": stated["pages"],
        "width": stated["width"],
        "height": stated["height"],
        "removed": [{"what": word, "zh": REMOVED[word][0], "en": REMOVED[word][1]} for word in stated["removed"]],
    }
