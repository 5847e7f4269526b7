"""Is each ID number well formed, does one number stand for one person, and do lists of one household agree?

Nothing here refuses: a person in doubt is registered and held for review. A number is never repaired, the place code in
it never judged, and people are never taken for one by their number alone (policy-map section 4; GB 11643-1999).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.compute as pc

from registry.delivery.faults import Faults, shown
from registry.delivery.frames import Frame, found_in, mask
from registry.parties import check_digit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from registry.delivery.read import Delivery

IDENTITY_CARD = "1"
REPRESENTATIVE = ("01", "02")
_LENGTH, _OLD_LENGTH = 18, 15
_DOUBTS = {
    "id-fifteen-digits": "15-digit",
    "id-structure": "bad-structure",
    "id-check-digit": "bad-check-digit",
    "id-birth-impossible": "bad-birth-date",
}


class People(NamedTuple):
    """Where people stand in a part: columns of name, type of ID ("" where there is none) and number."""

    part: str
    name: str
    id_type: str
    number: str


PEOPLE = (
    People("CBF_JTCY", "CYXM", "CYZJLX", "CYZJHM"),
    People("CBF", "CBFMC", "CBFZJLX", "CBFZJHM"),
    People("成员名册", "姓名", "证件类型", "证件号码"),
    People("股权台账", "股东姓名", "证件类型", "证件号码"),
    People("惠农牧补贴", "姓名", "", "证件号码"),
    People("户籍", "姓名", "", "证件号码"),
    People("FBF", "FBFFZRXM", "FZRZJLX", "FZRZJHM"),
)


@lru_cache(maxsize=131_072)
def doubt(number: str) -> tuple[str, dict[str, str]] | None:
    """What is wrong with an ID number, as a fault and its values; None when it is well formed (not: when it is true).

    >>> doubt("15069919740318695X"), doubt("150699740318695"), doubt("150699197403186954")
    (('id-check-digit', {'expected': '4', 'found': 'X'}), ('id-fifteen-digits', {}), None)
    """
    body = number[:17]
    if len(number) == _OLD_LENGTH and number.isdigit() and number.isascii():
        return "id-fifteen-digits", {}
    well_built = len(number) == _LENGTH and body.isdigit() and number.isascii() and number[17] in "0123456789Xx"
    if not well_built:
        return "id-structure", {}
    expected = check_digit(body)
    if number[17].upper() != expected:
        return "id-check-digit", {"expected": expected, "found": number[17]}
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "id-birth-impossible", {"found": f"****-{number[10:12]}-{number[12:14]}"}
    return None


def flags(number: str, id_type: str) -> tuple[str, ...]:
    """The words under which a person of this number is held for review."""
    found = doubt(number) if id_type == IDENTITY_CARD else None
    return () if found is None else (_DOUBTS[found[0]],)


def check_identity(delivery: Delivery, faults: Faults) -> None:
    """Check numbers, then representatives and lists of households, then one number on two people."""
    for people in PEOPLE:
        frame = delivery.part(people.part)
        if frame is not None:
            _check_numbers(frame, people, faults)
    _check_sex(delivery.frames["CBF_JTCY"], faults)
    _check_representatives(delivery, faults)
    _check_doubles(delivery, faults)
    _check_links(delivery, faults)


def _check_numbers(frame: Frame, people: People, faults: Faults) -> None:
    asked = frame.good(people.number)
    if people.id_type:
        asked &= mask(pc.equal(frame.text(people.id_type), IDENTITY_CARD))
    wrong = np.zeros(len(frame), dtype=np.bool_)
    numbers = frame.values(people.number)
    for index in np.flatnonzero(asked).tolist():
        found = doubt(numbers[index])
        if found is not None:
            faults.at(found[0], frame, index, people.number, found[1])
            wrong[index] = True
    frame.mark(people.number, wrong)


def _check_sex(members: Frame, faults: Faults) -> None:
    numbers = members.text("CYZJHM")
    asked = members.good("CYZJHM") & members.good("CYXB") & mask(pc.equal(members.text("CYZJLX"), IDENTITY_CARD))
    odd = mask(pc.match_substring_regex(pc.utf8_slice_codeunits(numbers, 16, 17), "[13579]"))
    expected = np.where(odd, "1", "2")
    differs = asked & (np.asarray(members.values("CYXB"), dtype=object) != expected)
    faults.rows(
        "id-sex-differs", members, differs, "CYXB", found=members.values("CYXB"), expected=expected.tolist()
    )


def members_of(delivery: Delivery) -> dict[int, list[int]]:
    """Rows of CBF_JTCY by the row of their household in CBF, in the order of the file."""
    households, members = delivery.frames["CBF"], delivery.frames["CBF_JTCY"]
    rows: dict[int, list[int]] = defaultdict(list)
    for index, place in enumerate(found_in(members.text("CBFBM"), households.text("CBFBM")).tolist()):
        if place >= 0:
            rows[place].append(index)
    return rows


def _check_representatives(delivery: Delivery, faults: Faults) -> None:
    households, members = delivery.frames["CBF"], delivery.frames["CBF_JTCY"]
    codes = [shown(code, sealed=False) for code in households.values("CBFBM")]
    relations = members.values("YHZGX")
    names, numbers = members.values("CYXM"), members.values("CYZJHM")
    co_holders = members.values("SFGYR")
    readable = members.sound("YHZGX").tolist()
    sure = (members.good("CYXM") & members.good("CYZJHM")).tolist()
    own_sure = (households.good("CBFMC") & households.good("CBFZJHM")).tolist()
    differing = np.zeros(len(households), dtype=np.bool_)
    for place, rows in members_of(delivery).items():
        heads = [row for row in rows if relations[row] in REPRESENTATIVE]
        named = households.values("CBFMC")[place], households.values("CBFZJHM")[place]
        if not heads and all(readable[row] for row in rows):
            faults.at("no-representative", members, rows[0], "YHZGX", {"code": codes[place]})
        elif len(heads) > 1:
            faults.at("two-representatives", members, heads[1], "YHZGX", {"code": codes[place], "count": len(heads)})
        elif heads and sure[heads[0]] and own_sure[place]:
            head = heads[0]
            if (names[head], numbers[head].upper()) != (named[0], named[1].upper()):
                faults.at("representative-differs", households, place, "CBFZJHM")
                differing[place] = True
        if all(co_holders[row] == "2" for row in rows):
            faults.at("no-co-holder", members, rows[0], "SFGYR", {"code": codes[place]})
    households.mark("CBFZJHM", differing)


def _check_doubles(delivery: Delivery, faults: Faults) -> None:
    """One number under two names: said at each row that differs from the first."""
    first: dict[str, tuple[str, Frame, int]] = {}
    for people in PEOPLE:
        frame = delivery.part(people.part)
        if frame is None or people.part == "FBF":  # whoever is in charge of an issuer holds nothing by it
            continue
        asked = frame.good(people.number) & frame.good(people.name)
        if people.id_type:
            asked &= mask(pc.equal(frame.text(people.id_type), IDENTITY_CARD))
        double = np.zeros(len(frame), dtype=np.bool_)
        names, numbers = frame.values(people.name), frame.values(people.number)
        for index in np.flatnonzero(asked).tolist():
            name = names[index]
            known = first.setdefault(numbers[index].upper(), (name, frame, index))
            if known[0] != name:
                _, other, at = known
                values = {"file": other.file_at(at), "first": int(other.row[at])}
                faults.at("id-on-two-people", frame, index, people.number, values)
                double[index] = True
        frame.mark(people.number, double)


def _check_links(delivery: Delivery, faults: Faults) -> None:
    """Two codes of one household (arable and grassland book) name each other and have people in common."""
    households, members = delivery.frames["CBF"], delivery.frames["CBF_JTCY"]
    codes, linked = households.values("CBFBM"), households.values("GLCBFBM")
    good = (households.good("GLCBFBM") & households.good("CBFBM")).tolist()
    place_of = {code: place for place, code in reversed(list(enumerate(codes)))}
    rows = members_of(delivery)
    sure = members.good("CYZJHM")
    seen, one_way = set(), set()
    for place, other_code in enumerate(linked):
        other = place_of.get(other_code, -1)
        if not good[place] or other < 0 or (linked[other] and not good[other]):
            continue
        back = linked[other]
        if other == place or (back and back != codes[place]):
            if min(place, other) not in one_way:  # both that name it would say the same of one wrong code
                values = {"code": codes[place], "other": other_code, "found": back}
                faults.at("linked-not-mutual", households, min(place, other), "GLCBFBM", values)
            one_way.add(min(place, other))
            continue
        pair = frozenset((place, other))
        if pair in seen or not rows.get(place) or not rows.get(other):
            continue
        seen.add(pair)
        _compare_lists(members, sure, rows[place], rows[other], (households, min(pair), codes[max(pair)]), faults)


def _compare_lists(
    members: Frame,
    sure: NDArray[np.bool_],
    one: list[int],
    other: list[int],
    at: tuple[Frame, int, str],
    faults: Faults,
) -> None:
    """Numbers are compared; a number that is in doubt gives way to the name beside it."""
    names, numbers = members.values("CYXM"), members.values("CYZJHM")
    left, right = ({numbers[row] for row in rows} for rows in (one, other))
    if left == right:
        return
    doubtful = {names[row] for row in (*one, *other) if not sure[row]}
    only_left = [row for row in one if numbers[row] not in right and names[row] not in doubtful]
    only_right = [row for row in other if numbers[row] not in left and names[row] not in doubtful]
    households, place, other_code = at
    values = {"code": households.values("CBFBM")[place], "other": other_code}
    if len(only_left) == len(one) and len(only_right) == len(other):
        faults.at("linked-nobody-common", households, place, "GLCBFBM", values)
    elif only_left or only_right:
        values["count"] = str(len(only_left) + len(only_right))
        faults.at("linked-members-differ", households, place, "GLCBFBM", values)
