"""Can anything in the system hold a target, a quota or a ranking of people settled or land returned? The plan forbids it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.main

from api.cli.command import commands
from api.main import create_app
from api.settings import ApiSettings
from registry.catalogue import tables
from registry.law.book import book

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_TARGET = re.compile(r"target|quota|\bkpi\b|ranking|league|goal_|指标|任务数|排名|目标数", re.IGNORECASE)


@cache
def fields() -> tuple[str, ...]:
    """Every name that there is, gathered once."""
    return tuple(_fields())


def _fields() -> Iterator[str]:
    """The name of every column, parameter of a rule, option of a command, field and parameter of the service."""
    yield from (f"{table.name}.{column.name}" for table in tables() for column in table.columns)
    yield from book().parameters
    stack = [typer.main.get_command(commands())]
    while stack:
        each = stack.pop()
        yield from (f"{each.name} {parameter.name}" for parameter in each.params)
        stack += getattr(each, "commands", {}).values()
    document = create_app(ApiSettings(Path())).openapi()
    yield from document["paths"]
    for item in document["paths"].values():
        for route in item.values():
            yield from (parameter["name"] for parameter in route.get("parameters", ()))
    for name, schema in document["components"]["schemas"].items():
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))


@pytest.mark.rule("WS-2016/III.3", keeps=True)
def test_no_field_can_hold_a_target_a_quota_or_a_ranking() -> None:
    """Plan III.3: 不搞一刀切，不定任务指标. No column, parameter, option or field is one, in either language."""
    assert len(fields()) > 500
    assert [name for name in fields() if _TARGET.search(name)] == []


@pytest.mark.rule("RLCL/fees", keeps=True)
def test_no_field_can_hold_a_fee() -> None:
    """农村土地承包法 art. 24 ¶3: nothing is charged but the cost of the certificate; there is nowhere to write a fee."""
    assert [name for name in fields() if re.search(r"\bfees?\b|_fee|收费|手续费", name)] == []


@pytest.mark.rule("WS-2016/III.3", keeps=True)
def test_no_page_shows_a_target_a_quota_or_a_ranking() -> None:
    """The same of what people read: no page has the words, but to say that there are none."""
    for page in (ROOT / "api" / "pages").glob("*.html"):
        assert not _TARGET.search(re.sub(r'target="|<[^>]+>', "", page.read_text("utf-8"))), page.name
