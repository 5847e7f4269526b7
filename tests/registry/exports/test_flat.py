"""Is the flat copy used only where it is right, whole and of this register, and does it hold nobody's name?"""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from gis.formats.refusals import TargetUnwritable
from registry.audit.report import audit
from registry.exports import export, flat, flow, fresh, publish, source, write
from registry.exports.flat import Standing, standing
from registry.exports.scope import box_scope, code_scope, person_scope, registry_scope, village_scope
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.glance import glance
from registry.parcels import acts as parcels
from registry.parcels.box import Box
from tests.registry import made_up
from tests.registry.exports.conftest import NEIGHBOUR, leaked
from tests.registry.exports.test_flat_histories import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.exports.scope import Scope
    from registry.store.engines import Store
    from tests.registry.made_up import Village

VILLAGE = made_up.VILLAGE_CODE[:12]


@pytest.fixture
def scope(store: Store, village: Village) -> Scope:
    """The whole register today."""
    with store.reading() as connection:
        return registry_scope(store, connection)


@pytest.fixture
def copied(scope: Scope) -> Path:
    """The copy, made by a first export."""
    assert isinstance(fresh.ready(scope), Standing)
    return scope.settings.folder / flat.NAME


def corrected(store: Store, village: Village, day: str = "2018-06-01", area: str = "3840.00") -> None:
    """A correction of the grassland's area, from a day on."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", day, ActFields(basis="复测"))
        parcels.change(act, village.parcels["grass"], {"surveyed_area_m2": "2560000.00", "surveyed_area_mu": area})
        at.commit()


def areas(rows: Scope | Standing) -> set[str]:
    """The surveyed 亩 of all parcels."""
    return {row["surveyed_area_mu"] for batch in told(rows) for row in batch[0]}


def now(store: Store) -> Scope:
    """The whole register, as the log is now."""
    with store.reading() as connection:
        return registry_scope(store, connection)


def test_every_format_is_the_same_to_the_byte_with_and_without_a_copy(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy is a shorter way, not another answer."""
    monkeypatch.setattr(source, "BATCH", 2)
    forms = ("geojson", "shp", "fgb", "parquet")
    with monkeypatch.context() as without:
        without.setattr(fresh, "ready", lambda scope, _told=None: scope)
        plain = {form: export(scope, form, tmp_path / f"{form}-a.{form}").sha256 for form in forms}
    assert not (scope.settings.folder / flat.NAME).exists()
    for _ in ("made", "used"):
        for form in forms:
            path = tmp_path / f"{form}-a.{form}"
            assert export(scope, form, path).sha256 == plain[form], form
    assert (scope.settings.folder / flat.NAME).exists()


def test_copy_of_the_same_state_is_used_and_read_from_nowhere_else(
    scope: Scope, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row is assembled; parcels in the order of codes, with the parcel that has no right."""
    rows = told(scope)
    monkeypatch.setattr(flow, "read_batch", lambda *_asked: pytest.fail("a row was assembled"))
    again = fresh.ready(scope)
    assert isinstance(again, Standing)
    assert told(again) == rows
    assert NEIGHBOUR in {row["parcel_code"] for batch in told(again) for row in batch[0]}


def test_after_an_act_only_what_it_can_reach_is_assembled_anew(
    store: Store, village: Village, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One parcel of six was corrected: its rows are read, and the new area is in the copy."""
    corrected(store, village)
    read, asked = flow.read_batch, []

    def counted(scope: Scope, connection: Any, ids: Any) -> source.Batch:  # noqa: ANN401  (read_batch's own)
        asked.extend(ids)
        return read(scope, connection, ids)

    monkeypatch.setattr(flow, "read_batch", counted)
    found = fresh.ready(now(store))
    assert asked == [village.parcels["grass"]]
    assert areas(found) >= {"3840.00", "750.00"}
    assert "3842.17" not in areas(found)


def test_next_day_begins_what_begins_on_it(store: Store, village: Village, copied: Path) -> None:
    """A correction that is recorded before its day stands from that day on, in an export of that day too."""
    today = store.clock()
    ahead = (today + dt.timedelta(days=2)).date().isoformat()
    corrected(store, village, ahead)

    for days, stands in ((0, "3842.17"), (3, "3840.00"), (0, "3842.17")):
        store.clock = lambda days=days: today + dt.timedelta(days=days)  # type: ignore[misc]  # a clock has no argument
        found = fresh.ready(now(store))
        assert isinstance(found, Standing)
        assert told(found) == told(now(store))
        assert areas(found) & {"3842.17", "3840.00"} == {stands}


def test_what_a_copy_cannot_answer_is_read_from_the_versions(store: Store, village: Village, copied: Path) -> None:
    """What was known earlier, another day than today, a person, a code: and the copy stays as it is."""
    before = copied.read_bytes()
    with store.reading() as connection:
        size = registry_scope(store, connection).head.size
        asked = (
            registry_scope(store, connection, known_at=size - 1),
            registry_scope(store, connection, "2017-01-01"),
            person_scope(store, connection, village.people[0]),
            code_scope(store, connection, NEIGHBOUR),
        )
    assert [fresh.ready(each) for each in asked] == list(asked)
    assert copied.read_bytes() == before


def test_little_of_the_register_is_not_worth_keeping_the_copy_up(
    store: Store, village: Village, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One parcel of a stale copy is read from the versions; where there is no copy, none is made for it."""
    monkeypatch.setattr(fresh, "WORTH_IT", 2)
    corrected(store, village)
    with store.reading() as connection:
        small = box_scope(store, connection, Box(570_000, 4_263_000, 570_100, 4_263_100))
    assert fresh.ready(small) is small
    copied.unlink()
    assert fresh.ready(small) is small
    assert not copied.exists()


def test_box_of_a_copy_meets_parcels_truly_not_by_their_envelopes(store: Store, village: Village, copied: Path) -> None:
    """The corner that a triangle does not fill is not its land; a box that touches it, or lies around it, is asked too."""
    with store.reading() as connection:
        for box in (
            Box(570_900, 4_263_900, 570_990, 4_263_990),
            Box(570_000, 4_263_000, 570_001, 4_263_001),
            Box(560_000, 4_250_000, 590_000, 4_280_000),
            Box(0, 0, 1, 1),
        ):
            asked = box_scope(store, connection, box)
            found = standing(store.settings, asked.valid_at, box=box)
            assert (told(found) if found else []) == told(asked)


def test_command_finds_the_village_in_the_copy_as_the_register_does(
    store: Store, village: Village, copied: Path
) -> None:
    """By 12 digits or 14; what the copy has not, or has no longer, is asked of the register."""
    with store.reading() as connection:
        asked = village_scope(store, connection, VILLAGE)
    for code in (VILLAGE, made_up.VILLAGE_CODE):
        found = standing(store.settings, asked.valid_at, village=code)
        assert found is not None
        assert (told(found), found.head.root) == (told(asked), asked.head.root)
    assert standing(store.settings, asked.valid_at, village="150626999999") is None
    assert standing(store.settings, "2017-01-01", village=VILLAGE) is None
    corrected(store, village)
    assert standing(store.settings, asked.valid_at, village=VILLAGE) is None


def test_log_that_cannot_be_read_at_a_glance_is_left_to_the_register(
    store: Store, copied: Path, tmp_path: Path
) -> None:
    """Another database, or none: no copy is used, and the usual way says what is wrong."""
    assert len(glance(store.settings) or ()) == now(store).head.size
    elsewhere = replace(
        store.settings, folder=tmp_path / "none", url=store.settings.url and f"{store.settings.url}&dbname=none"
    )
    assert glance(elsewhere) is None


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def _flipped(raw: bytes) -> bytes:
    return raw[:1_000] + bytes([raw[1_000] ^ 1]) + raw[1_001:]


@pytest.mark.parametrize("harm", [_cut, _flipped, lambda _raw: b"", lambda raw: raw + b"0", lambda _raw: b"x" * 200])
def test_damaged_copy_is_thrown_away_and_said_for_debugging_only(
    scope: Scope, copied: Path, harm: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """Cut off, one bit turned, empty, longer, none at all: another one is made, the rows are right."""
    whole = copied.read_bytes()
    copied.write_bytes(harm(whole))
    with caplog.at_level(logging.DEBUG):
        assert standing(scope.settings, scope.valid_at) is None
        assert told(fresh.ready(scope)) == told(scope)
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    assert copied.read_bytes() == whole


@pytest.mark.parametrize(
    "other", [{"form": 99}, {"program": "another"}, {"hashes": "0" * 64}, {"organisations": []}, {"size": 10**9}]
)
def test_copy_of_another_program_or_register_is_thrown_away(
    scope: Scope, copied: Path, other: dict[str, Any]
) -> None:
    """Of a newer program, of another log, of collectives that have other names now."""
    found = flat.read(scope.settings)
    assert found is not None
    rows = [each.set_column(0, "parcel_code", pa.array(["another"] * len(each))) for each in found.rows]
    flat.write(scope.settings, lambda: replace(found.stamp, **other), rows)
    assert told(fresh.ready(scope)) == told(scope)


def test_export_goes_on_where_no_copy_can_be_kept(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that takes no file: rows come from the versions, and nothing half written stays."""

    def full(*_asked: Any, **_how: Any) -> None:  # noqa: ANN401  (tempfile's)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("registry.exports.flat.os.fsync", full)
    assert fresh.ready(scope) is scope
    assert [each.name for each in scope.settings.folder.glob(f"*{flat.NAME}*")] == []


def test_collective_renamed_while_a_copy_is_made_leaves_the_older_one(
    scope: Scope, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of both names would stand in one copy for ever."""
    copied.unlink()
    names = iter([[["a", "b", "old"]], [["a", "b", "new"]]])
    monkeypatch.setattr(fresh, "_organisations", lambda _connection: next(names))
    assert fresh.ready(scope) is scope
    assert not copied.exists()


def test_copy_holds_no_personal_value(copied: Path, store: Store, tmp_path: Path) -> None:
    """Canaries of the made-up family, and who holds what: ids of people are not in it either. Others may not read it."""
    raw = copied.read_bytes()
    assert leaked(raw) == []
    assert copied.stat().st_mode & 0o077 == 0
    publish(store, tmp_path / "out")


def test_audit_names_the_parcel_whose_row_was_edited_in_the_copy(store: Store, scope: Scope, copied: Path) -> None:
    """With a digest made anew, which no reader can tell from a right one."""
    assert audit(store).ok
    found = flat.read(store.settings)
    assert found is not None
    (rows,) = found.rows
    mended = rows.column("surveyed_area_mu").to_pylist()
    place = rows.column("land_use").to_pylist().index("grass")
    mended[place] = "9999.99"
    at = rows.schema.get_field_index("surveyed_area_mu")
    edited = rows.set_column(at, "surveyed_area_mu", pa.array(mended))
    flat.write(store.settings, lambda: found.stamp, [edited])
    (finding,) = audit(store).findings
    assert (finding.table, finding.key) == (flat.NAME, (("parcel_id", rows.column("parcel_id")[place].as_py()),))
    assert finding.fields == ("surveyed_area_mu",)
    foreign = rows.set_column(rows.schema.get_field_index("parcel_id"), "parcel_id", pa.array(["x"] * len(rows)))
    flat.write(store.settings, lambda: found.stamp, [foreign])
    assert {finding.fields for finding in audit(store).findings} >= {("parcel_id",)}


@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_gdal_of_this_process_writes_what_its_own_process_writes(scope: Scope, tmp_path: Path, form: str) -> None:
    """`alone`, as the command is: the same rows (a GeoPackage has the moment of writing in it)."""
    import geopandas as gpd  # noqa: PLC0415  (only here)

    (tmp_path / "b").mkdir()
    one = export(scope, form, tmp_path / f"x.{form}")
    two = export(scope, form, tmp_path / "b" / f"x.{form}", alone=True)
    layer = {"layer": "rights"} if form == "gpkg" else {}
    assert gpd.read_file(one.path, **layer).equals(gpd.read_file(two.path, **layer))
    if form == "shp":
        assert one.sha256 == two.sha256


def test_reading_that_fails_within_gdals_process_is_told_as_it_is(
    scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What broke off is what is raised; what GDAL cannot write is a refusal; no file stays."""

    def cannot_write(*_asked: Any, **_how: Any) -> None:  # noqa: ANN401  (pyogrio's own)
        raise OSError(28, "no space")

    def breaks(_rows: Any, told: Callable[[int, int], None]) -> Any:  # noqa: ANN401  (a generator)
        yield from flow.batches(scope, told)
        raise LookupError

    monkeypatch.setattr(write, "_some", breaks)
    with pytest.raises(LookupError):
        export(scope, "shp", tmp_path / "x.shp", alone=True)
    monkeypatch.undo()
    monkeypatch.setattr("gis.gdal_writer.pyogrio.write_arrow", cannot_write)
    with pytest.raises(TargetUnwritable, match="no space"):
        export(scope, "shp", tmp_path / "x.shp", alone=True)
    assert list(tmp_path.glob("x*")) + list(tmp_path.glob(".unfinished*")) == []


def test_bounds_of_a_shape_are_those_of_its_corners() -> None:
    """West, south, east, north; a hole or a second ring changes nothing."""
    import shapely  # noqa: PLC0415  (only here)

    ring = shapely.Polygon([(0, 1), (4, 1), (4, 9), (0, 9)], [[(1, 2), (2, 2), (2, 3)]])
    assert np.array_equal(flat.bounds(pa.array([shapely.to_wkb(ring)], pa.binary())), [[0, 1, 4, 9]])


@pytest.mark.parametrize("form", ["fgb", "parquet"])
def test_command_that_finds_a_copy_loads_no_register_and_no_frames(
    scope: Scope, copied: Path, tmp_path: Path, form: str
) -> None:
    """A process of its own: neither SQLAlchemy nor frames; the file is that of the service."""
    program = (
        "import sys\n"
        "from api.cli.command import main\n"
        f"sys.argv = ['sanquan', 'export', {str(tmp_path / f'x.{form}')!r}, '--format', {form!r}, '--village', {VILLAGE!r},"
        f" '--registry', {str(scope.settings.folder)!r}]\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code\n"
        "print(sorted({'sqlalchemy', 'geoalchemy2', 'pandas', 'geopandas'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    with scope.store.reading() as connection:
        asked = village_scope(scope.store, connection, VILLAGE)
    (tmp_path / "service").mkdir()
    assert export(asked, form, tmp_path / "service" / f"x.{form}").sha256 in done.stdout
    shutil.rmtree(tmp_path / "service")
