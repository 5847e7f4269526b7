"""Which parcels does a public notice name, and which stand in one on a day? By their codes, as they hang on the wall.

A notice of a first registration is about land that no register has yet: a code is held to its form and its village, not
looked up. Notices that were put up before parcels were asked for name none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.notices.model import NOTICE_PARCEL, NOTICE_TAKEN_DOWN, PUBLIC_NOTICE
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

MOST_PARCELS = 5_000
_COUNTY = 6
_PARCEL, _UNIT = re.compile(r"[0-9]{19}"), re.compile(r"[0-9]{12}JC[0-9]{5}(?:F[0-9]{8}|W00000000)")


class NoticeParcelsError(SanquanError):
    """Raised when a notice names what is no parcel of its village."""

    def __init__(self, places: Sequence[int], village: str) -> None:
        """Their places in the list, counted from 1."""
        where = ", ".join(map(str, places[:20]))
        super().__init__(
            f"parcels 里第 {where} 个不是村 {village} 的地块: 写 19 位地块代码(前 12 位是村代码), 或院子的不动产单元号",
            f"parcels: number {where} is no parcel of the village {village}: 19 digits that begin with the village's 12, or a "
            "homestead's unit number",
        )


def fit_parcels(codes: Iterable[str], village: str) -> tuple[str, ...]:
    """The codes, each once, in their order. Raises NoticeParcelsError.

    >>> fit_parcels(["1506261002100000001", "1506261002100000001"], "150626100210")
    ('1506261002100000001',)
    """
    given = [code.strip() for code in codes]
    wrong = [place for place, code in enumerate(given, start=1) if place > MOST_PARCELS or not _of_village(code, village)]
    if wrong:
        raise NoticeParcelsError(wrong, village)
    return tuple(dict.fromkeys(given))


def parcels_of(connection: Connection, notice_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """The codes that each notice names, in the order of codes."""
    table, found = NOTICE_PARCEL.c, defaultdict[str, list[str]](list)
    query = sa.select(table.notice_id, table.parcel_code).where(among(table.notice_id, "notices")).order_by(table.parcel_code)
    for notice_id, code in connection.execute(query, {"notices": list(notice_ids)}):
        found[notice_id].append(code)
    return {notice_id: tuple(codes) for notice_id, codes in found.items()}


def hanging(connection: Connection, day: str) -> dict[str, tuple[str, ...]]:
    """The notices that hung at the end of a day (in China), each with the codes that it names; () where it names none."""
    over = f"{day}T16:00:00Z"  # instants are UTC to the second: the day in China ends at 16:00
    notice, down = PUBLIC_NOTICE.c, NOTICE_TAKEN_DOWN.c
    taken = sa.exists().where(down.notice_id == notice.id, down.at < over)
    query: sa.Select[Any] = sa.select(notice.id).where(notice.begins <= day, notice.ends >= day, ~taken).order_by(notice.id)
    ids = list(connection.scalars(query))
    named = parcels_of(connection, ids)
    return {notice_id: named.get(notice_id, ()) for notice_id in ids}


def _of_village(code: str, village: str) -> bool:
    """A parcel's code begins with its village's; a unit number has cadastral numbers of its own within the county."""
    if _PARCEL.fullmatch(code):
        return code.startswith(village)
    return _UNIT.fullmatch(code) is not None and code[:_COUNTY] == village[:_COUNTY]
