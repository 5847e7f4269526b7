"""Does every act run through a case or an import? Read off the source: who begins an act, who commits one, who imports.

A desk writes acts when it commits and never else (`registry.ledger.commit`), so whoever commits none writes none, whatever it
planned and showed. Household events are no acts: theirs is another session, which may not write a guarded table.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# `bench` fills registries of its own to measure them, and `tests` to test; nobody's register is written there.
ROOMS = ("gis", "registry", "api", "migrations", "sample_parcels", "house")
LEDGER = "registry.ledger.commit"
BEGIN = {
    "registry.certificates.issuing._write",
    "registry.delivery.write.Writer._act",
    "registry.reshaping.plans.reshape",
    "registry.reshaping.recoding._recode",
    "registry.withdrawal.undo._undo",
}
"""Who begins an act beside the writers of cases: the import, and what those writers call."""
COMMIT = {"registry.cases.engine._take", "registry.delivery.register._register"}
IMPORT = {
    "api.cli.delivering.import_",
    "api.demo.story._deliver",
    "api.v1.deliveries.take_in",
    "api.v1.handing_over._sheets",
    "house.golden._fill",
}
"""Who calls the import: its two doors, the demonstration, a check that writes nothing, and the makers of golden registries."""


def sources() -> dict[str, str]:
    """The text of every module of the product, by its dotted name."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts): file.read_text(encoding="utf-8") for file in files}


def doing(module: str, text: str) -> dict[str, set[str]]:
    """Which functions of a module begin an act, commit a desk, or import a delivery."""
    found: dict[str, set[str]] = defaultdict(set)

    def walk(node: ast.AST, place: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "act":
                found["begins"].add(place)
            # Everything else that commits is a connection, and is called so.
            if node.func.attr == "commit_steps" or (node.func.attr == "commit" and _last_name(node.func.value) != "connection"):
                found["commits"].add(place)
        if isinstance(node, ast.Name) and node.id == "import_delivery" and isinstance(node.ctx, ast.Load):
            found["imports"].add(place)
        for child in ast.iter_child_nodes(node):
            walk(child, place)

    walk(ast.parse(text), module)
    return found


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@cache
def done() -> tuple[dict[str, set[str]], ...]:
    """`doing` of every module of the product, read once; not to be altered."""
    return tuple(doing(module, text) for module, text in sources().items())


def everywhere(what: str) -> set[str]:
    """Every function of the product that does it."""
    return {place for found in done() for place in found.get(what, ())}


def test_only_a_case_or_an_import_commits_acts() -> None:
    """Issue 7, item 1: on the command line too. Who commits no desk writes no right."""
    assert {place for place in everywhere("commits") if not place.startswith(LEDGER)} == COMMIT


def test_acts_begin_in_the_writers_of_cases_and_in_the_import() -> None:
    """`writing/` is the only way in which a case writes; what it calls is named here."""
    begun = everywhere("begins")
    assert {place for place in begun if not place.startswith("registry.cases.writing.")} == BEGIN
    assert len(begun) > len(BEGIN)


def test_imports_come_in_by_their_own_doors() -> None:
    """A delivery is taken in by the command, the service or the demonstration."""
    assert everywhere("imports") == IMPORT


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("def do(store):\n    with desk(store, who) as at:\n        reshape(at, plan)\n        at.commit()", "commits"),
        ("def do(at):\n    at.commit_steps(steps)", "commits"),
        ("class Door:\n    def do(self):\n        self.at.commit()", "commits"),
        ("def do(at):\n    act = at.act('exited', day)", "begins"),
        ("def do(store):\n    run(import_delivery, store)", "imports"),
    ],
)
def test_a_door_that_is_planted_is_found(planted: str, what: str) -> None:
    """The reading bites."""
    (place,) = doing("api.v1.planted", planted)[what]
    assert place in {"api.v1.planted.do", "api.v1.planted.Door.do"}


def test_a_connection_that_commits_writes_no_act() -> None:
    """A step of a case, a look, a notice: rows beside the register's own."""
    assert doing("registry.planted", "def do(at):\n    at.connection.commit()") == {}
