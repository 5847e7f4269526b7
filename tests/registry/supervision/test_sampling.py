"""Is a month drawn once, by the number that was sealed before, and does a stranger draw the same from the published log?"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry import witnessing
from registry.audit import audit
from registry.china import CHINA
from registry.ledger import drawing, publishing
from registry.ledger import read as ledger
from registry.ledger.drawing import hash_of
from registry.ledger.published import Folder, UnreadableLogError
from registry.ledger.publishing import policy_text
from registry.ledger.publishing.appending import append_keys
from registry.ledger.verify.note import parse_policy
from registry.supervision import redrawing, sampling
from registry.supervision.refusals import (
    AnotherNumberError,
    DrawnAlreadyError,
    ListGoneError,
    NothingCosignedError,
    NotSealedError,
    NotTheMonthBeforeError,
    SampleMalformedError,
    SampleRefusedError,
    SealedAlreadyError,
)
from registry.witness.stick import cosign
from tests.registry import made_up
from tests.registry.witnessing.conftest import both, witnessed_file, witnessed_postgis

if TYPE_CHECKING:
    from registry.supervision.redrawing import Redrawn
    from tests.registry.witnessing.conftest import Both

__all__ = ["both", "witnessed_file", "witnessed_postgis"]
NUMBER = secrets.token_hex(32)


@dataclass
class Bureau:
    """The registry and the witness with one clock that a test sets; sticks go between them."""

    both: Both
    folder: Path
    now: dt.datetime
    sticks: int = 0

    def __post_init__(self) -> None:
        first = drawing.month_of(f"{self.now:%Y-%m-%dT%H:%M:%SZ}")
        after = dt.date.fromisoformat(f"{first}-01")
        self.months = [first, *(f"{after + dt.timedelta(days=days):%Y-%m}" for days in (32, 63))]
        self.both.store.clock = lambda: self.now

    @property
    def month(self) -> str:
        """The month that is to be drawn: the one after the first."""
        return self.months[1]

    def to_next_month(self) -> None:
        """Its third day, at nine in China."""
        local = self.now.astimezone(CHINA)
        first = (local.replace(day=1) + dt.timedelta(days=32)).replace(day=3, hour=9)
        self.now = first.astimezone(dt.UTC)

    def cosigned(self) -> int:
        """Publish, take the stick to the bureau and back; the size that is cosigned."""
        store = self.both.store
        publishing.publish(store)
        self.sticks += 1
        stick = self.folder / f"stick{self.sticks}"
        witnessing.write_out(store, stick)
        assert cosign(replace(self.both.witness, now=lambda: int(self.now.timestamp())), stick).cosigned
        return witnessing.bring_back(store, stick).size

    def redraw(self) -> Redrawn:
        """As a stranger does, after the last publication."""
        with self.both.store.reading() as connection:
            policy = parse_policy(policy_text(connection))
        return redrawing.redraw(Folder(self.both.store.settings.published), self.month, policy)


@pytest.fixture
def bureau(both: Both, tmp_path: Path) -> Bureau:
    """One settlement that stands, nothing sealed; the tenth of a month after the history was made."""
    made = dt.datetime.now(dt.UTC)
    local = (made.astimezone(CHINA).replace(day=1) + dt.timedelta(days=40)).replace(day=10, hour=9)
    bureau = Bureau(both, tmp_path, local.astimezone(dt.UTC))
    bureau.cosigned()
    return bureau


def size(bureau: Bureau) -> int:
    """How many entries the log has."""
    with bureau.both.store.reading() as connection:
        return ledger.size(connection)


@pytest.mark.rule("STAT/monthly-sample")
def test_a_stranger_draws_the_same_families(bureau: Bureau) -> None:
    """Sealed in one month, drawn in the next by its first cosigned head, drawn again from the folder; the audit is clean."""
    store = bureau.both.store
    sealed = sampling.seal(store, bureau.month, hash_of(NUMBER))
    assert sealed.k == 5
    bureau.to_next_month()
    first = bureau.cosigned()
    made_up.settle(store, bureau.both.village, "2019-06-01")
    bureau.now += dt.timedelta(days=1)
    assert bureau.cosigned() > first
    drawn = sampling.draw(store, bureau.month, NUMBER)
    assert drawn.reveal is not None
    assert drawn.reveal.size == first
    bureau.cosigned()
    found = bureau.redraw()
    assert found.faults == ()
    assert found.drawn == tuple(one.id for one in drawn.families)
    assert len(found.drawn) == min(5, sealed.n)
    assert all(one.people for one in drawn.families)
    assert audit(store).ok
    assert sampling.sample(store, bureau.month) == drawn


def test_nothing_is_sealed_or_drawn_twice_or_out_of_its_month(bureau: Bureau) -> None:
    """Each refusal leaves the log as it was; the first seal and the first draw stand."""
    store, month = bureau.both.store, bureau.month
    before = size(bureau)
    for wrong in (bureau.months[0], bureau.months[2], drawing.month_before(bureau.months[0])):
        with pytest.raises(NotTheMonthBeforeError):
            sampling.seal(store, wrong, hash_of(NUMBER))
    for month_, number in ((month, "x"), ("2026-13", hash_of(NUMBER)), (month, hash_of(NUMBER).upper())):
        with pytest.raises(SampleMalformedError):
            sampling.seal(store, month_, number)
    with pytest.raises(NotSealedError):
        sampling.draw(store, month, NUMBER)
    assert size(bureau) == before
    sampling.seal(store, month, hash_of(NUMBER))
    kept = (store.settings.published / drawing.FOLDER / month).read_bytes()
    with pytest.raises(SealedAlreadyError):
        sampling.seal(store, month, hash_of("00" * 32))
    assert (store.settings.published / drawing.FOLDER / month).read_bytes() == kept
    with pytest.raises(NothingCosignedError):
        sampling.draw(store, month, NUMBER)
    bureau.to_next_month()
    with pytest.raises(NothingCosignedError):
        sampling.draw(store, month, NUMBER)
    bureau.cosigned()
    for wrong in ("00" * 32, "x"):
        with pytest.raises((AnotherNumberError, SampleMalformedError)):
            sampling.draw(store, month, wrong)
    sampling.draw(store, month, NUMBER)
    with pytest.raises(DrawnAlreadyError):
        sampling.draw(store, month, NUMBER)


def test_a_number_that_was_never_revealed_in_its_month_is_lost(bureau: Bureau) -> None:
    """Whoever waits until the heads of two months are known gets nothing."""
    store = bureau.both.store
    sampling.seal(store, bureau.month, hash_of(NUMBER))
    bureau.to_next_month()
    bureau.cosigned()
    bureau.to_next_month()
    bureau.cosigned()
    with pytest.raises(SampleRefusedError):
        sampling.draw(store, bureau.month, NUMBER)
    assert not bureau.redraw().ok


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        ("another-list", "the list is not the one that was sealed"),
        ("second-seal", "2 numbers are sealed"),
        ("second-draw", "was drawn 2 times"),
        ("late-seal", "was not sealed in the month before"),
        ("another-head", "the head is not the one that was named"),
        ("head-before", "was cosigned earlier in that month"),
    ],
)
def test_whoever_cheats_is_found_by_the_stranger(bureau: Bureau, lie: str, says: str) -> None:
    """The owner of the log writes what our own program refuses to: each lie is named from the public log."""
    store, month = bureau.both.store, bureau.month
    folder = store.settings.published / drawing.FOLDER
    if lie == "late-seal":
        bureau.to_next_month()
        raw = drawing.listed([])
        seal = drawing.Seal(0, "", month, hash_of(NUMBER), 0, sha256(raw).hexdigest(), 5)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / month).write_bytes(raw)
        append_keys(store, [seal.line])
        head = bureau.cosigned()
        (folder / f"{month}.checkpoint").write_bytes(witnessing.best(store))
        append_keys(store, [drawing.Reveal(0, "", month, NUMBER, head).line])
    else:
        sealed = sampling.seal(store, month, hash_of(NUMBER))
        bureau.to_next_month()
        early = bureau.cosigned()
        if lie == "head-before":
            made_up.settle(store, bureau.both.village, "2019-06-01")
            bureau.now += dt.timedelta(days=1)
            later = bureau.cosigned()
            assert later > early
            (folder / f"{month}.checkpoint").write_bytes(witnessing.best(store))
            append_keys(store, [drawing.Reveal(0, "", month, NUMBER, later).line])
        else:
            sampling.draw(store, month, NUMBER)
        if lie == "another-list":
            (folder / month).write_bytes(drawing.listed([*(folder / month).read_text().split(), "A" * 43]))
            with pytest.raises(ListGoneError):
                sampling.sample(store, month)
            assert [one.table for one in audit(store).findings if "sample" in str(one.key)]
        if lie == "second-seal":
            append_keys(store, [sealed.line])
        if lie == "second-draw":
            append_keys(store, [drawing.Reveal(0, "", month, NUMBER, early).line])
    bureau.now += dt.timedelta(days=1)
    bureau.cosigned()
    if lie == "another-head":
        (folder / f"{month}.checkpoint").write_bytes(witnessing.best(store))
    found = bureau.redraw()
    assert any(says in en for _, en in found.faults), found.faults
    assert not found.ok


def test_a_month_that_nobody_sealed_is_no_sample_and_a_missing_file_is_said(bureau: Bureau) -> None:
    """The stranger is told what is missing; a list that is gone is no draw."""
    assert [en for _, en in bureau.redraw().faults] == [f"no number is sealed for {bureau.month} in the log"]
    store = bureau.both.store
    sampling.seal(store, bureau.month, hash_of(NUMBER))
    bureau.cosigned()
    assert "not revealed" in bureau.redraw().faults[0][1]
    assert bureau.redraw().drawn == ()
    bureau.to_next_month()
    bureau.cosigned()
    sampling.draw(store, bureau.month, NUMBER)
    bureau.cosigned()
    (store.settings.published / drawing.FOLDER / bureau.month).unlink()
    with pytest.raises(UnreadableLogError):
        bureau.redraw()
    with pytest.raises(ListGoneError):
        sampling.sample(store, bureau.month)
