"""How does an application wait, and which is next (plan I.2.1)?

What the applicant declares is kept as declared; the order is `registry.decisions.queue`. An application leaves the queue
when its event was recorded, or when it is withdrawn, and for no other reason: priority refuses nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.china import day_of
from registry.decisions.asking import QUESTIONS
from registry.decisions.queue import Waiting, place_in_queue, priority_class
from registry.decisions.unregistered import CATEGORIES_96, CLASSES
from registry.errors import SanquanError
from registry.law.book import book
from registry.ledger.status import status_session
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row
from registry.waiting import APPLICATION, APPLICATION_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.decisions.facts import Known
    from registry.ledger.status import StatusSession
    from registry.store.engines import Store

UNREGISTERED = "register-unregistered"
_SAID = {True: "yes", False: "no", None: "unknown"}
_MEANT = {said: known for known, said in _SAID.items()}


class ApplicationNotFoundError(SanquanError):
    """Raised when there is no such application, or it has left the queue."""

    def __init__(self) -> None:
        """Where to look."""
        super().__init__(
            "没有这份申请, 或者已经办完、撤回: 看 sanquan queue list",
            "there is no such application, or it was dealt with or withdrawn: see sanquan queue list",
        )


class UnknownQuestionError(SanquanError):
    """Raised when somebody applies for what no decision answers."""

    def __init__(self) -> None:
        """What there is."""
        known = ", ".join(QUESTIONS)
        super().__init__(f"没有这种申请, 只有: {known}", f"there is no such question; there are {known}")


class UnknownClassError(SanquanError):
    """Raised when an application names a class of unregistered people that there is not, or is no application of such a person."""

    def __init__(self, known: tuple[str, ...]) -> None:
        """What there is."""
        zh = "、".join(f"{word}({CLASSES[word][0]})" for word in known)
        en = ", ".join(known)
        super().__init__(
            f"category 只写在无户口人员的申请里, 是 国办发〔2015〕96号 的一类, 不知道就空着: {zh}",
            f"category goes with an application of unregistered people alone, a class of 国办发〔2015〕96号, or empty: {en}",
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """An application that waits: what was declared, and (sealed in the register) who and with which paper."""

    id: str
    question: str
    waiting: Waiting
    person: str = field(repr=False)
    name: str = field(repr=False)
    paper: str = field(repr=False)

    @property
    def priority(self) -> str:
        """Its class in the order of the plan."""
        return priority_class(self.waiting)


def apply(  # noqa: PLR0913  (one parameter a thing declared)
    store: Store,
    question: str,
    *,
    name: str,
    paper: str,
    person: str = "",
    in_stock: Known = None,
    able_in_town: Known = None,
    in_town_since: str | None = None,
    category: str = "",
) -> str:
    """Take in an application; its id. `person` is empty for somebody whom the register does not know yet.

    `category`: of unregistered people, their class of 国办发〔2015〕96号, "" where none is stated; sealed, for it tells of a birth.
    UnknownQuestionError, UnknownClassError.
    """
    if question not in QUESTIONS:
        raise UnknownQuestionError
    classes = book().words(CATEGORIES_96, "unregistered_classes", day_of(store.clock()))
    if category and (question != UNREGISTERED or category not in classes):
        raise UnknownClassError(classes)
    with status_session(store) as session:
        row = {
            "id": store.randomness.new_id(),
            "received_at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "question": question,
            "in_stock": _SAID[in_stock],
            "able_in_town": _SAID[able_in_town],
            "in_town_since": in_town_since,
        }
        value = {"person": person, "name": name, "paper": paper} | ({"category": category} if category else {})
        _insert(session, APPLICATION, row, value)
        session.connection.commit()
    return str(row["id"])


def waiting(store: Store, connection: Connection, day: str) -> list[Applied]:
    """Everybody who waits, in the order of the plan on a day."""
    left = sa.exists().where(APPLICATION_STEP.c.application_id == APPLICATION.c.id)
    rows = connection.execute(sa.select(APPLICATION).where(~left)).mappings()
    found = [_applied(store, dict(row)) for row in rows]
    on = dt.date.fromisoformat(day)
    return sorted(found, key=lambda each: (place_in_queue(each.waiting, on), each.id))


def classes_waiting(store: Store, connection: Connection, until: str) -> list[str]:
    """The class of each unregistered person's application received before an instant (UTC) that had not left by then.

    "" where none was stated: applications taken in before classes were asked for say none.
    """
    left = sa.exists().where(APPLICATION_STEP.c.application_id == APPLICATION.c.id, APPLICATION_STEP.c.at < until)
    asked = sa.select(APPLICATION).where(APPLICATION.c.question == UNREGISTERED, APPLICATION.c.received_at < until, ~left)
    rows = connection.execute(asked.order_by(APPLICATION.c.id)).mappings()
    return [str(opened_row(store.vault, APPLICATION, dict(row)).get("category", "")) for row in rows]


def leave(store: Store, application: str, *, event_idx: int | None = None, reason: str = "") -> None:
    """Take an application out: its event was recorded, or (without one) it was withdrawn. ApplicationNotFoundError."""
    with status_session(store) as session:
        left = sa.exists().where(APPLICATION_STEP.c.application_id == APPLICATION.c.id)
        query = sa.select(APPLICATION.c.id).where(APPLICATION.c.id == application, ~left)
        if session.connection.scalar(query) is None:
            raise ApplicationNotFoundError
        row = {
            "application_id": application,
            "step": "withdrawn" if event_idx is None else "recorded",
            "at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "event_idx": event_idx,
        }
        _insert(session, APPLICATION_STEP, row, {"reason": reason})
        session.connection.commit()


def _insert(session: StatusSession, table: Table, row: Mapping[str, Any], value: Mapping[str, Any]) -> None:
    store = session.store
    sealed = sealed_row(store.vault, table, row, value, store.randomness.nonce())
    insert_rows(session.connection, table, [*row, "sealed"], [(*row.values(), sealed)])


def _applied(store: Store, row: Mapping[str, Any]) -> Applied:
    value = opened_row(store.vault, APPLICATION, row)
    since = row["in_town_since"]
    declared = Waiting(
        _MEANT[row["in_stock"]],
        _MEANT[row["able_in_town"]],
        None if since is None else dt.date.fromisoformat(since),
        row["received_at"],
    )
    return Applied(row["id"], row["question"], declared, value["person"], value["name"], value["paper"])
