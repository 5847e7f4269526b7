"""Who holds a residence permit on a day, as known at a size of the log: in force, or its use resting?

`decisions.permits.standing` decides how one permit stands. This is the same rule said of everybody at once, step by step in
SQL; tests/registry/statistics/test_permits.py holds the two equal. A day is a whole number here, `(year * 12 + month) * 32 +
day`, so that so many months later is so many times 32 more: where a month has no such day its last one comes before.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.residence import RESIDENCE_PERMIT
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from sqlalchemy import CTE, ColumnElement, Select

_MONTH = 32
_FOR_EVER = 9999 * 12
_BANNER = sa.bindparam("banner", type_=Words)
_SPAN = sa.bindparam("span", type_=Whole)
_ON = sa.bindparam("on", type_=Whole)
_NONE, _IN_FORCE, _SUSPENDED = 0, 1, 2


def values(valid_at: str, banner: str, months: int | None) -> dict[str, str | int]:
    """What `permitted` is asked with; a permit holds for `months` after it was issued or endorsed (None: for ever)."""
    day = dt.date.fromisoformat(valid_at)
    return {
        "banner": banner,
        "span": (_FOR_EVER if months is None else months) * _MONTH,
        "on": (day.year * 12 + day.month) * _MONTH + day.day,
    }


def permitted(counts: ColumnElement[bool]) -> CTE:
    """Who holds a permit of this banner: person, division that issued it, and `permit`, "in-force" or "suspended".

    `counts`: which recorded steps are looked at.
    """
    walked = _walked(_steps(counts))
    holds = sa.and_(walked.c.state == _IN_FORCE, walked.c.began + walked.c.years * _SPAN >= _ON)
    return (
        sa.select(
            walked.c.person_id, walked.c.division_code, sa.case((holds, "in-force"), else_="suspended").label("permit")
        )
        .where(walked.c.step_no == walked.c.steps, walked.c.state != _NONE)
        .cte("permitted")
    )


def _steps(counts: ColumnElement[bool]) -> CTE:
    """Each person's steps, numbered: of one day the later recorded comes later."""
    state = RESIDENCE_PERMIT.c
    year, month, day = (sa.cast(sa.extract(part, state.valid_from), Whole) for part in ("year", "month", "day"))
    elsewhere = sa.and_(state.status != "lapsed", ~state.division_code.startswith(_BANNER))
    order = (state.valid_from, state.event_idx, state.seq)
    return (
        sa.select(
            state.person_id,
            state.division_code,
            sa.case((elsewhere, "elsewhere"), else_=state.status).label("step"),
            ((year * 12 + month) * _MONTH + day).label("key"),
            sa.func.row_number().over(partition_by=state.person_id, order_by=order).label("step_no"),
            sa.func.count().over(partition_by=state.person_id).label("steps"),
        )
        .where(counts)
        .cte("permit_step")
    )


def _walked(steps: CTE) -> CTE:
    """How each permit stands after each of its steps: since when its years count, and how many were granted."""
    first = _row(steps, sa.case((steps.c.step == "issued", _IN_FORCE), else_=_NONE), steps.c.key, sa.literal(1))
    walked = first.where(steps.c.step_no == 1).cte("permit_walked", recursive=True)
    begun = walked.c.state != _NONE
    endorsed = sa.and_(steps.c.step == "endorsed", begun)
    late = sa.or_(walked.c.state == _SUSPENDED, steps.c.key > walked.c.began + walked.c.years * _SPAN)
    anew = sa.or_(steps.c.step == "issued", sa.and_(endorsed, late))
    of_this_year = sa.and_(endorsed, steps.c.key > walked.c.began + (walked.c.years - 1) * _SPAN)
    state = sa.case(
        (sa.or_(steps.c.step == "issued", endorsed), _IN_FORCE),
        (sa.and_(steps.c.step == "suspended", begun), _SUSPENDED),
        else_=_NONE,
    )
    began = sa.case((anew, steps.c.key), else_=walked.c.began)
    years = sa.case((anew, 1), (of_this_year, walked.c.years + 1), else_=walked.c.years)
    following = _row(steps, state, began, years).join_from(
        walked, steps, sa.and_(steps.c.person_id == walked.c.person_id, steps.c.step_no == walked.c.step_no + 1)
    )
    return walked.union_all(following)


def _row(
    steps: CTE, state: ColumnElement[int], began: ColumnElement[int], years: ColumnElement[int]
) -> Select[tuple[str, str, int, int, int, int, int]]:
    return sa.select(
        steps.c.person_id,
        steps.c.division_code,
        steps.c.step_no,
        steps.c.steps,
        sa.cast(state, Whole).label("state"),
        sa.cast(began, Whole).label("began"),
        sa.cast(years, Whole).label("years"),
    )
