"""How does one parcel come out of another: cut by a line, joined, its boundary moved; each to the last bit shared?"""

from __future__ import annotations

from gis.lineage.cutting import (
    CutError,
    DoesNotCut,
    LeavesSliver,
    MovesOutside,
    NotAdjoining,
    adjust,
    cut,
    join,
    noded,
)
from gis.lineage.sharing import Shared, TooSmallToShare, share

__all__ = [
    "CutError",
    "DoesNotCut",
    "LeavesSliver",
    "MovesOutside",
    "NotAdjoining",
    "Shared",
    "TooSmallToShare",
    "adjust",
    "cut",
    "join",
    "noded",
    "share",
]
