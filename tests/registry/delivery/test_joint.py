"""联户: a contract that several households hold comes in by shares, and nobody's share is lost or doubled."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.delivery.register import import_delivery
from registry.holding.model import HOLDING_VERSION
from registry.rights.model import RIGHT_VERSION
from registry.store.engines import Store
from tests.registry.delivery.checking import faults_of
from tests.registry.delivery.conftest import CLERK
from tests.registry.handin.full import ISSUERS, Full, full_delivery, write

JOINT = f"{ISSUERS[0]}4003J"


def test_contract_of_several_households_is_held_by_their_shares(store: Store, tmp_path: Path) -> None:
    """I3: exact fractions of one sealed allotment that make one; the others' contracts stay joint within a household."""
    import_delivery(store, write(full_delivery(), tmp_path / "a", "csv"), CLERK)
    r, h = RIGHT_VERSION.c, HOLDING_VERSION.c
    with store.reading() as connection:
        rows = connection.execute(
            sa.select(r.thing, r.co_holding, r.allotment_id, r.share_numerator, r.share_denominator, h.code)
            .join(HOLDING_VERSION, h.thing_id == r.holder_id)
            .where(r.unit_code == JOINT)
        ).all()
        others = connection.scalars(sa.select(r.co_holding).where(r.unit_code == f"{ISSUERS[0]}4001J")).all()
    assert {(row.thing, row.co_holding) for row in rows} == {("contract-grass", "BY_SHARE")}
    assert {row.code[-4:]: Fraction(row.share_numerator, row.share_denominator) for row in rows} == {
        "4001": Fraction(1, 4), "4002": Fraction(1, 4), "4003": Fraction(1, 2),
    }  # fmt: skip
    assert len({row.allotment_id for row in rows}) == 1
    assert set(others) == {"JOINT"}
    assert audit(store).findings == ()


def test_other_shares_than_those_registered_are_refused(store: Store, tmp_path: Path) -> None:
    """A change of shares is an act: both values are said; without the table the contract reads as one household's."""
    import_delivery(store, write(full_delivery(), tmp_path / "a", "csv"), CLERK)
    made = full_delivery()
    _share(made, "4001")["FE"], _share(made, "4003")["FE"] = "2", "1"
    report = import_delivery(store, write(made, tmp_path / "b", "csv"), CLERK)
    said = [(f.layer, f.field, f.en) for f in report.faults if f.id == "contradicts-registered"]
    assert Counter((layer, field) for layer, field, _ in said) == {("LH", "FE"): 2}
    assert any("registered 1/4, delivered 2/4" in en for _, _, en in said)
    made.rows.pop("LH")
    report = import_delivery(store, write(made, tmp_path / "c", "csv"), CLERK)
    assert {(f.layer, f.field) for f in report.faults if f.id == "contradicts-registered"} == {("CBHT", "CBHTBM")}


SLIPS = {
    "shares-sum": lambda made: _share(made, "4001").update(FE="2"),
    "shares-total-differs": lambda made: _share(made, "4002").update(ZFE="5"),
    "shares-not-whole": lambda made: _share(made, "4001").update(FE="1.5"),
    "household-unknown": lambda made: _share(made, "4001").update(CBFBM=f"{ISSUERS[0]}4099"),
    "issuer-prefix-differs": lambda made: _share(made, "4001").update(CBFBM=f"{ISSUERS[2]}4001"),
    "joint-without-lead": lambda made: _share(made, "4003").update(CBFBM=f"{ISSUERS[0]}0003"),
    "key-twice": lambda made: _share(made, "4001").update(CBFBM=f"{ISSUERS[0]}4002"),
}


@pytest.mark.parametrize("fault", SLIPS)
def test_slip_in_the_shares_is_named(tmp_path: Path, fault: str) -> None:
    """Whole shares that make the total, known households of the village, the one that the code names among them."""
    made = full_delivery()
    SLIPS[fault](made)
    found = {(f.id, f.layer) for f in faults_of(write(made, tmp_path, "csv")) if f.severity == "refuse"}
    assert found == {(fault, "LH")}


def test_mortgage_on_a_shared_contract_lies_on_every_share(store: Store, tmp_path: Path) -> None:
    """A burden of the delivered document burdens each household's right, with the will of all their adult co-holders."""
    root = write(full_delivery(), tmp_path / "a", "csv")
    header = "类别,标的代码,权利人或机关,机构代码,金额,顺位,文号,登记日期,截止日期,数量,单位,备注"
    line = f"抵押,{JOINT},某银行,,50000.00,1,抵1号,20200101,,,,"
    (root / "权属数据" / "限制与义务.csv").write_text(f"{header}\r\n{line}\r\n", "gbk", newline="")
    report = import_delivery(store, root, CLERK)
    assert not report.returned
    r = RIGHT_VERSION.c
    with store.reading() as connection:
        burdened = connection.execute(
            sa.select(r.holder_id, sa.func.max(r.ver)).where(r.unit_code == JOINT).group_by(r.holder_id)
        ).all()
    assert [ver for _, ver in burdened] == [2, 2, 2]
    assert audit(store).findings == ()


def _share(made: Full, household: str) -> dict[str, str]:
    return next(row for row in made.rows["LH"] if row["CBHTBM"] == JOINT and row["CBFBM"].endswith(household))
