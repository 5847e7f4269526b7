"""How is a notice put up for everybody to read, how long by law, and how is it shown that it hung on the wall?

The last day is reckoned by the rule in force on the first day (`registry.decisions.deadlines`), never typed in. What is put
up is never changed: whoever must change it takes it down, with a reason, and puts up another.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import sqlalchemy as sa

from registry.china import today
from registry.decisions.deadlines import KINDS, deadline
from registry.errors import SanquanError
from registry.evidence.keeping import Piece, receive
from registry.notices.fit import fit
from registry.notices.model import NOTICE_PARCEL, NOTICE_PHOTO, NOTICE_TAKEN_DOWN, PUBLIC_NOTICE
from registry.notices.parcels import fit_parcels, parcels_of
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.store.engines import Store

NoticeKind = Literal["first-notice", "contract-notice", "exit-notice"]
NOTICE_KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
"""Those kinds of deadline that are a notice on the wall."""
HungKind = Literal["first-notice", "contract-notice", "exit-notice", "case-notice"]
HUNG_KINDS: tuple[HungKind, ...] = get_args(HungKind)
"""A case puts up notices of a kind of its own, too: of a correction, a division, a certificate that was lost."""
_OF_LAND: tuple[NoticeKind, ...] = ("first-notice", "contract-notice")
_OF_CASES = ("REG/first-notice", "登记事项公示", "public notice of a case")
LONGEST_TITLE, LONGEST_BODY, LONGEST_PLACE, LONGEST_REASON = 60, 2000, 60, 200
PHOTO = "公示照片"


class NoSuchNoticeError(SanquanError):
    """Raised when no notice has this id."""

    def __init__(self) -> None:
        """Where to look."""
        super().__init__(
            "没有这张公示: sanquan notice list --all 列出全部", "no notice of this id: sanquan notice list --all shows every one"
        )


class NoticeTakenDownError(SanquanError):
    """Raised when a notice that was taken down is to be taken down, or photographed, again."""

    def __init__(self) -> None:
        """Which it was is in the question."""
        super().__init__("这张公示已经撤下: 要再公示, 另贴一张", "this notice was taken down: put up another one")


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph of the wall: its content hash, the day and the place that are told; `camera` is the camera's own time."""

    content_hash: str
    taken: str
    place: str
    camera: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `ends` is its last day; `rule` the rule that says how long. `taken_down` is a second of UTC, or None.

    `parcels`: the codes of those that it is about, none where it was put up without.
    """

    id: str
    kind: HungKind
    village: str
    title: str
    body: str
    begins: str
    ends: str
    at: str
    taken_down: str | None
    photos: tuple[Photo, ...]
    parcels: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """By which rule it hangs so long."""
        return _OF_CASES[0] if self.kind == "case-notice" else KINDS[self.kind].rule

    @property
    def called(self) -> tuple[str, str]:
        """What the kind is called."""
        return _OF_CASES[1:] if self.kind == "case-notice" else (KINDS[self.kind].zh, KINDS[self.kind].en)

    def hangs_on(self, day: str) -> bool:
        """Whether it is up on a day."""
        return self.taken_down is None and self.begins <= day <= self.ends


def post(
    store: Store,
    officer: Officer,
    kind: NoticeKind,
    *,
    village: str,
    title: str,
    body: str,
    begins: str,
    parcels: Sequence[str] = (),
) -> Notice:
    """Put up a notice from a day on, and say which parcels it is about.

    Raises `UnfitWordsError`, `parcels.NoticeParcelsError`, RuleNotInForceError for a day before the rule.
    """
    codes = fit_parcels(parcels, village)
    last = deadline(kind, dt.date.fromisoformat(begins)).last_day.isoformat()
    with store.writing("desk") as connection:
        hung = hang(
            store, connection, officer, notice_id=store.randomness.new_id(), kind=kind, village=village, title=title,
            body=body, begins=begins, ends=last, parcels=codes,
        )  # fmt: skip
        connection.commit()
    return hung


def hang(  # noqa: PLR0913  (one parameter a column)
    store: Store,
    connection: Connection,
    officer: Officer,
    *,
    notice_id: str,
    kind: HungKind,
    village: str,
    title: str,
    body: str,
    begins: str,
    ends: str,
    parcels: Sequence[str] = (),
) -> Notice:
    """A notice within a transaction of the caller, who ends it. Raises `UnfitWordsError`."""
    row = {
        "id": notice_id,
        "kind": kind,
        "village": village,
        "title": fit(title, LONGEST_TITLE),
        "body": fit(body, LONGEST_BODY),
        "begins": begins,
        "ends": ends,
        "at": _now(store),
    }
    about = [{"notice_id": notice_id, "parcel_code": code} for code in parcels]
    who = {"officer": officer.name, "bureau": officer.bureau}
    _insert(store, connection, PUBLIC_NOTICE, [row], who)
    _insert(store, connection, NOTICE_PARCEL, about, who)
    return Notice(**row, taken_down=None, photos=(), parcels=tuple(parcels))  # type: ignore[arg-type]  # every value is what its column holds


def photograph(store: Store, officer: Officer, notice_id: str, content: bytes, *, place: str, taken: str) -> Piece:
    """Keep a photograph of the notice on the wall: where, and on which day, as the officer says.

    Raises `NoSuchNoticeError`, `NoticeTakenDownError`, `UnfitWordsError`, `registry.evidence.apart.EvidenceRefused`.
    """
    where = fit(place, LONGEST_PLACE)
    with store.reading() as connection:
        hung = notice(store, connection, notice_id)
    if hung.taken_down is not None:
        raise NoticeTakenDownError
    piece = receive(store, officer, content, kind=PHOTO, dated=taken, about=f"{hung.title}, {where}")
    if piece.content_hash not in {photo.content_hash for photo in hung.photos}:
        row = {
            "notice_id": notice_id,
            "content_hash": bytes.fromhex(piece.content_hash),
            "taken": taken,
            "at": _now(store),
        }
        told = {"place": where, "camera": piece.stated["taken"], "officer": officer.name, "bureau": officer.bureau}
        _append(store, NOTICE_PHOTO, row, told)
    return piece


def take_down(store: Store, officer: Officer, notice_id: str, reason: str) -> None:
    """Take a notice down before its end, or after. Raises `NoSuchNoticeError`, `NoticeTakenDownError`, `UnfitWordsError`."""
    why = fit(reason, LONGEST_REASON)
    with store.reading() as connection:
        if notice(store, connection, notice_id).taken_down is not None:
            raise NoticeTakenDownError
    row = {"notice_id": notice_id, "at": _now(store)}
    _append(store, NOTICE_TAKEN_DOWN, row, {"reason": why, "officer": officer.name, "bureau": officer.bureau})


def take_down_these(
    store: Store, connection: Connection, officer: Officer, notice_ids: Sequence[str], day: str, reason: str
) -> None:
    """Take down those of these notices that hang on a day, within a transaction of the caller; the others stay as they are."""
    for hung in _notices(store, connection, PUBLIC_NOTICE.c.id.in_(list(notice_ids))):
        if hung.hangs_on(day):
            told = {"reason": reason, "officer": officer.name, "bureau": officer.bureau}
            _insert(store, connection, NOTICE_TAKEN_DOWN, [{"notice_id": hung.id, "at": _now(store)}], told)


def notice(store: Store, connection: Connection, notice_id: str) -> Notice:
    """One notice with its photographs. Raises `NoSuchNoticeError`."""
    found = _notices(store, connection, PUBLIC_NOTICE.c.id == notice_id)
    if not found:
        raise NoSuchNoticeError
    return found[0]


def notices(store: Store, connection: Connection, *, over: bool = False) -> list[Notice]:
    """Every notice that hangs today, the one that ends first in front; with `over` those too that were, and will be."""
    now = today(store)
    if over:
        return _notices(store, connection, sa.true())
    found = _notices(store, connection, sa.and_(PUBLIC_NOTICE.c.begins <= now, PUBLIC_NOTICE.c.ends >= now))
    return [one for one in found if one.hangs_on(now)]


def hangs_until(connection: Connection, village: str, begins: str, titled: str) -> str:
    """The last day of the notice of land that was put up in a village (12 digits) from this day on, under a title that ends so:
    cases put up notices of the same kinds.

    "" where there is none that is not taken down, or there are two of different length.
    """
    down = sa.select(NOTICE_TAKEN_DOWN.c.notice_id)
    of = PUBLIC_NOTICE.c
    query = sa.select(of.ends).where(
        of.village == village, of.begins == begins, of.kind.in_(_OF_LAND), of.id.not_in(down),
        of.title.endswith(titled, autoescape=True),
    )  # fmt: skip
    ends = set(connection.scalars(query))
    return str(ends.pop()) if len(ends) == 1 else ""


def _notices(store: Store, connection: Connection, where: sa.ColumnElement[bool]) -> list[Notice]:
    query = sa.select(PUBLIC_NOTICE).where(where).order_by(PUBLIC_NOTICE.c.ends, PUBLIC_NOTICE.c.id)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    ids = [row["id"] for row in rows]
    down = sa.select(NOTICE_TAKEN_DOWN.c.notice_id, NOTICE_TAKEN_DOWN.c.at).where(NOTICE_TAKEN_DOWN.c.notice_id.in_(ids))
    taken_down = {row.notice_id: row.at for row in connection.execute(down)}
    photos, parcels = _photos(store, connection, ids), parcels_of(connection, ids)
    return [
        Notice(
            row["id"], row["kind"], row["village"], row["title"], row["body"], row["begins"], row["ends"], row["at"],
            taken_down.get(row["id"]), tuple(photos.get(row["id"], ())), parcels.get(row["id"], ()),
        )
        for row in rows
    ]  # fmt: skip


def _photos(store: Store, connection: Connection, ids: Sequence[str]) -> dict[str, list[Photo]]:
    found: dict[str, list[Photo]] = {}
    query = sa.select(NOTICE_PHOTO).where(NOTICE_PHOTO.c.notice_id.in_(ids)).order_by(NOTICE_PHOTO.c.taken, NOTICE_PHOTO.c.at)
    for row in connection.execute(query).mappings():
        told = opened_row(store.vault, NOTICE_PHOTO, dict(row))
        photo = Photo(bytes(row["content_hash"]).hex(), row["taken"], told["place"], told["camera"])
        found.setdefault(row["notice_id"], []).append(photo)
    return found


def _append(store: Store, table: Table, row: dict[str, Any], told: dict[str, Any]) -> None:
    with store.writing("desk") as connection:
        _insert(store, connection, table, [row], told)
        connection.commit()


def _insert(
    store: Store, connection: Connection, table: Table, rows: Sequence[dict[str, Any]], told: dict[str, Any]
) -> None:
    """Rows of one table, with the same told of each. The caller commits."""
    lines = [(*row.values(), sealed_row(store.vault, table, row, told, store.randomness.nonce())) for row in rows]
    insert_rows(connection, table, (*(rows[0] if rows else ()), "sealed"), lines)


def _now(store: Store) -> str:
    return store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
