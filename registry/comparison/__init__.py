"""Does the register say what the authoritative book says: the realty platform's, or the contract book's?"""

from __future__ import annotations

from registry.comparison.differences import Difference
from registry.comparison.dump import DumpRefusedError
from registry.comparison.record import ComparisonNotFoundError, compare, past, read_comparison
from registry.comparison.sheet import sheet

__all__ = ["ComparisonNotFoundError", "Difference", "DumpRefusedError", "compare", "past", "read_comparison", "sheet"]
