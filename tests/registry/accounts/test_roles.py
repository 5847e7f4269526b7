"""Is the file of roles the table of the policy map, and is nothing in it past the locks?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.accounts import roles
from registry.accounts.roles import EVENT_NOUNS, RIGHT_NOUNS, DutiesMixedError, RoleFileError, read_roles, refuse_mixed

TABLE = Path(__file__).with_name("policy_table.md")
COLUMNS = roles.NOUNS[:15]
# What stands beside a word in the table, in our words.
QUALIFIED = {
    "own": "own", "own area": "own", "own members": "own", "listed families": "listed", "listed": "listed", "listings": "listed",
    "consented": "consented", "notices": "notices", "head hash": "head", "own + household": "own", "review": "",
}  # fmt: skip
# Cells that say more than a word and a qualifier, as they are read.
READ = {
    "P (people named in a delivery: matched by ID number, new ones marked 'from survey' until 公安局 confirms)": {"P"},
    "P (as 农牧业局)": {"P"},
    "P (lease/ownership evidence)": {"P"},
    "P (marriage, adoption, death)": {"P"},
    "P (birth, death)": {"P"},
    "N (minors)": {"N"},
    "W*": {"W"},
    "V + listed": {"V", "R listed"},
    "listed": {"R listed"},
    "consented": {"R consented"},
    "V with holder's consent": {"V consented"},
    "own": {"R own"},
    "listings": {"R listed"},
    "notices": {"R notices"},
    "head hash": {"R head"},
    "outline [D]": {"R outline"},
    "R own, P": {"R own", "P own"},
    "R own, P, revoke": {"R own", "P own"},
    "R own: who looked at me": {"R own"},
}
NAMES = {
    "the person": "本人", "public": "公众", "bank": "bank 银行",
    # The policy map has the bureaus' names of 2016.
    "农牧业局": "农牧局", "林业局": "林草局", "国土局": "自然资源局",
}  # fmt: skip


def _read(cell: str) -> set[str]:
    if cell in READ:
        return READ[cell]
    if cell in ("–", "detected if bypassed"):
        return set()
    word, _, rest = cell.partition(" ")
    within = QUALIFIED[rest.strip("()")] if rest else ""
    return {f"{word} {within}".strip()}


def _rows() -> list[tuple[str, list[str]]]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ") and not line.startswith("| role")]
    split = [[cell.strip() for cell in re.split(r"\|", line.strip().strip("|"))] for line in lines]
    return [(NAMES.get(cells[0], cells[0]), cells[1:]) for cells in split]


@pytest.mark.parametrize(("name", "cells"), [row for row in _rows() if not row[0].startswith("system administrator")])
def test_role_may_what_its_row_of_the_policy_map_says(name: str, cells: list[str]) -> None:
    """Policy-map section 10: each of the 15 columns of each row, word by word; consent (C) is ours and the person's alone."""
    role = next(each for each in roles.roles().values() if each.zh == name)
    before: set[str] = set()
    for noun, cell in zip(COLUMNS, cells, strict=True):
        wanted = before if cell == "same" else _read(cell)
        before = wanted
        held = {f"{each.word} {each.within}".strip() for each in role.may.get(noun, ()) if each.word != "C"}
        assert held == wanted, (name, noun)


def test_administrator_of_the_system_may_nothing_of_the_register() -> None:
    """Policy-map section 10, last row: – in every column; ours keep accounts and machines, and read no record."""
    for duty in ("administrator", "operator"):
        assert set(roles.role(duty).may) <= {"rules", "accounts", "operation"}


def test_only_the_person_consents() -> None:
    """亲情代办 sees and applies and never consents to an end; nor does anybody else but the person."""
    consenting = {r.id for r in roles.roles().values() for cells in r.may.values() for cell in cells if cell.word == "C"}
    assert consenting == {"the-person"}


def test_no_role_writes_an_event_and_a_right() -> None:
    """Policy-map section 10: no role has both household-event W and right W (I1)."""
    assert not [r.id for r in roles.roles().values() if r.writes(EVENT_NOUNS) and r.writes(RIGHT_NOUNS)]


@given(st.lists(st.sampled_from(sorted(roles.roles())), min_size=1, max_size=6))
def test_no_account_comes_to_write_an_event_and_a_right(names: list[str]) -> None:
    """However roles are put together: what is not refused writes one of the two at most, and mixes no duty with another role."""
    held = [roles.role(name) for name in names]
    try:
        refuse_mixed(held)
    except DutiesMixedError:
        return
    assert not (any(r.writes(EVENT_NOUNS) for r in held) and any(r.writes(RIGHT_NOUNS) for r in held))
    assert len({r.id for r in held if r.duty}) <= 1
    assert len(set(names)) == 1 or not any(r.duty for r in held)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('id = "land"', 'id = "forestry"'), "twice"),
        (('subsidy = ["R own"]', 'subsidies = ["R own"]'), "no column"),
        (('rules = ["R"]', 'rules = ["Q"]'), "unknown word"),
        (('permit = ["W"]', 'permit = ["W"]\nhomestead = ["W"]'), "no role records household events and writes a right"),
        (('own = "town"', 'own = "county"'), "unknown word"),
        (('id = "public"\n', 'id = "publick"\n'), "public is missing"),
        (('duty = "auditor"', 'duties = "auditor"'), "unknown key"),
    ],
)
def test_slip_in_the_file_of_roles_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """A role past the lock, an unknown word or column: refused where it is read, so the service does not start."""
    text = roles.FILE.read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "roles.toml"
    path.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(RoleFileError, match=says):
        read_roles(path)
