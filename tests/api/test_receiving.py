"""What the counter prints when a delivery changes hands: a receipt, then a sheet for each village."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.registry.delivery.conftest import FARMERS, GACHA, OTHER_GACHA, SAMPLES

if TYPE_CHECKING:
    from tests.api.conftest import Ended

FAULTY = SAMPLES / "faults" / "150626乌审旗"
SOUND = SAMPLES / "delivery" / "150626乌审旗"
AS_OF = ("--as-of", "2026-01-15")


def test_receipt_is_printed_for_who_brought_it(command: Callable[..., Ended], tmp_path: Path) -> None:
    """A PDF, its content hash on the screen; a folder that is no delivery gets none."""
    out = tmp_path / "receipt.pdf"
    ended = command("receipt", str(FAULTY), "-o", str(out), "--by", "某某测绘公司", *AS_OF)
    assert ended.code == 0, ended.err
    assert out.read_bytes().startswith(b"%PDF")
    report = command("inspect", str(FAULTY), *AS_OF, "--json").json
    assert report["content_hash"] in ended.out
    assert command("receipt", str(SAMPLES), "-o", str(tmp_path / "no.pdf"), "--by", "甲").code == 2
    assert not (tmp_path / "no.pdf").exists()


def test_inspection_and_import_write_a_sheet_for_each_village(command: Callable[..., Ended], tmp_path: Path) -> None:
    """Return sheets at the first time, acceptance sheets when all is mended; a false verdict is refused before anything."""
    verdict, sheets = tmp_path / "verdict.json", tmp_path / "sheets"
    assert command("inspect", str(FAULTY), *AS_OF, "--report", str(verdict), "--sheets", str(sheets)).code == 1
    assert {path.name for path in sheets.iterdir()} == {
        f"验收单-{GACHA}.pdf", f"退件单-{OTHER_GACHA}.pdf", f"退件单-{FARMERS}.pdf",
    }  # fmt: skip
    again = ("import", str(SOUND), "--check", "--sheets", str(tmp_path / "again"), "--last")
    assert command(*again, str(FAULTY.parent / "FAULTS.csv")).code == 2
    assert not (tmp_path / "again").exists()
    command(*again, str(verdict))
    assert len(list((tmp_path / "again").iterdir())) == 3
