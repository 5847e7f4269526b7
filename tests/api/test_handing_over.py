"""Job packages, receipts, sheets and decisions on exceptions over HTTP and at a terminal, on both engines."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from api.settings import ApiSettings
from api.v1 import delivery_models as models
from registry.delivery.job import read_job
from registry.delivery.register import import_delivery
from tests.api.conftest import TOKEN, Caller, caller_of
from tests.registry.delivery.conftest import CLERK, GACHA, copy, sound
from tests.registry.delivery.test_exceptions import explain, overlapping, overlaps, state
from tests.registry.delivery.test_sheets import words
from tests.registry.withdrawal.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Ended
    from tests.registry.delivery.conftest import Copy

__all__ = ["copy", "overlapping", "small", "sound"]
BY = {"name": "张晓梅", "bureau": "农牧业局"}
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler-utils: an outside reader is missing")


@pytest.fixture
def asking(store: Store) -> Iterator[Caller]:
    """The service over an empty registry."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


def _token() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


def zipped(root: Path) -> bytes:
    """A delivery's folder as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(root.parent).as_posix())
    return out.getvalue()


def test_job_package_is_the_commands(store: Store, small: Copy, asking: Caller, tmp_path: Path) -> None:
    """Whole, by its own digests; its own digest is the ETag; an unknown village is a problem."""
    import_delivery(store, small.root, CLERK)
    got = asking.post("/v1/jobs", json={"villages": [GACHA], "deadline": "2026-12-31"}, headers=_token())
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    (tmp_path / "job.zip").write_bytes(got.content)
    job = read_job(tmp_path / "job.zip")
    assert (f'"{job.digest}"', job.deadline, set(job.villages)) == (got.headers["etag"], "2026-12-31", {GACHA})
    unknown = asking.post("/v1/jobs", json={"villages": ["150626100999"], "deadline": "2026-12-31"}, headers=_token())
    assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:sanquan:problem:village-not-found")
    assert asking.post("/v1/jobs", json={"villages": [GACHA], "deadline": "2026-12-31"}).status_code == 401


@needs_poppler
def test_receipt_over_http_names_who_brought_it_and_the_job(
    store: Store, small: Copy, asking: Caller, tmp_path: Path
) -> None:
    """By a form: the name is in no address. What is no delivery or no job is a problem."""
    content_hash = import_delivery(store, small.root, CLERK).content_hash
    job = asking.post("/v1/jobs", json={"villages": [GACHA], "deadline": "2026-12-31"}, headers=_token()).content
    files = {"files": ("成果.zip", zipped(small.root)), "job": ("job.zip", job)}
    got = asking.post("/v1/receipts", files=files, data={"by": "某某测绘"}, headers=_token())
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    said = words(got.content, tmp_path)
    (tmp_path / "job.zip").write_bytes(job)
    for fact in (content_hash, "某某测绘", read_job(tmp_path / "job.zip").digest):
        assert fact in said
    for wrong, name in (
        ({"files": ("x.zip", b"no zip")}, "nothing-to-receive"),
        ({"files": ("成果.zip", zipped(small.root)), "job": ("job.zip", b"no zip")}, "job-unreadable"),
        ({"job": ("job.zip", job)}, "invalid-input"),
        ({"files": ("x.rar", b"x")}, "invalid-input"),
    ):
        refused = asking.post("/v1/receipts", files=wrong, data={"by": "某某测绘"}, headers=_token())
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:sanquan:problem:{name}")
    assert asking.post("/v1/receipts", files=files, headers=_token()).status_code == 422
    assert asking.post("/v1/receipts", json={}, headers=_token()).status_code == 422


def _sheets(asking: Caller, root: Path, **more: Any) -> dict[str, bytes]:  # noqa: ANN401  (files)
    got = asking.post("/v1/village-sheets", files={"files": ("成果.zip", zipped(root)), **more}, headers=_token())
    assert got.status_code == 200, got.json()
    with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@needs_poppler
def test_exception_is_decided_over_http_and_the_sheet_says_so(
    store: Store, overlapping: Copy, asking: Caller, tmp_path: Path
) -> None:
    """Waiting, refused with its reason, explained anew, approved: sheets follow; nothing of a signer is answered."""
    (overlapping.tables / "户籍.csv").unlink()
    explain(overlapping, *overlaps(store, overlapping))
    import_delivery(store, overlapping.root, CLERK)
    listed = asking.get(f"/v1/exceptions?village={GACHA}&state=waiting", headers=_token())
    waiting = models.Exceptions.model_validate(listed.json()).exceptions
    assert {one.village for one in waiting} == {GACHA}
    assert "丁戊己" not in listed.text
    assert "共用井路" not in listed.text
    assert asking.get("/v1/exceptions?state=approved", headers=_token()).json() == {"exceptions": []}
    assert asking.get(f"/v1/exceptions?village={GACHA}00", headers=_token()).json() == listed.json()
    sent: dict[str, Any] = {"approved": False, "reason": "照片看不出围栏", "officer": BY}
    for one in waiting:
        sent["exception"] = one.id
        done = asking.post("/v1/exceptions/decisions", json=sent, headers=_token())
        assert (done.status_code, models.Exception_.model_validate(done.json()).state) == (201, "refused")
    again = asking.post("/v1/exceptions/decisions", json=sent, headers=_token())
    assert (again.status_code, again.json()["type"]) == (409, "urn:sanquan:problem:already-decided")
    for wrong, status in (({"exception": "0" * 64}, 404), ({"reason": " "}, 422)):
        assert asking.post("/v1/exceptions/decisions", json=sent | wrong, headers=_token()).status_code == status
    sheets = _sheets(asking, overlapping.root)
    assert "照片看不出围栏" in words(sheets[f"退件单-{GACHA}.pdf"], tmp_path)
    verdict = import_delivery(store, overlapping.root, CLERK, check_only=True).verdict()
    with_last = _sheets(asking, overlapping.root, last=("last.json", verdict))
    assert sha256(with_last[f"退件单-{GACHA}.pdf"]).digest() != sha256(sheets[f"退件单-{GACHA}.pdf"]).digest()
    bad = {"files": ("成果.zip", zipped(overlapping.root)), "last": ("last.json", b"{}")}
    refused = asking.post("/v1/village-sheets", files=bad, headers=_token())
    assert refused.json()["type"] == "urn:sanquan:problem:verdict-unreadable"
    (overlapping.root / "其他资料" / "围栏.jpg").write_bytes(b"a better photo")
    import_delivery(store, overlapping.root, CLERK)
    for new in asking.get("/v1/exceptions?state=waiting", headers=_token()).json()["exceptions"]:
        sent = {"exception": new["id"], "approved": True, "reason": "看过", "officer": BY}
        assert asking.post("/v1/exceptions/decisions", json=sent, headers=_token()).status_code == 201
    assert f"验收单-{GACHA}.pdf" in _sheets(asking, overlapping.root)
    assert state(import_delivery(store, overlapping.root, CLERK)) == "registered"


def test_exception_is_decided_at_a_terminal(store: Store, overlapping: Copy, command: Callable[..., Ended]) -> None:
    """List, show in clear, approve, refuse; a decision without a reason or of nothing is refused."""
    (overlapping.tables / "户籍.csv").unlink()
    explain(overlapping, *overlaps(store, overlapping))
    told = command("import", str(overlapping.root))
    assert (told.code, "条例外说明等审批" in told.out) == (1, True)
    listed = command("exception", "list", "--state", "waiting", "--village", GACHA, "--json")
    ids = [one["id"] for one in listed.json["exceptions"]]
    assert "等审批" in command("exception", "list").out
    told = command("exception", "show", ids[0])
    assert all(word in told.out for word in ("共用井路", "丁戊己", "2026-01-10"))
    assert (command("exception", "show", "x").code, command("exception", "approve", "x", "--reason", "看过").code) == (2, 2)
    assert command("exception", "refuse", ids[0], "--reason", "长" * 300).code == 2
    refused = command("exception", "refuse", ids[0], "--reason", "看不出", "--json")
    assert json.loads(refused.out)["state"] == "refused"
    assert command("exception", "approve", ids[0], "--reason", "看过").code == 2
    for one in ids[1:]:
        assert "批准" in command("exception", "approve", one, "--reason", "看过").out
    assert "看不出" in command("exception", "list", "--state", "refused").out
