"""Delivered again, a village is asked first: which households differ from what is registered?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.delivery.difference import LEFT_OUT, NEW, Difference, Differing
from registry.delivery.register import import_delivery
from tests.registry.delivery.conftest import CLERK, GACHA, OTHER_GACHA, Copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.delivery.report import ImportReport
    from registry.store.engines import Store

FAMILY, SECOND = f"{GACHA}000001", f"{GACHA}000002"


def again(store: Store, folder: Path, *, check_only: bool = True) -> Difference:
    """What a delivery that is brought again says first."""
    found = import_delivery(store, folder, CLERK, check_only=check_only).difference
    assert found is not None
    return found


def differing(found: Difference) -> dict[str, list[str]]:
    """Households by code."""
    return {one.code: one.what for one in found.households}


def test_delivery_of_new_villages_is_compared_with_nothing(store: Store, sound: Path) -> None:
    """Where nothing is registered nothing can differ."""
    assert import_delivery(store, sound, CLERK, check_only=True).difference is None
    assert import_delivery(store, sound, CLERK).difference is None


def test_same_delivery_again_differs_in_no_household(store: Store, delivered: Path, copy: Copy) -> None:
    """By its fingerprint; and where only a word differs that is no fact, by comparing all."""
    assert differing(again(store, delivered)) == {}
    assert again(store, delivered).line()[0].startswith("没有户有变化")
    copy.edit("CBF", lambda rows: [one.update(GSJS="另记") for one in rows])
    found = again(store, copy.root, check_only=False)
    assert (differing(found), found.elsewhere) == ({}, 0)
    assert len(found.villages) == 3


def test_only_these_three_households_differ(store: Store, delivered: Path, copy: Copy) -> None:
    """A term, a member list and a shape of three households: each named once, with what differs; import and --check alike."""
    copy.put("CBHT", 0, QDSJ="20161129")
    copy.edit("CBF_JTCY", lambda rows: next(r for r in rows if r["CBFBM"] == SECOND and r["YHZGX"] != "02").update(SFGYR="2"))
    third = next(r for r in rows_of(copy, "CBDKXX") if r["CBFBM"] not in {FAMILY, SECOND} and r["DKBM"].startswith(GACHA))
    move(copy, third["DKBM"])
    found = again(store, copy.root)
    assert differing(found) == {
        FAMILY: ["CBHT.QDSJ"], SECOND: ["CBF_JTCY.CYXM"], third["CBFBM"]: ["DK.geometry"],
    }  # fmt: skip
    assert found.line()[0] == "只有这 3 户有变化"
    assert found.line()[1].startswith(f"only these 3 households differ: {FAMILY} **太 (CBHT.QDSJ); ")
    assert again(store, copy.root, check_only=False) == found


def test_new_and_left_out_are_differences_too(store: Store, delivered: Path, copy: Copy) -> None:
    """A duty under another document is new; a contract that was not delivered again is said of its household."""
    theirs = next(row["DKBM"] for row in rows_of(copy, "CBDKXX") if row["CBFBM"] == SECOND)
    copy.edit("限制与义务", lambda rows: rows.append(dict(rows[0], 标的代码=theirs, 文号="新责任书")))
    assert differing(again(store, copy.root)) == {SECOND: [NEW]}
    code = f"{FAMILY}J"
    free: list[str] = []

    def without(rows: list[dict[str, str]]) -> None:
        free.extend(row["DKBM"] for row in rows if row.get("CBHTBM") == code and "DKBM" in row)
        rows[:] = [row for row in rows if code not in {row.get("CBHTBM"), row.get("标的代码")}]

    for table in ("CBHT", "CBDKXX", "限制与义务"):
        copy.edit(table, without)
    free_of_contract(copy, free)
    assert differing(again(store, copy.root)) == {FAMILY: [LEFT_OUT], SECOND: [NEW]}


def test_what_is_no_households_is_counted_apart(store: Store, delivered: Path, copy: Copy) -> None:
    """The collective's own shares belong to no household."""
    copy.edit("限制与义务", lambda rows: rows.append(dict(rows[0], 标的代码=free_parcel(copy), 文号="新责任书")))
    found = again(store, copy.root)
    assert (differing(found), found.elsewhere) == ({}, 1)
    assert found.line()[0] == "没有户有变化, 另有 1 处不属于哪一户"


def test_difference_stands_in_the_report(store: Store, delivered: Path, copy: Copy) -> None:
    """In its JSON, in both languages, without a name."""
    copy.put("CBHT", 0, QDSJ="20161129")
    report: ImportReport = import_delivery(store, copy.root, CLERK, check_only=True)
    said = json.loads(json.dumps(report.as_json()["difference"]))
    assert said["households"] == [{"code": FAMILY, "shown": f"{FAMILY} **太", "what": ["CBHT.QDSJ"]}]
    assert said["zh"] == "只有这 1 户有变化"
    assert OTHER_GACHA in said["villages"]


@pytest.mark.parametrize(("count", "ends"), [(10, "(a)"), (11, "; …")])
def test_line_names_ten_households_at_most(count: int, ends: str) -> None:
    """The others stand in the report."""
    found = Difference([GACHA], [Differing(str(n), str(n), ["a"]) for n in range(count)], 0)
    assert found.line()[0] == f"只有这 {count} 户有变化"
    assert found.line()[1].endswith(ends)


def rows_of(copy: Copy, table: str) -> list[dict[str, str]]:
    """The rows of a table."""
    kept: list[dict[str, str]] = []
    copy.edit(table, kept.extend)
    return kept


def change_layer(copy: Copy, change: Callable[[str, bytearray, int], None]) -> None:
    """Call for each parcel with its code and where its record of DK.dbf begins."""
    path = copy.layers / "DK1506262016.dbf"
    raw = bytearray(path.read_bytes())
    begins, width = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    for at in range(begins, len(raw) - width + 1, width):
        change(raw[at + 17 : at + 36].decode("ascii", "replace").strip(), raw, at)
    path.write_bytes(raw)


def free_of_contract(copy: Copy, codes: list[str]) -> None:
    """Give parcels that nobody contracts any more another DKLB."""

    def change(code: str, raw: bytearray, at: int) -> None:
        if code in codes:
            place = at + 17 + 19 + 50 + 2
            assert raw[place : place + 2] == b"10"
            raw[place : place + 2] = b"22"

    change_layer(copy, change)


def free_parcel(copy: Copy) -> str:
    """A parcel of the first village that nobody contracts."""
    contracted = {row["DKBM"] for row in rows_of(copy, "CBDKXX")}
    found: list[str] = []
    change_layer(copy, lambda code, _raw, _at: found.append(code))
    return next(code for code in found if code.startswith(GACHA) and code not in contracted)


def move(copy: Copy, code: str) -> None:
    """Move the second vertex of a parcel by far less than a millimetre."""
    codes: list[str] = []
    change_layer(copy, lambda each, _raw, _at: codes.append(each))
    path = copy.layers / "DK1506262016.shp"
    raw = bytearray(path.read_bytes())
    at = 100
    for _ in range(codes.index(code)):
        at += 8 + 2 * int.from_bytes(raw[at + 4 : at + 8], "big")
    raw[at + 8 + 44 + 4 + 16] ^= 0x40
    path.write_bytes(raw)
