"""卷宗: chronological, with one page for the judge, and every digest on it; nothing that is cited is left off."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdf
import pytest
from PIL import Image

from registry.dossier import Dossier, DossierEmpty, Exhibit, Step, dossier_pdf, exhibits_of
from registry.dossier.making import dossier_pictures
from registry.evidence.keeping import receive
from registry.ledger.commit import Officer
from registry.sources import SourceMissingError, keep
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from registry.store.engines import Store

PHOTO, LETTER = "a1" * 32, "b2" * 32
MADE = Dossier(
    title="延包异议",
    number="2026-异-17",
    summary=("2026 年延包名册上没有斯琴家，她提出异议。", "登记库里她 1998 年以来一直是共有人。"),
    facts=(("申请人", "斯琴"), ("地块", "1506261042130000007")),
    steps=(
        Step("2026-12-05T01:30:00Z", "白音", "农牧业局", "受理异议，名册上这一户停下", 512, (LETTER,)),
        Step("2026-11-20", "嘎查达", "巴图湾村", "名册贴在公示栏", None, (PHOTO,)),
        Step("2026-12-09T23:30:00Z", "苏德", "监察局", '调取 <b>原件</b> #link("x") $x$', 530),
    ),
    exhibits=(
        Exhibit(PHOTO, "公示照片", "2026-11-20", "image/jpeg", 1, ("c3" * 32,), "2026-11-20T09:12:00+08:00"),
        Exhibit(LETTER, "异议书", "2026-12-04", "application/pdf", 3, (LETTER,)),
    ),
    made_at="2026-12-10T02:00:00Z",
    made_by="苏德 监察局",
    log_size=540,
    root="cm9vdA",
    law=("农村土地承包法第27条",),
    open_questions=("1998 年的原始名单没有找到",),
)


def pages(pdf: bytes) -> list[str]:
    """The words of each page, spaces left out."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_first_page_is_for_the_judge_and_the_rest_is_in_the_order_of_time() -> None:
    """users.md 2(e)7 and 2(h)5: summary, facts, law and what is open first; then steps by day, with bureau and entry."""
    first, *rest = pages(dossier_pdf(MADE))
    for words in ("延包异议", "给法官的说明", "斯琴家", "农村土地承包法第27条", "1998年的原始名单没有找到", "盖章处", "账本540条"):
        assert words in first
    story = "".join(rest)
    order = [story.index(words) for words in ("名册贴在公示栏", "受理异议", "调取")]
    assert order == sorted(order)
    assert "2026-12-0509:30" in story  # China's time of 01:30 UTC
    assert "2026-12-1007:30" in story
    for words in ("监察局苏德", "512", "530", "材料2", "材料1"):
        assert words in story


def test_every_paper_stands_on_it_with_both_digests() -> None:
    """What is kept, what came, and when the camera says that it was taken."""
    story = "".join(pages(dossier_pdf(MADE)))
    for words in (PHOTO, LETTER, "c3" * 32, "2026-11-20T09:12:00+08:00", "共2份", "application/pdf3页"):
        assert words in story
    assert story.count(LETTER) == 1  # kept as it came: one digest, once


def test_words_of_people_are_words_and_no_markup() -> None:
    """What somebody wrote into a step is printed as it stands."""
    assert '<b>原件</b>#link("x")$x$' in "".join(pages(dossier_pdf(MADE)))


def test_no_red_seal_is_drawn_and_every_page_has_ink_within_its_margins() -> None:
    """users.md 3: a box for the seal, never a seal. Looked at as pictures: dark on white, nothing red, nothing at the edge."""
    drawn = dossier_pictures(replace(MADE, steps=[replace(MADE.steps[1], at=f"2026-11-{n + 1:02}") for n in range(30)] * 3))
    assert len(drawn) == len(pypdf.PdfReader(io.BytesIO(dossier_pdf(replace(MADE, steps=list(MADE.steps) * 30)))).pages)
    for raw in drawn:
        with Image.open(io.BytesIO(raw)) as picture:
            page = picture.convert("RGB")
        width, height = page.size
        assert (width, height) == (595, 842)
        dark = page.convert("L").point(lambda value: 255 if value < 128 else 0)
        west, north, east, south = dark.getbbox() or (0, 0, 0, 0)
        assert east > west
        assert west > 40
        assert east < width - 40
        assert north > 40
        assert south < height - 20
        red, green, blue = (page.getchannel(name).tobytes() for name in "RGB")
        assert all(max(pixel) - min(pixel) < 24 for pixel in zip(red, green, blue, strict=True))


def test_same_dossier_is_the_same_bytes() -> None:
    """Its hash can be stated, and made again."""
    assert dossier_pdf(MADE) == dossier_pdf(replace(MADE))


@pytest.mark.parametrize("wrong", [replace(MADE, steps=()), replace(MADE, exhibits=MADE.exhibits[:1])])
def test_dossier_without_steps_or_with_a_paper_that_is_not_listed_is_refused(wrong: Dossier) -> None:
    """A reader could not look it up."""
    with pytest.raises(DossierEmpty):
        dossier_pdf(wrong)


def test_nobody_is_named_by_a_repr() -> None:
    """A repr ends in logs."""
    assert "斯琴" not in repr(MADE)
    assert "白音" not in repr(MADE.steps[0])


def test_exhibits_are_read_from_what_is_kept(store: Store) -> None:
    """Papers that came have their originals; those made here have none; what is not kept is named."""
    photo = receive(store, Officer("甲", "局"), hostile.photograph(), kind="公示照片", dated="2026-11-20")
    ours = keep(store, b"made here", kind="裁决书", dated="2026-12-01")
    with store.reading() as connection:
        found = exhibits_of(store, connection, [ours, photo.content_hash, ours])
        with pytest.raises(SourceMissingError):
            exhibits_of(store, connection, ["0" * 64])
    assert found == [
        Exhibit(ours, "裁决书", "2026-12-01"),
        Exhibit(
            photo.content_hash, "公示照片", "2026-11-20", "image/jpeg", 1, (photo.original_hash,), "2026-11-20T09:12:00+08:00"
        ),
    ]
