"""Whom does each bureau say that it serves on a day, as known at a size of the log? For figures: nobody is told one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry.china import day_of
from registry.service_reports.tables import SERVICE_REPORT

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

_LATER = SERVICE_REPORT.alias()
_R = SERVICE_REPORT.c


class Reported(NamedTuple):
    """One service that somebody has by their bureau's report."""

    service: str
    person_id: str


def serving(valid_at: str, known_at: int) -> Select[tuple[str, str]]:
    """(service, person) of each report that stands: begun and not ended by the day, known then, and by then not corrected."""
    corrected = sa.exists().where(_LATER.c.corrects == _R.row_key, _LATER.c.log_size <= known_at)
    return sa.select(_R.service, _R.person_id).where(*_said(valid_at, known_at), ~corrected).distinct()


def reported(connection: Connection, *, valid_at: str, known_at: int) -> list[Reported]:
    """Each person's services on the day, each once."""
    query = serving(valid_at, known_at).order_by(_R.service, _R.person_id)
    return [Reported(row.service, row.person_id) for row in connection.execute(query)]


def whose(valid_at: str, known_at: int) -> Select[tuple[str]]:
    """The rows of people whom any report that stands names, as a query."""
    named = serving(valid_at, known_at).subquery("serving")
    return sa.select(named.c.person_id)


def last_reported(connection: Connection, known_at: int) -> dict[str, str]:
    """By service, the day in China on which its bureau last reported anything of it; absent where it never did."""
    query = sa.select(_R.service, sa.func.max(_R.at)).where(_R.log_size <= known_at).group_by(_R.service)
    return {
        service: day_of(at).isoformat()
        for service, at in connection.execute(query)
    }


def _said(valid_at: str, known_at: int) -> tuple[ColumnElement[bool], ...]:
    over = sa.or_(_R.until.is_(None), _R.until >= valid_at)
    return _R.stated == "served", _R.log_size <= known_at, _R.since <= valid_at, over
