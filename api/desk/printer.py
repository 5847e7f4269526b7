"""What does a desk's own printer need: its shift (套打), remembered by the browser that prints on it, and the file itself?

The shift belongs to a printer and so to a machine: it stands in a cookie, as the language does, and nowhere else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import Response

from api import plain
from gis.sheets import LARGEST_SHIFT_MM, NO_SHIFT

if TYPE_CHECKING:
    from fastapi import Request

COOKIE = "sanquan_shift"
_MM = r"(-?\d{1,2}(?:\.\d{1,2})?)"
_KEPT = re.compile(rf"{_MM}_{_MM}", re.ASCII)
_A_YEAR_S = 365 * 86_400


def shift_of(request: Request) -> tuple[float, float]:
    """By how many mm this machine's printer is off: to the right, down; none where the cookie is none of ours."""
    found = _KEPT.fullmatch(request.cookies.get(COOKIE, ""))
    shift = NO_SHIFT if found is None else (float(found[1]), float(found[2]))
    return shift if max(map(abs, shift)) <= LARGEST_SHIFT_MM else NO_SHIFT


def keep_shift(request: Request, answer: Response, shift_mm: tuple[float, float]) -> Response:
    """The browser remembers it for a year, for the desk alone."""
    text = "_".join(f"{each:g}" for each in shift_mm)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, text, max_age=_A_YEAR_S, httponly=True, samesite="strict", secure=secure, path="/desk")
    return answer


def file_of(raw: bytes, media_type: str, name: str) -> Response:
    """A file to be opened and printed; nothing keeps it. `name` is ASCII."""
    return Response(raw, 200, {**plain.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}, media_type)
