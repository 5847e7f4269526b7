"""How does a 卷宗 become pages: one for the judge, then every step in the order of time, then every paper with its digest?

Set from a template, every word as data. The same dossier gives the same bytes. A step that cites a paper which the list of
papers has not is refused: a reader could not look it up.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gis.cartography.typesetting import set_in_type
from registry.china import CHINA
from registry.errors import SanquanError
from registry.guarantee.explain import what_is_not_compared
from registry.sheets.parts import NOT_THE_BOOK

if TYPE_CHECKING:
    from registry.dossier.model import Dossier, Exhibit, Step

_TEMPLATE = Path(__file__).with_name("dossier.typ")
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class DossierEmpty(SanquanError):
    """Raised when a dossier has no step, or a step cites a paper that is not on its list."""

    def __init__(self, content_hash: str = "") -> None:
        """Which one."""
        super().__init__(
            f"卷宗里没有步骤, 或引用的材料 {content_hash[:16]} 不在材料清单里: 补上再做",
            f"the dossier has no step, or cites the paper {content_hash[:16]} that is not on its list: add it",
        )


def dossier_pdf(of: Dossier) -> bytes:
    """The whole dossier as PDF. Raises `DossierEmpty`."""
    return set_in_type(_TEMPLATE, _data(of))


def dossier_pictures(of: Dossier, ppi: float = 72.0) -> list[bytes]:
    """Its pages as PNG, in order. Raises `DossierEmpty`."""
    # One page alone comes as bytes, several as a list.
    pages: bytes | list[bytes] = cast("bytes | list[bytes]", set_in_type(_TEMPLATE, _data(of), "png", ppi))
    return [pages] if isinstance(pages, bytes) else pages


def _data(of: Dossier) -> dict[str, Any]:
    listed = {exhibit.content_hash: number for number, exhibit in enumerate(of.exhibits, start=1)}
    missing = [each for step in of.steps for each in step.evidence if each not in listed]
    if missing or not of.steps:
        raise DossierEmpty(*missing[:1])
    steps = sorted(of.steps, key=lambda step: step.at)
    return {
        "title": of.title,
        "number": of.number,
        "summary": list(of.summary),
        "facts": [list(fact) for fact in of.facts],
        "law": list(of.law),
        "open": list(of.open_questions),
        "steps": [_step(number, step, listed) for number, step in enumerate(steps, start=1)],
        "exhibits": [_exhibit(number, each) for number, each in enumerate(of.exhibits, start=1)],
        "made": f"{_when(of.made_at)} {of.made_by}",
        "log": f"账本 {of.log_size} 条，根 {of.root}",
        "notes": [NOT_THE_BOOK, what_is_not_compared().zh],
    }


def _step(number: int, step: Step, listed: dict[str, int]) -> dict[str, Any]:
    return {
        "number": str(number),
        "at": _when(step.at),
        "who": "\n".join(word for word in (step.bureau, step.who) if word),
        "what": step.what,
        "entry": "" if step.entry is None else str(step.entry),
        "evidence": "、".join(f"材料{listed[each]}" for each in step.evidence),
    }


def _exhibit(number: int, one: Exhibit) -> dict[str, Any]:
    under = [f"原件 {each}" for each in one.originals if each != one.content_hash]
    if one.taken:
        under.append(f"照片上的时间（相机自己的钟） {one.taken}")
    return {
        "number": str(number),
        "kind": one.kind,
        "dated": one.dated,
        "form": " ".join(word for word in (one.media_type, f"{one.pages} 页" if one.pages else "") if word),
        "digests": [f"存档 {one.content_hash}", *under],
    }


def _when(at: str) -> str:
    """A day as it stands; an instant in China's time."""
    try:
        instant = dt.datetime.strptime(at, _INSTANT).replace(tzinfo=dt.UTC)
    except ValueError:
        return at
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
