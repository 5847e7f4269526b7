"""Does each code that a row names exist, and do codes that must begin alike begin alike?

A reference is reported at the row that makes it. A code of wrong structure is marked already and is not looked up; one
whose prefix differs is marked here and is not looked up either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.delivery.faults import Faults, shown
from registry.delivery.fields import FAMILY_WAYS, SERIALS
from registry.delivery.frames import Frame, first_of, found_in, mask
from registry.delivery.kept_parts import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from registry.delivery.read import Delivery

_ISSUER, _VILLAGE, _LEAD = 14, 12, 18


class _Reference(NamedTuple):
    """A column that names a row of another part; `begin` is how many characters of it do (0: all)."""

    part: str
    column: str
    to: str
    key: str
    fault: str
    begin: int = 0


_REFERENCES = (
    _Reference("DK", "DKBM", "FBF", "FBFBM", "issuer-unknown", _ISSUER),
    _Reference("ZD", "FBFBM", "FBF", "FBFBM", "issuer-unknown"),
    _Reference("CBF", "CBFBM", "FBF", "FBFBM", "issuer-unknown", _ISSUER),
    _Reference("CBDKXX", "FBFBM", "FBF", "FBFBM", "issuer-unknown"),
    _Reference("CBHT", "FBFBM", "FBF", "FBFBM", "issuer-unknown"),
    *(
        _Reference(part, "发包方编码", "FBF", "FBFBM", "issuer-unknown")
        for part in ("成员名册", "股权台账", "惠农牧补贴")
    ),
    _Reference("ZD", "QLRCBFBM", "CBF", "CBFBM", "household-unknown"),
    _Reference("CBF", "GLCBFBM", "CBF", "CBFBM", "household-unknown"),
    _Reference("CBF_JTCY", "CBFBM", "CBF", "CBFBM", "household-unknown"),
    _Reference("CBDKXX", "CBFBM", "CBF", "CBFBM", "household-unknown"),
    _Reference("CBHT", "CBFBM", "CBF", "CBFBM", "household-unknown"),
    *(
        _Reference(part, "承包方编码", "CBF", "CBFBM", "household-unknown")
        for part in ("成员名册", "股权台账", "惠农牧补贴")
    ),
    _Reference("CBDKXX", "CBHTBM", "CBHT", "CBHTBM", "contract-unknown"),
    _Reference("CBDKXX", "DKBM", "DK", "DKBM", "parcel-unknown"),
    _Reference("惠农牧补贴", "地块代码", "DK", "DKBM", "parcel-unknown"),
    _Reference("LH", "CBHTBM", "CBHT", "CBHTBM", "contract-unknown"),
    _Reference("LH", "CBFBM", "CBF", "CBFBM", "household-unknown"),
    _Reference("FW", "BDCDYH", "ZD", "BDCDYH", "object-unknown"),
    _Reference("LZHT", "CBHTBM", "CBHT", "CBHTBM", "contract-unknown"),
    *(
        _Reference(part.name, "CBJYQZBM", "CBHT", "CBHTBM", "contract-unknown")
        for part in KEPT
        # A certificate that was cancelled may be of a contract that is no more.
        if part.belongs == ("CBJYQZBM",) and part.name != "CBJYQZ_QZZX"
    ),
)
# (part, code, the issuer that it must begin with, how much of it, where a difference is reported)
_PREFIXES = (
    ("CBDKXX", "CBFBM", "FBFBM", _ISSUER, "FBFBM"),
    ("CBDKXX", "DKBM", "FBFBM", _ISSUER, "FBFBM"),
    ("CBHT", "CBFBM", "FBFBM", _ISSUER, "FBFBM"),
    # What is registered together comes back together: these may not name another village.
    ("ZD", "QLRCBFBM", "FBFBM", _VILLAGE, "FBFBM"),
    ("惠农牧补贴", "承包方编码", "发包方编码", _VILLAGE, "发包方编码"),
    ("惠农牧补贴", "地块代码", "发包方编码", _VILLAGE, "发包方编码"),
    ("CBF", "GLCBFBM", "CBFBM", _VILLAGE, "GLCBFBM"),
    ("LH", "CBFBM", "CBHTBM", _VILLAGE, "CBFBM"),
)


def check_references(delivery: Delivery, faults: Faults) -> None:
    """Check prefixes, then look up every code, then what contract, way and parcel say of each other."""
    for part, code, issuer, length, reported_at in _PREFIXES:
        frame = delivery.part(part)
        if frame is not None:
            _check_prefix(frame, code, issuer, length, reported_at, faults)
    _check_serials(delivery.frames["CBF"], faults)
    _check_contract_codes(delivery.frames["CBHT"], faults)
    for reference in _REFERENCES:
        frame, target = delivery.part(reference.part), delivery.part(reference.to)
        if frame is not None and target is not None:
            _look_up(frame, target, reference, faults)
    for part in ("JZD", "JZX"):
        frame = delivery.part(part)
        if frame is not None:
            _look_up_each(frame, delivery.frames["DK"], faults)
    _check_contracted_rows(delivery, faults)
    _check_objects(delivery, faults)
    _check_buildings(delivery, faults)
    _check_joint(delivery, faults)
    _check_uncontracted(delivery, faults)


def rows_of(target: Frame, key: str, codes: pa.StringArray) -> NDArray[np.int64]:
    """For each code the first row of the target that has it in sound form, -1 where none has."""
    sound = np.flatnonzero(target.good(key))
    found = found_in(codes, target.text(key).take(pa.array(sound)))
    return np.where(found >= 0, sound[found] if len(sound) else -1, -1)


def _check_prefix(frame: Frame, code: str, issuer: str, length: int, reported_at: str, faults: Faults) -> None:
    mine = pc.utf8_slice_codeunits(frame.text(code), 0, length)
    expected = pc.utf8_slice_codeunits(frame.text(issuer), 0, length)
    differs = frame.good(code) & frame.good(issuer) & mask(pc.not_equal(mine, expected))
    if differs.any():
        faults.rows(
            "issuer-prefix-differs", frame, differs, reported_at,
            code=frame.values(code), expected=expected.to_pylist(),
        )  # fmt: skip
        frame.mark(reported_at, differs)


def _look_up(frame: Frame, target: Frame, reference: _Reference, faults: Faults) -> None:
    codes = frame.text(reference.column)
    if reference.begin:
        codes = pc.utf8_slice_codeunits(codes, 0, reference.begin)
    missing = frame.good(reference.column) & (rows_of(target, reference.key, codes) < 0)
    if not missing.any():
        return
    if reference.fault == "parcel-unknown":
        missing = _without_slips(frame, reference.column, missing, target, reference.key)
    faults.rows(reference.fault, frame, missing, reference.column, code=codes.to_pylist())
    # A row of the key's own part whose issuer is missing can still be named by others.
    if not reference.begin:
        frame.mark(reference.column, missing)


def _look_up_each(frame: Frame, parcels: Frame, faults: Faults) -> None:
    """Each of the parcels that a boundary point or line names, joined by /."""
    good = np.flatnonzero(frame.good("DKBM"))
    each = pc.split_pattern(frame.text("DKBM").take(pa.array(good)), "/")
    unknown = rows_of(parcels, "DKBM", pc.list_flatten(each)) < 0
    if not unknown.any():
        return
    owner = good[pc.list_parent_indices(each).to_numpy()[unknown]]
    codes = pc.list_flatten(each).filter(pa.array(unknown)).to_pylist()
    for row, code in zip(owner.tolist(), codes, strict=True):
        faults.at("parcel-unknown", frame, row, "DKBM", {"code": code})


def _check_buildings(delivery: Delivery, faults: Faults) -> None:
    """A building stands on a homestead of this delivery, also where no homestead was delivered at all."""
    buildings = delivery.part("FW")
    if buildings is not None and delivery.part("ZD") is None:
        lost = buildings.good("BDCDYH")
        faults.rows("object-unknown", buildings, lost, "BDCDYH", code=buildings.values("BDCDYH"))


def _check_joint(delivery: Delivery, faults: Faults) -> None:
    """联户: the household that the contract is coded after holds with the others."""
    rows = delivery.part("LH")
    if rows is None:
        return
    codes, households = rows.values("CBHTBM"), rows.values("CBFBM")
    led = {code for code, household in zip(codes, households, strict=True) if code[:_LEAD] == household}
    first = rows.good("CBHTBM") & (first_of(rows.text("CBHTBM")) == np.arange(len(rows)))
    for index in np.flatnonzero(first).tolist():
        if codes[index] not in led:
            values = {"code": codes[index], "expected": codes[index][:_LEAD]}
            faults.at("joint-without-lead", rows, index, "CBFBM", values)


def _without_slips(frame: Frame, column: str, missing: NDArray[np.bool_], target: Frame, key: str) -> NDArray[np.bool_]:
    """A code whose only fault is that its parcel's own code was mistyped in DK: said there, not here."""
    bad = [target.values(key)[n] for n in np.flatnonzero(target.marked.get(key, np.zeros(len(target), np.bool_)))]
    kept = missing.copy()
    for index in np.flatnonzero(missing).tolist() if bad else ():
        if any(one_slip_apart(frame.values(column)[index], other) for other in bad):
            kept[index] = False
    return kept


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two codes differ by one character put in, left out, changed, or by two neighbours swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    if len(one) != len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]


def _check_serials(households: Frame, faults: Faults) -> None:
    serials = pc.utf8_slice_codeunits(households.text("CBFBM"), _ISSUER, 18)
    good = households.good("CBFBM") & households.good("CBFLX")
    kinds = households.values("CBFLX")
    for kind, (low, high) in SERIALS.items():
        mine = good & mask(pc.equal(households.text("CBFLX"), kind))
        inside = found_in(serials, pa.array([f"{n:04d}" for n in range(low, high + 1)], pa.string())) >= 0
        faults.rows(
            "serial-range", households, mine & ~inside, "CBFLX",
            kind=kinds, expected=f"{low:04d}–{high:04d}", found=serials.to_pylist(),
        )  # fmt: skip
        households.mark("CBFLX", mine & ~inside)


def _check_contract_codes(contracts: Frame, faults: Faults) -> None:
    """CBHTBM is the household's code and J for family contracts, Q for all others."""
    family = found_in(contracts.text("CBFS"), pa.array(FAMILY_WAYS, pa.string())) >= 0
    letters = pa.array(np.where(family, "J", "Q").tolist(), pa.string())
    expected = pc.binary_join_element_wise(contracts.text("CBFBM"), letters, "")
    good = contracts.good("CBHTBM") & contracts.good("CBFBM") & contracts.good("CBFS")
    differs = good & mask(pc.not_equal(contracts.text("CBHTBM"), expected))
    faults.rows(
        "contract-code-differs", contracts, differs, "CBHTBM",
        value=contracts.values("CBHTBM"), expected=expected.to_pylist(),
    )  # fmt: skip
    contracts.at_fault |= set(np.flatnonzero(differs).tolist())


def _check_contracted_rows(delivery: Delivery, faults: Faults) -> None:
    rows, contracts, parcels = (delivery.frames[name] for name in ("CBDKXX", "CBHT", "DK"))
    same = mask(pc.equal(rows.text("CBJYQZBM"), rows.text("CBHTBM")))
    faults.rows(
        "certificate-code-differs", rows, rows.good("CBJYQZBM") & rows.good("CBHTBM") & ~same, "CBJYQZBM",
        value=rows.values("CBJYQZBM"), expected=rows.values("CBHTBM"),
    )  # fmt: skip
    contract = rows_of(contracts, "CBHTBM", rows.text("CBHTBM"))
    has_contract = rows.good("CBHTBM") & (contract >= 0)
    _check_owner_and_way(rows, contracts, contract, has_contract, faults)
    first = first_of(rows.text("DKBM"))
    twice = rows.good("DKBM") & (first != np.arange(len(rows)))
    codes = [shown(code, sealed=False) for code in rows.values("CBHTBM")]
    faults.rows(
        "parcel-contracted-twice", rows, twice, "DKBM", code=rows.values("DKBM"), first=[codes[n] for n in first.tolist()]
    )
    parcel = rows_of(parcels, "DKBM", rows.text("DKBM"))
    family = rows.good("DKBM") & (parcel >= 0) & has_contract & mask(pc.ends_with(rows.text("CBHTBM"), "J"))
    contracted = np.zeros(len(parcels), dtype=np.bool_)
    contracted[parcel[family]] = True
    other_kind = contracted & parcels.good("DKLB") & mask(pc.not_equal(parcels.text("DKLB"), "10"))
    faults.rows(
        "parcel-kind-contracted", parcels, other_kind, "DKLB",
        code=parcels.values("DKBM"), kind=parcels.values("DKLB"),
    )  # fmt: skip


def _check_owner_and_way(
    rows: Frame, contracts: Frame, contract: NDArray[np.int64], has_contract: NDArray[np.bool_], faults: Faults
) -> None:
    """A row's household and way are those of its contract; a contract at fault itself is not compared."""
    if not len(contracts):
        return
    sound = np.ones(len(contracts), dtype=np.bool_)
    sound[list(contracts.at_fault)] = False
    at = np.where(has_contract, contract, 0)
    compared = has_contract & sound[at]
    owners = contracts.text("CBFBM").take(pa.array(at))
    differs = compared & rows.good("CBFBM") & contracts.good("CBFBM")[at] & mask(pc.not_equal(rows.text("CBFBM"), owners))
    expected = pc.binary_join_element_wise(rows.text("CBFBM"), pc.utf8_slice_codeunits(rows.text("CBHTBM"), 18, 19), "")
    faults.rows(
        "contract-code-differs", rows, differs, "CBHTBM",
        value=rows.values("CBHTBM"), expected=expected.to_pylist(),
    )  # fmt: skip
    ways = contracts.text("CBFS").take(pa.array(at))
    family = pa.array(FAMILY_WAYS, pa.string())
    both_family = (found_in(ways, family) >= 0) & (found_in(rows.text("CBJYQQDFS"), family) >= 0)
    other_way = compared & rows.good("CBJYQQDFS") & contracts.good("CBFS")[at]
    other_way &= mask(pc.not_equal(rows.text("CBJYQQDFS"), ways)) & ~both_family
    faults.rows(
        "contract-way-differs", rows, other_way, "CBJYQQDFS",
        found=rows.values("CBJYQQDFS"), expected=ways.to_pylist(),
    )  # fmt: skip


def _check_objects(delivery: Delivery, faults: Faults) -> None:
    """What a restriction or duty lies on is a parcel, a contract or a homestead of this delivery."""
    burdens = delivery.part("限制与义务")
    if burdens is None:
        return
    codes = burdens.text("标的代码")
    there = np.zeros(len(burdens), dtype=np.bool_)
    for part, key in (("DK", "DKBM"), ("CBHT", "CBHTBM"), ("ZD", "BDCDYH")):
        frame = delivery.part(part)
        if frame is not None:
            there |= rows_of(frame, key, codes) >= 0
    missing = burdens.good("标的代码") & ~there
    faults.rows("object-unknown", burdens, missing, "标的代码", code=burdens.values("标的代码"))
    burdens.mark("标的代码", missing)


def _check_uncontracted(delivery: Delivery, faults: Faults) -> None:
    """A parcel of kind 10 has a row in CBDKXX; one whose row names it by a broken code is reported there."""
    parcels, rows = delivery.frames["DK"], delivery.frames["CBDKXX"]
    contracted = found_in(parcels.text("DKBM"), rows.text("DKBM")) >= 0
    lacking = parcels.good("DKBM") & mask(pc.equal(parcels.text("DKLB"), "10")) & ~contracted
    lacking[list(parcels.twice)] = False
    mistyped = _mistyped(rows)
    for index in np.flatnonzero(lacking).tolist():
        code = parcels.values("DKBM")[index]
        if not any(one_slip_apart(code, other) for other in mistyped):
            faults.at("parcel-uncontracted", parcels, index, "DKBM", {"code": code})


def _mistyped(rows: Frame) -> Iterable[str]:
    """Codes of wrong structure only: serials of neighbours differ by one digit and are no slips."""
    broken = rows.filled("DKBM") & ~rows.matches("DKBM", "[0-9]{19}")
    return [rows.values("DKBM")[n] for n in np.flatnonzero(broken).tolist()]
