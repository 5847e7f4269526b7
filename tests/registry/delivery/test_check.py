"""Each slip of a clerk is one fault, at its place; and every fault of the twenty is found, no other."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.delivery.faults import catalogue
from registry.delivery.references import one_slip_apart
from tests.registry.delivery.checking import faults_of, found
from tests.registry.delivery.conftest import Copy, Rows


def test_faulty_sample_has_exactly_its_listed_faults(faulty: Path) -> None:
    """FAULTS.csv lists file, layer, row, field, fault, severity and village of all twenty."""
    with (faulty.parent / "FAULTS.csv").open(encoding="utf-8") as lines:
        listed = sorted(tuple(row.values()) for row in csv.DictReader(lines))
    said = sorted((f.file, f.layer, str(f.row), f.field, f.id, f.severity, f.village) for f in faults_of(faulty))
    assert said == listed


def row(table: str, at: int, **values: str) -> Callable[[Copy], None]:
    """A slip in one row of a table."""
    return lambda copy: copy.put(table, at, **values)


def both(*slips: Callable[[Copy], None]) -> Callable[[Copy], None]:
    """Several changes that make one slip."""

    def make(copy: Copy) -> None:
        for slip in slips:
            slip(copy)

    return make


def rows(table: str, change: Callable[[Rows], object]) -> Callable[[Copy], None]:
    """A change of a whole table."""
    return lambda copy: copy.edit(table, change)


SLIPS: dict[str, tuple[Callable[[Copy], None], set[tuple[str, str, str]]]] = {
    "blank expected": (row("FBF", 0, FBFDZ=""), {("value-expected", "FBF", "FBFDZ")}),
    "blank required": (row("CBF", 0, CBFMC=""), {("value-missing", "CBF", "CBFMC")}),
    "no number": (row("CBDKXX", 0, HTMJM="四十"), {("value-not-number", "CBDKXX", "HTMJM")}),
    "below nothing": (row("CBHT", 0, YHTZMJ="-1"), {("value-not-positive", "CBHT", "YHTZMJ")}),
    "no day": (row("CBHT", 0, QDSJ="20161131"), {("value-not-date", "CBHT", "QDSJ")}),
    "tomorrow": (row("CBHT", 0, QDSJ="20270101"), {("day-in-future", "CBHT", "QDSJ")}),
    "not in list": (row("CBF_JTCY", 0, YHZGX="80"), {("value-not-in-list", "CBF_JTCY", "YHZGX")}),
    "too long": (row("CBF", 0, YZBM="0173000"), {("value-too-long", "CBF", "YZBM")}),
    "member twice": (
        both(rows("CBF_JTCY", lambda r: r.insert(1, dict(r[0]))), row("CBF", 0, CBFCYSL="6")),
        {("key-twice", "CBF_JTCY", "CYZJHM"), ("two-representatives", "CBF_JTCY", "YHZGX")},
    ),
    "issuer code": (row("成员名册", 0, 发包方编码="1506261002100"), {("fbf-code-structure", "成员名册", "发包方编码")}),
    "household code": (row("股权台账", 0, 承包方编码="15062610021000001"), {("cbf-code-structure", "股权台账", "承包方编码")}),
    "issuer unknown": (
        row("成员名册", 0, 发包方编码="15062610021001", 承包方编码=""), {("issuer-unknown", "成员名册", "发包方编码")},
    ),
    "household unknown": (row("成员名册", 0, 承包方编码="150626100210000999"), {("household-unknown", "成员名册", "承包方编码")}),
    "issuer of row": (row("CBDKXX", 0, FBFBM="15062610120600"), {("issuer-prefix-differs", "CBDKXX", "FBFBM")}),
    "contract letter": (row("CBHT", 0, CBFS="121"), {
        ("contract-code-differs", "CBHT", "CBHTBM"),
    }),
    "way": (row("CBDKXX", 0, CBJYQQDFS="121"), {("contract-way-differs", "CBDKXX", "CBJYQQDFS")}),
    "contract of another": (
        row("CBDKXX", 0, CBFBM="150626100210000002"), {("contract-code-differs", "CBDKXX", "CBHTBM")},
    ),
    "no parcels": (
        rows("CBHT", lambda r: r.append(dict(r[0], CBHTBM="150626100210000001Q", CBFS="121"))),
        {("contract-without-parcels", "CBHT", "CBHTBM")},
    ),
    "parcel count": (row("CBHT", 0, CBDKZS="3"), {("parcel-count", "CBHT", "CBDKZS")}),
    "signed late": (row("CBHT", 0, QDSJ="20251130", CBQXZ="20241231", CBQXQ="19950101"), {("signed-after-term", "CBHT", "QDSJ")}),
    "unusual term": (row("CBHT", 0, CBQXZ="20281231"), {("term-unusual", "CBHT", "CBQXZ")}),
    "for ever": (row("CBHT", 0, CBQXZ="99990101"), set()),
    "not mutual": (row("CBF", 0, GLCBFBM="150626100210004002"), {("linked-not-mutual", "CBF", "GLCBFBM")}),
    "sex": (row("CBF_JTCY", 0, CYXB="2"), {("id-sex-differs", "CBF_JTCY", "CYXB")}),
    "structure": (row("成员名册", 0, 证件号码="15069919740318"), {("id-structure", "成员名册", "证件号码")}),
    "birth": (row("成员名册", 0, 证件号码="150699197402306953"), set()),
    "blank co-holder": (row("CBF_JTCY", 2, SFGYR=""), {("co-holder-blank", "CBF_JTCY", "SFGYR")}),
    "representative": (
        row("CBF", 0, CBFMC="敖登", CBFZJHM="15069919760705876X"), {("representative-differs", "CBF", "CBFZJHM")},
    ),
    "nobody co-holds": (
        rows("CBF_JTCY", lambda r: [one.update(SFGYR="2") for one in r if one["CBFBM"] == r[0]["CBFBM"]]),
        {("no-co-holder", "CBF_JTCY", "SFGYR")},
    ),
    "lists differ": (
        both(rows("CBF_JTCY", lambda r: r.pop(4)), row("CBF", 0, CBFCYSL="4")), {("linked-members-differ", "CBF", "GLCBFBM")},
    ),
    "total of shares": (row("股权台账", 1, 总股数="6001"), {("shares-total-differs", "股权台账", "总股数")}),
    "half a share": (row("股权台账", 1, 份数="12.5"), {("shares-not-whole", "股权台账", "份数")}),
    "old mortgage": (
        rows("限制与义务", lambda r: [one.update(登记日期="20180601") for one in r if one["类别"] == "抵押"]),
        {("mortgage-before-2019", "限制与义务", "登记日期")},
    ),
    "mortgage of a home": (
        rows("限制与义务", lambda r: r[-2].update(标的代码="150626100210JC00001F00010001")),
        {("homestead-mortgaged", "限制与义务", "标的代码")},
    ),
    "mortgage without amount": (
        rows("限制与义务", lambda r: [one.update(金额="") for one in r if one["类别"] == "抵押"]),
        {("value-missing", "限制与义务", "金额")},
    ),
    "object structure": (row("限制与义务", 0, 标的代码="15062610021000400"), {("dk-code-structure", "限制与义务", "标的代码")}),
    "division": (row("户籍", 0, 区划代码="15062610021"), {("division-code-structure", "户籍", "区划代码")}),
    "contract area": (
        both(row("CBDKXX", 0, HTMJ="40000.00", HTMJM="60.00"), row("CBHT", 0, HTZMJ="60800.00", HTZMJM="91.20")),
        {("contract-area-differs", "CBDKXX", "HTMJ")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_is_one_fault(copy: Copy, slip: str) -> None:
    """What is already at fault is not judged again (docs/delivery.md 5)."""
    make, expected = SLIPS[slip]
    make(copy)
    said = found(copy.root)
    if slip == "birth":
        assert {fault for fault, _, _ in said} <= {"id-check-digit", "id-birth-impossible"}
        return
    assert said >= expected
    assert len(said - expected) <= (1 if slip in {"contract letter", "mortgage of a home", "contract of another"} else 0), said


def test_household_of_a_contract_that_left_its_members_out(copy: Copy) -> None:
    """A household without members is said at its row, and its count is then not compared."""
    copy.edit("CBF_JTCY", lambda rows: rows.__delitem__(slice(0, 5)))
    assert ("household-without-members", "CBF", "CBFBM") in found(copy.root)
    assert ("member-count", "CBF", "CBFCYSL") not in found(copy.root)


def test_linked_lists_with_nobody_in_common_are_held(copy: Copy) -> None:
    """Two books of one household have people in common, else it may be two households."""

    def exchange(rows: Rows) -> None:
        mine = [one for one in rows if one["CBFBM"] == "150626100210000001"]
        theirs = [one for one in rows if one["CBFBM"] == "150626100210000002"]
        for one in mine:
            one["CBFBM"] = "150626100210000002"
        for one in theirs:
            one["CBFBM"] = "150626100210000001"

    copy.edit("CBF_JTCY", exchange)
    assert ("linked-nobody-common", "CBF", "GLCBFBM") in found(copy.root)


def test_parcel_in_two_contracts_is_refused_at_the_later_row(copy: Copy) -> None:
    """A parcel stands in one contract."""
    copy.edit("CBDKXX", lambda rows: rows.append(dict(rows[-1], DKBM=rows[-2]["DKBM"])))
    assert ("parcel-contracted-twice", "CBDKXX", "DKBM") in found(copy.root)


def test_row_without_a_village_turns_everything_back(copy: Copy) -> None:
    """Where it can't be said whose row is at fault, nothing goes in."""
    copy.put("户籍", 0, 区划代码="x", 证件号码="")
    assert any(fault.severity == "refuse" and not fault.village for fault in faults_of(copy.root))


def test_every_fault_of_the_catalogue_can_be_said_in_both_languages() -> None:
    """Each entry has its sentences, and braces only for what it needs."""
    for kind in catalogue().values():
        values = dict.fromkeys(kind.needs, "x")
        assert kind.zh.format_map(values)
        assert kind.en.format_map(values)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("12345", "1234", True), ("12345", "12354", True), ("12345", "12346", True), ("12345", "1245", True),
        ("12345", "12345", False), ("12345", "123", False), ("12345", "54321", False),
    ],
)  # fmt: skip
def test_one_slip_apart_is_a_character_more_less_other_or_swapped(one: str, other: str, answer: bool) -> None:
    """A broken code is recognised by the one that it was meant to be."""
    assert one_slip_apart(one, other) is answer
