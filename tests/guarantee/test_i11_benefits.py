"""I11: are entitlements to farm policies unchanged by every household event, and is the payment list the same after it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.assembly import roster
from registry.benefits import acts as benefits
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.same_person import one_person
from registry.store.engines import Store
from registry.subsidies import HukouColumnError, check_list
from registry.subsidies.payments import payments
from tests.guarantee.village import event_of_every_kind, projections, registered
from tests.registry.made_up import CLERK, PEOPLE, VILLAGE_CODE, id_number

_HEADER = "发包方编码,政策,计发依据,承包方编码,姓名,证件号码,计发数量,计发单位,年度,起始日期"
_LIST = (
    f"{_HEADER}\n{VILLAGE_CODE},草原生态保护补助奖励,农户,{VILLAGE_CODE}0001,,,3842.17,亩,2017,20161130\n"
    f"{VILLAGE_CODE},技能培训补贴,个人,,{PEOPLE[1][0]},{id_number('19760921', 122)},1,人,2017,20161130\n"
)


def test_the_payment_list_is_the_same_before_and_after_every_event(store: Store, tmp_path: Path) -> None:
    """I11, plan II.3.1-g: of a household's and a person's policy no event of class H changes a line, or gives a reason."""
    village = registered(store)
    with desk(store, CLERK) as at:
        benefits.begin(
            at.act("benefit-granted", "2016-12-01"), policy="技能培训补贴", basis="person",
            beneficiary_id=village.people[1], quantity="1", unit="人", policy_year="2016",
        )  # fmt: skip
        at.commit()
    path = tmp_path / "名单.csv"
    path.write_text(_LIST, "utf-8")
    before, held = check_list(store, path, one_person).lines, projections(store, village.people[1])
    assert [line.state for line in before] == ["same", "same"]
    event_of_every_kind(store, village)
    assert check_list(store, path, one_person).lines == before
    assert projections(store, village.people[1]) == held


def test_the_payment_list_of_the_register_is_the_same_to_the_byte(store: Store) -> None:
    """I11: the list that follows from entitlements, and the roster of the assembly (I12: votes), before and after every event."""
    village = registered(store)
    with desk(store, CLERK) as at:
        benefits.begin(
            at.act("benefit-granted", "2016-12-01"), policy="农牧民技能培训补贴", basis="person",
            beneficiary_id=village.people[1], quantity="1", unit="人", policy_year="2016",
        )  # fmt: skip
        at.commit()

    def lists() -> list[object]:
        with store.reading() as connection:
            known = size(connection)
            years = [payments(store, connection, year, one_person, known_at=known) for year in ("2016", "2017", "2026")]
            of = roster(store, connection, VILLAGE_CODE, valid_at="2026-01-01", known_at=known)
        assert len(of.rows) == len(village.people)
        return [*years, of.rows, of.quorum]

    before = lists()
    assert all(before[:3])
    event_of_every_kind(store, village)
    assert lists() == before


def test_who_is_dropped_after_the_events_is_told_and_no_event_is_the_reason(store: Store, tmp_path: Path) -> None:
    """I11: a list without them meets 登记簿上有, whatever was recorded of their registration."""
    village = registered(store)
    event_of_every_kind(store, village)
    path = tmp_path / "名单.csv"
    other = _LIST.splitlines()[1].replace(f"{VILLAGE_CODE}0001", f"{VILLAGE_CODE}0002")
    path.write_text(f"{_HEADER}\n{other}\n", "utf-8")
    lines = {line.who: (line.state, line.reasons) for line in check_list(store, path, one_person).lines}
    assert lines == {f"{VILLAGE_CODE}0001": ("left-out", []), f"{VILLAGE_CODE}0002": ("unknown", [])}


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_no_payment_list_may_carry_the_registration(store: Store, tmp_path: Path) -> None:
    """I11: a list with such a column is refused before anything of it is read."""
    path = tmp_path / "名单.csv"
    path.write_text(_LIST.replace("年度", "户口性质,年度", 1), "utf-8")
    with pytest.raises(HukouColumnError):
        check_list(store, path, one_person)
