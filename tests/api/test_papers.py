"""A paper kept at the terminal comes back to the byte; the command prints its content hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from api.cli.command import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from registry.store.engines import Store


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
