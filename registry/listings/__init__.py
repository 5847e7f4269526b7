"""When was a person listed, when did they vanish, on whose paper, did they sign; which children; what had they each year?"""

from registry.listings.children import Child, children
from registry.listings.history import GONE, KEPT, LISTED, Line, history
from registry.listings.years import NOT_KNOWN, Year, years

__all__ = ["GONE", "KEPT", "LISTED", "NOT_KNOWN", "Child", "Line", "Year", "children", "history", "years"]
