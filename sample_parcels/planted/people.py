"""Which faults are of people and households: representatives, members, numbers, two books of one household?"""

from __future__ import annotations

from sample_parcels.planted.case import Plant, plants
from sample_parcels.planted.ground import FARMERS, GACHA, OTHER_GACHA
from sample_parcels.tables import Row


def _members(plant: Plant, household: str) -> list[Row]:
    return [row for row in plant.rows("CBF_JTCY") if row["CBFBM"] == household]


def _household(plant: Plant, code: str) -> Row:
    return next(row for row in plant.rows("CBF") if row["CBFBM"] == code)


@plants("household-without-members")
def _nobody_in_it(plant: Plant) -> None:
    for code in (f"{GACHA}000001", f"{FARMERS}000020"):
        plant.delivery.tables["CBF_JTCY"] = [row for row in plant.rows("CBF_JTCY") if row["CBFBM"] != code]
        plant.said("household-without-members", "CBF", _household(plant, code), "CBFBM")


@plants("linked-not-mutual")
def _linked_to_another(plant: Plant) -> None:
    for village in (GACHA, FARMERS):
        row = _household(plant, f"{village}000001")
        plant.put("linked-not-mutual", "CBF", row, "GLCBFBM", f"{village}004002")


@plants("linked-nobody-common")
def _two_households_as_one(plant: Plant) -> None:
    """The books of two households linked crosswise: each pair names each other, and has nobody in common."""
    for village in (GACHA, OTHER_GACHA):
        pairs = ((f"{village}000002", f"{village}004003"), (f"{village}000003", f"{village}004002"))
        for one, other in pairs:
            _household(plant, one)["GLCBFBM"], _household(plant, other)["GLCBFBM"] = other, one
        rows = plant.rows("CBF")
        for pair in pairs:
            earlier = min((_household(plant, code) for code in pair), key=rows.index)
            plant.said("linked-nobody-common", "CBF", earlier, "GLCBFBM")


@plants("linked-members-differ")
def _one_list_is_shorter(plant: Plant) -> None:
    for village in (GACHA, OTHER_GACHA):
        code = f"{village}000004"
        last = _members(plant, code)[-1]
        plant.delivery.tables["CBF_JTCY"] = [row for row in plant.rows("CBF_JTCY") if row is not last]
        household = _household(plant, code)
        household["CBFCYSL"] = str(len(_members(plant, code)))
        plant.said("linked-members-differ", "CBF", household, "GLCBFBM")


@plants("id-check-digit")
def _a_digit_of_a_member(plant: Plant) -> None:
    row = _members(plant, f"{FARMERS}000014")[1]
    last = "10X98765432"
    number = row["CYZJHM"]
    plant.put("id-check-digit", "CBF_JTCY", row, "CYZJHM", number[:-1] + last[(last.index(number[-1]) + 1) % len(last)])


@plants("id-fifteen-digits")
def _an_old_number_of_a_member(plant: Plant) -> None:
    row = _members(plant, f"{FARMERS}000015")[1]
    plant.put("id-fifteen-digits", "CBF_JTCY", row, "CYZJHM", row["CYZJHM"][:6] + row["CYZJHM"][8:17])


@plants("id-on-two-people")
def _a_number_copied(plant: Plant) -> None:
    for village in (GACHA, FARMERS):
        double = _members(plant, f"{village}000017")[1]
        other = next(
            row for row in plant.rows("CBF_JTCY", village) if row["CYXB"] == double["CYXB"] and row["CYXM"] != double["CYXM"]
        )
        plant.put("id-on-two-people", "CBF_JTCY", double, "CYZJHM", other["CYZJHM"])


@plants("no-representative")
def _no_head(plant: Plant) -> None:
    for code in (f"{FARMERS}000013", f"{GACHA}000003"):
        members = _members(plant, code)
        next(row for row in members if row["YHZGX"] == "02")["YHZGX"] = "99"
        plant.said("no-representative", "CBF_JTCY", members[0], "YHZGX")


@plants("two-representatives")
def _two_heads(plant: Plant) -> None:
    for code in (f"{FARMERS}000013", f"{GACHA}000003"):
        plant.put("two-representatives", "CBF_JTCY", _members(plant, code)[1], "YHZGX", "01")


@plants("representative-differs")
def _another_member(plant: Plant) -> None:
    for code in (f"{GACHA}000001", f"{OTHER_GACHA}000004"):
        other = _members(plant, code)[1]
        plant.put("representative-differs", "CBF", _household(plant, code), "CBFZJHM", other["CYZJHM"], CBFMC=other["CYXM"])


@plants("no-co-holder")
def _nobody_holds(plant: Plant) -> None:
    for code in (f"{GACHA}000001", f"{FARMERS}000008"):
        members = _members(plant, code)
        for row in members:
            row["SFGYR"] = "2"
        plant.said("no-co-holder", "CBF_JTCY", members[0], "SFGYR")
