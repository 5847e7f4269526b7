"""Does docs/guarantee.md know every invariant once, proved by a file that has tests or pending with a reason?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guarantee.md"
ALL = {f"I{n}" for n in range(1, 29)}
MARK = "## Pending"


def test_each_invariant_is_either_proved_or_pending() -> None:
    """Issue 3, Show: a test fails when an invariant is neither proved nor pending, or is both."""
    proved, pending = _rows(before=True), _rows(before=False)
    assert set(proved) | set(pending) == ALL
    assert not set(proved) & set(pending)


def test_each_proved_invariant_has_its_own_file_with_tests_that_cite_it() -> None:
    """Style 13: rule -> constraint -> test -> page: each link of the chain leads somewhere."""
    for invariant, row in _rows(before=True).items():
        links = [ROOT / "docs" / link for link in re.findall(r"\]\((\.\./[^)]+)\)", row)]
        own = [p for p in links if p.name.startswith(f"test_i{int(invariant[1:]):02d}_")]
        assert len(own) == 1, invariant
        assert all(path.exists() for path in links), invariant
        tests = [n for n in ast.parse(own[0].read_text("utf-8")).body if isinstance(n, ast.FunctionDef)]
        cited = [ast.get_docstring(n) or "" for n in tests if n.name.startswith("test_")]
        assert any(re.search(rf"\b{invariant}\b", text) for text in cited), invariant


def test_no_file_proves_an_invariant_that_the_page_calls_pending() -> None:
    """Issue 3, Show: what is proved is not called pending."""
    files = {f"I{int(p.name[6:8])}" for p in (ROOT / "tests" / "guarantee").glob("test_i[0-9][0-9]_*.py")}
    assert files == set(_rows(before=True))


def test_each_constraint_that_the_page_names_is_in_the_schema() -> None:
    """Style 13: a constraint named on the page is one that the database has."""
    said = "".join(_rows(before=True).values())
    versions = ROOT / "migrations" / "versions"
    schemas = [
        "".join(path.read_text("utf-8") for path in sorted(versions.glob(f"*_{engine}.sql")))
        for engine in ("sqlite", "postgresql")
    ]
    for name in re.findall(r"`(\*?[a-z]+(?:_[a-z]+)+)`", said):
        assert any(name.removeprefix("*") in schema for schema in schemas), name


def _rows(*, before: bool) -> dict[str, str]:
    part = PAGE.read_text("utf-8").partition(MARK)[0 if before else 2]
    rows = [line for line in part.splitlines() if re.match(r"\| I\d+ \|", line)]
    found = {line.split("|")[1].strip(): line for line in rows}
    assert len(found) == len(rows)
    return found
