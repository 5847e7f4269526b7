"""A paper is cleaned and kept through both doors, told by both its hashes, and opened only for a purpose that is logged."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from api.v1 import evidence_models as models
from registry.looks.reading import looks
from tests.api.conftest import TOKEN
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended

BEARER = {"Authorization": f"Bearer {TOKEN}"}
SAID = {"kind": "照片", "dated": "2026-11-20", "officer": "经办人甲", "bureau": "农牧业局"}
WHY = {"purpose": "复核异议", "officer": "经办人甲", "bureau": "农牧业局"}


def sent(caller: Caller, content: bytes, name: str = "x.jpg", **said: str) -> httpx.Response:
    """A form with one file."""
    return caller.post("/v1/sources", files={"file": (name, content)}, data={**SAID, **said}, headers=BEARER)


def test_paper_is_kept_told_and_opened_over_http(caller: Caller, store: Store) -> None:
    """Both hashes are told; the content is an attachment that nothing may keep; who opened it, and why, is written down."""
    came = hostile.photograph()
    kept = sent(caller, came, about="西梁的围栏")
    assert kept.status_code == 201, kept.text
    told = models.SourceTold.model_validate(kept.json())
    assert told.came[0].original_hash == hashlib.sha256(came).hexdigest() != told.content_hash
    assert {each.what for each in told.came[0].removed} == {"position", "device", "metadata"}
    again = caller.get(f"/v1/sources/{told.content_hash}", headers=BEARER)
    assert models.SourceTold.model_validate(again.json()) == told
    assert "西梁" not in kept.text + again.text
    opened = caller.post(f"/v1/sources/{told.content_hash}/content", json=WHY, headers=BEARER)
    assert hashlib.sha256(opened.content).hexdigest() == told.content_hash
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["content-type"] == "application/octet-stream"
    assert opened.headers["content-disposition"] == f'attachment; filename="{told.content_hash[:16]}.jpg"'
    with Image.open(io.BytesIO(opened.content)) as picture:
        assert not picture.getexif()
    (look,) = looks(store, [told.content_hash])
    assert (look.officer, look.bureau, look.purpose) == ("经办人甲", "农牧业局", "复核异议")


@pytest.mark.parametrize(
    "trick", ["svg with a script", "zip called pdf, or a docx", "pdf with a password", "png of 3600 million pixels"]
)
def test_hostile_file_is_a_problem_that_says_what_to_do(caller: Caller, store: Store, trick: str) -> None:
    """Hazards C10: 4xx with a reason, whatever the file is called; nothing is kept."""
    make = next(make for name, make, _ in hostile.CORPUS if name == trick)
    for name in ("scan.pdf", "photo.jpg", "../../etc/passwd", "无名"):
        got = sent(caller, make(), name)
        assert got.status_code == 422, got.text
        assert got.json()["type"] == "urn:sanquan:problem:evidence-refused"
    assert list(store.settings.sources.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"data": SAID}, 422),
        ({"files": {"file": ("a", b"x")}, "data": {**SAID, "dated": "2026-02-30"}}, 422),
        ({"files": {"file": ("a", b"x")}, "data": {**SAID, "kind": ""}}, 422),
        ({"files": {"file": ("a", b"x")}, "data": {**SAID, "about": "字" * 201}}, 422),
        ({"files": {"wrong": ("a", b"x")}, "data": SAID}, 422),
        ({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))], "data": SAID}, 400),
        ({"content": b"x", "headers": {"content-type": "application/pdf"}}, 422),
    ],
)
def test_form_that_is_not_whole_is_refused(caller: Caller, form: dict[str, Any], status: int) -> None:
    """One file and its texts; anything else is told by a problem, never by a failure of ours."""
    form["headers"] = {**form.get("headers", {}), **BEARER}
    got = caller.post("/v1/sources", **form)
    assert got.status_code in {status, 422}, got.text
    assert got.headers["content-type"] == "application/problem+json"


def test_papers_are_shown_to_nobody_without_the_token_or_a_purpose(caller: Caller) -> None:
    """A hash opens nothing by itself; an unknown one is told as such to whoever may ask."""
    name = sent(caller, hostile.pdf()).json()["content_hash"]
    assert caller.get(f"/v1/sources/{name}").status_code == 401
    assert caller.post(f"/v1/sources/{name}/content", json=WHY).status_code == 401
    assert caller.post("/v1/sources", files={"file": ("a", b"x")}, data=SAID).status_code == 401
    assert caller.post(f"/v1/sources/{name}/content", json=WHY | {"purpose": " "}, headers=BEARER).status_code == 422
    for unknown in ("0" * 64, "x"):
        assert caller.get(f"/v1/sources/{unknown}", headers=BEARER).status_code == 422


def test_paper_added_at_the_terminal_comes_back_by_its_hash(command: Callable[..., Ended], tmp_path: Path) -> None:
    """`sanquan source add` prints the hash by which a paper is cited; `get` writes that very file, for a purpose."""
    paper, back = tmp_path / "同意书.jpg", tmp_path / "back.jpg"
    paper.write_bytes(hostile.photograph())
    done = command("source", "add", str(paper), "--kind", "consent", "--dated", "2016-11-30")
    assert done.code == 0, done.err
    name = done.out.strip()
    assert hashlib.sha256(paper.read_bytes()).hexdigest() in done.err
    assert "拍摄位置" in done.err
    assert command("source", "get", name, str(back), "--purpose", "复核").code == 0
    assert hashlib.sha256(back.read_bytes()).hexdigest() == name
    assert models.SourceTold.model_validate(command("source", "show", name).json).kind == "consent"
    assert command("source", "get", "0" * 64, str(back), "--purpose", "复核").code == 2
    assert command("source", "get", name, str(back), "--purpose", "").code == 2
    again = command("source", "add", str(paper), "--kind", "consent", "--dated", "2016-11-30", "--json")
    assert models.SourceTold.model_validate(again.json).content_hash == name


@pytest.mark.parametrize("content", [b"", "同意".encode(), b"%PDF-1.7 broken"])
def test_file_that_is_no_evidence_is_refused_at_the_terminal(command: Callable[..., Ended], tmp_path: Path, content: bytes) -> None:
    """With 2 and a sentence in both languages."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(content)
    done = command("source", "add", str(paper), "--kind", "consent", "--dated", "2016-11-30")
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 2
