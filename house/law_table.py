"""Where does each rule of the book lead: to what decides, keeps or reads it, to its tests, to its page?

Nothing is kept by hand: a function says `@decides` or `@keeps`, a constraint `info={"rule": …}`, an import contract
`# rule: …`, a test `@pytest.mark.rule(…)`, a template `data-rule="…"`, and what reads a parameter asks the book for it.
`python -m house.law_table` writes the table into docs/law.md; `--holes` prints what leads nowhere: a hole fails the build
(tests/house/test_law_table.py).
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import registry
from registry.catalogue import tables
from registry.law.book import Book, book
from registry.law.strict import OPEN_END

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "law.md"
START, END = "<!-- rules -->\n", "<!-- /rules -->"
NEEDS = {"decision": "decided", "prohibition": "kept", "parameter": "read"}
"""What a rule of each class needs beside a test and a page."""
_READERS = ("whole", "fraction", "words", "value")
_RULE_OF_A_TEMPLATE = re.compile(r'data-rule="([^"]+)"')
_ANY = "{{"


@dataclass(slots=True)
class Links:
    """Where one rule leads. `by` is what decides, keeps or reads it."""

    by: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def holes(self, need: str) -> tuple[str, ...]:
        """What is missing of `need`, "test" and "page"."""
        there = {need: self.by, "test": self.tests, "page": self.pages}
        return tuple(name for name, links in there.items() if not links)


@cache
def links(of: Book) -> dict[str, Links]:
    """The links of every rule, gathered once; not to be altered. KeyError for a mark that names a rule which is not in the book."""
    found = {rule: Links() for rule in of.ids()}
    marked = list(_marked_functions())
    for rule, leading in found.items():
        wanted = "__keeps__" if of.versions(rule)[-1].cls == "prohibition" else "__decides__"
        leading.by += [name for name, mark, rules in marked if mark == wanted and rule in rules]
    for rule, name in (*_constraints(), *_contracts()):
        found[rule].by.append(name)
    for rule, name in _readings(of):
        if of.versions(rule)[-1].cls == "parameter":
            found[rule].by.append(name)
    for rule, name, keeps in _tests():
        found[rule].tests.append(name)
        if keeps:
            found[rule].by.append(f"{name} (a walk)")
    for rule, name in _pages(of):
        found[rule].pages.append(name)
    for _, _, rules in marked:
        for rule in rules:
            found[rule]  # a mark for a rule that is not there
    return found


def holes(of: Book) -> dict[str, tuple[str, ...]]:
    """Every rule that does not lead everywhere, and whereto it does not."""
    leading = links(of)
    missing = {rule: leading[rule].holes(NEEDS[of.versions(rule)[-1].cls]) for rule in of.ids()}
    return {rule: what for rule, what in missing.items() if what}


def table(of: Book) -> str:
    """The table, in Markdown, by instrument."""
    leading = links(of)
    lines: list[str] = []
    for instrument in of.instruments.values():
        lines += [f"### {instrument.zh} · {instrument.en}", "", "| rule | class | from | sure | by | tests | pages |"]
        lines.append("|---|---|---|---|---|---|---|")
        for rule in of.ids():
            if rule.partition("/")[0] != instrument.name:
                continue
            newest, to = of.versions(rule)[-1], leading[rule]
            since = " · ".join(v.in_force_from.isoformat() for v in of.versions(rule))
            until = "" if newest.in_force_until == OPEN_END else f" – {newest.in_force_until}"
            cells = (
                f"`{rule}`",
                newest.cls,
                f"{since}{until}",
                "yes" if newest.confirmed else "**no**",
                *(_cell(each) for each in (to.by, to.tests, to.pages)),
            )
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def page(text: str) -> str:
    """docs/law.md with the table made anew."""
    before, rest = text.split(START)
    return f"{before}{START}{table(book())}{END}{rest.split(END)[1]}"


def _cell(found: list[str]) -> str:
    return "<br>".join(f"`{each}`" for each in dict.fromkeys(found)) or "–"


def _marked_functions() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for module in _modules():
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                for mark in ("__decides__", "__keeps__"):
                    rules = getattr(function, mark, ())
                    if rules:
                        yield f"{module.__name__.removeprefix('registry.')}.{name}", mark, rules


def _modules() -> Iterator[ModuleType]:
    for found in sorted(pkgutil.walk_packages(registry.__path__, "registry."), key=lambda each: each.name):
        yield importlib.import_module(found.name)


def _constraints() -> Iterator[tuple[str, str]]:
    for each in tables():
        for constraint in sorted(each.constraints, key=lambda c: str(c.name)):
            for rule in constraint.info.get("rule", ()):
                yield rule, str(constraint.name)


def _contracts() -> Iterator[tuple[str, str]]:
    named = re.compile(r"# rule: (.+)\n\[importlinter:contract:([\w-]+)\]")
    for rules, contract in named.findall((ROOT / ".importlinter").read_text("utf-8")):
        for rule in rules.split():
            yield rule, f"import contract {contract}"


def _readings(of: Book) -> Iterator[tuple[str, str]]:
    """Who asks the book for a value of which rule: the first argument is a rule's id, written out or by a name."""
    for module in _modules():
        tree = ast.parse(Path(inspect.getfile(module)).read_text("utf-8"))
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
                rule = _rule_read(call, module)
                if rule in of.ids():
                    yield rule, f"{module.__name__.removeprefix('registry.')}.{function.name}"


def _rule_read(call: ast.Call, module: ModuleType) -> str:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in _READERS and call.args):
        return ""
    first = call.args[0]
    if isinstance(first, ast.Name):
        return str(getattr(module, first.id, ""))
    return str(first.value) if isinstance(first, ast.Constant) else ""


def _tests() -> Iterator[tuple[str, str, bool]]:
    """Each mark of a test: the rule, the test, and whether the test is itself what keeps the rule."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
                    keeps = any(k.arg == "keeps" for k in mark.keywords)
                    name = f"{path.relative_to(ROOT / 'tests').as_posix()}::{node.name}"
                    for each in mark.args:
                        rules = ast.literal_eval(each.value if isinstance(each, ast.Starred) else each)
                        for rule in [rules] if isinstance(rules, str) else rules:
                            yield rule, name, keeps


def _pages(of: Book) -> Iterator[tuple[str, str]]:
    """Each template that shows a rule; one whose rule is filled in shows any."""
    shown: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "api" / "pages").glob("*.html")):
        for rule in _RULE_OF_A_TEMPLATE.findall(path.read_text("utf-8")):
            for each in of.ids() if rule.startswith(_ANY) else (rule,):
                shown[each].add(path.name)
    for rule, names in shown.items():
        for name in sorted(names):
            yield rule, name


def main() -> None:
    """Rewrite the table, or print the holes."""
    if sys.argv[1:] == ["--holes"]:
        for rule, what in holes(book()).items():
            print(f'"{rule}" = {list(what)}')
        return
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
