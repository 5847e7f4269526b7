"""Public notices: how long by law, without anybody's number, shown on their wall, never changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.decisions.deadlines import deadline
from registry.evidence.apart import EvidenceRefused
from registry.law.book import RuleNotInForceError
from registry.ledger.commit import Officer
from registry.notices import posting
from registry.notices.fit import UnfitWordsError, fit
from registry.notices.model import PUBLIC_NOTICE
from registry.notices.posting import NOTICE_KINDS, NoSuchNoticeError, Notice, NoticeTakenDownError
from registry.store.engines import owner_engine
from tests.registry import made_up
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from registry.store.engines import Store

CLERK = Officer("经办人甲", "农牧业局")
VILLAGE = "150626100210"
NUMBER = made_up.id_number("19740312", 101)


def post(store: Store, begins: str, kind: posting.NoticeKind = "first-notice", body: str = "第 3 组草场 12 块。") -> Notice:
    """A notice of the village."""
    return posting.post(store, CLERK, kind, village=VILLAGE, title="首次登记公示", body=body, begins=begins)


def now_is(store: Store, day: str) -> None:
    """Noon of a day in China."""
    store.clock = lambda: dt.datetime.fromisoformat(f"{day}T04:00:00+00:00")


@pytest.mark.parametrize("kind", NOTICE_KINDS)
def test_notice_hangs_as_long_as_the_rule_of_its_first_day_says(store: Store, kind: posting.NoticeKind) -> None:
    """Nobody types the last day in: it is that of the deadline, reckoned by the law in force when it began."""
    hung = post(store, "2026-11-02", kind)
    assert hung.ends == deadline(kind, dt.date(2026, 11, 2)).last_day.isoformat()
    assert hung.rule in {"REG/first-notice", "REG/contract-notice", "EXIT/E9"}
    now_is(store, "2026-11-02")
    with store.reading() as connection:
        assert [one.id for one in posting.notices(store, connection)] == [hung.id]


def test_notice_is_up_from_its_first_day_to_its_last(store: Store) -> None:
    """Both days included; before and after it stands in the list of all only."""
    hung = post(store, "2026-11-02")
    day = dt.date(2026, 11, 2)
    last = dt.date.fromisoformat(hung.ends)
    for on, up in ((day - dt.timedelta(1), False), (day, True), (last, True), (last + dt.timedelta(1), False)):
        now_is(store, on.isoformat())
        with store.reading() as connection:
            assert bool(posting.notices(store, connection)) is up
            assert len(posting.notices(store, connection, over=True)) == 1


def test_last_day_of_what_hangs_from_a_day_on_is_told_for_the_sheets(store: Store) -> None:
    """users.md 2(a)4: of this village and first day; none, one that was taken down, or two of different length: no day."""

    def until(begins: str = "2026-11-02", village: str = VILLAGE) -> str:
        with store.reading() as connection:
            return posting.hangs_until(connection, village, begins, "公示")

    assert until() == ""
    down, hung = post(store, "2026-11-02", "contract-notice"), post(store, "2026-11-02")
    post(store, "2026-11-02", "exit-notice")
    assert (down.ends != hung.ends, until()) == (True, "")
    posting.take_down(store, CLERK, down.id, "写错了")
    assert until() == hung.ends
    assert until("2026-11-03") == until(village="150626100211") == ""


def test_day_before_the_rule_is_refused(store: Store) -> None:
    """No rule, no notice: how long it would have to hang is not known."""
    with pytest.raises(RuleNotInForceError):
        post(store, "1950-01-01")
    with store.reading() as connection:
        assert posting.notices(store, connection, over=True) == []


@pytest.mark.parametrize(
    "words",
    [
        f"达某, {NUMBER}", f"证件{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", f"号 {NUMBER.lower()}", "电话 13800138000",
        "电话 138-0013-8000", "１３８００１３８０００", "老号 150699740312101", "", "   ", "长" * 2001,
    ],
)  # fmt: skip
def test_words_with_a_number_of_a_person_are_refused(store: Store, words: str) -> None:
    """Issue 7, item 10: no personal data beyond what the law asks; full-width digits and spaces change nothing."""
    with pytest.raises(UnfitWordsError) as refused:
        post(store, "2026-11-02", body=words)
    assert NUMBER not in str(refused.value)


@pytest.mark.parametrize(
    "words", ["地块 1506261002100000001", "承包方 150626100210000001", "柜台 0477-7581234", "共 12 块 3,842.17 亩"]
)
def test_codes_of_land_and_the_counters_telephone_may_stand(words: str) -> None:
    """A code that names no person, an office and an area are what a notice is for."""
    assert fit(words, 100) == words


def test_area_does_not_go_to_a_person_over_a_line() -> None:
    """On the wall it may stand, in a message not."""
    with pytest.raises(UnfitWordsError):
        fit("您家 12.5 亩", 100, area=False)


def test_photograph_shows_the_notice_on_its_wall(store: Store) -> None:
    """users.md 2(a)4 and 2(e)5: kind, notice, place, day; what the camera says stands beside what the officer says."""
    hung = post(store, "2026-11-02")
    piece = posting.photograph(store, CLERK, hung.id, hostile.photograph(), place="嘎查公示栏", taken="2026-11-20")
    again = posting.photograph(store, CLERK, hung.id, hostile.photograph(), place="嘎查公示栏", taken="2026-11-20")
    assert again.content_hash == piece.content_hash
    with store.reading() as connection:
        (photo,) = posting.notice(store, connection, hung.id).photos
    assert (photo.content_hash, photo.taken, photo.place) == (piece.content_hash, "2026-11-20", "嘎查公示栏")
    assert photo.camera == "2026-11-20T09:12:00+08:00"


def test_photograph_of_no_notice_or_of_none_is_refused(store: Store) -> None:
    """And nothing is kept of it."""
    with pytest.raises(NoSuchNoticeError):
        posting.photograph(store, CLERK, "0" * 32, hostile.photograph(), place="墙", taken="2026-11-20")
    hung = post(store, "2026-11-02")
    with pytest.raises(EvidenceRefused):
        posting.photograph(store, CLERK, hung.id, b"no picture", place="墙", taken="2026-11-20")
    assert list(store.settings.sources.iterdir()) == []


def test_notice_taken_down_stays_in_the_list_of_all(store: Store) -> None:
    """Once, with a reason; it no longer hangs, and nothing of it is deleted."""
    hung = post(store, "2026-11-02")
    now_is(store, "2026-11-03")
    posting.take_down(store, CLERK, hung.id, "表上有错")
    with store.reading() as connection:
        assert posting.notices(store, connection) == []
        (one,) = posting.notices(store, connection, over=True)
    assert one.taken_down == "2026-11-03T04:00:00Z"
    with pytest.raises(NoticeTakenDownError):
        posting.take_down(store, CLERK, hung.id, "again")
    with pytest.raises(NoticeTakenDownError):
        posting.photograph(store, CLERK, hung.id, hostile.photograph(), place="墙", taken="2026-11-20")


def test_audit_names_a_notice_whose_words_were_edited(store: Store) -> None:
    """What was put up is bound to its seal: another last day or another body is found."""
    hung = post(store, "2026-11-02")
    assert audit(store).findings == ()
    engine = owner_engine(store.settings)
    with engine.connect() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            connection.exec_driver_sql("DROP TRIGGER public_notice_refuses_update")
        connection.execute(sa.update(PUBLIC_NOTICE).values(ends="2026-11-05"))
        connection.commit()
    engine.dispose()
    places = {finding.table for finding in audit(store).findings}
    assert "public_notice" in places
    assert any(dict(finding.key).get("id") == hung.id for finding in audit(store).findings)


def test_id_of_ours_is_no_telephone_whatever_its_digits() -> None:
    """Eleven digits in a row of a case's id can look like a mobile number: the step that names the case must not fail by chance."""
    assert fit("案件 01a214972b13800138000314c3c322c2: 分割", 60)
    for hidden in ("电话 13800138000", "01a214972b13800138000314c3c322c2, 150699197403186954"):
        with pytest.raises(UnfitWordsError):
            fit(hidden, 60)
