"""Does a 情况说明 tell every act in order with its day, paper and bureau, what stands, and no name without a purpose?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from registry.dossier.explanation import explain, explanation, things_of_code
from registry.ledger.act import ActFields
from registry.ledger.commit import Officer, desk
from registry.looks.reading import looks
from registry.papers import PurposeMissingError, papers
from registry.rights import acts as rights
from registry.sheets import AsOf
from registry.sheets.refusals import NothingOfThisCode
from tests.registry import made_up
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE

if TYPE_CHECKING:
    from registry.masks import Reader
    from registry.store.engines import Store

GRASS, CONTRACT = f"{VILLAGE_CODE}00002", f"{VILLAGE_CODE}0001J"
OFFICER = Officer("张晓梅", "农牧业局")
PURPOSE = "答复来访"


def told(store: Store, code: str, reader: Reader = "desk") -> dict[str, Any]:
    """What stands on the page of a code."""
    with store.reading() as connection:
        at = AsOf.of(store, connection, None, None, reader=reader)
        return explanation(at, things_of_code(at, code))


def test_every_act_upon_the_land_is_told_in_order(store: Store) -> None:
    """users.md 2(a) 9: the parcel with whatever lay on it: from which day, recorded when, by which cause, on what, by whom."""
    village = made_up.register_village(store)
    with desk(store, CLERK) as at:
        act = at.act("seized", "2026-01-05", ActFields(basis="法院文书"))
        rights.burden(act, village.rights["contract-grass"], restriction_kind="seizure", parties={"court": "法院"}, document="1")
        at.commit()
    acts = told(store, GRASS)["acts"]
    assert [each["number"] for each in acts] == [str(number) for number in range(1, len(acts) + 1)]
    first, *_, last = acts
    assert (first["day"], first["basis"]) == (SIGNED, ["承包合同", CLERK.bureau])
    assert first["what"] == ["首次登记", f"地块{GRASS}：开始登记", f"草地承包经营权{CONTRACT}：开始登记"]
    assert last["day"] == "2026-01-05"
    assert last["what"][1:] == [f"草地承包经营权{CONTRACT}：只记负担，内容照旧"]
    now = " ".join(told(store, GRASS)["now"])
    assert "，有限制或流转" in now
    assert "期限 1998-01-01 至 2047-12-31" in now


def test_land_that_has_ended_is_told_as_that(store: Store) -> None:
    """Who comes because the land is gone reads by which act it went."""
    village = made_up.register_village(store)
    with desk(store, CLERK) as at:
        rights.end(at.act("expropriated", "2026-01-05", ActFields(basis="征收决定")), village.rights["contract-grass"])
        at.commit()
    page = told(store, GRASS)
    assert page["acts"][-1]["what"][1:] == [f"草地承包经营权{CONTRACT}：终止"]
    assert not [line for line in page["now"] if "草地承包经营权" in line]
    assert any("已终止" in line for line in told(store, CONTRACT)["now"])


def test_names_are_whole_for_a_purpose_that_is_logged_and_masked_without(store: Store) -> None:
    """The person reads who had it made and for what; no seal is drawn, there is a box for it."""
    village = made_up.register_village(store)
    thing = [village.parcels["grass"]]
    assert "达楞太" not in text(explain(store, OFFICER, thing))
    with store.reading() as connection:
        assert papers(store, connection, GRASS) == []
    whole = text(explain(store, OFFICER, thing, PURPOSE))
    for word in ("情况说明", "达楞太", "经办人", "负责人", "盖章处", "登记账"):
        assert word in whole
    with store.reading() as connection:
        (paper,) = papers(store, connection, GRASS)
    assert paper.detail["purpose"] == PURPOSE
    assert [(look.what, look.purpose) for look in looks(store, village.people[:1])][:2] == [
        ("explanation", PURPOSE), ("explanation", ""),
    ]  # fmt: skip
    with pytest.raises(PurposeMissingError):
        explain(store, OFFICER, thing, "很" * 201)


def test_what_never_had_a_code_is_refused(store: Store) -> None:
    """Nothing is made, and the code is not repeated."""
    made_up.register_village(store)
    with pytest.raises(NothingOfThisCode, match="核对编码"):
        told(store, "150626100210999999")


def text(pdf: bytes) -> str:
    """What is read on the pages."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
