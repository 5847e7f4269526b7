"""Evidence is cleaned before it is kept, both hashes are stated, and no door lets it go while anything may rest on it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import sources
from registry.audit import audit
from registry.evidence import keeping
from registry.evidence.apart import EvidenceRefused
from registry.evidence.keeping import EvidenceUndescribedError
from registry.evidence.model import EVIDENCE
from registry.ledger.commit import Officer
from registry.looks.reading import looks
from registry.papers import PurposeMissingError
from registry.store.engines import owner_engine
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from registry.store.engines import Store

CLERK = Officer("经办人甲", "农牧业局")


def receive(store: Store, content: bytes, about: str = "") -> keeping.Piece:
    """A photograph as the clerk brings it."""
    return keeping.receive(store, CLERK, content, kind="照片", dated="2026-11-20", about=about)


def test_both_hashes_are_stated_and_the_kept_file_is_the_one_that_is_cited(store: Store) -> None:
    """Issue 7, item 5: the file as it came is named by its hash, what is kept by its own; the position is in neither."""
    came = hostile.photograph()
    piece = receive(store, came, "西梁的围栏")
    assert piece.original_hash == hashlib.sha256(came).hexdigest()
    kept = sources.open_source(store, piece.content_hash)
    assert hashlib.sha256(kept).hexdigest() == piece.content_hash
    assert not piece.unchanged
    assert hostile.CANARY not in kept
    with store.reading() as connection:
        known = sources.describe(store, connection, piece.content_hash)
        (stated,) = keeping.pieces(store, connection, piece.content_hash)
    assert (known.kind, known.about, known.size_bytes) == ("照片", "西梁的围栏", len(kept))
    assert stated.stated["taken"] == "2026-11-20T09:12:00+08:00"
    assert {zh for zh, _ in stated.removed} == {"拍摄位置", "拍摄设备", "其他附带信息"}
    assert "西梁" not in repr(stated)


def test_nothing_of_it_lies_open_on_the_disk(store: Store) -> None:
    """File and description are sealed: a copy of the folder and of the database names nobody."""
    piece = receive(store, hostile.pdf(content=b"(Wuyun) Tj"), "乌云")
    assert b"Wuyun" not in (store.settings.sources / piece.content_hash).read_bytes()
    with store.reading() as connection:
        row = connection.execute(sa.select(EVIDENCE)).mappings().one()
    assert "乌云".encode() not in bytes(row["sealed"])


def test_same_file_twice_is_one_piece_and_two_files_may_be_kept_as_one_source(store: Store) -> None:
    """Brought again it is answered as at first; two originals of the same pixels are two pieces of one source."""
    first = receive(store, hostile.photograph())
    assert receive(store, hostile.photograph(), "again").original_hash == first.original_hash
    bare = sources.open_source(store, receive(store, hostile.saved(hostile.picture(), "PNG")).content_hash)
    other = hostile.saved(hostile.picture(), "PNG") + b"behind"
    second = receive(store, other)
    assert second.content_hash == hashlib.sha256(bare).hexdigest()
    with store.reading() as connection:
        assert len(keeping.pieces(store, connection, second.content_hash)) == 2
        assert len(keeping.pieces(store, connection, first.content_hash)) == 1


@pytest.mark.parametrize("name", ["nothing", "svg with a script", "pdf with a password", "jpeg cut short"])
def test_refused_file_leaves_nothing_behind(store: Store, name: str) -> None:
    """Refused as a unit: no row, no file."""
    make = next(make for each, make, _ in hostile.CORPUS if each == name)
    with pytest.raises(EvidenceRefused):
        receive(store, make())
    assert list(store.settings.sources.iterdir()) == []
    with store.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(EVIDENCE)) == 0


@pytest.mark.parametrize(("kind", "about"), [("", ""), ("  ", ""), ("纸" * 41, ""), ("照片", "字" * 201)])
def test_paper_that_nobody_describes_is_refused(store: Store, kind: str, about: str) -> None:
    """Its kind is asked for, in a few words."""
    with pytest.raises(EvidenceUndescribedError):
        keeping.receive(store, CLERK, hostile.pdf(), kind=kind, dated="2026-11-20", about=about)


def test_reading_asks_for_a_purpose_and_is_written_down(store: Store) -> None:
    """Issue 7, item 9: who opened which paper, for what; without a purpose nobody does."""
    piece = receive(store, hostile.pdf())
    with pytest.raises(PurposeMissingError):
        keeping.read(store, CLERK, piece.content_hash, " ")
    known, content, media_type = keeping.read(store, CLERK, piece.content_hash, "复核异议")
    assert (known.content_hash, media_type) == (piece.content_hash, "application/pdf")
    assert hashlib.sha256(content).hexdigest() == piece.content_hash
    (look,) = looks(store, [piece.content_hash])
    assert (look.what, look.officer, look.purpose) == ("source", "经办人甲", "复核异议")


def test_audit_names_a_file_that_is_gone_or_altered(store: Store) -> None:
    """Evidence is never deleted: whoever does it behind the register's back is found, by the paper's hash."""
    gone, altered, whole = (receive(store, hostile.pdf(content=b"0 0 m %d 9 l S" % n)) for n in range(3))
    assert audit(store).findings == ()
    (store.settings.sources / gone.content_hash).unlink()
    path = store.settings.sources / altered.content_hash
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    found = audit(store).findings
    assert {finding.zh[:64] for finding in found} == {gone.content_hash, altered.content_hash}
    assert whole.content_hash not in {finding.zh[:64] for finding in found}


def test_row_of_evidence_is_neither_updated_nor_deleted(store: Store) -> None:
    """Append-only, whoever asks, the owner of the database too."""
    receive(store, hostile.pdf())
    engine = owner_engine(store.settings)
    for statement in (sa.update(EVIDENCE).values(original_bytes=1), sa.delete(EVIDENCE)):
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(statement)
    engine.dispose()
