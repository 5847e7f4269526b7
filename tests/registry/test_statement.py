"""How often does a statement go to the database, however much there is to tell?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.statement import statement
from registry.store import travelling
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from registry.store.engines import Store


def test_statement_takes_three_round_trips(
    make_store: Callable[[str], Store], postgis_admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long the log is; who the person is, and what is theirs by its ids; all of that with its entries."""
    store = make_store("postgis")
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    trips: list[int] = []
    sent = travelling._sent  # noqa: SLF001  (what is counted)

    def counted(driver: Any, questions: Any, binary: Any) -> Any:  # noqa: ANN401  (its own)
        trips.append(len(questions))
        return sent(driver, questions, binary)

    monkeypatch.setattr(travelling, "_sent", counted)
    with store.reading() as connection:
        statement(store, connection, village.people[0])  # once the log's tree is in memory
    trips.clear()
    with store.reading() as connection:
        answer = statement(store, connection, village.people[0])
    assert (answer["verdict"], len(trips)) == ("unchanged", 3)
    assert {thing["noun"] for thing in answer["things"]} == {"right", "holding", "membership", "duty", "benefit"}
