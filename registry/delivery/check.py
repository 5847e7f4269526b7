"""Which faults does a delivery have, all of them, and which villages come back?

The order is that of "one slip, one fault": values first, whatever is at fault there is judged by nothing later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from gis.topology import coverage_faults
from registry.china import day_of
from registry.delivery.attachments import check_attachments
from registry.delivery.faults import Faults
from registry.delivery.frames import found_in, set_villages
from registry.delivery.geometry import check_geometry, look_at_shapes
from registry.delivery.identity import check_identity
from registry.delivery.paperwork import check_paperwork
from registry.delivery.references import check_references
from registry.delivery.sums import check_sums
from registry.delivery.terms import check_terms
from registry.delivery.values import check_values

if TYPE_CHECKING:
    from registry.delivery.beside import Search
    from registry.delivery.frames import Frame
    from registry.delivery.geometry import Drawn
    from registry.delivery.read import Delivery

Look: TypeAlias = "Callable[[], Drawn]"
Aside: TypeAlias = "Callable[[Look], AbstractContextManager[Look]]"
"""Begins to look, and gives what waits for the answer."""

_VILLAGE = 12


@contextmanager
def in_a_thread(look: Look) -> Iterator[Look]:
    """Look at shapes beside the tables' checks: GEOS works without Python's lock."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        yield beside.submit(look).result


def check_delivery(
    delivery: Delivery,
    faults: Faults,
    now: dt.datetime,
    progress: Callable[[str], None] | None = None,
    search: Search = coverage_faults,
    aside: Aside = in_a_thread,
) -> Drawn | None:
    """Check a delivery that was read; what its shapes said. Where it was not read whole nothing can be compared: None.

    `search` finds overlaps and gaps, and shapes are looked at `aside`, wherever that is done; the answer is the same.
    """
    tell = progress or (lambda _step: None)
    if faults.refusing() or not delivery.frames:
        return None
    known = frozenset(code[:_VILLAGE] for code in delivery.frames["FBF"].values("FBFBM") if len(code) > _VILLAGE)
    today = day_of(now).isoformat()
    for frame in delivery.frames.values():
        _place(delivery, frame, known)
    with aside(partial(look_at_shapes, delivery, search)) as looked:
        for frame in delivery.frames.values():
            tell(frame.files[0])
            check_values(frame, delivery.county, today, faults)
        tell("references")
        check_references(delivery, faults)
        check_attachments(delivery, faults)
        check_sums(delivery, faults)
        check_terms(delivery, faults)
        tell("identity")
        check_identity(delivery, faults)
        tell("geometry")
        drawn = looked()
        check_geometry(delivery, drawn, faults)
        check_paperwork(delivery, today, faults)
    return drawn


def villages_of(delivery: Delivery) -> list[str]:
    """Every village that a delivery has an issuer for, in order of its code."""
    issuers = delivery.part("FBF")
    return [] if issuers is None else sorted({village for village in issuers.village if village})


def _place(delivery: Delivery, frame: Frame, known: frozenset[str]) -> None:
    """Say of each row to which village it belongs; three tables have no code of their own for it."""
    frame.village = []
    set_villages(frame, known)
    unit = {"限制与义务": "标的代码", "FW": "BDCDYH"}.get(frame.part.name)
    if unit is not None:
        homes = delivery.part("ZD")
        if homes is not None:
            place = found_in(frame.text(unit), homes.text("BDCDYH")).tolist()
            frame.village = [
                homes.village[at] if at >= 0 else village for at, village in zip(place, frame.village, strict=True)
            ]
    if frame.part.name == "户籍":
        at_home: dict[str, str] = {}
        for part, number in (("成员名册", "证件号码"), ("CBF_JTCY", "CYZJHM")):
            people = delivery.part(part)
            if people is not None:
                at_home.update(zip(people.values(number), people.village, strict=True))
        frame.village = [
            at_home.get(number) or village
            for number, village in zip(frame.values("证件号码"), frame.village, strict=True)
        ]
