"""Is a question answered alike on both engines, alone or together with others, and as SQLAlchemy would answer it?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Lock
from time import sleep
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from registry.case_files import CASE_SUBJECT
from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.among import among
from registry.store.asking import Question, ask, ask_again, ask_all, put_so_far, writes_nothing, writing_nothing
from registry.store.bulk import insert_rows
from registry.store.engines import READERS_AT_ONCE, owner_engine
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store

_VERSIONS = sa.select(
    *(HOLDING_VERSION.c[name] for name in ("thing_id", "ver", "prev_ver", "valid_from", "valid_to", "digest", "code"))
).where(among(HOLDING_VERSION.c.thing_id, "things"))
_ENTRIES = (
    sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.cls)
    .where(among(LEDGER_ENTRY.c.idx, "entries"), LEDGER_ENTRY.c.cls == "R")
    .order_by(LEDGER_ENTRY.c.idx)
)
VERSIONS, ENTRIES = Question(_VERSIONS), Question(_ENTRIES)
# No function of this name: refused by either engine, whatever is bound.
NONSENSE = Question(sa.select(sa.func.no_such_function(sa.bindparam("x", type_=sa.Text()))))


def test_answer_is_that_of_sqlalchemy_with_days_as_text(store: Store) -> None:
    """Text, whole numbers, days, bytes and NULL come as the registry has them, on both engines."""
    village = made_up.register_village(store)
    values = {"things": [village.holding, "no such thing"]}
    with store.reading() as connection:
        (row,) = ask(connection, VERSIONS, values)
        assert row == tuple(connection.execute(_VERSIONS, values).one())
    assert [type(value) for value in row] == [str, int, type(None), str, type(None), bytes, str]


def test_owner_reads_days_as_text_too(store: Store) -> None:
    """Whoever judges through the owner's connection sees what the service sees."""
    village = made_up.register_village(store)
    engine = owner_engine(store.settings)
    with engine.connect() as owner, store.reading() as reader:
        values = {"things": [village.holding]}
        assert ask(owner, VERSIONS, values) == ask(reader, VERSIONS, values)
    engine.dispose()


def test_questions_put_together_are_answered_in_their_order(store: Store) -> None:
    """A statement's own values, lists of numbers and empty lists among them."""
    village = made_up.register_village(store)
    with store.reading() as connection:
        versions, none, entries = ask_all(
            connection,
            (VERSIONS, {"things": [village.holding]}),
            (VERSIONS, {"things": []}),
            (ENTRIES, {"entries": [0, 1, 9_999]}),
        )
        assert (len(versions), none, entries) == (1, [], [(1, "R")])
        assert ask_all(connection) == []


@pytest.mark.parametrize("text", ['"', "\\", "{a,b}", "NULL", "", "草场", "a'b"])
def test_list_carries_any_text_unread(store: Store, text: str) -> None:
    """What stands in a list is a value, never a part of the statement."""
    echo = Question(
        sa.select(HOLDING_MEMBER.c.thing_id).where(among(sa.bindparam("x", type_=sa.Text()), "list")).limit(1)
    )
    made_up.register_village(store)
    with store.reading() as connection:
        assert len(ask(connection, echo, {"x": text, "list": ["other", text]})) == 1
        assert ask(connection, echo, {"x": text, "list": ["other", f"{text}."]}) == []


def test_list_may_be_what_a_query_finds(store: Store) -> None:
    """Also a query of several parts, and one that finds nothing."""
    village = made_up.register_village(store)
    members = sa.select(HOLDING_MEMBER.c.thing_id).where(HOLDING_MEMBER.c.person_id == sa.bindparam("person"))
    versions = sa.select(HOLDING_VERSION.c.thing_id)
    one = Question(versions.where(among(HOLDING_VERSION.c.thing_id, members)))
    two = Question(versions.where(among(HOLDING_VERSION.c.thing_id, sa.union_all(members, members))))
    with store.reading() as connection:
        for question in (one, two):
            assert ask(connection, question, {"person": village.people[0]}) == [(village.holding,)]
            assert ask(connection, question, {"person": "nobody"}) == []


def test_session_sees_one_unchanging_view(make_store: Callable[[str], Store], postgis_admin_url: str) -> None:
    """The transaction begins with the first question: what is recorded meanwhile is not in the second answer.

    On the embedded file the writer waits for the reader instead.
    """
    store = make_store("postgis")
    village = made_up.register_village(store)
    size = Question(sa.select(sa.func.max(LEDGER_ENTRY.c.idx)))
    with store.reading() as connection:
        before = ask(connection, size, {})
        made_up.settle(store, village)
        assert ask(connection, size, {}) == before
    with store.reading() as connection:
        assert ask(connection, size, {}) > before


@pytest.mark.parametrize("way", ["together", "by the driver's cursor"])
def test_session_begins_when_the_one_before_has_ended(store: Store, way: str) -> None:
    """On PostgreSQL nobody waits for the ROLLBACK of a session that read; whoever comes next finds it done."""
    village = made_up.register_village(store)
    last = sa.select(sa.func.max(LEDGER_ENTRY.c.idx))
    size = Question(last)
    sizes = []
    for settled in (False, True):
        if settled:
            made_up.settle(store, village)
        with store.reading() as connection:
            sizes.append(ask(connection, size, {})[0][0] if way == "together" else connection.scalar(last))
    assert sizes[0] < sizes[1]


def test_session_that_asks_nothing_keeps_its_connection(
    make_store: Callable[[str], Store], caplog: pytest.LogCaptureFixture
) -> None:
    """The ROLLBACK before may be on its way still: there is no second one to send, and no connection is thrown away."""
    store = make_store("postgis")
    made_up.register_village(store)
    size = Question(sa.select(sa.func.max(LEDGER_ENTRY.c.idx)))
    for _ in range(20):
        with store.reading() as connection:
            assert ask(connection, size, {})
        with store.reading():
            pass
    assert [record.getMessage() for record in caplog.records] == []


def test_lost_connection_is_an_error_once(make_store: Callable[[str], Store], postgis_admin_url: str) -> None:
    """Lost between two sessions: the next one is told, the one after it asks on a new connection."""
    store = make_store("postgis")
    made_up.register_village(store)
    size = Question(sa.select(sa.func.max(LEDGER_ENTRY.c.idx)))
    with store.reading() as connection:
        before = ask(connection, size, {})
        backend = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with psycopg.connect(postgis_admin_url, autocommit=True) as admin:
        # Waits until the backend is gone.
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", (backend,))
    with pytest.raises(sa.exc.DBAPIError), store.reading() as connection:
        ask(connection, size, {})
    with store.reading() as connection:
        assert ask(connection, size, {}) == before


def test_long_questions_with_long_answers_pass_each_other(
    make_store: Callable[[str], Store], postgis_admin_url: str
) -> None:
    """Server and client, each busy sending more than the way between them holds, must not wait for each other."""
    echo = Question(sa.select(sa.func.unnest(sa.bindparam("list", type_=ARRAY(sa.Text)))))
    values = {"list": [f"{number:032}" for number in range(100_000)]}
    with make_store("postgis").reading() as connection:
        answers = ask_all(connection, *[(echo, values)] * 3)
    assert answers == [[(text,) for text in values["list"]]] * 3


def test_refused_question_is_an_error_of_sqlalchemy_and_leaves_the_connection_usable(store: Store) -> None:
    """What was put together with it is lost with it; the next session asks as if nothing had been."""
    village = made_up.register_village(store)
    values = {"things": [village.holding]}
    for engine in (store.engine("reader"), store.engine("desk")):
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            ask_all(connection, (VERSIONS, values), (NONSENSE, {"x": "1"}))
        with engine.connect() as connection:
            assert len(ask(connection, VERSIONS, values)) == 1


def test_what_was_asked_is_asked_again_together_and_answered_as_it_is_now(store: Store) -> None:
    """Questions of an earlier view, never its answers; a value that is another one by now stands in its place."""
    village = made_up.register_village(store)
    with store.reading() as connection:
        ask(connection, ENTRIES, {"entries": [0, 1, 2]})
        ask(connection, VERSIONS, {"things": [village.holding]})
        puts = put_so_far(connection)
    assert [put[0] for put in puts] == [ENTRIES, VERSIONS]
    made_up.settle(store, village)
    with store.reading() as connection:
        ask_again(connection, puts, entries=[1, 2, 3, 4])
        assert len(put_so_far(connection)) == 2
        now = {"entries": [1, 2, 3, 4]}
        assert ask(connection, ENTRIES, now) == [tuple(row) for row in connection.execute(_ENTRIES, now)]
        assert len(put_so_far(connection)) == 2


def test_who_holds_the_lock_and_says_that_nothing_is_written_can_write_nothing(store: Store) -> None:
    """A question is put once in such a block, and anew after it; rows are refused within."""
    village = made_up.register_village(store)
    row = {"case_id": "0" * 32, "thing_id": village.holding, "entry_idx": 0}
    with store.writing("desk") as connection:
        with writing_nothing(connection):
            assert ask(connection, VERSIONS, {"things": [village.holding]})
            with pytest.raises(AssertionError):
                insert_rows(connection, CASE_SUBJECT, tuple(row), [tuple(row.values())])
        assert not writes_nothing(connection)
        with pytest.raises(Exception, match="cites another step"):  # the database's own word
            insert_rows(connection, CASE_SUBJECT, tuple(row), [tuple(row.values())])


def test_threads_that_ask_for_the_first_time_at_once_share_one_engine(store: Store) -> None:
    """Of two engines one would be lost, and its connections would stay open until they are swept up."""
    together = Barrier(8)

    def first(_number: int) -> int:
        together.wait()
        return id(store.engine("reader"))

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(first, range(8)))) == 1


def test_few_views_are_worked_on_at_once_and_who_has_one_waits_for_no_other(store: Store) -> None:
    """A view within a view takes no turn, or those who have one would wait for each other for ever; a whole pass takes none."""
    working, most, lock = 0, 0, Lock()

    def look(_number: int) -> None:
        nonlocal working, most
        with store.reading(), store.reading():
            with lock:
                working += 1
                most = max(most, working)
            sleep(0.02)
            with lock:
                working -= 1

    with ThreadPoolExecutor(3 * READERS_AT_ONCE) as readers:
        list(readers.map(look, range(6 * READERS_AT_ONCE)))
    assert most == READERS_AT_ONCE
    with ExitStack() as held:
        for _ in range(READERS_AT_ONCE + 1):
            held.enter_context(store.reading_through())
        with store.reading() as connection:
            assert ask(connection, ENTRIES, {"entries": [0]}) == []
