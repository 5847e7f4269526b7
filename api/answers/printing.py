"""What leaves a desk on paper: one with names as PDF, those of a whole village as zip; for its page and for `/v1/sheets` alike?"""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from api import asked
from api.answers.events import Day, Strict, Words
from gis.sheets import LARGEST_SHIFT_MM
from registry import printing
from registry.papers import LONGEST_PURPOSE

if TYPE_CHECKING:
    from registry.cases import Actor
    from registry.printing import Order
    from registry.store.engines import Store

Shift = Annotated[float, Field(ge=-LARGEST_SHIFT_MM, le=LARGEST_SHIFT_MM, examples=[1.5])]
Purpose = Annotated[str, Field(max_length=LONGEST_PURPOSE, examples=["补证, 本人到柜台领"])]
_FORMS = {"parcel": "code", "household": "household", "register": "unit", "certificate": "number"}
"""In which form a paper's code is asked for; of all others a village's."""


class SheetOrder(Strict):
    """Which paper of which code, and for what. `round` and `day` are those of a public notice; the shift is the printer's, in mm.

    `spoiled`: the certificate was printed before, and that print is void.
    """

    sheet: Literal["parcel", "household", "register", "certificate", "notice"] = Field(examples=["parcel"])
    code: Words = Field(min_length=1, max_length=100, examples=["1506261002100000002"])
    purpose: Purpose
    round: Literal[1, 2, 3] = Field(default=1, examples=[1])
    day: Day | None = None
    spoiled: bool = False
    shift_x: Shift = 0.0
    shift_y: Shift = 0.0

    def order(self) -> Order:
        """As the register prints it."""
        shift = (self.shift_x, self.shift_y)
        return printing.Order(self.sheet, self.code, self.purpose, shift, self.round, self.day or "", self.spoiled)


class VillageOrder(Strict):
    """All sheets, or all certificates, of a village (12 digits)."""

    sheets: Literal["village", "certificates"] = Field(examples=["village"])
    village: str = Field(pattern="^[0-9]{12}$", examples=["150626100210"])
    purpose: Purpose
    shift_x: Shift = 0.0
    shift_y: Shift = 0.0

    def order(self) -> Order:
        """As the register prints it."""
        return printing.Order(self.sheets, self.village, self.purpose, (self.shift_x, self.shift_y))


def pdf(store: Store, actor: Actor, order: Order) -> bytes:
    """One paper with names. InputError, and what `registry.printing.print_one` raises."""
    with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
        out = Path(folder) / "paper.pdf"
        printing.print_one(store, actor, _fit(order), out)
        return out.read_bytes()


def archive(store: Store, actor: Actor, order: Order) -> bytes:
    """The files of a whole village. InputError, and what `registry.printing.print_village` raises."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
        printing.print_village(store, actor, _fit(order), Path(folder))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
                out.write(path, path.relative_to(folder))
    return packed.getvalue()


def _fit(order: Order) -> Order:
    """Code and day in their forms; InputError."""
    code = asked.text(_FORMS.get(order.paper, "village"), order.code)
    return replace(order, code=code, day=asked.day(order.day, "day") if order.day else "")
