"""How many people, and what do those who settled still hold: at a terminal, as tables, JSON, csv or xlsx?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import HERE, Json, KnownAt, OnlyShownError, Registry, ValidAt, form_of, opened

if TYPE_CHECKING:
    Answer = dict[str, Any]

Figures = Annotated[list[str] | None, typer.Argument(metavar="FIGURE…", help="哪几项, 默认全部 which; all if none is named")]


def statistics(
    *,
    figure: Figures = None,
    registry: Registry = HERE,
    quarter: Annotated[
        str | None, typer.Option("--quarter", metavar="2026-3", help="领导小组的季度一页 the leading group's page")
    ] = None,
    coincidences: Annotated[
        bool, typer.Option("--coincidences", help="落户后不久的变动, 给监察局 acts soon after a settlement")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx|.csv", help="写成表 as a table")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """统计: 任何一天的人口、确权、保留的权利, 写明怎么数的。Figures of any day, each with how it was counted."""
    from api import asked
    from api.answers import statistics as answers

    names = figure or ()
    for name in names:
        asked.text("figure", name)
    if out is not None and (coincidences or quarter is not None):
        raise OnlyShownError
    with opened(registry) as store, store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        if coincidences:
            answer, table = answers.soon_after(connection, at), _soon_after
        elif quarter is not None:
            answer, table = answers.of_quarter(store, connection, at, quarter), _figures
        elif out is not None:
            form = form_of(out, "xlsx", "csv")
            out.write_bytes(answers.as_sheet(store, connection, at, form, names))
            shown.say(f"写好了 {out}", "written")
            return
        else:
            answer, table = answers.statistics(store, connection, at, names), _figures
    if json:
        shown.as_json(answer)
    else:
        table(answer)


def _figures(answer: Answer) -> None:
    from registry.statistics.sheet import HIDDEN

    for figure in answer["figures"]:
        title, counted = figure["title"], figure["counted"]
        shown.say(f"{figure['number']} {title['zh']} {title['en']}", f"({answer['as_of']['valid_at']})")
        for table in figure["tables"]:
            header = ("", *(f"{column['zh']} {column['en']}" for column in table["columns"]))
            rows = [
                ("　" * row["level"] + row["zh"], *(HIDDEN if value is None else str(value) for value in row["values"]))
                for row in table["rows"]
            ]
            shown.table(f"{table['title']['zh']} {table['title']['en']}", header, rows)
        for note in figure["notes"]:
            shown.say(note["zh"], note["en"])
        shown.say(f"怎么数的: {counted['zh']}", counted["en"])
    shown.say(answer["hidden"]["zh"], answer["hidden"]["en"])


def _soon_after(answer: Answer) -> None:
    shown.table(
        "落户后不久的变动 acts soon after a settlement",
        ("落户 settled", "变动 act", "哪天 on", "几天后 days", "承包方 household", "人数 people", "账本 entry"),
        [
            (
                row["settled_on"],
                f"{row['zh']} {row['en']}",
                row["act_day"],
                str(row["days"]),
                row["household"],
                str(row["people"]),
                f"#{row['event']} → #{row['entry']}",
            )
            for row in answer["rows"]
        ],
    )
    shown.say(answer["counted"]["zh"], answer["counted"]["en"])
