"""What does the supervision bureau look at: attempts, changes after settlements, odd looks, conditions, a monthly sample?

Lists that say where to ask, each with how it was counted; no name of a herder is in them. `redrawing` is for strangers: it
needs the published log alone.
"""

from registry.supervision.lists import LISTS, Listing, listing

__all__ = ["LISTS", "Listing", "listing"]
