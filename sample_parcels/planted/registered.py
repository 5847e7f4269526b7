"""Which faults can only who holds the register find: what was registered says otherwise, or was not delivered again?

Each delivery comes after another one, which is registered first.
"""

from __future__ import annotations

from sample_parcels.planted.case import Plant, plants
from sample_parcels.planted.ground import FARMERS, GACHA, OTHER_GACHA, VILLAGES, clean_delivery, square


@plants("contradicts-registered")
def _other_than_registered(plant: Plant) -> None:
    """The end of a term, the day of a homestead, the area of a square."""
    plant.before = clean_delivery()
    plant.put("contradicts-registered", "CBHT", plant.rows("CBHT", f"{GACHA}0040")[1], "CBQXZ", "20461231")
    plant.put("contradicts-registered", "ZD", plant.rows("ZD", OTHER_GACHA)[4], "DJRQ", "20160101")
    plant.put("contradicts-registered", "DK", square(plant.delivery, 3, 3)[0], "SCMJ", "3601.00")


@plants("registered-not-delivered")
def _left_out_this_time(plant: Plant) -> None:
    """A homestead of each of two villages."""
    plant.before = clean_delivery()
    layer = plant.delivery.layers["ZD"]
    for village in (GACHA, FARMERS):
        at = next(n for n, row in enumerate(layer.rows) if row is plant.rows("ZD", village)[5])
        del layer.rows[at], layer.shapes[at]
        plant.whole("registered-not-delivered", "", "ZD", village=village)


@plants("buildings-not-recorded")
def _houses_that_come_later(plant: Plant) -> None:
    plant.before = clean_delivery()
    del plant.before.tables["FW"]
    for village in VILLAGES:
        for _ in plant.rows("FW", village):
            plant.whole("buildings-not-recorded", "", "FW", village=village)
