"""The official sheets of the register: of a parcel, a household, a village's public notice, the banner."""

from registry.sheets.land import AsOf
from registry.sheets.making import Order, make, make_folder, make_village, of_banner, of_household, of_notice, of_parcel
from registry.sheets.refusals import SheetError

__all__ = [
    "AsOf",
    "Order",
    "SheetError",
    "make",
    "make_folder",
    "make_village",
    "of_banner",
    "of_household",
    "of_notice",
    "of_parcel",
]
