"""Who looked at one person: the list as that person is told it, at a terminal?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, FromStdin, Json, Name, Person, Registry, officer_of, opened, whom

if TYPE_CHECKING:
    from registry.looks.words import What
    from registry.store.engines import Store

Purpose = Annotated[str, typer.Option("--purpose", help="看来做什么, 本人看得到 what for; the person can read it")]


def looked(
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """谁看过: 哪天、哪个单位、看了什么、为什么。Who looked at one person, newest first; this reading is written down, too."""
    from api.answers import persons

    with opened(registry) as store:
        with store.reading() as connection:
            who = whom(store, connection, person, name, id_number_stdin)
        told = persons.looks(store, who)
        written(store, who, "looks", purpose, officer, bureau)
    if json:
        shown.as_json(told)
        return
    if not told["looks"]:
        shown.say("还没有人看过", "nobody has looked yet")
    for one in told["looks"]:
        shown.say(one["zh"], f"({one['en']})")


def listed(store: Store, code: str, what: What, purpose: str, officer: str | None, bureau: str) -> None:
    """Write down who at this terminal reads a list of everybody in a place ("": the banner), before it is shown."""
    from registry.looks import keeping

    keeping.listed(store, officer_of(officer, bureau), code, what, purpose.strip()[:200])


def written(store: Store, person: str, what: What, purpose: str, officer: str | None, bureau: str) -> None:
    """Write down who at this terminal reads one person's data, before it is shown."""
    from registry.looks import keeping

    keeping.looked(store, officer_of(officer, bureau), person, what, purpose.strip()[:200])
