"""Do the contracts between rooms bite? For each, a forbidden import is planted and must be refused."""

from __future__ import annotations

import ast
import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import untraced

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("gis", "registry", "api", "migrations", "sample_parcels", "bench", "tests", "house")
TOOLS = Path(sys.executable).parent

# What lock 1 keeps away from everything guarded.
STATUS = ("residence", "settlement", "entitlements", "statistics")

# contract -> (module, the import to plant there), several where a contract guards several ways.
PLANTS: dict[str, list[tuple[str, str]]] = {
    "rooms": [
        ("gis", "import registry"),
        ("registry.errors", "import api"),
        ("registry.errors", "import migrations"),
        ("registry.errors", "import sample_parcels"),
        ("api", "import tests"),
        ("api", "import bench"),
    ],
    "lock1-acts": [
        *(
            (f"registry.{status}", "import registry.rights.acts")
            for status in STATUS
        ),
        ("registry.errors", "import registry.holding.acts"),  # indirectly: everything imports the errors
        ("registry.settlement", "def f() -> None:\n    from registry.parcels.acts import x"),  # when called
        ("registry.police.importing", "import registry.membership.acts"),
        ("registry.waiting", "import registry.benefits.acts"),
        ("registry.service_reports.handing_in", "import registry.rights.acts"),
    ],
    "lock1-tables": [
        *(
            (f"registry.{status}", "import registry.rights.model")
            for status in STATUS
        ),
        ("registry.residence", "from registry.membership.model import x"),
        ("registry.settlement", "import registry.ledger.commit"),
        ("registry.police.reading", "from registry.holding.model import x"),
        ("registry.same_person", "import registry.rights.model"),
        ("registry.service_reports.standing", "import registry.parcels.model"),
    ],
    "reports-without-land": [
        ("registry.service_reports.standing", "from registry.rights.counted import lines"),
        ("registry.service_reports.handing_in", "def f() -> None:\n    import registry.statement"),  # when called
        ("registry.entitlements.services", "import registry.holding.read"),  # indirectly
    ],
    "subsidies-without-hukou": [
        ("registry.subsidies.reasons", "import registry.residence"),
        ("registry.subsidies.check", "from registry.settlement import x"),
        ("registry.parties", "import registry.residence"),  # indirectly
    ],
    "entitlements-without-land": [
        ("registry.entitlements.services", "import registry.rights.read"),
        ("registry.entitlements.status", "from registry.membership.read import members"),
        ("registry.entitlements.services", "def f() -> None:\n    import registry.statement"),  # when called
        ("registry.residence", "import registry.parcels.read"),  # indirectly
    ],
    "registry-without-doors": [
        ("registry.errors", "import fastapi"),
        ("registry.errors", "from jinja2 import Template"),
        ("registry.errors", "import typer"),
    ],
    "api-without-sql": [
        ("api", "from sqlalchemy import text"),
        ("api", "import sqlite3"),
        ("api", "import psycopg"),
    ],
    "registry-layers": [
        ("registry.store", "import registry.ledger"),
        ("registry.ledger", "import registry.parcels"),
        ("registry.parcels", "import registry.restrictions"),
        ("registry.restrictions", "import registry.rights"),
        ("registry.rights", "import registry.guarantee"),
        ("registry.audit", "import registry.settlement"),
    ],
    "registry-without-cycles": [
        ("registry.errors", "import registry.settlement"),
    ],
    "decisions-alone": [
        ("registry.decisions", "import registry.rights.read"),
        ("registry.decisions", "from registry.settlement import x"),
        ("registry.decisions", "import sqlalchemy"),
    ],
    "moves-without-land": [
        ("registry.decisions.in_banner", "import registry.decisions.land.homestead"),  # indirectly
        ("registry.decisions.queue", "from registry.decisions.land import commons"),
        ("registry.settlement.filing", "import registry.decisions.land.asking"),
    ],
    "verify-alone": [
        ("registry.ledger.verify", "import sqlalchemy"),
        ("registry.ledger.verify", "import registry.errors"),
        ("registry.ledger.verify", "from registry.ledger import merkle"),
    ],
    "published-alone": [
        ("registry.ledger.published", "from registry.ledger import read"),
        ("registry.ledger.published", "import sqlalchemy"),
        ("registry.ledger.signing", "import registry.store.keys"),
    ],
    "witness-alone": [
        ("registry.witness", "import registry.errors"),
        ("registry.witness.state", "from registry.ledger.state_map import bucket"),
        ("registry.witness.judging", "from registry.ledger import merkle"),
        ("registry.witness.protocol", "import sqlalchemy"),
        ("registry.witness.command", "def f() -> None:\n    import typer"),  # when called
    ],
}

RUN_TIME_IMPORTS = [
    "import importlib",
    "from importlib import import_module",
    "from importlib.util import find_spec",
    "import pkgutil",
    "import runpy",
    "import sys\n\nsys.modules['registry.rights.acts']",
    "import builtins\n\nbuiltins.__import__('registry.rights.acts')",
    "exec('import registry.rights.acts')",
    "eval('__import__')('registry.rights.acts')",
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source to plant faults in."""
    copy = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.shp", "*.dbf", "*.gpkg")
        )
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def contracts() -> list[str]:
    """The ids of all contracts, from the file that declares them."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return [section.rpartition(":")[2] for section in parser.sections() if ":contract:" in section]


def judge(tool: str, *words: str, tree: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run one of the judges of this environment in a tree."""
    command = [str(TOOLS / tool), *words]
    return subprocess.run(
        command, cwd=tree, env=untraced.environment(), capture_output=True, text=True, check=False
    )


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Check one contract in a tree, as `./run lint` would."""
    return judge("lint-imports", "--cache-dir", ".cache", "--contract", contract, tree=tree)


def ruff(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run ruff in a tree with no `noqa` listened to."""
    return judge("ruff", "check", "--no-cache", "--ignore-noqa", *words, tree=tree)


def source_of(tree: Path, module: str) -> Path:
    """The file of a module, whether it is one file or a folder by now."""
    path = tree.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


class Planted:
    """A file with one more line in it, for as long as the block lasts."""

    def __init__(self, path: Path, line: str) -> None:
        self.path, self.line = path, line

    def __enter__(self) -> None:
        self.before = self.path.read_text(encoding="utf-8")
        self.path.write_text(f"{self.before}\n{self.line}\n", encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self.path.write_text(self.before, encoding="utf-8")


def test_clean_tree_keeps_every_import_contract() -> None:
    """The rooms know each other one way only, and lock 1 begins with who may import whom (design.md)."""
    done = judge("lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_clean_tree_passes_ruff() -> None:
    """Every rule of ruff is on; each exception is explained in pyproject.toml."""
    done = judge("ruff", "check", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_clean_tree_passes_strict_mypy() -> None:
    """Types are checked strictly, in tests too."""
    done = judge("mypy")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_a_planted_import() -> None:
    """A contract that nobody saw refuse anything is no contract."""
    assert sorted(PLANTS) == sorted(contracts())


@pytest.mark.rule("WS-2016/I.2.4", "WS-2016/II.3.1-g", "WS-2016/II.3.1-h", "EXIT/E4")
@pytest.mark.rule("GUARANTEE/SC-2014-25", "GUARANTEE/SC-2016-44", "GUARANTEE/SC-2016-72")
@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [(contract, module, line) for contract, plants in PLANTS.items() for module, line in plants],
)
def test_planted_import_is_refused_by_its_contract(tree: Path, contract: str, module: str, line: str) -> None:
    """Each forbidden import breaks the contract that forbids it."""
    with Planted(source_of(tree, module), line):
        done = lint(tree, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 0 kept, 1 broken." in done.stdout


@pytest.mark.parametrize("status", STATUS)
def test_every_act_is_forbidden_to_what_records_a_move(tree: Path, status: str) -> None:
    """Lock 1 covers `ls registry/*/acts.py`, each file of it, without a list that somebody must keep."""
    acts = sorted(path.parent.name for path in (ROOT / "registry").glob("*/acts.py"))
    assert acts
    with Planted(
        source_of(tree, f"registry.{status}"), "\n".join(f"import registry.{noun}.acts" for noun in acts)
    ):
        done = lint(tree, "lock1-acts")
    for noun in acts:
        assert f"registry.{status} is not allowed to import registry.{noun}.acts" in done.stdout


@pytest.mark.parametrize("line", RUN_TIME_IMPORTS)
def test_import_by_name_at_run_time_is_refused_in_registry(tree: Path, line: str) -> None:
    """import-linter sees statements only, so registry fetches no module by name: ruff refuses (lock 1)."""
    planted = tree / "registry/settlement_by_name.py"
    planted.write_text(f"{line}  # noqa\n", encoding="utf-8")
    try:
        done = ruff(tree, "--select", "TID251,S102,S307", "registry")
    finally:
        planted.unlink()
    assert done.returncode == 1
    assert "settlement_by_name.py" in done.stdout


def test_registry_is_clean_of_run_time_imports_even_behind_noqa() -> None:
    """A `noqa` does not open lock 1; nor does `__import__`, which ruff has no rule for."""
    done = ruff(ROOT, "--select", "TID251,S102,S307", "registry")
    assert done.returncode == 0, done.stdout
    assert [
        path for path in (ROOT / "registry").rglob("*.py") if names(path) & {"__import__", "__loader__"}
    ] == []


def test_gis_opens_no_session() -> None:
    """In gis there are SQLAlchemy's types, but no session, not even inside a function (design.md)."""
    assert names_a_session("from sqlalchemy import orm, text")
    assert names_a_session("def f():\n    from sqlalchemy.orm import Session")
    assert names_a_session("import sqlalchemy.ext.asyncio")
    assert not names_a_session("from sqlalchemy.types import TypeDecorator")
    assert [
        path for path in (ROOT / "gis").rglob("*.py") if names_a_session(path.read_text(encoding="utf-8"))
    ] == []


def test_verify_loads_nothing_beyond_cryptography() -> None:
    """Strangers run ledger/verify without our other parts: the packages above it must be bare too."""
    program = (
        "import sys; before = set(sys.modules); import registry.ledger.verify.replay;"
        "import registry.ledger.verify.note, registry.ledger.verify.proofs;"
        "print({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(done.stdout) <= {"registry", "cryptography", "cffi", "_cffi_backend", "_openssl"}


def names(path: Path) -> set[str]:
    """Every bare name that a file uses."""
    return {
        node.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    }


def names_a_session(source: str) -> bool:
    """Whether a file imports from where SQLAlchemy keeps its sessions."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    return any(name.startswith(("sqlalchemy.orm", "sqlalchemy.ext.asyncio")) for name in imported)
