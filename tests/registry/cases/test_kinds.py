"""Is a slip in the file of kinds refused, naming what is wrong, instead of being believed?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from registry import cases
from registry.cases import NoSuchKindError
from registry.cases.kinds import FILE, KindsError, book, kind_of, read_kinds
from registry.cases.writing import READERS, WRITERS
from registry.law import causes
from registry.law.book import book as law
from tests.registry.cases.walking import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {"household-registered", "contract-registered", "forest-registered", "homestead-registered"}
TEXT = FILE.read_text(encoding="utf-8")


def test_every_kind_that_writes_has_its_writer_and_its_example() -> None:
    """A kind without a writer could be approved and never registered; a writer without a kind is no way in."""
    assert {word for word, kind in cases.kinds().items() if kind.writes} == set(WRITERS)
    assert set(READERS) - set(WRITERS) == {word for word, kind in cases.kinds().items() if kind.notifies and not kind.writes}
    assert set(EXAMPLES) == set(cases.kinds())


def test_what_needs_consent_is_noticed_first() -> None:
    """No kind whose cause needs somebody's will goes past them: each has its notice on the way."""
    assert [k.kind for k in cases.kinds().values() if k.writes and causes.kinds()[k.cause].needs_consent and not k.notifies] == []


def test_wait_that_nobody_confirmed_says_so_and_knows_its_days() -> None:
    """A dated parameter, with its basis; before its days none is known."""
    assert all(wait.basis for wait in (*book().waits, *book().dues))
    assert not any(due.confirmed for due in book().dues)
    assert {kind for wait in book().waits if wait.confirmed for kind in wait.kinds} == FIRST
    assert book().wait("omission-corrected", dt.date(2016, 9, 13)) is None
    assert book().wait("representative-changed", dt.date(2026, 1, 5)) is None


@pytest.mark.rule("REG/first-notice")
def test_first_registration_waits_as_the_rule_says() -> None:
    """实施细则 17: the file and the rule book have one figure."""
    day = dt.date(2026, 1, 5)
    waits = [book().wait(kind, day) for kind in FIRST]
    days = law().whole("REG/first-notice", "first_registration_notice_working_days", day)
    assert [(wait.value, wait.unit) for wait in waits if wait] == [(days, "working days")] * len(FIRST)


def test_unknown_kind_is_named_with_those_that_are() -> None:
    """The refusal shows what there is."""
    with pytest.raises(NoSuchKindError, match="omission-corrected"):
        kind_of("taken-back")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('cause = "leased"', 'cause = "lent"', "closed list"),
        ('kind = "leased"', 'kind = "mortgaged"', "twice"),
        ('route = ["submitted", "answered"]', 'route = ["answered", "submitted"]', "this order"),
        ('route = ["submitted", "approved", "registered"]', 'route = ["submitted", "registered"]', "an approval before"),
        ('cause = "leased"', 'cause = ""', "has a cause"),
        ('word = "answered"', 'word = "replied"', "missing or not known"),
        ('{ things = ["homestead"], desks = ["realty"] },', "", "nobody's desk"),
        ('unit = "working days"', 'unit = "moons"', "unknown word"),
        ("same_day = true", "same_day = true\nfast = true", "unknown key"),
        ('by = ["desk", "township"]', 'by = ["mayor"]', "unknown word"),
        ('any_of = ["contract"]', 'any_of = ["rumour"]', "unknown word"),
        ('thing = "membership"', 'thing = "title"', "unknown word"),
        ('desks = ["agriculture", "supervision"]', 'desks = ["village"]', "unknown word"),
    ],
)
def test_slip_in_the_file_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    """Nothing of a malformed file is used."""
    assert old in TEXT
    file = tmp_path / "kinds.toml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KindsError) as told:
        read_kinds(file)
    assert says in told.value.en
