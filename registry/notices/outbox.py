"""What is to be told to whom, by which channel, and how far has it come: at least once, never silently not at all?

A message is a row; each try of sending it is a row, written before the try; then one that says how it ended. A process that
dies in between leaves a try without an end: the message is tried again, and may arrive twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.notices.model import OUTBOX, OUTBOX_STEP
from registry.notices.texts import MessageKind, Words, says
from registry.store.bulk import insert_rows
from registry.store.sealing import opened_row, sealed_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

ChannelName = Literal["log", "smtp", "sms"]
State = Literal["waiting", "delivered", "given up"]
MOST_TRIES = 10
_TO: dict[ChannelName, re.Pattern[str]] = {
    "log": re.compile(r".{0,80}"),
    "smtp": re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}"),
    "sms": re.compile(r"1[3-9]\d{9}"),
}


class AddressMalformedError(SanquanError):
    """Raised when a message is addressed to what the channel cannot reach. It is not repeated."""

    def __init__(self) -> None:
        """Show valid ones."""
        super().__init__(
            "短信写 11 位手机号, 邮件写邮箱地址", "SMS goes to a mobile number of 11 digits, mail to an address like a@example.cn"
        )


@dataclass(frozen=True, slots=True)
class Message:
    """One message with how far it has come. `to` and `text` were sealed; `person` is the id of whom it is for."""

    id: str
    at: str
    channel: ChannelName
    kind: MessageKind
    person: str
    to: str
    text: str
    tries: int
    state: State
    why: str

    def __repr__(self) -> str:
        """Never what was sealed: a repr ends in logs."""
        return f"Message({self.channel}, {self.kind}, {self.state})"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be put into the outbox under an id, for a person (an id); `to` is where the channel finds them."""

    id: str
    person: str
    channel: ChannelName
    to: str = field(repr=False)
    kind: MessageKind
    words: Words = field(repr=False)


def tell(store: Store, person: str, channel: ChannelName, to: str, kind: MessageKind, words: Words) -> str:
    """Put a message into the outbox; returns its id. It is sent by `sending.send`, by whoever runs it next.

    Raises `AddressMalformedError`, `texts.MessageMalformedError`, `fit.UnfitWordsError`.
    """
    message = store.randomness.new_id()
    with store.writing("desk") as connection:
        put(store, connection, [Draft(message, person, channel, to, kind, words)])
        connection.commit()
    return message


def put(store: Store, connection: Connection, drafts: Sequence[Draft]) -> None:
    """`tell` of several, within a transaction of the caller, who ends it and gives each its id: twice is refused by the key."""
    rows = []
    for each in drafts:
        if not _TO[each.channel].fullmatch(each.to):
            raise AddressMalformedError
        row = {"id": each.id, "at": _now(store), "channel": each.channel, "kind": each.kind}
        told = {"person": each.person, "to": each.to, "text": says(each.kind, each.words)}
        rows.append((*row.values(), sealed_row(store.vault, OUTBOX, row, told, store.randomness.nonce())))
    insert_rows(connection, OUTBOX, ("id", "at", "channel", "kind", "sealed"), rows)


def step(store: Store, message: str, what: Literal["tried", "delivered", "failed"], why: str = "") -> None:
    """Write down one step of a message."""
    row = {"id": store.randomness.new_id(), "outbox_id": message, "at": _now(store), "step": what}
    with store.writing("desk") as connection:
        sealed = sealed_row(store.vault, OUTBOX_STEP, row, {"why": why}, store.randomness.nonce())
        insert_rows(connection, OUTBOX_STEP, (*row, "sealed"), [(*row.values(), sealed)])
        connection.commit()


def messages(store: Store, connection: Connection, *, waiting: bool = False) -> list[Message]:
    """Every message, oldest first, or those alone that are still to be sent."""
    steps: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(sa.select(OUTBOX_STEP).order_by(OUTBOX_STEP.c.id)).mappings():
        steps.setdefault(row["outbox_id"], []).append(dict(row))
    found = []
    for row in connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.at, OUTBOX.c.id)).mappings():
        one = _message(store, dict(row), steps.get(row["id"], []))
        if not waiting or one.state == "waiting":
            found.append(one)
    return found


def _message(store: Store, row: dict[str, Any], steps: list[dict[str, Any]]) -> Message:
    told = opened_row(store.vault, OUTBOX, row)
    tries = sum(one["step"] == "tried" for one in steps)
    failed = [one for one in steps if one["step"] == "failed"]
    state: State = "waiting"
    if any(one["step"] == "delivered" for one in steps):
        state = "delivered"
    elif tries >= MOST_TRIES:
        state = "given up"
    why = str(opened_row(store.vault, OUTBOX_STEP, failed[-1])["why"]) if failed else ""
    return Message(
        row["id"], row["at"], cast("ChannelName", row["channel"]), cast("MessageKind", row["kind"]), told["person"],
        told["to"], told["text"], tries, state, why,
    )  # fmt: skip


def _now(store: Store) -> str:
    return store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
