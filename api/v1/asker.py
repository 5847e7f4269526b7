"""Who asks, and for what? Who signed in; without accounts every caller is this machine. The purpose is the caller's to say.

`Asker` is what a route hands to the log of who looked (`registry.looks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header

from api import asked
from api.officers import at_the_desk
from registry.ledger.commit import Officer
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


Asking = Annotated[Asker, Depends(asker)]
