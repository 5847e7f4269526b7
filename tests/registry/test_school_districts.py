"""School districts are dated data of the registry's own; where none is known, figure 13 says so."""

from __future__ import annotations

import csv
import datetime as dt
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.ledger.read import size
from registry.parties import Identity
from registry.places import in_town
from registry.residence import Registration
from registry.school_districts import DistrictFileError, districts, read_districts, use
from registry.settlement import Event, record
from registry.statistics import figures
from registry.statistics.table import Table
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.statistics.figures import Figure
    from registry.store.engines import Store

SAMPLES = Path(str(resources.files("sample_parcels")))
HEAD = 'made_up = {made_up}\nsource = "教体局 2026 年划分"\n'
ROW = '[[district]]\nname = "{name}"\ndivisions = ["{code}"]\nfrom = {since}\nuntil = {until}\n'
WENYUAN, OTHER = "150626100010", "150626101001"


def file(folder: Path, *rows: str, made_up: str = "false") -> Path:
    """A file of districts."""
    path = folder / "学区.toml"
    path.write_text(HEAD.format(made_up=made_up) + "".join(rows), "utf-8")
    return path


def district(name: str, code: str = WENYUAN, since: str = "2016-09-01", until: str = "9999-12-31") -> str:
    """One row."""
    return ROW.format(name=name, code=code, since=since, until=until)


def minors(store: Store, day: str = "2020-01-01") -> Figure:
    """Figure 13."""
    with store.reading() as connection:
        return figures(store, connection, valid_at=day, known_at=size(connection), only=["minors"])[0]


def settle_children(store: Store, number: int, code: str, born: str) -> None:
    """Children who settle in a town."""
    who = tuple(Identity(f"孩{n}", made_up.id_number(born, int(code[6:9]) + n + 1), sex="1") for n in range(number))
    rows = tuple(Registration(f"new:{n}", "2017-05-08", "H", "", code, "社区", "某处") for n in range(number))
    event = Event("settled-from-outside", "2017-05-08", (), rows, newcomers=who, key=f"{code} {born}")
    record(store, event, "王警官", "公安局")


def test_no_district_of_the_banner_is_known(store: Store) -> None:
    """None was found: the file that is shipped is empty, the figure has communities and says that districts are not known."""
    settle_children(store, 6, WENYUAN, "20100101")
    assert districts(store).rows == ()
    figure = minors(store)
    assert [table.id for table in figure.tables] == ["minors-by-year", "minors-by-place"]
    assert [note.zh[:6] for note in figure.notes] == ["学区: 不知"]


def test_minors_are_counted_by_district_and_year_of_birth(store: Store, tmp_path: Path) -> None:
    """Figure 13: by year of birth and school district, in one table; whose community is in none stands in a row of its own."""
    for number, code, born in ((6, WENYUAN, "20100101"), (7, WENYUAN, "20110101"), (8, OTHER, "20100101")):
        settle_children(store, number, code, born)
    use(store, file(tmp_path, district("一小学区"), district("二小学区", OTHER, "2021-09-01")))
    (table,) = minors(store).tables
    assert _told(table) == {"乌审旗": [14, 7, 21], "一小学区": [6, 7, 13], "不知道哪个学区": [8, 0, 8]}
    (table,) = minors(store, "2022-01-01").tables
    assert _told(table) == {"乌审旗": [14, 7, 21], "一小学区": [6, 7, 13], "二小学区": [8, 0, 8], "不知道哪个学区": [0, 0, 0]}
    assert [note.zh for note in minors(store).notes] == ["学区: 教体局 2026 年划分"]


def _told(table: Table) -> dict[str, list[object]]:
    return {row.zh: list(row.values) for row in table.rows}


def test_districts_of_the_sample_are_made_up_and_of_its_communities() -> None:
    """The demonstration's file says of itself that it is invented, and names communities that there are."""
    found = read_districts(SAMPLES / "school-districts.toml")
    with (SAMPLES / "divisions.csv").open(encoding="utf-8") as lines:
        known = {line["village_code"] for line in csv.DictReader(lines)}
    assert found.made_up
    assert {code for row in found.rows for code in row.divisions} <= known
    assert all(in_town(code) for row in found.rows for code in row.divisions)


def test_made_up_districts_say_so(store: Store, tmp_path: Path) -> None:
    """Data of a demonstration never passes for the education bureau's."""
    use(store, file(tmp_path, district("一小学区"), made_up="true"))
    assert [note.zh for note in minors(store).notes] == ["学区是编的, 只作演示"]


@pytest.mark.parametrize(
    ("day", "name"), [("2016-08-31", ""), ("2016-09-01", "旧区"), ("2020-08-31", "旧区"), ("2020-09-01", "新区")]
)
def test_district_holds_from_its_first_day_to_the_day_before_its_last(tmp_path: Path, day: str, name: str) -> None:
    """A community changes its district on a day; the day decides, and nothing is inferred before the first."""
    found = read_districts(file(tmp_path, district("旧区", until="2020-09-01"), district("新区", since="2020-09-01")))
    assert found.name_of(WENYUAN, day) == name
    assert found.name_of(OTHER, day) == ""
    assert [row.holds(WENYUAN, dt.date.fromisoformat(day)) for row in found.rows].count(True) == bool(name)


@pytest.mark.parametrize(
    "rows",
    [
        (district("一区"), district("二区", since="2020-01-01")),
        (district("一区", "1506261000"),),
        (district("一区", since="2020-01-01", until="2020-01-01"),),
        (district("一区") + 'town = "嘎鲁图镇"\n',),
        ("[[district]]\n",),
    ],
)
def test_slip_in_the_file_is_refused_with_its_line_and_changes_nothing(store: Store, tmp_path: Path, rows: tuple[str, ...]) -> None:
    """Two districts on one day, a code that is none, an empty time, an unknown key: the file before stays in use."""
    use(store, file(tmp_path, district("原来的")))
    with pytest.raises(DistrictFileError, match=r"第 [0-9]+ 行"):
        use(store, file(tmp_path, *rows))
    assert [row.name for row in districts(store).rows] == ["原来的"]
