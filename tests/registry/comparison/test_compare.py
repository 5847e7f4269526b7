"""Does a comparison name each planted difference of both books, and write nothing that is guarded? On both engines."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from gis.formats.dbf import read_dbf
from registry import blank_tables, comparison
from registry.audit import audit
from registry.catalogue import count_versions
from registry.comparison import ComparisonNotFoundError, DumpRefusedError
from registry.comparison import books as comparison_books
from registry.comparison.differences import WORDS
from registry.delivery.containers import TableFile
from registry.delivery.read_tables import plain_cells
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.rights import acts as rights
from registry.rights.compared import last_compared, newest_comparison
from registry.rights.model import BOOK_COMPARISON, COMPARISON, RIGHT_VERSION
from registry.store.engines import Store
from sample_parcels import books
from sample_parcels.books import CONTRACT_BOOK, MOVED, REALTY, Planted, write_books
from tests.registry.delivery.conftest import CLERK

Refuse = Callable[[Path], object]


@pytest.fixture
def exports(tmp_path: Path) -> tuple[Path, list[Planted]]:
    """Both books' exports with what was planted in them."""
    return tmp_path / "exports", write_books(tmp_path / "exports")


@pytest.fixture
def banner(store: Store, delivered: Path) -> Store:
    """The sample delivery registered; two grassland contracts stand in the realty platform's book by now."""
    with desk(store, CLERK) as at:
        for code, unit in MOVED.items():
            act = at.act("record-corrected", "2023-03-01", ActFields(basis="登记职责划转"))
            right = at.connection.scalar(sa.select(RIGHT_VERSION.c.thing_id).where(RIGHT_VERSION.c.unit_code == code))
            rights.change(act, str(right), book="realty-platform", book_number=unit)
        at.commit()
    return store


def written(store: Store) -> tuple[int, int]:
    """Versions of guarded things, entries of the log."""
    with store.reading() as connection:
        return count_versions(connection), size(connection)


def test_each_planted_difference_is_named_and_nothing_guarded_is_written(
    banner: Store, exports: tuple[Path, list[Planted]]
) -> None:
    """Issue 4, Show: `compare` names each planted difference, no other one, and writes no version and no entry."""
    folder, planted = exports
    before = written(banner)
    assert len(planted) >= 30
    for book in (CONTRACT_BOOK, REALTY):
        answer = comparison.compare(banner, [folder / book])
        found = [Planted(book, d["table"], d["code"], d["field"], d["kind"]) for d in answer["differences"]]
        assert set(found) == {one for one in planted if one.book == book}
        assert len(found) == len(set(found))
        assert answer["rights"]["differ"] + answer["rights"]["not_in_book"] > 0
        assert answer["rights"]["equal"] > 40
        assert answer["untouched"] == []
    assert written(banner) == before
    assert audit(banner).findings == ()


def test_what_was_found_is_kept_and_each_right_knows_its_day(
    banner: Store, exports: tuple[Path, list[Planted]]
) -> None:
    """The comparison is read again as it was found; each right has its outcome; a later one takes its place."""
    folder, _ = exports
    first = comparison.compare(banner, [folder / REALTY])
    with banner.reading() as connection:
        assert comparison.read_comparison(banner, connection, first["id"]) == first
        row = connection.execute(sa.select(COMPARISON)).one()
        assert (row.book, row.dump_digest.hex(), row.valid_at) == (
            "realty-platform",
            first["dump"]["digest"],
            first["as_of"]["valid_at"],
        )
        outcomes = dict(connection.execute(sa.select(BOOK_COMPARISON.c.right_id, BOOK_COMPARISON.c.outcome)).all())
        assert len(outcomes) == first["rights"]["compared"]
        differing = [r for r, outcome in outcomes.items() if outcome == "differs 1"]
        assert len(differing) == first["rights"]["differ"]
        known = size(connection)
        last = last_compared(connection, sorted(outcomes), known)
        assert {last[right].outcome for right in differing} == {"differs"}
        assert last_compared(connection, sorted(outcomes), known - 1) == {}
        with pytest.raises(ComparisonNotFoundError):
            comparison.read_comparison(banner, connection, "0" * 32)
    plain = min(outcomes)
    again = comparison.compare(banner, [folder / REALTY])
    with banner.reading() as connection:
        assert newest_comparison(connection) == again["compared_at"] > first["compared_at"]
        assert last_compared(connection, [plain], known)[plain].day >= first["as_of"]["valid_at"]


def test_a_true_export_is_equal_throughout(banner: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing planted, nothing found: the way of the files (zip too, names in capitals) alters nothing."""
    for planter in ("_contracts", "_parcels", "_households", "_homesteads", "_moved"):
        monkeypatch.setattr(books, planter, lambda *_tables: ())
    write_books(tmp_path)
    packed = tmp_path / "book.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in (tmp_path / CONTRACT_BOOK).iterdir():
            archive.write(path, f"导出/{path.name}")
        archive.writestr("导出/说明.txt", "x")
    # Under the Chinese names that the page gives, too; a code that stands there beside its name is read.
    edited(tmp_path / REALTY, "QLF_QL_JSYDSYQ.csv", in_words)
    for source in (packed, tmp_path / REALTY):
        answer = comparison.compare(banner, [source])
        assert answer["differences"] == []
        assert answer["rights"]["equal"] == answer["rights"]["compared"] > 0
        assert answer["dump"]["unread"] == (["说明.txt"] if source is packed else [])


def in_words(text: str) -> str:
    """A csv whose header has the Chinese name of each column that is read."""
    header, _, rest = text.partition("\n")
    names = [WORDS[code][0] if code in WORDS else code for code in header.strip().split(",")]
    assert "BDCDYH" not in names
    return ",".join(names) + "\n" + rest


def test_every_column_that_must_be_there_has_its_words_and_a_blank_table(tmp_path: Path) -> None:
    """What is asked for is told before it is refused, each name once a table; a blank one is read as a table without a row."""
    for book in comparison_books.BOOKS:
        for part in book.parts:
            table = blank_tables.TABLES[part.name]
            read = [column for column in part.columns if column.name in WORDS]
            assert {column.name for column in part.columns if column.need == "必"} <= {column.code for column in table.columns}
            assert len({WORDS[column.name][0] for column in read}) == len(read) == len(table.columns)
            for form in ("csv", "xlsx"):
                path = tmp_path / f"{part.name}.{form}"
                path.write_bytes(blank_tables.blank(part.name, form))
                header, rows = plain_cells(TableFile(path, path.name))
                assert (header, rows) == ([column.name for column in read], [])


def test_a_dump_of_one_village_says_what_it_does_not_reach(
    banner: Store, exports: tuple[Path, list[Planted]], tmp_path: Path
) -> None:
    """Rights of villages without a row are counted as untouched, not as missing; a single file is a dump, too."""
    rows = list(csv.DictReader(io.StringIO((exports[0] / REALTY / "QLF_QL_JSYDSYQ.csv").read_text("gbk"))))
    own = [row for row in rows if row["BDCDYH"].startswith("150626100210") and row["QSZT"] == "1"]
    one = tmp_path / "qlf_ql_jsydsyq.csv"
    one.write_text("\n".join([",".join(own[0]), *(",".join(row.values()) for row in own)]), "utf-8")
    answer = comparison.compare(banner, [one])
    assert {each["place"] for each in answer["untouched"]} == {"150626101206", "150626104213", "QLF_QL_NYDSYQ"}
    assert next(each["rights"] for each in answer["untouched"] if each["place"] == "QLF_QL_NYDSYQ") == len(MOVED)
    assert answer["rights"]["compared"] == sum(1 for d in own if d["BDCQZH"] != "无此证") + answer["rights"]["not_in_book"]


def test_rows_that_say_nothing_of_these_rights_are_left_alone(
    banner: Store, exports: tuple[Path, list[Planted]]
) -> None:
    """Plots and contract land without the homesteads' own table: a plot nobody knows is named, other land is counted."""
    folder = exports[0] / REALTY
    (folder / "QLF_QL_JSYDSYQ.csv").unlink()
    table = folder / "KTT_ZDJBXX.dbf"
    plots = read_dbf(table).columns["BDCDYH"].tolist()
    units = (plots[0], f"{plots[0][:12]}JC08888W00000000", f"{plots[0][:12]}JB00001W00000000")
    lines = ["BDCDYH,ZDMJ", *(f"{unit},1.00" for unit in units)]
    table.unlink()
    table.with_suffix(".csv").write_text("\n".join(lines), "utf-8")
    answer = comparison.compare(banner, [folder])
    assert {(d["code"], d["field"], d["kind"]) for d in answer["differences"] if d["table"] == "KTT_ZDJBXX"} == {
        (plots[0], "ZDMJ", "differs"),
        (units[1], "BDCDYH", "not-in-register"),
    }
    assert answer["skipped"] == [{"table": "KTT_ZDJBXX", "rows": 1}]


def test_a_right_that_ended_on_both_sides_is_no_difference_and_one_that_ended_here_only_is(
    banner: Store, exports: tuple[Path, list[Planted]]
) -> None:
    """QSZT 终止 against ended: nothing to say; 现势 against ended: the state differs."""
    rows = list(csv.DictReader(io.StringIO((exports[0] / REALTY / "QLF_QL_JSYDSYQ.csv").read_text("gbk"))))
    gone, still = rows[7]["BDCDYH"], rows[8]["BDCDYH"]
    with desk(banner, CLERK) as at:
        act = at.act("court-ordered", "2024-01-01", ActFields(basis="生效裁判"))
        of_units = sa.select(RIGHT_VERSION.c.thing_id).where(RIGHT_VERSION.c.unit_code.in_((gone, still)))
        for right in at.connection.scalars(of_units).all():
            rights.end(act, right)
        at.commit()
    number = rows[7]["BDCQZH"]
    edited(exports[0] / REALTY, "QLF_QL_JSYDSYQ.csv", lambda text: text.replace(f"{number},1", f"{number},3"))
    answer = comparison.compare(banner, [exports[0] / REALTY])
    said = [(d["code"], d["field"], d["register"], d["book"]) for d in answer["differences"] if d["code"] in {gone, still}]
    assert said == [(still, "QSZT", "终止", "现势")]


def test_no_name_and_no_number_leaves_a_comparison(banner: Store, exports: tuple[Path, list[Planted]]) -> None:
    """Both values, masked where personal; what is stored is sealed."""
    folder, _ = exports
    told = json.dumps([comparison.compare(banner, [folder / book]) for book in (CONTRACT_BOOK, REALTY)], ensure_ascii=False)
    members = list(csv.DictReader(io.StringIO((folder / CONTRACT_BOOK / "CBF_JTCY.csv").read_text("gbk"))))
    personal = {row["CYXM"] for row in members} | {row["CYZJHM"] for row in members} | {"另一处", "另一家"}
    assert {value for value in personal if f'"{value}"' in told or (len(value) > 4 and value in told)} == set()
    with banner.reading() as connection:
        for (sealed,) in connection.execute(sa.select(COMPARISON.c.sealed)):
            assert b"CBHT" not in bytes(sealed)


def edited(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a csv table of an export as text."""
    path = folder / name
    path.write_bytes(change(path.read_bytes().decode("gbk")).encode("gbk"))


def remove(folder: Path, *names: str) -> None:
    """Take tables out of an export."""
    for name in names:
        (folder / name).unlink()


BAD: dict[str, tuple[str, Refuse, list[str]]] = {
    "no table of any book": (REALTY, lambda f: remove(f, *(path.name for path in f.iterdir())), ["part-missing"]),
    "tables of both books": (REALTY, lambda f: shutil.copy(f.parent / CONTRACT_BOOK / "CBHT.csv", f), ["file-unreadable"]),
    "only half a household": (CONTRACT_BOOK, lambda f: (f / "CBF_JTCY.csv").unlink(), ["part-missing"]),
    "no parcels": (CONTRACT_BOOK, lambda f: (f / "CBDKXX.xlsx").unlink(), ["part-missing"]),
    "no rights": (
        REALTY,
        lambda f: remove(f, "QLF_QL_JSYDSYQ.csv", "QLF_QL_NYDSYQ.xlsx"),
        ["part-missing"],
    ),
    "a table twice": (CONTRACT_BOOK, lambda f: shutil.copy(f / "CBF.csv", f / "cbf.xlsx"), ["part-twice"]),
    "a dbf cut in half": (
        REALTY,
        lambda f: (f / "KTT_ZDJBXX.dbf").write_bytes((f / "KTT_ZDJBXX.dbf").read_bytes()[:900]),
        ["file-unreadable"],
    ),
    "an xlsx that is none": (REALTY, lambda f: (f / "QLF_QL_NYDSYQ.xlsx").write_bytes(b"PK"), ["file-unreadable"]),
    "a column missing": (
        CONTRACT_BOOK,
        lambda f: edited(f, "CBHT.csv", lambda t: t.replace("CBQXZ", "止", 1)),
        ["column-missing"],
    ),
    "values at fault, every one": (
        REALTY,
        lambda f: edited(
            f,
            "QLF_QL_JSYDSYQ.csv",
            lambda t: t.replace("2016-11-30 00:00:00", "2016-13-30", 1)
            .replace("150626100210JC00001F00010001,", "1506JC,", 1)
            .replace(",1.23,", ",一亩,", 1),
        ),
        ["value-not-date", "value-not-in-list", "value-not-number"],
    ),
    "a row of no contract": (
        CONTRACT_BOOK,
        lambda f: edited(f, "CBHT.csv", lambda t: t.replace("150626100210000001J,,", "150626100210000777J,,", 1)),
        ["contract-unknown"],
    ),
    "a contract twice": (CONTRACT_BOOK, lambda f: edited(f, "CBHT.csv", lambda t: t + t.splitlines()[1]), ["key-twice"]),
}  # fmt: skip


@pytest.mark.parametrize("lie", BAD)
def test_a_bad_dump_is_refused_with_every_fault_named(
    make_store: Callable[[str], Store], exports: tuple[Path, list[Planted]], lie: str
) -> None:
    """All or nothing: each fault has its place, none of them a personal value, and nothing is recorded."""
    book, spoil, expected = BAD[lie]
    store = make_store("file")
    spoil(exports[0] / book)
    with pytest.raises(DumpRefusedError) as refused:
        comparison.compare(store, [exports[0] / book])
    assert {fault.id for fault in refused.value.faults} == set(expected)
    assert str(len(refused.value.faults)) in refused.value.zh
    with store.reading() as connection:
        assert newest_comparison(connection) == ""


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_a_zip_that_is_none_is_refused(make_store: Callable[[str], Store], tmp_path: Path, content: bytes) -> None:
    """Named, not raised as an error of ours."""
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(DumpRefusedError) as refused:
        comparison.compare(make_store("file"), [tmp_path / "x.zip"])
    assert "zip" in refused.value.faults[0].en


def test_a_zip_of_too_many_files_is_refused_and_its_paths_lead_nowhere(
    make_store: Callable[[str], Store], tmp_path: Path
) -> None:
    """Bounded before anything is unpacked; ../ in a name turns it back."""
    store = make_store("file")
    bad = tmp_path / "many.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        for number in range(51):
            archive.writestr(f"{number}.csv", "x")
    with pytest.raises(DumpRefusedError, match="faults"):
        comparison.compare(store, [bad])
    sly = tmp_path / "sly.zip"
    with zipfile.ZipFile(sly, "w") as archive:
        archive.writestr("../../CBHT.csv", "x")
    with pytest.raises(DumpRefusedError):
        comparison.compare(store, [sly])
    assert not (tmp_path.parent / "CBHT.csv").exists()
