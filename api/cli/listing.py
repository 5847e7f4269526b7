"""When was a person listed, when did they vanish, on whose paper, did they sign: at a terminal, or as a 卷宗 for a court?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.looking import written
from api.cli.options import (
    BUREAU,
    HERE,
    Bureau,
    By,
    FromStdin,
    Json,
    KnownAt,
    Name,
    Person,
    Registry,
    ValidAt,
    form_of,
    officer_of,
    opened,
    whom,
)  # fmt: skip

if TYPE_CHECKING:
    from registry.store.engines import Store

Answer = dict[str, Any]


def listings(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.pdf", help="写成卷宗, 要 --purpose as a dossier for a court")
    ] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="看来做什么, 本人看得到 what for; the person can read it")] = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """哪天上了名单, 哪天不在了, 凭什么, 签没签字。When a person was listed, when no longer, on what, and whether they signed."""
    from api import asked
    from api.answers import listings as answers

    if out is not None:
        form_of(out, "pdf")
    with opened(registry) as store:
        with store.reading() as connection:
            who = whom(store, connection, person, name, id_number_stdin)
            told = answers.listings(store, connection, who, asked.moment(store, connection, valid_at, known_at))
        if out is not None:
            _dossier(store, who, out, purpose, officer, bureau)
        written(store, who, "listings", purpose, officer, bureau)
    if json:
        shown.as_json(told)
        return
    _tell(told)
    if out is not None:
        shown.say(f"卷宗写在 {out}", f"the dossier is in {out}")


def _dossier(store: Store, person: str, out: Path, purpose: str, officer: str | None, bureau: str) -> None:
    from registry.exports.write import replacing
    from registry.listings.dossier import dossier_of_person

    with replacing(out) as unfinished:
        unfinished.write_bytes(dossier_of_person(store, person, officer_of(officer, bureau), purpose, reader="paper"))


def _tell(told: Answer) -> None:
    for line in told["lines"]:
        signed = ("签了字", "signed") if line["signed"] else ("没有本人签字的记录", "no will of theirs is recorded")
        zh, en = ("; " + signed[0], "; " + signed[1]) if line["needs_consent"] else ("", "")
        thing = f"{line['day']} {line['name']['zh']} {line['code'] or ''}"
        shown.say(
            f"{thing} {line['text']['zh']}: {line['act']['zh']}{zh}, 账本第 {line['entry']} 条",
            f"({line['text']['en']}: {line['act']['en']}{en}, entry {line['entry']})",
        )
    for child in told["children"]:
        shown.say(f"名单上的孩子 {child['name']}", "a child on the list" + (": conflict of interest" if child["conflict"] else ""))
    shown.say(told["left_out"]["zh"], told["left_out"]["en"])
