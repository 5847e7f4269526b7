"""By which ways does a message leave: the log, mail over SMTP, files that a gateway of SMS takes away?

A channel **must** return only when it has handed the message on for good, and raise `ChannelError` otherwise; it may hand on
the same message twice, under the same id.
"""

from __future__ import annotations

import json
import logging
import smtplib
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Literal, Protocol

from registry.notices import outbox
from registry.store import durable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from registry.notices.outbox import ChannelName, Message
    from registry.store.engines import Store

_SMTP_SECONDS = 20
_SMS_FORM = "sanquan-sms-1"


class ChannelError(Exception):
    """Raised when a channel could not hand a message on; its words name no person."""

    def __init__(self, what: str, more: str = "") -> None:
        """The class of what failed, and a code or a word of the system."""
        super().__init__(f"{what} {more}".strip())


class Channel(Protocol):
    """One way out."""

    def hand_on(self, message: Message) -> None:
        """Hand one message on, or raise `ChannelError`."""


@dataclass(frozen=True, slots=True)
class Log:
    """For a registry without any gateway: that there is a message stands in the service's log, never what it says."""

    def hand_on(self, message: Message) -> None:
        """One line."""
        logging.getLogger("sanquan.notices").info("message %s %s", message.id, message.kind)


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server of the house. TLS where the server offers it; no password: the server knows this machine."""

    host: str
    port: int
    sender: str

    def hand_on(self, message: Message) -> None:
        """One mail. Its Message-ID is that of the outbox, so that a second one is known for the same."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, message.to
        mail["Subject"] = "三权登记库的通知"
        mail["Message-ID"] = f"<{message.id}@sanquan.invalid>"
        mail.set_content(message.text)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=_SMTP_SECONDS) as server:
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls()
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as failed:
            code = getattr(failed, "smtp_code", "")
            raise ChannelError(type(failed).__name__, str(code)) from failed


@dataclass(frozen=True, slots=True)
class SmsFolder:
    """A folder from which a gateway takes files away, one a message: docs/evidence.md has the form."""

    folder: Path

    def hand_on(self, message: Message) -> None:
        """`ID.json`, whole or not at all, under the same name if it is handed on again."""
        told = {"form": _SMS_FORM, "id": message.id, "to": message.to, "text": message.text, "made_at": message.at}
        content = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            durable.write(self.folder / f"{message.id}.json", content, mode=durable.PRIVATE)
        except OSError as failed:
            raise ChannelError("OSError", failed.strerror or "") from failed


def send(store: Store, channels: Mapping[ChannelName, Channel]) -> Counter[Literal["delivered", "failed", "no channel"]]:
    """Try every message that waits, once; how many were handed on, failed, or have no channel here."""
    counted: Counter[Literal["delivered", "failed", "no channel"]] = Counter()
    with store.reading() as connection:
        waiting = outbox.messages(store, connection, waiting=True)
    for message in waiting:
        channel = channels.get(message.channel)
        if channel is None:
            counted["no channel"] += 1
            continue
        outbox.step(store, message.id, "tried")
        try:
            channel.hand_on(message)
        except ChannelError as failed:
            outbox.step(store, message.id, "failed", str(failed))
            counted["failed"] += 1
        else:
            outbox.step(store, message.id, "delivered")
            counted["delivered"] += 1
    return counted
