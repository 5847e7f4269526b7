"""Who may do what to which table? One table of privileges; both engines take theirs from it.

*desk* writes guarded things, *status* records household events and nothing else, *reader* reads, *looks* writes down who
looked and nothing else. PostgreSQL gets it as
grants to three login roles, the embedded file as an authorizer on each connection (an authorizer sees tables, never
values: which class of entry a session may append is row security there and a trigger here).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SessionName = Literal["desk", "status", "reader", "looks"]
SESSIONS: tuple[SessionName, ...] = ("desk", "status", "reader", "looks")


@dataclass(frozen=True, slots=True)
class Privileges:
    """Tables by verb. Every session may SELECT every table; nobody may UPDATE or DELETE but where a set says so."""

    insert: frozenset[str]
    update: frozenset[str] = frozenset()
    delete: frozenset[str] = frozenset()


def plan(
    guarded: frozenset[str], status: frozenset[str], shared: frozenset[str], looks: frozenset[str]
) -> dict[SessionName, Privileges]:
    """`guarded`: versions, their lists and what acts write. `status`: events and registrations. `shared`: both append.

    `looks`: the log of who looked, which on the embedded engine is a file of its own.
    """
    return {
        "desk": Privileges(
            insert=guarded | shared,
            update=frozenset({"head", "state_buckets"}),
            delete=frozenset({"opening"}),
        ),
        "status": Privileges(insert=status | shared),
        "reader": Privileges(insert=frozenset()),
        "looks": Privileges(insert=looks),
    }
