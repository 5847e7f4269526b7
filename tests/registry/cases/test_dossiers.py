"""The dossier of a case: every step in its order, every paper with its digest, and everybody it touches reads who had it made."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest

from registry.cases import Actor, NoSuchCaseError, NotByYouError, dossier_of
from registry.looks.reading import looks
from registry.papers import PurposeMissingError
from tests.registry.cases.walking import PAPER, WILL

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.cases.walking import Walker

KIND = "representative-changed"
FORESTER = Actor("lin", "林青", "林业局", "forestry")


def read(pdf: bytes) -> str:
    """The words of all pages, spaces left out."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_dossier_tells_the_whole_way_of_a_case_to_a_judge(store: Store, walker: Walker) -> None:
    """Each step with its entry, whose will was given, both papers with their digests, and where the act stands."""
    case_id = walker.walk(KIND, walker.example(KIND))
    case, _, _ = walker.look(case_id)
    story = read(dossier_of(store, case_id, walker.first, "法院调卷", reader="paper"))
    for words in ("变更承包方代表", "给法官的说明", PAPER, WILL, "达楞太", "张晓梅", "登簿"):
        assert words in story
    act = next(step.act_idx for step in case.steps if step.act_idx is not None)
    assert f"登记在账本第{act}条" in story
    assert all(str(step.entry_idx) in story for step in case.steps)
    for person in case.last("noticed").said["people"]:  # type: ignore[union-attr]  # it was walked to its end
        assert "dossier" in [look.what for look in looks(store, [person])]


def test_masked_dossier_names_nobody(store: Store, walker: Walker) -> None:
    """Where nobody signs in: what names people, and what a step said in its own words, is left out; the digests stand."""
    case_id = walker.walk(KIND, walker.example(KIND), until="reviewed")
    story = read(dossier_of(store, case_id, walker.first, "复核", reader="desk"))
    assert PAPER in story
    assert not [name for name in ("达楞太", "斯琴", "张晓梅") if name in story]


def test_what_is_missing_stands_on_the_first_page(store: Store, walker: Walker) -> None:
    """A case that waits for wills says so to whoever reads nothing else."""
    case_id = walker.walk(KIND, walker.example(KIND), until="noticed")
    story = read(dossier_of(store, case_id, walker.first, "复核", reader="paper"))
    assert "还没有登记" in story
    assert "没有告知到" in story


def test_only_the_desk_has_it_made_and_only_for_a_purpose(store: Store, walker: Walker) -> None:
    """Whoever may not see the case is told that there is none."""
    case_id = walker.open(KIND, walker.example(KIND))
    with pytest.raises(NoSuchCaseError):
        dossier_of(store, case_id, walker.second, "看看", reader="paper")
    with pytest.raises(PurposeMissingError):
        dossier_of(store, case_id, walker.first, " ", reader="paper")
    walker.step(case_id, "submitted")
    with pytest.raises((NoSuchCaseError, NotByYouError)):
        dossier_of(store, case_id, FORESTER, "看看", reader="paper")
