"""When was somebody listed, when did they vanish, on whose paper, did they sign; which children; what stood each year?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from registry.guarantee.reach import reach
from registry.ledger.commit import Officer
from registry.ledger.read import size
from registry.listings import GONE, KEPT, LISTED, children, history, years
from registry.listings.dossier import dossier_of_person
from registry.listings.refusals import NothingListedError
from registry.looks.reading import looks
from registry.parties import Identity
from registry.statement import PersonNotFoundError
from tests.registry import made_up
from tests.registry.cases.conftest import store, walker
from tests.registry.cases.walking import WILL

if TYPE_CHECKING:
    from registry.listings import Line, Year
    from registry.store.engines import Store
    from tests.registry.cases.walking import Walker

__all__ = ["store", "walker"]
LAWYER = Officer("苏雅", "某律师事务所")
DAY = "2026-11-27"
HEAD, WIFE, SON, DAUGHTER = range(4)


def lines_of(store: Store, person: str, known_at: int | None = None) -> list[Line]:
    """Every line of a person, as known at a size of the log."""
    with store.reading() as connection:
        found = reach(connection, person, geometry=False)
        return history(store, connection, found, size(connection) if known_at is None else known_at)


def years_of(walker: Walker, person: str) -> list[Year]:
    """Year by year, to the day of the walker's clock."""
    with walker.store.reading() as connection:
        found = reach(connection, person, geometry=False)
        return years(walker.store, connection, found, valid_at=walker.today(), known_at=size(connection))


def test_who_left_the_list_reads_when_on_whose_paper_and_that_they_signed(walker: Walker) -> None:
    """users.md 2 (h) 2: the day she was listed, the day she vanished, the act, the paper, her own will; both times of each."""
    store, village = walker.store, walker.village
    walker.walk("contract-divided", walker.example("contract-divided"))
    son = [line for line in lines_of(store, village.people[SON]) if line.noun == "holding"]
    assert [(line.what, line.kind, line.needs_will, line.signed) for line in son] == [
        (LISTED, "first-registration", False, False),
        (GONE, "contract-divided", True, True),
        (LISTED, "contract-divided", True, True),
    ]
    assert son[0].day == made_up.SIGNED
    assert son[0].basis == ("承包合同",)
    assert son[1].sources[0] == WILL
    assert son[1].bureau == "农牧业局"
    assert son[1].entry > son[0].entry
    assert son[0].recorded_at <= son[1].recorded_at
    daughter = [line for line in lines_of(store, village.people[DAUGHTER]) if line.thing_id == village.holding]
    assert [(line.what, line.signed_for) for line in daughter] == [(LISTED, False), (KEPT, True)]


def test_what_was_known_earlier_is_the_beginning_of_what_is_known_now(walker: Walker) -> None:
    """Bitemporal: at each size of the log the lines are those of its entries, whatever came after."""
    walker.walk("contract-divided", walker.example("contract-divided"))
    person = walker.village.people[SON]
    whole = lines_of(walker.store, person)
    for known in range(whole[-1].entry + 2):
        assert lines_of(walker.store, person, known) == [line for line in whole if line.entry < known], known


def test_a_move_and_another_representative_take_nobody_off(walker: Walker) -> None:
    """Plan II.3.1-g: a settlement is no line; who represents the household changes no more than that they do (I15)."""
    store, village = walker.store, walker.village
    before = {person: lines_of(store, person) for person in village.people}
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    assert {person: lines_of(store, person) for person in village.people} == before
    walker.walk("representative-changed", walker.example("representative-changed"))
    for person, lines in before.items():
        after = lines_of(store, person)
        assert after[: len(lines)] == lines
        assert [(line.what, line.kind) for line in after[len(lines) :]] == [(KEPT, "representative-changed")]


def test_children_on_her_lists_are_told_with_whoever_may_sign_for_them(walker: Walker) -> None:
    """(h) 7: the daughter is listed, others of age stand beside her: an officer looks. Who is of age is no child."""
    store, village = walker.store, walker.village
    with store.reading() as connection:
        found = reach(connection, village.people[WIFE], geometry=False)
        (child,) = children(store, connection, found, valid_at=DAY, known_at=size(connection), reader="counsel")
        assert children(store, connection, found, valid_at="2030-01-01", known_at=size(connection), reader="counsel") == []
    assert (child.person_id, child.name, child.listed, child.conflict) == (village.people[DAUGHTER], "*敏", True, True)


def test_each_year_tells_what_was_held_and_what_was_let_for_how_much(walker: Walker) -> None:
    """(h) 8: land and share from the first year on; a lease with what its act says was paid; the operating right is not theirs."""
    village = walker.village
    lease = walker.example("leased")
    lease.request["payment"] = "9000.00"
    walker.walk("leased", lease)
    told = years_of(walker, village.people[WIFE])
    assert [int(year.day[:4]) for year in told] == list(range(2016, int(walker.today()[:4]) + 1))
    assert told[-1].day == walker.today()
    held = {one.thing: (one.mu, one.share) for one in told[-1].held}
    assert str(held["contract-grass"][0]) == "3842.17"
    assert held["income"] == (None, (12, 6000))
    assert [(one.paid, one.term_start) for one in told[-1].let] == [("9000.00", lease.request["from"])]
    assert not told[0].let


def test_who_left_holds_nothing_of_the_list_from_then_on(walker: Walker) -> None:
    """Land of a list is somebody's while they stand on it: the son's years end where the division begins, his own begin."""
    walker.walk("contract-divided", walker.example("contract-divided"))
    last = years_of(walker, walker.village.people[SON])[-1]
    assert {one.thing for one in last.held} == {"contract-arable", "income"}


def test_dossier_has_every_line_every_digest_a_box_for_the_seal_and_no_address(walker: Walker) -> None:
    """(h) 5, 9: for a court; masked, without an address; written down with its purpose, which the person reads."""
    store, person = walker.store, walker.village.people[SON]
    made_up.register_hukou(store, walker.village)
    made_up.settle(store, walker.village)
    walker.walk("contract-divided", walker.example("contract-divided"))
    pdf = dossier_of_person(store, person, LAWYER, "(2026)内0626民初1号", reader="counsel")
    said = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in ("盖章处", "去掉的、终止的有2条", "没有本人签字记录的0条", "写上了", "不在上面了", "漏登", WILL, "登记簿不记"):
        assert words in said, words
    for name in (*(each[0] for each in made_up.PEOPLE), "文苑社区1栋101", "呼和陶勒盖嘎查1号", "苏雅"):
        assert name not in said
    assert [(look.what, look.bureau, look.purpose) for look in looks(store, [person])] == [
        ("person-dossier", "某律师事务所", "(2026)内0626民初1号")
    ]


def test_nobody_is_told_that_they_have_no_right(walker: Walker) -> None:
    """Finding 2: whom no list names gets no paper that says so, and is shown the way to be entered."""
    stranger = walker.villager(Identity("乌兰", made_up.id_number("19880101", 822)))
    assert {line.noun for line in lines_of(walker.store, stranger)} == {"membership"}
    assert years_of(walker, stranger) == []
    with pytest.raises(PersonNotFoundError):
        dossier_of_person(walker.store, "0" * 32, LAWYER, "x", reader="counsel")
    nobody = walker.village.collective
    with pytest.raises(PersonNotFoundError):
        dossier_of_person(walker.store, nobody, LAWYER, "x", reader="counsel")
    assert "漏登" in NothingListedError().zh
