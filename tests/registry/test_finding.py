"""Is everything found by what a clerk has in hand, and is nothing of it in clear on disk?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import finding, records
from registry.finding import Finder, _Texts
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import Officer, desk
from registry.looks.reading import looks
from registry.membership import acts as memberships
from registry.parties import Identity
from registry.records import Batch
from registry.settlement import Event, record
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.store.engines import Store


@pytest.fixture
def finder(store: Store) -> Iterator[Finder]:
    """The index of one process."""
    found = Finder(store)
    yield found
    found.close()


def things(finder: Finder, store: Store, asked: str) -> list[str]:
    """Ids of what is found."""
    with store.reading() as connection:
        return [hit.thing for hit in finder.find(connection, asked)]


def test_people_parcels_and_rights_are_found_and_shown_masked(finder: Finder, store: Store) -> None:
    """Users 2(a) 2: name, pinyin initials, last five digits of a parcel, number of a contract; an empty question finds nothing."""
    village = made_up.register_village(store)
    for asked in ("达楞太", "楞", "dlt", " DLT "):
        assert things(finder, store, asked) == [village.holding]
    assert village.parcels["grass"] in things(finder, store, "00002")
    assert set(things(finder, store, "150626100210000001J")) & set(village.rights.values())
    assert things(finder, store, "  ") == things(finder, store, "没有这个人") == []
    with store.reading() as connection:
        assert [hit.told for hit in finder.find(connection, "dlt")] == ["**太 1974"]


def test_a_village_is_found_by_its_name_and_by_the_first_initials(finder: Finder, store: Store) -> None:
    """Users 2(a) 2: it leads to its land, not to a case, and is told without banner and form; a middle initial finds people."""
    village = made_up.register_village(store)
    with store.reading() as connection:
        for asked in ("呼和陶", "嘎查", "hhtl", "H"):
            first = finder.find(connection, asked)[0]
            assert (first.thing, first.what, first.code) == (village.collective, finding.VILLAGE, made_up.VILLAGE_CODE), asked
            assert (first.person, first.told) == ("", "呼和陶勒盖嘎查")
        assert finding.VILLAGE not in [hit.what for hit in finder.find(connection, "lg")]
        here, elsewhere = ([hit.what for hit in finder.find(connection, "呼和", {place})] for place in ("150626100", "150626101"))
    assert finding.VILLAGE in here
    assert elsewhere == []


def test_the_number_of_the_paper_before_leads_to_the_right(finder: Finder, store: Store) -> None:
    """Users 2(b) 9: 原证号 of a delivered register page, kept sealed; also when it comes after the index was read."""
    village = made_up.register_village(store)
    assert things(finder, store, "乌农地承包权") == []
    code = f"{made_up.VILLAGE_CODE}0001J"
    page = Batch("CBJYQZDJB", made_up.VILLAGE_CODE, [code], [{"CBJYQZBM": code, "YCBJYQZBH": "乌农地承包权(2004)第0731号"}])
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="接收成果"))
        records.keep(at.connection, store.vault, store.randomness, [page], "0" * 64)
        memberships.begin(act, person_id=village.people[4], collective_id=village.collective, basis="名册")
        at.commit()
    found = things(finder, store, "第0731")
    assert set(found) == {village.rights[f"contract-{use}"] for use in ("arable", "grass", "forest", "other")}


def test_two_lists_of_a_family_are_told_apart_by_their_land(finder: Finder, store: Store) -> None:
    """Users 2(a) 2: one man on two lists is two hits; what lies under each stands beside its code."""
    village = made_up.register_village(store)
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="草场承包合同"))
        other = holdings.begin(
            act, household_id=village.household, code=f"{made_up.VILLAGE_CODE}9001", issuer_id=village.collective,
            representative_id=village.people[0], members=[CoHolder(village.people[0], "02")],
        )  # fmt: skip
        at.commit()
    with store.reading() as connection:
        found = {hit.thing: [word.word for word in hit.land] for hit in finder.find(connection, "dlt")}
    assert set(found) == {village.holding, other}
    assert {"contract-arable", "homestead"} <= set(found[village.holding])
    assert found[other] == []


def test_what_is_entered_later_is_found_without_a_new_index(finder: Finder, store: Store) -> None:
    """An index that was read before the first entry knows the village after it."""
    assert things(finder, store, "dlt") == []
    village = made_up.register_village(store)
    assert things(finder, store, "dlt") == [village.holding]


def test_no_more_hits_are_given_than_are_read_at_a_glance(
    finder: Finder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else there is: another letter leads to it."""
    made_up.register_village(store)
    monkeypatch.setattr(finding, "MOST", 2)
    assert len(things(finder, store, "1")) == 2


def test_desk_of_one_town_finds_what_lies_there_and_nothing_else(finder: Finder, store: Store) -> None:
    """Policy-map 10: a role that is held for a place; what lies elsewhere is as if it were not there."""
    village = made_up.register_village(store)
    with store.reading() as connection:
        assert [hit.thing for hit in finder.find(connection, "dlt", {"150626100"})] == [village.holding]
        assert finder.find(connection, "dlt", {"150626101"}) == []


def test_whoever_is_shown_reads_it_once(finder: Finder, store: Store) -> None:
    """A name is typed letter by letter: one row for each person and account, another after the index was forgotten."""
    village = made_up.register_village(store)
    for account in ("a", "a", "b"):
        for asked in ("d", "dl", "dlt"):
            with store.reading() as connection:
                hits = finder.find(connection, asked)
            finder.show(Officer("张晓梅", "农牧业局"), account, [hit.person for hit in hits])
    assert [look.what for look in looks(store, [village.people[0]])] == ["found", "found"]
    finder.close()
    with store.reading() as connection:
        finder.show(Officer("张晓梅", "农牧业局"), "a", [hit.person for hit in finder.find(connection, "dlt")])
    assert len(looks(store, [village.people[0]])) == 3


def test_nothing_of_the_index_is_on_disk(finder: Finder, store: Store) -> None:
    """Names and their initials are in the memory of the process alone, and leave it when they are forgotten."""
    village = made_up.register_village(store)
    before = sorted(path for path in store.settings.folder.rglob("*") if path.is_file())
    assert things(finder, store, "dlt") == [village.holding]
    files = sorted(path for path in store.settings.folder.rglob("*") if path.is_file())
    assert files == before
    assert [path for path in files if "达楞太".encode() in path.read_bytes()] == []
    finder.close()
    # What is forgotten can only be seen inside.
    assert not any(texts.of or texts._joined for texts in finder._texts.values())  # noqa: SLF001
    assert things(finder, store, "dlt") == [village.holding]


def test_a_former_name_leads_to_who_has_another_now(finder: Finder, store: Store) -> None:
    """Users 2(a) 2: an old paper has the old name; it is said that it is one, and only where it is what led there."""
    village = made_up.register_village(store)
    assert things(finder, store, "达楞太") == [village.holding]
    name = Identity("巴图达来", made_up.id_number(*made_up.PEOPLE[0][1:]))
    who = village.people[0]
    record(store, Event("identity-corrected", "2020-01-01", (who,), identities={who: name}), "王警官", "公安局")
    expected = {"达楞": True, "dlt": True, "巴图": False, "btdl": False}
    for index in (finder, Finder(store)):  # one that stood before the new name, and one made after it
        with store.reading() as connection:
            found = {asked: index.find(connection, asked) for asked in expected}
        assert {asked: [(hit.thing, hit.former) for hit in hits] for asked, hits in found.items()} == {
            asked: [(village.holding, former)] for asked, former in expected.items()
        }
        index.close()


@given(
    called=st.lists(st.tuples(st.text("ab1", min_size=1, max_size=2), st.text("ab1\n", max_size=4)), max_size=12),
    wanted=st.text("ab1", min_size=1, max_size=3),
    at_the_end=st.booleans(),
)
def test_looking_through_one_text_finds_what_looking_at_each_finds(
    called: list[tuple[str, str]], wanted: str, *, at_the_end: bool
) -> None:
    """Each text once, in the order in which they came; no hit lies across two of them."""
    texts = _Texts()
    for thing, text in called:
        texts.add(thing, text)
    found = [(thing, text) for thing, text, _ in texts.having(wanted, at_the_end=at_the_end)]
    each = dict.fromkeys(called)
    assert found == [(thing, text) for thing, text in each if (text.endswith(wanted) if at_the_end else wanted in text)]
