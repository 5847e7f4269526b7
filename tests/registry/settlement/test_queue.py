"""Who waits, in which order, and how one leaves the queue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.decisions.unregistered import CLASSES
from registry.law.book import book
from registry.settlement.filing import settle
from registry.settlement.queue import (
    ApplicationNotFoundError,
    UnknownClassError,
    UnknownQuestionError,
    apply,
    classes_waiting,
    leave,
    waiting,
)
from registry.store.engines import owner_engine
from registry.waiting import APPLICATION
from tests.guarantee.village import registered, size
from tests.registry.settlement.filings import SIGNED, banner, filing

if TYPE_CHECKING:
    from registry.store.engines import Store

DAY = "2017-05-08"


def names(store: Store) -> list[str]:
    """Who waits, in order."""
    with store.reading() as connection:
        return [each.name for each in waiting(store, connection, DAY)]


def test_stock_goes_before_increment_and_nobody_is_left_out(store: Store) -> None:
    """I.2.1: stock, long resident and able first; who declares nothing waits too, and the log says nothing of any."""
    before = size(store)
    apply(store, "settle-in-banner", name="新来的", paper=SIGNED)
    apply(
        store,
        "settle-in-banner",
        name="早就在",
        paper=SIGNED,
        in_stock=True,
        able_in_town=True,
        in_town_since="2001-01-01",
    )
    apply(
        store,
        "settle-in-banner",
        name="在镇上",
        paper=SIGNED,
        in_stock=True,
        able_in_town=True,
        in_town_since="2010-01-01",
    )
    apply(store, "settle-in-banner", name="存量", paper=SIGNED, in_stock=True)
    assert names(store) == ["早就在", "在镇上", "存量", "新来的"]
    assert size(store) == before


def test_application_leaves_when_recorded_or_withdrawn_and_only_once(store: Store) -> None:
    """Nobody drops out of the queue by priority: only by their event, or by their own withdrawal."""
    village = registered(store)
    person = village.people[0]
    one = apply(store, "settle-in-banner", name="达楞太", paper=SIGNED, person=person)
    other = apply(store, "settle-in-banner", name="敖登", paper=SIGNED)
    done = settle(store, filing(banner(person)), "王警官", "公安局")[1]
    assert done is not None
    leave(store, one, event_idx=done.idx)
    leave(store, other, reason="本人撤回")
    assert names(store) == []
    for gone in (one, other, "0" * 32):
        with pytest.raises(ApplicationNotFoundError):
            leave(store, gone)
    with pytest.raises(UnknownQuestionError):
        apply(store, "buy-land", name="x", paper=SIGNED)


@pytest.mark.rule("SC-2015-96/categories")
def test_class_of_an_unregistered_person_is_sealed_and_of_the_list(store: Store) -> None:
    """Figure 12: a class that the rule names, of an application of an unregistered person alone; a word of birth is sealed."""
    apply(store, "register-unregistered", name="某", paper=SIGNED, category="born-outside-plan")
    apply(store, "register-unregistered", name="某", paper=SIGNED)
    for question, category in (("settle-in-banner", "born-outside-plan"), ("register-unregistered", "fine-not-paid")):
        with pytest.raises(UnknownClassError):
            apply(store, question, name="某", paper=SIGNED, category=category)
    with store.reading() as connection:
        rows = connection.execute(sa.select(APPLICATION)).all()
        # Both came within a second: which stands first is chance.
        assert sorted(classes_waiting(store, connection, "9999-01-01T00:00:00Z")) == ["", "born-outside-plan"]
    assert "born-outside-plan" not in repr([tuple(row) for row in rows])
    assert names(store) == ["某", "某"]


def test_classes_are_those_of_the_rule() -> None:
    """Each class that the rule names has its words, and no other."""
    assert tuple(CLASSES) == book().words("SC-2015-96/categories", "unregistered_classes", dt.date(2026, 1, 1))


def test_who_waits_is_sealed_and_an_edited_row_is_named(store: Store) -> None:
    """Names lie in ciphertext from the first; a row whose priority was edited does not open, and the audit says so."""
    apply(store, "settle-in-banner", name="达楞太", paper=SIGNED)
    with store.reading() as connection:
        row = connection.execute(sa.select(APPLICATION)).one()
    assert "达楞太" not in repr(tuple(row))
    assert audit(store).findings == ()
    engine = owner_engine(store.settings)
    with engine.begin() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql("ALTER TABLE settlement_application DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER settlement_application_refuses_update")
        connection.exec_driver_sql("UPDATE settlement_application SET in_stock = 'yes'")
    engine.dispose()
    assert [f.table for f in audit(store).findings if f.fields == ("sealed",)] == ["settlement_application"]
