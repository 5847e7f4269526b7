"""Who stands at the desk: who signed in, and where nobody signs in whoever the caller names.

An act commits its officer. Beside an account a name in the body would let anybody act as anybody.
"""

from __future__ import annotations

from contextvars import ContextVar

from registry.ledger.commit import Officer

SIGNED_IN: ContextVar[Officer | None] = ContextVar("signed_in", default=None)
"""Of the request that is being answered: set by `api.access`; None at a terminal and while there are no accounts."""


def at_the_desk(name: str, bureau: str) -> Officer:
    """The officer of what is recorded now; `name` and `bureau` are the caller's word, asked only where nobody signed in."""
    return SIGNED_IN.get() or Officer(name, bureau)
