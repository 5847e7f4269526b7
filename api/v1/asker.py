"""Who asks, and for what? Who signed in; without accounts every caller is this machine. The purpose is the caller's to say.

`Asker` is what a route hands to the log of who looked (`registry.looks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header, Request

from api import asked
from api.officers import at_the_desk
from registry.accounts.authorise import CONSOLE
from registry.accounts.roles import COUNSEL, RELATIVE
from registry.ledger.commit import Officer
from registry.masks import Reader
from registry.papers import LONGEST_PURPOSE

_PURPOSE = "Sanquan-Purpose"
_FIELD = asked.FIELDS[_PURPOSE]
_THIS_MACHINE = ("本机", "")
PurposeHeader = Annotated[
    str | None, Header(alias=_PURPOSE, description=f"{_FIELD.zh} / {_FIELD.en}", examples=[_FIELD.example])
]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for what purpose; "" where none is said."""

    officer: Officer
    purpose: str


def asker(purpose: PurposeHeader = None) -> Asker:
    """Of one request, which `api.access` has judged. InputError."""
    officer = at_the_desk(*_THIS_MACHINE)
    if purpose is None:
        return Asker(officer, "")
    try:
        said = unquote(asked.text(_PURPOSE, purpose), errors="strict").strip()
    except UnicodeDecodeError as malformed:
        raise asked.InputError(_FIELD) from malformed
    if not 1 <= len(said) <= LONGEST_PURPOSE or not said.isprintable():
        raise asked.InputError(_FIELD)
    return Asker(officer, said)


def reader_of(request: Request, person: str) -> Reader:
    """What the mask calls whoever asks about this person."""
    actor = request.state.caller.actor
    if actor.kind == CONSOLE:
        return "desk"
    if actor.person_id == person:
        return "own"
    acts_as = {grant.role.id for grant in actor.grants if grant.about == person}
    if RELATIVE in acts_as:
        return "relative"
    if COUNSEL in acts_as:
        return "counsel"
    return "desk" if actor.account_id else "public"


Asking = Annotated[Asker, Depends(asker)]
