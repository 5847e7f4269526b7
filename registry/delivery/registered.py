"""What does the register hold of a delivered village already, and does the delivery agree with it?

Whatever equals any version of what is registered adds nothing, also after lawful changes. What differs from every
version contradicts: a change of land is an act with a lawful cause, never a re-delivery. Both values are said side by
side, people masked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely
import sqlalchemy as sa

from registry import masks
from registry.delivery.deeds import Homestead, Household, Parcel, Share, Village
from registry.delivery.withdrawn import never_stood
from registry.delivery.write import Ids, facts_of, right_key
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.ledger.chain import read_chains
from registry.ledger.digest import geometry_digest
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.parties import identities
from registry.rights.acts import Holder
from registry.rights.model import BA_UNIT, RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.engine import Connection

    from registry.delivery.deeds import Contract
    from registry.delivery.faults import Faults
    from registry.delivery.people import Collectives, People
    from registry.delivery.read import Delivery
    from registry.delivery.withdrawn import Withdrawn
    from registry.ledger.nouns import Noun, Version
    from registry.store.engines import Store

_BATCH, _LEAD = 400, 18
_FIELDS_OF_PARCEL = {
    "land_use": "TDLYLX",
    "category": "DKLB",
    "land_type": "TDLYLX",
    "surveyed_area_m2": "SCMJ",
    "surveyed_area_mu": "SCMJM",
    "village_id": "DKBM",
}
_FIELDS_OF_PLOT = {
    "surveyed_area_m2": "ZDMJ",
    "approved_area_m2": "PZMJ",
    "excess_area_m2": "CQMJ",
    "village_id": "FBFBM",
    "buildings": "BDCDYH",
}


@dataclass(slots=True)
class Judge:
    """Compares villages with the register. `left_out`: by village, contracts and plots that are registered and not delivered.

    What a `withdrawn` delivery registered counts as if it had never been: its codes are free for what is delivered again.
    """

    store: Store
    connection: Connection
    delivery: Delivery
    people: People
    collectives: Collectives
    faults: Faults
    withdrawn: Sequence[Withdrawn] = ()
    left_out: dict[str, list[str]] = field(default_factory=dict)
    _places: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def known(self, village: Village) -> Ids:
        """Ids of what is registered; contradictions go into the faults."""
        ids = Ids()
        issuers = {code: self.collectives.registered(code) for code in village.issuers}
        if not any(issuers.values()):
            return ids
        self._parcels(village, ids)
        self._holdings(village, ids)
        self._rights(village, ids)
        self._say_left_out(village, {i for i in issuers.values() if i})
        return ids

    def chains(
        self, noun: Noun, column: ColumnElement[str], wanted: Iterable[str], *, geometry: bool = False
    ) -> list[list[Version]]:
        """Every chain that has or had one of these values in a column, but for what was withdrawn."""
        table: Table = noun.table
        found: set[str] = set()
        values = sorted(set(wanted))
        for start in range(0, len(values), _BATCH):
            query = sa.select(table.c.thing_id).where(column.in_(values[start : start + _BATCH])).distinct()
            found |= {row.thing_id for row in self.connection.execute(query)}
        chains = read_chains(self.connection, noun, sorted(found), geometry=geometry).values()
        return [chain for chain in chains if not never_stood(chain, self.withdrawn)]

    def contradict(
        self, part: str, key: str, code: str, column: str, what: tuple[str, str], registered: object, delivered: object
    ) -> None:
        """Say both values at the row of a code."""
        frame = self.delivery.frames[part]
        place = self._places.get((part, key))
        if place is None:
            place = {value: index for index, value in reversed(list(enumerate(frame.values(key))))}
            self._places[part, key] = place
        values = {"code": code, "what": what, "registered": registered, "delivered": delivered}
        self.faults.at("contradicts-registered", frame, place[code], column, values)

    # Parcels

    def _parcels(self, village: Village, ids: Ids) -> None:
        for chain in self.chains(PARCEL, PARCEL_VERSION.c.code, village.parcels, geometry=True):
            code = next(v.columns["code"] for v in chain if v.columns["code"] in village.parcels)
            ids.parcels[code] = chain[0].thing_id
            parcel = village.parcels[code]
            if parcel.buildings not in {None, "[]"} and all(v.columns["buildings"] == "[]" for v in chain):
                # 房屋登记 asks for every adult co-holder's will, which no survey brings.
                self.faults.of_village("buildings-not-recorded", village.code, "FW", code=code)
            self._parcel(parcel, chain)

    def _parcel(self, parcel: Parcel, chain: list[Version]) -> None:
        delivered = facts_of(parcel, self.collectives.registered(parcel.issuer) or "").columns()
        passed = {"code", "parents", "area_method"}
        # Buildings of which nothing was known are news, no contradiction; a table that did not come says nothing.
        if parcel.buildings is None or all(version.columns["buildings"] == "[]" for version in chain):
            passed.add("buildings")
        differing = [name for name in delivered if name not in passed]

        def differs(version: Version) -> list[str]:
            found = [name for name in differing if version.columns[name] != delivered[name]]
            if version.geometry is None or geometry_digest(version.geometry) != parcel.shape_digest:
                found.append("geometry")
            return found

        least = min((differs(version) for version in reversed(chain)), key=len)
        version = min(reversed(chain), key=lambda one: len(differs(one)))
        is_plot = parcel.land_use == "homestead"
        part, key, fields = ("ZD", "BDCDYH", _FIELDS_OF_PLOT) if is_plot else ("DK", "DKBM", _FIELDS_OF_PARCEL)
        for name in least:
            if name == "geometry":
                registered, new = _differing_vertex(version.geometry, parcel.shape)
                self.contradict(part, key, parcel.code, "geometry", ("图形", "the shape"), registered, new)
            else:
                column = fields.get(name, key)
                self.contradict(part, key, parcel.code, column, (column, column), version.columns[name], delivered[name])

    # Holdings

    def _holdings(self, village: Village, ids: Ids) -> None:
        for chain in self.chains(HOLDING, HOLDING_VERSION.c.code, village.households):
            code = next(v.columns["code"] for v in chain if v.columns["code"] in village.households)
            household = village.households[code]
            ids.holders[code] = Holder(holding_id=chain[0].thing_id)
            ids.households.setdefault(household.root, chain[0].columns["household_id"])
            self._holding(household, chain)
        for code, household in village.households.items():
            if code in ids.holders or household.has_list:
                continue
            party = self.people.registered(household.representative) or self.collectives.registered(code)
            if party is not None:
                ids.holders[code] = Holder(party_id=party)

    def _holding(self, household: Household, chain: list[Version]) -> None:
        delivered = sorted(
            (self.people.registered(m.person) or "", m.relation, int(m.co_holder), m.remark, int(m.alive))
            for m in household.members
        )
        representative = self.people.registered(household.representative)
        for version in chain:
            if _members(version) == delivered and version.columns["representative_id"] == representative:
                return
        version = chain[-1]
        if _members(version) != delivered:
            registered = self._masked(version)
            new = "、".join(_member_text(*m.person, m.relation, m.co_holder, m.remark) for m in household.members)
            self.contradict(
                "CBF_JTCY", "CBFBM", household.code, "CYXM", ("家庭成员", "the member list"), registered, new
            )
        else:
            who = identities(self.connection, self.store.vault, [version.columns["representative_id"]])
            named = next((masks.shown("name", one.name) for one in who.values()), "?")
            new = masks.shown("name", household.representative.name)
            self.contradict("CBF", "CBFBM", household.code, "CBFMC", ("代表", "the representative"), named, new)

    def _masked(self, version: Version) -> str:
        lines = version.children["holding_member"]
        who = identities(self.connection, self.store.vault, [line["person_id"] for line in lines])
        return "、".join(
            _member_text(
                who[line["person_id"]].id_number,
                who[line["person_id"]].name,
                line["relation"],
                bool(line["co_holder"]),
                line["remark"],
            )
            for line in lines
        )

    # Rights of contracts and homesteads

    def _rights(self, village: Village, ids: Ids) -> None:
        codes = {c.code: c for c in village.contracts}
        homes = {h.parcel.code: h for h in village.homesteads}
        found: dict[str, dict[str, list[Version]]] = defaultdict(dict)
        for chain in self.chains(RIGHT, RIGHT_VERSION.c.unit_code, [*codes, *homes]):
            code = next(v.columns["unit_code"] for v in chain if v.columns["unit_code"] in codes.keys() | homes.keys())
            found[code][self._right_key(chain, code, ids)] = chain
        signed = self._signed_on({code: next(iter(chains.values()))[0] for code, chains in found.items()})
        code_of = {thing_id: code for code, thing_id in ids.parcels.items()}
        for code, chains in found.items():
            ids.rights[code] = {thing: chain[0].thing_id for thing, chain in chains.items() if thing != "operating"}
            ids.right_days[code] = min(chain[0].valid_from for chain in chains.values())
            if code in codes:
                self._contract(codes[code], chains, signed.get(code, ""), ids, code_of)
            else:
                self._home(homes[code], chains, ids)

    def _right_key(self, chain: list[Version], code: str, ids: Ids) -> str:
        """A contract that several hold has a right for each; other than the lead's, they carry the household's code."""
        if chain[0].columns["allotment_id"] is None:
            return chain[0].thing
        code_of = {holder.holding_id or holder.party_id: household for household, holder in ids.holders.items()}
        household = code_of.get(chain[0].columns["holder_id"], "?")
        return right_key(chain[0].thing, code[:_LEAD], household)

    def _signed_on(self, rights: dict[str, Version]) -> dict[str, str]:
        """When the contract was signed that each right began in, by code: a withdrawn one may have had the same code."""
        code_of = {version.columns["unit_id"]: code for code, version in rights.items()}
        wanted = sorted(code_of)
        found: dict[str, str] = {}
        for start in range(0, len(wanted), _BATCH):
            query = sa.select(BA_UNIT.c.id, BA_UNIT.c.signed_on).where(BA_UNIT.c.id.in_(wanted[start : start + _BATCH]))
            found |= {code_of[row.id]: row.signed_on for row in self.connection.execute(query)}
        return found

    def _contract(
        self,
        contract: Contract,
        chains: dict[str, list[Version]],
        signed: str,
        ids: Ids,
        code_of: dict[str, str],
    ) -> None:
        if signed != contract.signed:
            what = ("签订时间", "the day of signing")
            self.contradict("CBHT", "CBHTBM", contract.code, "QDSJ", what, signed, contract.signed)
        shares = contract.sharing or [Share(contract.household, 0, 0)]
        expected = {
            right_key(f"contract-{use}", contract.household, share.household): (lines, share)
            for use, lines in contract.lines.items()
            for share in shares
        }
        for use in sorted({*expected, *(t for t in chains if t != "operating")}):
            chain, wanted = chains.get(use), expected.get(use)
            if chain is None or wanted is None:
                what = ("土地用途或联户", "the land use or who shares it")
                there, here = (use if one else "–" for one in (chain, wanted))
                self.contradict("CBHT", "CBHTBM", contract.code, "CBHTBM", what, there, here)
                continue
            lines, share = wanted
            holder = ids.holders.get(share.household, Holder())
            delivered = {
                "CBFBM": holder.holding_id or holder.party_id,
                "CBQXQ": contract.begins,
                "CBQXZ": contract.ends,
                "HTZMJ": [(line.parcel, line.m2, line.mu) for line in lines],
            }
            self._compare(contract.code, ("CBHT", "CBHTBM"), chain, delivered, lambda v: _terms(v, code_of))
            if contract.sharing:
                parts = {"FE": f"{share.numerator}/{share.denominator}"}
                self._compare(contract.code, ("LH", "CBHTBM"), chain, parts, lambda v: {"FE": _share(v)})

    def _home(self, home: Homestead, chains: dict[str, list[Version]], ids: Ids) -> None:
        holder = ids.holders.get(home.household, Holder())
        delivered = {
            "QLRCBFBM": holder.holding_id or holder.party_id,
            "QZH": home.certificate,
            "DJRQ": home.day,
        }
        self._compare(
            home.parcel.code,
            ("ZD", "BDCDYH"),
            chains["homestead"],
            delivered,
            lambda v: {
                "QLRCBFBM": v.columns["holder_id"],
                "QZH": v.columns["certificate_number"],
                "DJRQ": chains["homestead"][0].valid_from,
            },
        )

    def _compare(
        self, code: str, at: tuple[str, str], chain: list[Version], delivered: dict[str, Any], read: Any  # noqa: ANN401
    ) -> None:
        """Against every version; where none is equal, against the one that differs least."""
        states = [read(version) for version in reversed(chain)]
        nearest = min(states, key=lambda state: sum(state[name] != delivered[name] for name in delivered))
        for name, value in delivered.items():
            if nearest[name] != value:
                column = self.delivery.frames[at[0]].part.column(name)
                registered, new = _said(name, nearest[name]), _said(name, value)
                self.contradict(*at, code, column.name, (name, name), registered, new)

    def _say_left_out(self, village: Village, issuers: set[str]) -> None:
        delivered = {c.code for c in village.contracts} | {h.parcel.code for h in village.homesteads}
        query = sa.select(BA_UNIT.c.code, BA_UNIT.c.cause_idx).where(
            BA_UNIT.c.issuer_id.in_(issuers), BA_UNIT.c.kind.in_(("contract", "certificate"))
        )
        standing = {
            row.code
            for row in self.connection.execute(query)
            if not any(row.cause_idx in one.entries for one in self.withdrawn)
        }
        self.left_out[village.code] = sorted(standing - delivered)
        for code in self.left_out[village.code]:
            part = "CBHT" if code[-1:] in {"J", "Q"} else "ZD"
            self.faults.of_village("registered-not-delivered", village.code, part, code=code)


def _members(version: Version) -> list[tuple[Any, ...]]:
    lines = version.children["holding_member"]
    return sorted((m["person_id"], m["relation"], m["co_holder"], m["remark"], m["alive"]) for m in lines)


def _member_text(number: str, name: str, relation: str, co_holder: bool, remark: str) -> str:  # noqa: FBT001
    """A member as a report may name them: YHZGX, SFGYR and CYBZ are what can differ; of CYBZ it is told that there is one."""
    said = masks.shown("remark", remark) if remark else "–"
    return f"{masks.shown('name', name)}{number[-2:]}({relation}/{1 if co_holder else 2}/{said})"


def _terms(version: Version, code_of: dict[str, str]) -> dict[str, Any]:
    lines = version.children["right_parcel"]
    return {
        "CBFBM": version.columns["holder_id"],
        "CBQXQ": version.columns["term_start"],
        "CBQXZ": version.columns["term_end"],
        "HTZMJ": sorted(
            (code_of.get(p["parcel_id"], "?"), p["contract_area_m2"], p["contract_area_mu"]) for p in lines
        ),
    }


def _share(version: Version) -> str:
    return f"{version.columns['share_numerator']}/{version.columns['share_denominator']}"


def _said(name: str, value: Any) -> object:  # noqa: ANN401
    """A value as a person reads it; ids say nothing to a clerk."""
    if name in {"CBFBM", "QLRCBFBM"}:
        return ("已登记的权利人", "the registered holder") if value else ("另一权利人", "another holder")
    if isinstance(value, list):
        return " + ".join(f"{code[-5:]}:{m2}" for code, m2, _ in value)
    return value or "–"


def _differing_vertex(registered: shapely.Geometry | None, delivered: shapely.Geometry) -> tuple[str, str]:
    """The first vertex that is not the same on both sides, or the number of vertices."""
    left = [] if registered is None else _vertices(registered)
    right = _vertices(delivered)
    for one, other in zip(left, right, strict=False):
        if one != other:
            return f"({one[0]:.4f}, {one[1]:.4f})", f"({other[0]:.4f}, {other[1]:.4f})"
    return f"{len(left)} 点 points", f"{len(right)} 点 points"


def _vertices(shape: shapely.Geometry) -> Sequence[tuple[float, float]]:
    return [(x, y) for x, y in shapely.get_coordinates(shape).tolist()]

