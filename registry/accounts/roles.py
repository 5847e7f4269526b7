"""Which role may do what? `roles.toml`, read strictly: the table of policy-map section 10 and what stands beside it.

Refused where it is read, and so by every start of the service: a role that writes both a household event and a right
(invariant I1: a settlement cannot write a right), and a word, a noun or a role that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.law.strict import LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE = Path(__file__).with_name("roles.toml")
EVENT_NOUNS = ("household-event", "permit")
RIGHT_NOUNS = (
    *("contract-right", "forest-right", "homestead", "membership", "share", "geometry"),
    *("lease", "mortgage", "exit-case", "subsidy"),
)
NOUNS = (
    *("person", *EVENT_NOUNS, *RIGHT_NOUNS, "rules", "audit", "cards", "service-report", "accounts", "operation"),
    "supervision",
)
WORDS = ("W", "P", "R", "N", "V", "A", "C")
WITHIN = ("", "own", "listed", "consented", "outline", "notices", "head")
OWN = ("banner", "town", "collective", "person", "job")
DUTIES = ("administrator", "auditor", "operator")
CELLS = tuple(f"{word} {within}".strip() for word in WORDS for within in WITHIN)
PUBLIC, PERSON, RELATIVE, COUNSEL = "public", "the-person", "named-relative", "counsel"


class RoleFileError(LawFileError):
    """Raised when the file of roles is malformed, or a role in it would be past the lock."""


class NoSuchRoleError(SanquanError):
    """Raised when a role is named that is not in the file."""

    def __init__(self) -> None:
        """Name those that there are."""
        known = ", ".join(f"{role.id}({role.zh})" for role in roles().values())
        super().__init__(f"没有这个角色。有: {known}", f"there is no such role; there are {known}")


class DutiesMixedError(SanquanError):
    """Raised when one account would hold roles that must be apart."""

    def __init__(self, zh: str, en: str) -> None:
        """Say which, and what to do."""
        super().__init__(f"{zh}。用两个账号, 分给两个人", f"{en}: use two accounts of two people")


@dataclass(frozen=True, slots=True)
class Cell:
    """One word of a cell, and within what it holds ('' for all that the grant covers)."""

    word: str
    within: str


@dataclass(frozen=True, slots=True)
class Role:
    """A row of the table. `own` says what `own` means in its cells; `duty` stands alone in an account."""

    id: str
    zh: str
    en: str
    own: str
    bureau: str
    duty: str
    may: Mapping[str, tuple[Cell, ...]]

    def writes(self, nouns: Iterable[str]) -> bool:
        """Whether it has W on any of these."""
        return any(cell.word == "W" for noun in nouns for cell in self.may.get(noun, ()))


def role(name: str) -> Role:
    """One role. NoSuchRoleError."""
    found = roles().get(name)
    if found is None:
        raise NoSuchRoleError
    return found


def roles() -> Mapping[str, Role]:
    """Every role by its id, in the order of the file. RoleFileError."""
    return _read(FILE)


def refuse_mixed(held: Iterable[Role]) -> None:
    """Refuse roles that may not lie in one account together. DutiesMixedError."""
    together = {each.id: each for each in held}.values()
    duties = [each for each in together if each.duty]
    if duties and len(together) > 1:
        zh = f"{duties[0].zh}这个账号不能再有别的角色(系统管理员、审计员、运维员三者分开, 也不兼业务)"
        raise DutiesMixedError(zh, f"an account with the duty {duties[0].en} holds no other role")
    if any(each.writes(EVENT_NOUNS) for each in together) and any(each.writes(RIGHT_NOUNS) for each in together):
        zh = "一个账号不能既记户籍事件又改权利"
        raise DutiesMixedError(zh, "no account records household events and writes a right")


def read_roles(path: Path) -> dict[str, Role]:
    """The file of roles. RoleFileError."""
    file = read_law_file(path, RoleFileError)
    found: dict[str, Role] = {}
    for row in file.rows("role"):
        one = _role(row)
        if one.id in found:
            row.refuse("这个角色写了两次", "this role stands twice")
        found[one.id] = one
    for needed in (PUBLIC, PERSON, RELATIVE):
        if needed not in found:
            file.refuse(f"缺 {needed}", f"{needed} is missing")
    file.done()
    return found


def _role(row: Row) -> Role:
    name = row.text("id")
    row.named(name)
    table = row.table("may")
    may = {}
    for noun in tuple(table.keys()):
        if noun not in NOUNS:
            table.refuse(f"没有“{noun}”这一栏", f"there is no column {noun!r}", noun)
        cells = (cell.partition(" ") for cell in table.words(noun, CELLS))
        may[noun] = tuple(Cell(word, within) for word, _, within in cells)
    duty = row.word("duty", DUTIES) if row.has("duty") else ""
    bureau = row.text("bureau") if row.has("bureau") else ""
    one = Role(name, row.text("zh"), row.text("en"), row.word("own", OWN), bureau, duty, may)
    row.done()
    if one.writes(EVENT_NOUNS) and one.writes(RIGHT_NOUNS):
        row.refuse("一个角色不能既记户籍事件又改权利", "no role records household events and writes a right")
    return one


_read = cache(read_roles)
