"""Who looked: written before the answer leaves, chained, read by the person, and whoever touches the log is found."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.audit.looks import judge_looks
from registry.ledger.commit import Officer
from registry.looks import keeping
from registry.looks.keeping import LookNotKeptError, looked
from registry.looks.model import COLUMNS, FIRST, LOOK, digest
from registry.looks.reading import MOST, is_begun, looks
from registry.looks.words import SAID, WHATS
from registry.store.engines import owner_engine
from registry.store.sealing import sealed_row
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

WUYUN = Officer("乌云", "农牧业局")
HERDER, OTHER = "a" * 32, "b" * 32


def rows(store: Store) -> list[dict[str, object]]:
    """Every row, in the order of the chain."""
    if not is_begun(store):
        return []
    with store.reading_looks() as connection:
        return [dict(row) for row in connection.execute(sa.select(LOOK).order_by(LOOK.c.seq)).mappings()]


def found(store: Store) -> list[int]:
    """The numbers of the rows that the audit names."""
    return [int(dict(finding.key)["seq"]) for finding in judge_looks(store)]


@contextmanager
def with_locks_off(store: Store) -> Iterator[Connection]:
    """The owner's hand on the table, its guards torn off."""
    if store.on_postgresql:
        engine = owner_engine(store.settings)
        with engine.connect() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            yield connection
            connection.commit()
    else:
        engine = sa.create_engine(f"sqlite:///{store.settings.looks}", module=sqlite3)
        with engine.connect() as connection:
            for trigger in ("refuses_replacing", "refuses_update", "refuses_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS look_{trigger}")
            yield connection
            connection.commit()
    engine.dispose()


def test_person_reads_in_plain_words_who_looked_and_why(store: Store) -> None:
    """users.md 2(c)4: names of offices and a sentence, not fields of a log; one's own only, newest first."""
    looked(store, WUYUN, HERDER, "rights", "核对承包地")
    looked(store, WUYUN, OTHER, "statement")
    looked(store, Officer("本机", ""), HERDER, "statement")
    newest, first = looks(store, [HERDER])
    assert first.zh == f"{first.day} 农牧业局 乌云 看了您家的地和别的权利, 理由: 核对承包地"
    assert first.en == f"{first.day}: 乌云, 农牧业局 read your land and other rights; reason: 核对承包地"
    assert newest.zh == f"{newest.day} 本机 看了您的权益保留证明, 没有写理由"
    assert newest.en.endswith("no reason was given")


def test_every_word_has_its_sentence() -> None:
    """What can be written down can be told."""
    assert set(SAID) == set(WHATS)


def test_each_row_carries_the_hash_of_the_one_before(store: Store) -> None:
    """The chain by its definition: SHA-256 over all columns of the row before, sealed part included."""
    for purpose in ("一", "二", "三"):
        looked(store, WUYUN, [HERDER, OTHER], "statement", purpose)
    before = FIRST
    for place, row in enumerate(rows(store), start=1):
        assert (row["seq"], bytes(row["before"])) == (place, before)  # type: ignore[call-overload]
        before = digest(row)
    assert found(store) == []


def test_purpose_and_officer_are_sealed_in_the_table(store: Store) -> None:
    """Who looked is personal as well: the table has ids, words of ours and ciphertext."""
    looked(store, WUYUN, HERDER, "statement", "贷款")
    (row,) = rows(store)
    told = json.dumps({name: str(value) for name, value in row.items()}, ensure_ascii=False)
    assert "乌云" not in told
    assert "贷款" not in told
    assert "乌云".encode() not in bytes(row["sealed"])  # type: ignore[call-overload]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_row_that_was_edited_or_taken_out_is_named(store: Store, data: st.DataObject) -> None:
    """Whatever an owner does to one row, the newest included: there is a finding, and it names the row."""
    for _ in range(3):
        looked(store, WUYUN, [HERDER, OTHER], "rights", "查")
    assert found(store) == []
    kept = rows(store)
    at = len(kept) - data.draw(st.integers(0, 5))
    row = kept[at - 1]
    what = data.draw(st.sampled_from(["delete", "whom", "at", "what", "before", "sealed"]))
    with with_locks_off(store) as connection:
        where = LOOK.c.seq == at
        if what == "delete":
            connection.execute(sa.delete(LOOK).where(where))
        else:
            value = row[what]
            other = bytes([value[0] ^ 1]) + bytes(value[1:]) if isinstance(value, (bytes, memoryview)) else f"x{value}"
            connection.execute(sa.update(LOOK).where(where).values({what: other}))
    assert at in found(store)
    with with_locks_off(store) as connection:
        connection.execute(sa.delete(LOOK).where(where))
        connection.execute(sa.insert(LOOK).values(row))
    assert found(store) == []


def test_newest_rows_that_were_deleted_are_missed_by_the_head(store: Store) -> None:
    """The chain alone would not see it: the head beside the key file says how many there were."""
    looked(store, WUYUN, [HERDER] * 1, "statement")
    looked(store, WUYUN, HERDER, "rights")
    looked(store, WUYUN, HERDER, "guarantee")
    with with_locks_off(store) as connection:
        connection.execute(sa.delete(LOOK).where(LOOK.c.seq >= 2))
    (finding,) = judge_looks(store)
    assert dict(finding.key) == {"seq": 2}
    assert "2 到 3" in finding.zh
    assert not store.settings.looks_head.is_relative_to(store.settings.folder)


def test_whole_log_that_was_deleted_is_missed(store: Store) -> None:
    """On the embedded engine it is one file; without it everything up to the head is gone."""
    looked(store, WUYUN, HERDER, "statement")
    if store.on_postgresql:
        with with_locks_off(store) as connection:
            connection.execute(sa.delete(LOOK))
    else:
        store.close()
        store.settings.looks.unlink()
    assert found(store) == [1]


@pytest.mark.parametrize("damage", ["altered", "gone", "rewritten", "not json"])
def test_head_that_was_altered_or_removed_is_named(store: Store, damage: str) -> None:
    """It carries a mark of the vault: a head of fewer rows can't be written without the key."""
    looked(store, WUYUN, HERDER, "statement")
    looked(store, WUYUN, HERDER, "rights")
    path = store.settings.looks_head
    newest = path.read_bytes().splitlines()[0]
    assert json.loads(newest)["size"] == 2
    if damage == "gone":
        path.unlink()
    elif damage == "altered":
        path.write_bytes(path.read_bytes().replace(newest, newest.replace(b'"size": 2', b'"size": 1')))
    elif damage == "rewritten":
        path.write_text("{}")
    else:
        path.write_text("{")
    assert found(store)


def test_row_resealed_by_a_holder_of_the_key_still_breaks_the_chain(store: Store) -> None:
    """Who has the key can seal another row, but not without changing every row after it, and the head."""
    for purpose in ("一", "二", "三"):
        looked(store, WUYUN, HERDER, "rights", purpose)
    second = rows(store)[1]
    forged = {name: second[name] for name in COLUMNS if name != "sealed"}
    forged["sealed"] = sealed_row(
        store.vault, LOOK, forged, {"officer": "别人", "bureau": "", "purpose": ""}, store.randomness.nonce()
    )
    with with_locks_off(store) as connection:
        connection.execute(sa.update(LOOK).where(LOOK.c.seq == 2).values(sealed=forged["sealed"]))
    assert found(store) == [3]


def test_log_refuses_update_and_delete_from_whoever_asks(store: Store) -> None:
    """Append-only: its own session has no such word, and the owner meets the guard."""
    looked(store, WUYUN, HERDER, "statement")
    for statement in (sa.update(LOOK).values(whom=OTHER), sa.delete(LOOK)):
        with store.engine("looks").connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(statement)
    on_file = f"sqlite:///{store.settings.looks}"
    engine = owner_engine(store.settings) if store.on_postgresql else sa.create_engine(on_file, module=sqlite3)
    for statement in (sa.update(LOOK).values(whom=OTHER), sa.delete(LOOK)):
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(statement)
    engine.dispose()
    assert len(rows(store)) == 1


def test_many_who_look_at_once_all_stand_in_one_chain(store: Store) -> None:
    """Those who come together are written together; nobody is lost, no number is used twice."""
    threads = [
        threading.Thread(target=looked, args=(store, WUYUN, f"{n:032x}", "statement", str(n))) for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = rows(store)
    assert [row["seq"] for row in kept] == list(range(1, 41))
    assert {row["whom"] for row in kept} == {f"{n:032x}" for n in range(40)}
    assert found(store) == []


def test_look_that_cannot_be_written_refuses_the_answer_and_holds_up_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail closed: what is not written down is not shown. The next one writes again."""

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "insert_rows", full)
        with pytest.raises(LookNotKeptError):
            looked(store, WUYUN, HERDER, "statement")
    looked(store, WUYUN, HERDER, "rights")
    assert [row["what"] for row in rows(store)] == ["rights"]
    assert found(store) == []


def test_failure_that_is_no_refusal_of_the_store_is_not_swallowed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours stays one."""

    def wrong(*_given: object) -> None:
        raise KeyError

    monkeypatch.setattr(keeping, "insert_rows", wrong)
    with pytest.raises(KeyError):
        looked(store, WUYUN, HERDER, "statement")


def test_nobody_looked_at_is_nothing_written(store: Store) -> None:
    """An empty list writes no row and no head."""
    looked(store, WUYUN, [], "lookup")
    assert rows(store) == []
    assert looks(store, [HERDER]) == []
    assert found(store) == []
    assert not store.settings.looks.exists()  # who only reads, an audit above all, makes no file
    assert not store.settings.looks_head.exists()


def test_list_is_bounded_and_newest_first(store: Store) -> None:
    """A person of whom much was read is told the newest."""
    looked(store, WUYUN, [HERDER], "statement")
    with store.writing("looks") as connection:
        connection.rollback()
    assert len(looks(store, [HERDER, OTHER])) == 1
    assert MOST == 1000
