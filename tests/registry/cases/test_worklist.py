"""Does a work list ask as much for ninety cases as for nine, and does it forget nothing that moved?

That it tells what the engine tells is shown by tests/stateful/test_cases.py, whatever anybody does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event

from registry import cases
from tests.registry.cases.walking import FIRST, SECOND, Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.cases.walking import Walker


def slips(store: Store, walker: Walker, count: int) -> list[str]:
    """So many cases that wait for a second officer."""
    made = []
    for number in range(count):
        asked = {"field": "local_name", "to": f"东梁{number}"}
        parcel = walker.village.parcels["arable"]
        made.append(cases.open_case(store, FIRST, "clerical-slip", subject=[parcel], request=asked))
        cases.take(store, made[-1], "submitted", FIRST, 1)
    return made


def test_a_second_look_asks_as_much_for_many_cases_as_for_few(store: Store, walker: Walker) -> None:
    """What did not move is not asked again: the statements of a second look are counted, not timed."""
    lists = cases.Worklists(store)
    asked: list[str] = []
    event.listen(store.engine("reader"), "before_cursor_execute", lambda *each: asked.append(each[2]))
    counted = []
    for more in (1, 8):
        slips(store, walker, more)
        with store.reading() as connection:
            lists.of(connection, SECOND)
            asked.clear()
            found = lists.of(connection, SECOND)
        counted.append((len(found), len(asked)))
    (one, few), (nine, many) = counted
    assert (one, nine) == (1, 9)
    assert 0 < many == few


def test_a_case_is_asked_about_again_once_a_thing_under_it_has_moved(store: Store, walker: Walker) -> None:
    """The list of the household changes by another case: this one waits for a new notice, though none of its steps moved."""
    lists = cases.Worklists(store)
    noticed = walker.walk("representative-changed", walker.example("representative-changed"), until="noticed")
    with store.reading() as connection:
        (before,) = lists.of(connection, SECOND)
    slip = Example([walker.village.holding], {"field": "code", "to": f"{VILLAGE_CODE}0099"})
    walker.walk("clerical-slip", slip, until="registered")
    with store.reading() as connection:
        after = lists.of(connection, SECOND)
        assert after == cases.Worklists(store).of(connection, SECOND)
    assert [work.case.id for work in after] == [noticed]
    assert set(after[0].waits) > set(before.waits)


def test_a_draft_that_nothing_can_come_of_is_called_what_its_thing_is_called_now(store: Store, walker: Walker) -> None:
    """Who it adds is on the list already, so that it touches nothing; its line has the code of the list all the same."""
    lists = cases.Worklists(store)
    adds = walker.example("member-added")
    draft, other = walker.open("member-added", adds), walker.open("member-added", adds)
    walker.go_on(other, "registered")
    with store.reading() as connection:
        assert draft in {work.case.id for work in lists.of(connection, FIRST)}
    slip = Example([walker.village.holding], {"field": "code", "to": f"{VILLAGE_CODE}0099"})
    walker.walk("clerical-slip", slip, until="registered")
    with store.reading() as connection:
        assert lists.of(connection, FIRST) == cases.Worklists(store).of(connection, FIRST)
