"""The outbox: at least once, never silently not at all, and nothing in a message that is nobody's business."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st

from registry.notices import outbox, sending
from registry.notices.fit import UnfitWordsError
from registry.notices.model import OUTBOX
from registry.notices.outbox import MOST_TRIES, AddressMalformedError, messages
from registry.notices.sending import ChannelError, Log, SmsFolder, Smtp, send
from registry.notices.texts import MESSAGE_KINDS, SAYS, MessageMalformedError, Words, says

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aiosmtpd.smtp import Envelope

    from registry.notices.outbox import Message
    from registry.store.engines import Store

HERDER = "a" * 32
WORDS = Words("A-17", "农牧业局柜台", "0477-7581234")


class Received:
    """A mail server's hand: keeps what comes, refuses the first so many."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refuse = 0

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """One mail."""
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.mails.append(envelope.original_content or b"")
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Received, int]]:
    """A mail server on a port of this machine."""
    received = Received()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    yield received, port
    controller.stop()


def waiting(store: Store) -> list[Message]:
    """What is still to be sent."""
    with store.reading() as connection:
        return messages(store, connection, waiting=True)


def test_mail_goes_out_once_it_is_taken(store: Store, server: tuple[Received, int]) -> None:
    """Over SMTP, to whom it is for, with its own id; then it waits no more."""
    received, port = server
    name = outbox.tell(store, HERDER, "smtp", "herder@example.cn", "step", WORDS)
    assert send(store, {"smtp": Smtp("127.0.0.1", port, "sanquan@localhost")}) == {"delivered": 1}
    (mail,) = received.mails
    assert name.encode() in mail
    assert b"herder@example.cn" in mail
    assert waiting(store) == []
    assert send(store, {"smtp": Smtp("127.0.0.1", port, "sanquan@localhost")}) == {}


def test_mail_that_is_refused_is_tried_again(store: Store, server: tuple[Received, int]) -> None:
    """A refusal is written down with the server's code, and the next run sends it."""
    received, port = server
    received.refuse = 1
    outbox.tell(store, HERDER, "smtp", "herder@example.cn", "step", WORDS)
    channel = Smtp("127.0.0.1", port, "sanquan@localhost")
    assert send(store, {"smtp": channel}) == {"failed": 1}
    (one,) = waiting(store)
    assert (one.tries, one.state, one.why) == (1, "waiting", "SMTPDataError 451")
    assert send(store, {"smtp": channel}) == {"delivered": 1}
    assert len(received.mails) == 1


def test_server_that_is_not_there_is_a_failure_and_no_error(store: Store) -> None:
    """Nothing listens: it stays in the outbox."""
    outbox.tell(store, HERDER, "smtp", "herder@example.cn", "step", WORDS)
    assert send(store, {"smtp": Smtp("127.0.0.1", 1, "sanquan@localhost")}) == {"failed": 1}
    assert waiting(store)[0].why.startswith("ConnectionRefusedError")


def test_sms_is_a_file_that_a_gateway_takes_away(store: Store, tmp_path: Path) -> None:
    """docs/evidence.md: one JSON a message, whole, private, under its id."""
    name = outbox.tell(store, HERDER, "sms", "13800138000", "consent-asked", Words("A-1", "柜台", "12345", "2026-12-15"))
    assert send(store, {"sms": SmsFolder(tmp_path / "out")}) == {"delivered": 1}
    (path,) = (tmp_path / "out").iterdir()
    told = json.loads(path.read_bytes())
    assert path.name == f"{name}.json"
    assert path.stat().st_mode & 0o077 == 0
    assert set(told) == {"form", "id", "to", "text", "made_at"}
    assert (told["form"], told["to"]) == ("sanquan-sms-1", "13800138000")
    assert "2026年12月15日" in told["text"]


def test_sms_folder_that_cannot_be_written_is_a_failure(store: Store, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("x")
    outbox.tell(store, HERDER, "sms", "13800138000", "step", WORDS)
    assert send(store, {"sms": SmsFolder(tmp_path / "out")}) == {"failed": 1}


def test_process_that_dies_while_sending_sends_again(store: Store) -> None:
    """At least once: a try without an end is no delivery."""

    class Dies:
        def hand_on(self, _message: Message) -> None:
            raise KeyboardInterrupt

    outbox.tell(store, HERDER, "log", "", "step", WORDS)
    with pytest.raises(KeyboardInterrupt):
        send(store, {"log": Dies()})
    assert waiting(store)[0].tries == 1
    assert send(store, {"log": Log()}) == {"delivered": 1}


def test_message_is_given_up_after_some_tries_and_says_so(store: Store) -> None:
    """Not tried for ever, and never forgotten: it stays in the list."""

    class Never:
        def hand_on(self, _message: Message) -> None:
            raise ChannelError("NoLine")

    outbox.tell(store, HERDER, "log", "", "step", WORDS)
    for _ in range(MOST_TRIES):
        assert send(store, {"log": Never()}) == {"failed": 1}
    assert send(store, {"log": Never()}) == {}
    with store.reading() as connection:
        (one,) = messages(store, connection)
    assert (one.state, one.tries, one.why) == ("given up", MOST_TRIES, "NoLine")


def test_message_without_a_channel_here_waits(store: Store) -> None:
    """It is counted, and no try is written."""
    outbox.tell(store, HERDER, "sms", "13800138000", "step", WORDS)
    assert send(store, {"log": Log()}) == {"no channel": 1}
    assert waiting(store)[0].tries == 0


def test_address_and_text_are_sealed(store: Store) -> None:
    """The table has ids and words of ours; nobody's address or telephone."""
    outbox.tell(store, HERDER, "sms", "13800138000", "step", WORDS)
    with store.reading() as connection:
        row = connection.execute(sa.select(OUTBOX)).mappings().one()
    assert b"13800138000" not in bytes(row["sealed"])
    assert HERDER not in str(dict(row))
    assert "13800138000" not in repr(waiting(store)[0])


@pytest.mark.parametrize(("channel", "to"), [("sms", "0477-7581234"), ("sms", ""), ("smtp", "nobody"), ("smtp", "a@b\nCc: x@y.cn")])
def test_address_that_the_channel_cannot_reach_is_refused(store: Store, channel: outbox.ChannelName, to: str) -> None:
    """A line break in an address would be another head of the mail."""
    with pytest.raises(AddressMalformedError):
        outbox.tell(store, HERDER, channel, to, "step", WORDS)
    assert waiting(store) == []


@pytest.mark.parametrize("kind", MESSAGE_KINDS)
def test_message_names_no_person_no_number_and_no_area(kind: str) -> None:
    """Issue 7, item 10: no more than needed. A line is read by whoever holds the telephone."""
    wants_day = "{day}" in SAYS[kind]  # type: ignore[index]  # the parameter is one of the kinds
    text = says(kind, Words("A-17", "农牧业局柜台", "0477-7581234", "2026-12-15" if wants_day else ""))  # type: ignore[arg-type]
    assert not re.search(r"\d{10,}|亩|㎡|平方米|身份证号", text)
    assert "{" not in text


@pytest.mark.parametrize(
    "words",
    [
        Words("达楞太", "柜台", "12345"), Words("A", "柜台", "13800138000"), Words("A", "柜台", ""),
        Words("A", "柜台", "12345", "2026-12-15"), Words("A" * 41, "柜台", "12345"),
    ],
)  # fmt: skip
def test_what_has_not_its_form_is_put_into_no_message(words: Words) -> None:
    """A name for a reference, a person's telephone for the counter's, a day where none is told."""
    with pytest.raises(MessageMalformedError):
        says("step", words)


def test_day_that_no_calendar_has_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(MessageMalformedError):
        says("consent-asked", Words("A", "柜台", "12345", "2026-02-30"))


@given(st.text(max_size=40))
def test_counter_is_words_of_an_office(counter: str) -> None:
    """Whatever is written there: it is refused, or the message still holds no long number and no area."""
    try:
        text = says("step", Words("A", counter, "12345"))
    except UnfitWordsError:
        return
    assert not re.search(r"1[3-9]\d{9}|\d\s*亩", text)


def test_log_says_that_there_is_a_message_and_not_what_it_says(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The service's log holds the message's id, no address and no text."""
    name = outbox.tell(store, HERDER, "log", "达楞太", "step", WORDS)
    with caplog.at_level("INFO"):
        assert sending.send(store, {"log": Log()}) == {"delivered": 1}
    assert name in caplog.text
    assert "达楞太" not in caplog.text
    assert "A-17" not in caplog.text
