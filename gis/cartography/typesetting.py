"""How is a page set in type, with its Chinese font inside and the same bytes each time?

Set by typst from a template; every word travels to it as data, so that nothing a caller writes is read as markup. The font is
the one that the package `cvttf-NotoSansCJK-Regular` carries: no font of the machine is ever asked, so a page looks alike
everywhere.
"""

from __future__ import annotations

import importlib.resources
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import typst

if TYPE_CHECKING:
    from pathlib import Path

_FONT_PACKAGE = "cvttf_NotoSansCJK_Regular"


def set_in_type(
    template: Path, data: dict[str, Any], form: Literal["pdf", "png", "svg"] = "pdf", ppi: float | None = None
) -> bytes:
    """Set a template that reads `sys.inputs.page` as JSON. `ppi`: pixels per inch of a PNG."""
    return typst.compile(
        template.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format=form,
        ppi=ppi,
        sys_inputs={"page": json.dumps(data, ensure_ascii=False)},
    )


@cache
def fonts() -> typst.Fonts:
    """Give the one font of every page, from its package."""
    folder = str(importlib.resources.files(_FONT_PACKAGE))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
