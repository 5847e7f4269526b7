"""Does the damaged delivery hold exactly the twenty faults of FAULTS.csv?"""

from __future__ import annotations

import tomllib
from collections import Counter
from decimal import Decimal

import shapely

from sample_parcels.land import in_mu
from sample_parcels.people import id_number
from tests.sample_parcels.conftest import SAMPLE, Read, Rows

GACHA, FARMERS = "150626101206", "150626104213"
LAYERS = {"DK", "CJQY", "ZD"}


def test_twenty_faults_are_listed_with_the_severity_of_the_catalogue(listed: Rows) -> None:
    """Twenty, each in the catalogue, in two villages; the third is clean."""
    catalogue = tomllib.loads((SAMPLE.parent / "registry" / "delivery" / "faults.toml").read_text("utf-8"))
    severity = {fault["id"]: fault["severity"] for fault in catalogue["fault"] if fault["scope"] == "village"}
    assert len(listed) == 20
    assert [(row["fault"], row["severity"]) for row in listed if severity[row["fault"]] != row["severity"]] == []
    assert Counter(row["village"] for row in listed) == {GACHA: 9, FARMERS: 11}
    assert len({row["fault"] for row in listed}) == 20


def test_each_damaged_cell_is_listed_and_nothing_else_differs(clean: Read, faulty: Read, listed: Rows) -> None:
    """No slip hides: cells that differ are listed, or are what makes the listed place wrong."""
    found = set()
    for name, rows in faulty.rows.items():
        # Layers are matched by feature id: one parcel was lost, so rows behind it stand one higher.
        before = {row["BSM"]: row for row in clean.rows[name]} if name in LAYERS else {}
        for number, new in enumerate(rows):
            old = before[new["BSM"]] if before else clean.rows[name][number]
            row = str(number + (1 if before else 2))
            found |= {(name, row, field) for field in old if old[field] != new[field]}
    told = {(row["layer"], row["row"], row["field"]) for row in listed if row["field"] != "geometry"}
    places = {(name, field) for name, _, field in found - told}
    assert places == {("CBHT", "HTZMJM"), ("股权台账", "份数"), ("DK", "DKLB")}
    silent = {(layer, field) for layer, _, field in told - found}
    assert silent == {("CBDKXX", "DKBM"), ("股权台账", "总股数"), ("DK", "DKBM")}
    assert len(found) == len(told)
    assert len(clean.rows["DK"]) - len(faulty.rows["DK"]) == 1


def test_clean_village_has_no_damaged_row(clean: Read, faulty: Read) -> None:
    """呼和陶勒盖嘎查 can be registered while the two others come back whole."""
    for name in clean.rows:
        ours = [[row for row in one.rows[name] if "150626100210" in "".join(row.values())] for one in (clean, faulty)]
        assert ours[0] == ours[1]


def test_listed_shapes_are_wrong_as_said_and_no_others(clean: Read, faulty: Read, listed: Rows) -> None:
    """GEOS finds one ring that crosses itself, one overlap and one parcel beyond its village."""
    wrong = {row["fault"]: int(row["row"]) - 1 for row in listed if row["field"] == "geometry"}
    shapes, rows = faulty.shapes["DK"], faulty.rows["DK"]
    valid = shapely.is_valid(shapes)
    assert [n for n in range(len(shapes)) if not valid[n]] == [wrong["shape-crosses-itself"]]
    sound = shapes.copy()
    sound[wrong["shape-crosses-itself"]] = None
    one, other = shapely.STRtree(sound).query(sound, predicate="intersects")
    overlaps = [
        (max(a, b), shapely.area(shapely.intersection(sound[a], sound[b])))
        for a, b in zip(one, other, strict=True)
        if a < b and shapely.area(shapely.intersection(sound[a], sound[b])) > 0
    ]
    assert [n for n, _ in overlaps] == [wrong["parcels-overlap"]]
    assert overlaps[0][1] > 1
    village = faulty.shapes["CJQY"][1]
    outside = [n for n, row in enumerate(rows) if row["DKBM"].startswith(GACHA) and not village.covers(sound[n])]
    assert outside == [wrong["outside-village"]]
    for n in (wrong["parcels-overlap"], wrong["outside-village"]):
        recorded = float(rows[n]["SCMJ"])
        assert abs(shapely.area(shapes[n]) - recorded) < 0.005 * recorded


def test_each_slip_is_the_fault_that_it_is_listed_as(faulty: Read, listed: Rows) -> None:
    """The cells hold what their fault says, so that one slip is one fault."""
    at = {row["fault"]: _row(faulty, row) for row in listed}
    assert len(at["dk-code-structure"]["DKBM"]) == 18
    assert at["serial-range"]["CBFLX"] == "2"
    assert at["term-reversed"]["CBQXZ"] < at["term-reversed"]["CBQXQ"]
    assert Decimal(at["mu-twin"]["SCMJM"]) != in_mu(Decimal(at["mu-twin"]["SCMJ"]))
    assert at["parcel-unknown"]["DKBM"] not in {row["DKBM"] for row in faulty.rows["DK"]}
    uncontracted = {row["DKBM"] for row in faulty.rows["DK"] if row["DKLB"] == "10"}
    assert uncontracted - {row["DKBM"] for row in faulty.rows["CBDKXX"]} == {at["parcel-uncontracted"]["DKBM"]}
    assert at["household-unknown"]["QLRCBFBM"] not in {row["CBFBM"] for row in faulty.rows["CBF"]}
    assert at["object-unknown"]["标的代码"] not in {row["CBHTBM"] for row in faulty.rows["CBHT"]}
    assert at["value-missing"]["确认日期"] == ""
    number = at["id-check-digit"]["CYZJHM"]
    assert number != id_number(number[:17])
    assert len(at["id-fifteen-digits"]["CYZJHM"]) == 15
    double = at["id-on-two-people"]
    same = [row["CYXM"] for row in faulty.rows["CBF_JTCY"] if row["CYZJHM"] == double["CYZJHM"]]
    assert same[-1] == double["CYXM"]
    assert len(set(same)) == 2


def _row(faulty: Read, told: dict[str, str]) -> dict[str, str]:
    return faulty.rows[told["layer"]][int(told["row"]) - (1 if told["layer"] in LAYERS else 2)]
