"""A paper kept at the terminal, or sent to the service, comes back to the byte; its content hash is what names it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from api.cli.command import run
from api.v1 import models
from registry import sources
from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from registry.store.engines import Store
    from tests.api.conftest import Caller


def test_paper_added_at_the_terminal_comes_back_by_its_hash(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sanquan source add` names a paper by its SHA-256; `source get` writes it back, on both engines."""
    paper = tmp_path / "consent.txt"
    paper.write_bytes("同意".encode())
    here = ["--registry", str(store.settings.folder)]
    assert run(["source", "add", str(paper), "--kind", "consent", "--dated", "2016-11-30", *here]) == 0
    name = capsys.readouterr().out.strip()
    assert name == hashlib.sha256(paper.read_bytes()).hexdigest()
    back = tmp_path / "back.txt"
    assert run(["source", "get", name, str(back), *here]) == 0
    assert back.read_bytes() == paper.read_bytes()
    assert run(["source", "get", "0" * 64, str(back), *here]) == 2


def test_paper_sent_to_the_service_is_kept_under_its_hash(
    store: Store, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the token, one scan; the same again is one paper; it is given back by no route; too large is a problem."""
    scan, about = b"%PDF-1.7 made up", {"kind": "合同", "dated": "2016-11-30"}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    sent = {"files": [("files", ("合同.pdf", scan))], "params": about}
    assert caller.post("/v1/sources", **sent).status_code == 401
    first, again = (caller.post("/v1/sources", headers=bearer, **sent) for _ in range(2))
    assert first.status_code == 200, first.text
    name = models.KeptSource.model_validate(first.json()).content_hash
    assert (name, again.json()) == (hashlib.sha256(scan).hexdigest(), first.json())
    with store.reading() as connection:
        kept = sources.describe(store, connection, name)
    assert (kept.kind, kept.dated, kept.size_bytes) == ("合同", "2016-11-30", len(scan))
    assert sources.open_source(store, kept.content_hash) == scan
    for wrong in ({"dated": "2016-13-01"}, {"kind": ""}, {"kind": "合\0同"}, {"kind": "合同\n"}):
        assert caller.post("/v1/sources", headers=bearer, **(sent | {"params": about | wrong})).status_code == 422
    assert caller.post("/v1/sources", headers=bearer, files=[("files", ("x.exe", scan))], params=about).status_code == 422
    assert caller.get(f"/v1/sources/{kept.content_hash}", headers=bearer).status_code == 404
    monkeypatch.setattr(sources, "_MAX_BYTES", 10)
    assert caller.post("/v1/sources", headers=bearer, **sent).status_code == 413
