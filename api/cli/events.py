"""How is a household event recorded from a file, and looked at again, at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.options import HERE, Json, KnownAt, Registry, document, opened
from registry.errors import SanquanError


class EventFileError(SanquanError):
    """Raised when a file holds no household event. Its values are not repeated."""

    def __init__(self, places: list[str]) -> None:
        """The fields that are wrong."""
        named = ", ".join(places)
        super().__init__(
            f"文件里不是一件户籍事件, 这些项不合规定: {named}。格式同 POST /v1/household-events",
            f"the file holds no household event; these fields are not as they must be: {named}. "
            "The form is that of POST /v1/household-events",
        )


def settle(
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.json", help="事件的 JSON, - 是标准输入: the event, - for stdin")
    ],
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """记一件户籍事件(落户、迁移…); 同一件事只记一次。Record a household event; the same one is recorded once."""
    from api.answers import events

    sent = document(file, events.HouseholdEventIn, EventFileError)
    with opened(registry) as store:
        done = events.record(store, sent)
    if json:
        shown.as_json(done)
        return
    again = ("以前就记过: ", "recorded before: ") if done["repeated"] else ("记下了: ", "recorded: ")
    shown.say(
        f"{again[0]}账本第 {done['idx']} 条, 权利一条也没有写", f"{again[1]}entry {done['idx']}; no right was written"
    )
    shown.say(
        f"每个人的权益保留证明: sanquan statement --event {done['idx']} --out FILE.pdf --person ID",
        "writes the statement of each person, with its proof once the log is published",
    )


def event(
    *,
    idx: Annotated[int, typer.Argument(min=0, max=2**53 - 1, help="账本里的序号 its place in the log")],
    registry: Registry = HERE,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """看一件户籍事件。One household event."""
    from api import asked
    from api.answers import events

    with opened(registry) as store, store.reading() as connection:
        answer = events.event(store, connection, idx, asked.moment(store, connection, None, known_at))
    if json:
        shown.as_json(answer)
        return
    shown.say(
        f"第 {idx} 条 {answer['day']} {answer['name']['zh']}",
        f"{answer['name']['en']}, {len(answer['people'])} 人 people",
    )
    if answer["cancelled_by"] is not None:
        shown.say(f"已被第 {answer['cancelled_by']} 条撤销", f"cancelled by entry {answer['cancelled_by']}")
