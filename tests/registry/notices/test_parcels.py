"""Which parcels a notice names: by their codes, of its village, while it hangs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.notices import posting
from registry.notices.parcels import MOST_PARCELS, NoticeParcelsError, hanging
from registry.store.engines import owner_engine
from tests.registry.notices.test_posting import CLERK, VILLAGE, now_is

if TYPE_CHECKING:
    from registry.store.engines import Store

CODES = [f"{VILLAGE}{n:07d}" for n in (1, 2)]
UNIT = "150626100210JC00001F00010001"


def post(store: Store, *parcels: str) -> posting.Notice:
    """A notice about these parcels."""
    return posting.post(
        store, CLERK, "first-notice", village=VILLAGE, title="首次登记公示", body="见表", begins="2026-11-02", parcels=parcels
    )


def up(store: Store, day: str) -> dict[str, tuple[str, ...]]:
    """What hangs at the end of a day."""
    with store.reading() as connection:
        return hanging(connection, day)


def test_notice_names_its_parcels_once_and_shows_them(store: Store) -> None:
    """Codes of the village and unit numbers of homesteads, each once; whoever reads the notice reads them."""
    hung, bare = post(store, *CODES, UNIT, CODES[0]), post(store)
    assert hung.parcels == (*CODES, UNIT)
    with store.reading() as connection:
        assert posting.notice(store, connection, hung.id).parcels == (*CODES, UNIT)
        assert posting.notice(store, connection, bare.id).parcels == ()
    assert up(store, "2026-11-02") == {hung.id: (*CODES, UNIT), bare.id: ()}
    assert audit(store).findings == ()


def test_parcels_stand_in_a_notice_from_its_first_day_until_it_is_over_or_taken_down(store: Store) -> None:
    """REG/first-notice: both days included; a notice that was taken down hangs no more on that day, and did before."""
    hung, other = post(store, CODES[0]), post(store, CODES[1])
    last = dt.date.fromisoformat(hung.ends)
    now_is(store, "2026-11-10")
    posting.take_down(store, CLERK, other.id, "表上有错")
    days = (dt.date(2026, 11, 1), dt.date(2026, 11, 2), dt.date(2026, 11, 9), dt.date(2026, 11, 10), last, last + dt.timedelta(1))
    assert [set(up(store, day.isoformat())) for day in days] == [
        set(), {hung.id, other.id}, {hung.id, other.id}, {hung.id}, {hung.id}, set(),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "code", ["1506261012060000001", "150626101206", "达楞太", "", "150699100210JC00001F00010001", CODES[0] + "1"]
)
def test_what_is_no_parcel_of_the_village_is_refused_with_the_notice(store: Store, code: str) -> None:
    """Refused as a unit, told by its place and never repeated."""
    with pytest.raises(NoticeParcelsError) as refusal:
        post(store, CODES[0], code)
    assert "第 2 个" in refusal.value.zh
    assert not code or code not in f"{refusal.value.zh} {refusal.value.en}"
    assert up(store, "2026-11-02") == {}


def test_more_parcels_than_a_notice_may_name_are_refused(store: Store) -> None:
    """A village has fewer; whoever sends more has sent something else."""
    with pytest.raises(NoticeParcelsError, match=str(MOST_PARCELS + 1)):
        post(store, *(f"{VILLAGE}{n:07d}" for n in range(MOST_PARCELS + 1)))


def test_edited_parcel_of_a_notice_is_named(store: Store) -> None:
    """The seal is bound to notice and code."""
    post(store, CODES[0])
    with owner_engine(store.settings).begin() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql("ALTER TABLE notice_parcel DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER notice_parcel_refuses_update")
        connection.exec_driver_sql(f"UPDATE notice_parcel SET parcel_code = '{CODES[1]}'")
    assert [finding.table for finding in audit(store).findings if finding.fields == ("sealed",)] == ["notice_parcel"]
