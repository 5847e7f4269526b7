"""The 卷宗 of one person, for a court: what stands of them, every act upon a list of theirs, every paper with its digest.

Names are masked as whoever asks sees them, and nobody else's stands in it: a paper with names is made at the counter. Where they
live is nowhere in it (地址保密).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from registry import masks, parties, sources
from registry.china import today
from registry.dossier import Dossier, Exhibit, Step, dossier_pdf, exhibits_of
from registry.guarantee.reach import reach
from registry.law import causes
from registry.ledger.position import position
from registry.listings.children import children
from registry.listings.history import GONE, Line, history
from registry.listings.refusals import NothingListedError
from registry.listings.years import NOT_KNOWN, Year, years
from registry.looks.keeping import looked
from registry.papers import stated
from registry.same_person import same_as
from registry.statement import PersonNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.store.engines import Store

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def dossier_of_person(store: Store, person_id: str, officer: Officer, purpose: str, *, reader: Reader) -> bytes:
    """The dossier as PDF, written down before it is handed out: the person reads who had it made, and for what.

    Raises PersonNotFoundError, NothingListedError, PurposeMissingError.
    """
    reason = stated(purpose)
    with store.reading() as connection:
        made = _dossier(store, connection, person_id, officer, reader)
    looked(store, officer, person_id, "person-dossier", reason)
    return dossier_pdf(made)


def _dossier(store: Store, connection: Connection, person_id: str, officer: Officer, reader: Reader) -> Dossier:
    day, end = today(store), position(connection)
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    found = reach(connection, *same_as(connection, person_id, end.size, day), geometry=False)
    lines = history(store, connection, found, end.size)
    if not lines:
        raise NothingListedError
    minors = children(store, connection, found, valid_at=day, known_at=end.size, reader=reader)
    cited = [content_hash for line in lines for content_hash in line.sources]
    return Dossier(
        title="本人在登记簿上的经过",
        number=person_id,
        summary=_summary(lines),
        facts=[
            ("本人", masks.shown("name", who.name, reader)),
            *((f"名单上的孩子 {child.name}", _child(child.listed, conflict=child.conflict)) for child in minors),
            *((f"{year.day[:4]} 年", _year(year)) for year in years(store, connection, found, valid_at=day, known_at=end.size)),
        ],
        steps=[_step(line) for line in lines],
        exhibits=list(_exhibits(store, connection, cited)),
        made_at=store.clock().astimezone(dt.UTC).strftime(_INSTANT),
        made_by=f"{masks.shown('name', officer.name, reader)} {officer.bureau}",
        log_size=end.size,
        root=end.st or "",
        law=_law(lines),
        open_questions=[NOT_KNOWN[0]],
    )


def _summary(lines: Sequence[Line]) -> list[str]:
    first = min(line.day for line in lines)
    gone = [line for line in lines if line.what == GONE]
    unsigned = [line for line in gone if not line.signed]
    went = f"去掉的、终止的有 {len(gone)} 条，其中没有本人签字记录的 {len(unsigned)} 条。" if gone else "没有一条登记把本人去掉。"
    return [f"最早从 {first} 起登记在册。", went]


def _child(listed: bool, *, conflict: bool) -> str:  # noqa: FBT001  (whether the list has them)
    where = "在名单上" if listed else "现在不在名单上"
    return f"{where}；替孩子签字的人自己也在名单上的，利益可能冲突，要工作人员另外审核" if conflict else where


def _year(year: Year) -> str:
    words = causes.thing_words()
    held = [f"{words[one.thing].zh} {'/'.join(map(str, one.share)) if one.share else f'{one.mu} 亩'}" for one in year.held]
    let = [f"租出 {one.term_start} 至 {one.term_end}，整个租期 {one.paid or '没有写'} 元" for one in year.let]
    return "；".join([*held, *let])


def _step(line: Line) -> Step:
    code = f"（{line.code}）" if line.code else ""
    what = [f"{line.name[0]}{code}：{line.said[0]}", f"原因 {line.zh}", f"从 {line.day} 起算", *line.basis]
    if line.needs_will:
        what.append("别人代为签字" if line.signed_for else "本人签了字" if line.signed else "没有本人签字的记录")
    return Step(line.recorded_at, "", line.bureau, "；".join(what), line.entry, line.sources)


def _exhibits(store: Store, connection: Connection, cited: Iterable[str]) -> Iterator[Exhibit]:
    """What an import cites was not always kept: it is listed as that."""
    for content_hash in dict.fromkeys(cited):
        try:
            yield from exhibits_of(store, connection, [content_hash])
        except sources.SourceMissingError:
            yield Exhibit(content_hash, "没有存档", "")


def _law(lines: Sequence[Line]) -> list[str]:
    """On what each act rests on its day, as the closed list of causes says it."""
    resting = [
        cause.basis
        for line in lines
        for cause in causes.lawful_causes()
        if (cause.kind, cause.thing) == (line.kind, line.thing) and cause.holds_on(dt.date.fromisoformat(line.day))
    ]
    return list(dict.fromkeys(resting))
