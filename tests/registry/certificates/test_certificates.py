"""Are certificates numbered in one series, changed by their own causes only, and found by any number they ever had?"""

from __future__ import annotations

import datetime as dt
import doctest
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.sheets import sheets_pdf
from registry import certificates, papers
from registry.audit import audit
from registry.certificates import Issued, issuing, series
from registry.certificates.refusals import (
    AlreadyIssued,
    AlreadyReceived,
    HeldBack,
    NoSuchCertificate,
    NoSuchContract,
    NotIssued,
    OutOfOrder,
    SeriesUnknown,
)
from registry.certificates.series import Series, series_of
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains, state_at
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.rights import acts as rights
from registry.rights.model import RIGHT, terms
from registry.sheets import AsOf
from tests.registry import made_up
from tests.registry.sheets.conftest import HOUSEHOLD, NEIGHBOUR, VILLAGE, village, words

if TYPE_CHECKING:
    from registry.certificates import Certificate
    from registry.ledger.nouns import Version
    from registry.masks import Reader
    from registry.store.engines import Store
    from tests.registry.made_up import Village

__all__ = ["village"]

OURS, THEIRS = f"{HOUSEHOLD}J", f"{made_up.VILLAGE_CODE}0002J"
PAPER = ("a" * 64,)
FIRST = "内（2020）乌审旗农村土地承包经营权证第000001号"


def issued(store: Store, *codes: str, day: str = "2020-05-01") -> list[Issued]:
    """Certificates of a day."""
    with desk(store, made_up.CLERK) as at:
        done = issuing.issue(at, codes, day=day, fields=ActFields(basis="颁证", sources=PAPER))
        at.commit()
    return done


def reissued(store: Store, code: str = OURS, day: str = "2021-03-01") -> Issued:
    """A new paper."""
    with desk(store, made_up.CLERK) as at:
        done = issuing.reissue(at, code, day=day, fields=ActFields(basis="换发：损坏", sources=PAPER))
        at.commit()
    return done


def cancelled(store: Store, code: str = OURS, day: str = "2022-01-01") -> str:
    """The number that is cancelled."""
    with desk(store, made_up.CLERK) as at:
        number = issuing.cancel(at, code, day=day, fields=ActFields(basis="注销", sources=PAPER))
        at.commit()
    return number


def found(store: Store, number: str, known_at: int | None = None) -> Certificate:
    """A certificate by its number."""
    with store.reading() as connection:
        return certificates.find(connection, number, size(connection) if known_at is None else known_at)


def state(store: Store, right_id: str, day: str = "2025-01-01") -> Version:
    """A right on a day."""
    with store.reading() as connection:
        version = state_at(read_chains(connection, RIGHT, [right_id])[right_id], day)
    assert version is not None
    return version


def test_contracts_are_numbered_on_in_one_series_of_banner_and_year(store: Store, village: Village) -> None:
    """内（YYYY）乌审旗农村土地承包经营权证第NNNNNN号: in the order asked, on through the year, anew from 000001 in the next."""
    first, second = issued(store, OURS, THEIRS)
    assert (first, second.number) == (Issued(OURS, FIRST, OURS), FIRST.replace("000001", "000002"))
    assert reissued(store, THEIRS, "2020-06-01").number == FIRST.replace("000001", "000003")
    assert reissued(store, OURS, "2021-06-01").number == FIRST.replace("2020", "2021")
    assert audit(store).findings == ()


def test_every_right_of_the_contract_has_the_one_certificate_and_nothing_else_changed(
    store: Store, village: Village
) -> None:
    """causes.md: number, book and date of the paper only; the right stays, holder, term, powers and parcels to the byte."""
    kinds = [f"contract-{use}" for use in ("arable", "grass", "forest", "other")]
    before = {kind: state(store, village.rights[kind]) for kind in kinds}
    issued(store, OURS)
    reissued(store)
    cancelled(store)
    for kind, was in before.items():
        now = state(store, village.rights[kind])
        then = terms(was.columns, was.children)
        assert {**terms(now.columns, now.children), "certificate": then["certificate"]} == then
        assert (now.status, now.ver, now.cause_kind) == ("live", 4, "certificate-cancelled")
        assert state(store, village.rights[kind], "2020-12-31").columns["certificate_number"] == FIRST
    assert state(store, village.rights["homestead"]).ver == 1


def test_old_number_is_found_for_ever(store: Store, village: Village) -> None:
    """I9: the number before the first issue, the replaced one and the cancelled one all lead to the rights and say what came."""
    issued(store, OURS)
    second = reissued(store).number
    cancelled(store)
    for number, after, until in (
        (OURS, FIRST, "certificate-issued"),
        (FIRST, second, "certificate-reissued"),
        (second, "", "certificate-cancelled"),
    ):
        paper = found(store, number)
        assert not paper.valid
        assert {each.right_id for each in paper.rights} >= {village.rights["contract-grass"]}
        assert {(each.code, each.next_number) for each in paper.rights} == {(OURS, after)}
        assert all(each.until is not None and each.until.kind == until for each in paper.rights)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    assert found(store, FIRST).rights == found(store, FIRST).rights
    assert found(store, "乌集用2016第1号").valid


def test_number_is_found_as_it_was_known_then(store: Store, village: Village) -> None:
    """The same number and size of the log give the same answer for ever."""
    issued(store, OURS)
    with store.reading() as connection:
        then = size(connection)
    assert found(store, FIRST).valid
    reissued(store)
    assert found(store, FIRST, then).valid
    assert not found(store, FIRST).valid
    with pytest.raises(NoSuchCertificate):
        found(store, FIRST.replace("2020", "2021"), then)


def test_cancelled_number_is_not_given_again(store: Store, village: Village) -> None:
    """A number names one paper: after a cancelling the series goes on."""
    issued(store, OURS)
    cancelled(store, day="2020-07-01")
    (again,) = issued(store, OURS, day="2020-08-01")
    assert (again.number, again.replaces) == (FIRST.replace("000001", "000002"), "")


def test_issue_that_is_refused_for_one_contract_issues_none(store: Store, village: Village) -> None:
    """Bad input is refused as a unit: neither number nor entry is used up."""
    with store.reading() as connection:
        before = size(connection)
    with pytest.raises(NoSuchContract):
        issued(store, OURS, f"{made_up.VILLAGE_CODE}0099J")
    with store.reading() as connection:
        assert size(connection) == before
    issued(store, OURS)
    with pytest.raises(AlreadyIssued, match="补发"):
        issued(store, THEIRS, OURS)
    assert issued(store, THEIRS)[0].number == FIRST.replace("000001", "000002")


def test_paper_that_is_not_there_is_neither_reissued_nor_cancelled(store: Store, village: Village) -> None:
    """First the certificate, then its copy: the code of a contract is none (NY/T 2539); one that does not stand has none."""
    issued(store, OURS, day="2020-01-01")
    cancelled(store, day="2020-02-01")
    for code in (OURS, THEIRS):
        with pytest.raises(NotIssued, match="颁证"):
            reissued(store, code)
        with pytest.raises(NotIssued):
            cancelled(store, code)
    assert not found(store, THEIRS).valid
    with pytest.raises(NotIssued, match=THEIRS):
        printed(store, THEIRS)
    with store.reading() as connection:
        (ours,) = certificates.of_contracts(connection, list(village.rights.values()))
    assert (ours.code, ours.number, len(ours.rights)) == (OURS, "", 4)
    with pytest.raises(NoSuchContract):
        reissued(store, "150626100210009999J")
    with pytest.raises(NoSuchContract):
        issued(store, OURS, day="2010-01-01")


def test_day_before_another_paper_or_after_today_is_refused(store: Store, village: Village) -> None:
    """Papers follow each other: no number may be slipped in before one that was given, none is dated ahead."""
    issued(store, OURS)
    reissued(store)
    for day in ("2020-06-01", "2019-01-01"):
        with pytest.raises(OutOfOrder):
            reissued(store, day=day)
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date().isoformat()
    for late in (lambda: reissued(store, day=ahead), lambda: issued(store, THEIRS, day=ahead)):
        with pytest.raises(OutOfOrder):
            late()


def test_right_that_is_disputed_is_not_certified_meanwhile(store: Store, village: Village) -> None:
    """异议 holds back certifying, and nothing else: once it is closed the certificate is issued."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("disputed", "2020-02-01", ActFields(basis="争议"))
        right = village.rights["contract-grass"]
        dispute = rights.burden(act, right, restriction_kind="dispute", parties={"by": "巴图"}, document="争议1号")
        at.commit()
    with pytest.raises(HeldBack):
        issued(store, OURS)
    with desk(store, made_up.CLERK) as at:
        rights.unburden(at.act("dispute-closed", "2020-03-01", ActFields(basis="调解书")), dispute)
        at.commit()
    assert issued(store, OURS)[0].number == FIRST


def test_two_desks_at_once_get_two_numbers(store: Store, village: Village) -> None:
    """The next number is asked under the append lock: two clerks never hand out the same one."""
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda code=code: got.append(issued(store, code)[0].number)) for code in (OURS, THEIRS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [FIRST, FIRST.replace("000001", "000002")]


def test_handing_over_is_noted_once_with_who_signed_sealed(store: Store, village: Village) -> None:
    """QZSFLQ, QZLQRQ, QZLQRXM, QZLQRZJHM: who took it, on which day; only for the paper that is valid."""
    issued(store, OURS)

    def receive(number: str, day: str = "2020-05-08") -> None:
        number_of_card = made_up.id_number(*made_up.PEOPLE[0][1:])
        certificates.receive(
            store, made_up.CLERK, number, day=day, name="达楞太", id_type="1", id_number=number_of_card, source="b" * 64
        )

    for number in ("内（1999）无", OURS, THEIRS, ""):
        with pytest.raises(NoSuchCertificate):
            receive(number)
    with pytest.raises(OutOfOrder):
        receive(FIRST, (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).date().isoformat())
    receive(FIRST)
    with pytest.raises(AlreadyReceived):
        receive(FIRST)
    with store.reading() as connection:
        assert certificates.received_on(store, connection, FIRST) == "2020-05-08"
        assert certificates.received_on(store, connection, OURS) == ""
        (row,) = papers.papers(store, connection)
    assert (row.what, row.about, row.detail["name"]) == ("certificate-received", FIRST, "达楞太")
    assert audit(store).findings == ()


def printed(store: Store, number: str, *, reader: Reader = "paper", day: str = "2025-01-01") -> str:
    """The words of a print."""
    with store.reading() as connection:
        sheet = certificates.certificate_sheet(AsOf.of(store, connection, day, None, reader=reader), number)
    return words(sheets_pdf([sheet]))


@pytest.mark.rule("RLCL/all-members-listed")
def test_print_of_a_certificate_lists_all_co_holders_and_all_land(store: Store, village: Village) -> None:
    """Every co-holder with the relation, no remark; every parcel with its contract area; totals; the numbers before."""
    issued(store, OURS)
    number = reissued(store).number
    read = printed(store, number)
    for name, kin in zip(("达楞太", "敖登", "朝鲁", "诺敏", "莲花"), ("户主", "妻", "子", "女", "母亲"), strict=True):
        assert f"{name}{kin}" in read
    for said in (
        number,
        FIRST,
        OURS,
        "2598446.67",
        "3897.67",
        "换发：损坏",
        "家庭承包",
        "发证机关（盖章）",
        "领证人签字",
    ):
        assert said in read, said
    masked = printed(store, number, reader="desk")
    assert not [name for name, _, _ in made_up.PEOPLE if name in masked]
    with pytest.raises(NoSuchCertificate):
        printed(store, FIRST)
    with pytest.raises(NoSuchCertificate):
        printed(store, "")


def test_extract_of_a_homestead_says_that_it_is_no_certificate(store: Store, village: Village) -> None:
    """A second register is not played: the homestead's own certificate is the realty office's."""
    read = printed(store, "乌集用2016第1号")
    for said in (
        "宅基地使用权登记摘录",
        "本摘录不是不动产权证书",
        "乌集用2016第1号",
        "413.33",
        "达楞太",
        "不动产登记平台",
    ):
        assert said in read, said


def test_contracts_of_a_village_without_a_certificate_are_those_that_are_left(store: Store, village: Village) -> None:
    """A whole village is issued in one run; who has a certificate is passed over."""

    def left() -> list[str]:
        with store.reading() as connection:
            return list(certificates.contracts_without(store, connection, VILLAGE, "2020-05-01", size(connection)))

    assert left() == [OURS, THEIRS]
    issued(store, THEIRS)
    assert left() == [OURS]
    assert NEIGHBOUR not in str(issued(store, *left()))
    assert left() == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["issue", "reissue", "cancel"]), st.sampled_from([OURS, THEIRS])), max_size=8)
)
def test_no_history_gives_one_number_twice(store: Store, village: Village, steps: list[tuple[str, str]]) -> None:
    """Whatever is issued, replaced and cancelled in whatever order: numbers are new, and every one stays findable."""
    given_out: list[str] = []
    today = dt.datetime.now(dt.UTC).date().isoformat()
    for what, code in steps:
        try:
            if what == "issue":
                given_out.append(issued(store, code, day=today)[0].number)
            elif what == "reissue":
                given_out.append(reissued(store, code, day=today).number)
            else:
                cancelled(store, code, day=today)
        except (AlreadyIssued, NotIssued):
            continue
    assert len(set(given_out)) == len(given_out)
    assert all(found(store, number).rights for number in given_out)


def test_series_counts_its_own_numbers_only() -> None:
    """Another year's, banner's or form's number is none of the series; six digits may overflow into seven."""
    ours = Series("内", "乌审旗", "2020")
    assert [ours.serial(n) for n in (FIRST, FIRST.replace("2020", "2021"), FIRST.replace("乌审", "鄂托克"), OURS)] == [
        1,
        None,
        None,
        None,
    ]
    assert ours.serial(ours.number(1_234_567)) == 1_234_567
    assert doctest.testmod(series).failed == 0


def test_banner_of_an_unknown_region_has_no_series(store: Store) -> None:
    """No word is guessed for a region that the file does not name."""
    with pytest.raises(SeriesUnknown, match="610800"):
        series_of(replace(store.settings, banner_code="610800"), "2020-01-01")
