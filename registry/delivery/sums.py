"""Do numbers and sums that one table states agree with the rows of another, and 亩 with m²?

Sums are made in hundredths, exactly. A sum is compared only where every number in it could be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.delivery.faults import Faults
from registry.delivery.fields import HOUSEHOLD
from registry.delivery.frames import Frame, first_of, found_in, mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.read import Delivery

_MU_PER_M2 = 0.0015
_MU_STEP = 0.01
# A total of 亩 may be the sum of rounded parcels: half a step for each of them.
_TWINS = (
    ("DK", "SCMJ", "SCMJM", ""),
    ("CBDKXX", "HTMJ", "HTMJM", ""),
    ("CBDKXX", "YHTMJ", "YHTMJM", ""),
    ("CBHT", "HTZMJ", "HTZMJM", "CBDKZS"),
    ("CBHT", "YHTZMJ", "YHTZMJM", "CBDKZS"),
)


def check_sums(delivery: Delivery, faults: Faults) -> None:
    """Check member counts, parcel counts, contract sums, twins in 亩 and the shares of each collective."""
    _check_members(delivery, faults)
    _check_contracts(delivery, faults)
    for part, m2, mu, parcels in _TWINS:
        _check_twin(delivery.frames[part], m2, mu, parcels, faults)
    shares = delivery.part("股权台账")
    if shares is not None:
        _check_shares(shares, ("发包方编码", "份数", "总股数"), faults)
    joint = delivery.part("LH")
    if joint is not None:
        _check_shares(joint, ("CBHTBM", "FE", "ZFE"), faults)


def count_by(rows: Frame, key: str, among: pa.StringArray) -> NDArray[np.int64]:
    """How many rows name each of the codes in `among`."""
    found = found_in(rows.text(key), among)
    return np.bincount(found[found >= 0], minlength=len(among))


def _check_members(delivery: Delivery, faults: Faults) -> None:
    households, members = delivery.frames["CBF"], delivery.frames["CBF_JTCY"]
    counted = count_by(members, "CBFBM", households.text("CBFBM"))
    family = households.good("CBFBM") & mask(pc.equal(households.text("CBFLX"), HOUSEHOLD)) & households.good("CBFLX")
    family[list(households.twice)] = False
    faults.rows(
        "household-without-members", households, family & (counted == 0), "CBFBM", code=households.values("CBFBM")
    )
    stated = households.numbers("CBFCYSL")
    differs = family & (counted > 0) & households.good("CBFCYSL") & (stated != counted)
    faults.rows(
        "member-count", households, differs, "CBFCYSL",
        expected=households.values("CBFCYSL"), found=counted.tolist(),
    )  # fmt: skip


def _check_contracts(delivery: Delivery, faults: Faults) -> None:
    contracts, rows = delivery.frames["CBHT"], delivery.frames["CBDKXX"]
    codes = contracts.text("CBHTBM")
    counted = count_by(rows, "CBHTBM", codes)
    good = contracts.good("CBHTBM")
    good[list(contracts.twice)] = False
    faults.rows("contract-without-parcels", contracts, good & (counted == 0), "CBHTBM", code=contracts.values("CBHTBM"))
    good &= counted > 0
    differs = good & contracts.good("CBDKZS") & (contracts.numbers("CBDKZS") != counted)
    faults.rows(
        "parcel-count", contracts, differs, "CBDKZS", expected=contracts.values("CBDKZS"), found=counted.tolist()
    )
    place = found_in(rows.text("CBHTBM"), codes)
    named = place >= 0
    total = np.bincount(place[named], weights=rows.cents("HTMJ")[named], minlength=len(codes)).astype(np.int64)
    unread = np.bincount(place[named & ~rows.good("HTMJ")], minlength=len(codes)) > 0
    differs = good & contracts.good("HTZMJ") & ~unread & (contracts.cents("HTZMJ") != total)
    faults.rows(
        "contract-area-sum", contracts, differs, "HTZMJ",
        expected=contracts.values("HTZMJ"), found=[f"{cents / 100:.2f}" for cents in total.tolist()],
    )  # fmt: skip


def _check_twin(frame: Frame, m2: str, mu: str, parcels: str, faults: Faults) -> None:
    """The twin is m² × 0.0015 to the last digit; 亩 is never registered instead of m²."""
    both = frame.good(m2) & frame.good(mu)
    slack = np.full(len(frame), _MU_STEP + 1e-6)
    if parcels:
        slack += np.nan_to_num(frame.numbers(parcels)) * _MU_STEP / 2
    with np.errstate(invalid="ignore"):
        differs = both & (np.abs(frame.numbers(mu) - frame.numbers(m2) * _MU_PER_M2) > slack)
    faults.rows("mu-twin", frame, differs, mu, value=frame.values(mu), area_m2=frame.values(m2))
    frame.mark(mu, differs)


def _check_shares(shares: Frame, columns: tuple[str, str, str], faults: Faults) -> None:
    """All rows of a collective (of a contract held by several households) state one total, and their shares make it."""
    of_whom, share, total = columns
    collective = first_of(shares.text(of_whom))
    good = shares.good(of_whom)
    totals, parts = shares.numbers(total), shares.numbers(share)
    for first in np.unique(collective[good]).tolist():
        mine = good & (collective == first)
        read = mine & shares.good(total)
        if not read.any():
            continue
        lead = int(np.flatnonzero(read)[0])
        other = read & (totals != totals[lead])
        if other.any():
            faults.rows(
                "shares-total-differs", shares, other, total,
                found=shares.values(total), first=str(shares.row[lead]), expected=shares.values(total)[lead],
            )  # fmt: skip
        elif (shares.good(share) | ~mine).all() and (read | ~mine).all() and parts[mine].sum() != totals[lead]:
            values = {
                "code": shares.values(of_whom)[lead],
                "found": int(parts[mine].sum()),
                "expected": shares.values(total)[lead],
            }
            faults.at("shares-sum", shares, lead, total, values)
