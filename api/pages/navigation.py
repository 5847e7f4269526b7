"""Where can this reader go? Links of the head of every page: what the one table of roles lets them open, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from api.routes_of_access import OPEN, ROUTES
from registry.accounts.authorise import ANYBODY, EVERYTHING, may_any
from registry.accounts.roles import COUNSEL, RELATIVE

if TYPE_CHECKING:
    from fastapi import Request

    from registry.accounts.authorise import Actor


class Entry(NamedTuple):
    """A page and what it is called in Chinese, the source of every language. `own`: for a person, and who acts for one;
    `counsel`: for who acts for one by a letter or an order; `staff`: for who signed in, since it is their name that stands under
    what is done there.
    """

    path: str
    text: str
    own: bool = False
    staff: bool = False
    counsel: bool = False


ENTRIES = (
    Entry("/my", "我家的地", own=True),
    Entry("/counsel", "我的委托人", counsel=True),
    Entry("/desk", "办公桌", staff=True),
    Entry("/may-i", "我能不能……"),
    Entry("/notices", "公示"),
    Entry("/map", "地图"),
    Entry("/statistics", "统计"),
    Entry("/desk/supervision", "监督台", staff=True),
    Entry("/law", "规则库"),
    Entry("/verify", "验证明"),
)


def asker(request: Request) -> Actor:
    """Who reads the page; anybody where nobody was asked."""
    caller = getattr(request.state, "caller", None)
    return ANYBODY if caller is None else caller.actor


def sees_all(request: Request, route: str) -> bool:
    """Whether this reader is let through a route for everybody's land, and not for their own alone."""
    caller = getattr(request.state, "caller", None)
    return caller is None or may_any(caller.actor, ROUTES[route].asked, EVERYTHING).allowed


def entries(actor: Actor) -> tuple[Entry, ...]:
    """What this reader may open, in the order of the head."""
    return tuple(each for each in ENTRIES if _opens(actor, each))


def _opens(actor: Actor, entry: Entry) -> bool:
    if entry.own:
        return actor.person_id is not None or any(grant.role.id == RELATIVE for grant in actor.held)
    if entry.counsel:
        return any(grant.role.id == COUNSEL for grant in actor.held)
    if entry.staff and not actor.account_id:
        return False
    rule = ROUTES[f"GET {entry.path}"]
    return rule is OPEN or rule.else_public or may_any(actor, rule.asked, EVERYTHING).allowed
