"""In which acts do the deeds of a village enter the register?

One contract is one act with its holding, parcels and rights; a homestead likewise. What has no contract, memberships,
shares, benefits and duties go together by day, up to a thousand versions an act. The day of each act is the deed's own:
QDSJ of a contract, DJRQ of a homestead, the resolution's day; for parcels without a contract and households without
land the issuer's survey day (FBFDCRQ), where that is blank the first contract's of the village, else today.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from registry.benefits import acts as benefits
from registry.delivery.deeds import (
    Contract,
    Homestead,
    Household,
    Line,
    Parcel,
    Person,
    Village,
    person_of,
    two_decimals,
)
from registry.delivery.fields import UNIT
from registry.delivery.parts import GRAZING_BAN, MORTGAGE, SEIZURE
from registry.delivery.people import Collectives, People
from registry.duties import acts as duties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields, Will
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import household_rows
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.ledger.act import Act
    from registry.ledger.commit import Desk, Step

Item = TypeVar("Item")
Row: TypeAlias = dict[str, str]
"""One row of a roster: the text of each column."""
_MOST = 1_000
_ADULT_YEARS = 18
_COLLECTIVE_SHARE = "3"
_CONTRACT_BOOK = "农村土地承包经营权证"
_HOMESTEAD_BOOK = "不动产权证书"
_SHARE_BOOK = "股权证"
BASIS_WORDS = {"地块": "parcel", "畜群": "herd", "农户": "household", "个人": "person"}
DUTY_WORDS = {GRAZING_BAN: "grazing-ban"}
_CONTACT = (
    "FBFFZRXM", "FZRZJLX", "FZRZJHM", "LXDH", "FBFDZ", "YZBM", "FBFDCY", "FBFDCRQ", "FBFDCJS",
)  # fmt: skip


@dataclass(slots=True)
class Ids:
    """Ids by the codes of the delivery: what is registered already and what this transaction adds."""

    parcels: dict[str, str] = field(default_factory=dict)
    households: dict[str, str] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    rights: dict[str, dict[str, str]] = field(default_factory=dict)
    right_days: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Allotted:
    """A sealed allotment: its id, the unit it is written in, its lines (holder id, numerator, denominator)."""

    id: str
    unit: str
    lines: list[tuple[str, int, int]]


@dataclass(slots=True)
class Writer:
    """Writes the deeds of one village; what `ids` knows already is not written again."""

    desk: Desk
    village: Village
    people: People
    collectives: Collectives
    ids: Ids
    source: str
    today: str
    _allotted: dict[str, _Allotted] = field(default_factory=dict)

    def steps(self) -> list[Step]:
        """What is to be done for the village, an act each, every one after what it refers to."""
        return [
            *self._households(),
            *self._without_contract(),
            *self._memberships(),
            *self._shares(),
            *self._benefits(),
            *self._duties(),
            *self._restrictions(),
        ]

    def _act(self, kind: str, day: str, basis: str, wills: tuple[Will, ...] = ()) -> Act:
        return self.desk.act(kind, day, ActFields(basis=basis, sources=(self.source,), wills=wills))

    def _issuer(self, act: Act, code: str) -> str:
        known = self.collectives.registered(code)
        if known is not None:
            return known
        row = self.village.issuers.get(code, {})
        contact = {name.lower(): row[name] for name in _CONTACT if row.get(name)}
        return self.collectives.id(
            act, code, row.get("FBFMC", code), json.dumps(contact, ensure_ascii=False, sort_keys=True)
        )

    def _survey_day(self, issuer: str) -> str:
        day = self.village.issuers.get(issuer, {}).get("FBFDCRQ", "")
        return day or min((contract.signed for contract in self.village.contracts), default=self.today)

    # Households, contracts, homesteads

    def _households(self) -> Iterator[Step]:
        """The deeds of each household in the order of their days: its holding comes with the first of them.

        A contract that several hold comes after the others, for it needs the holding of each.
        """
        joint = [contract for contract in self.village.contracts if contract.sharing]
        sharing = {share.household for contract in joint for share in contract.sharing}
        for household_code in sorted(self.village.households):
            household = self.village.households[household_code]
            deeds: list[tuple[str, str, Contract | Homestead]] = [
                *((one.signed, one.code, one) for one in household.contracts if not one.sharing),
                *((home.day, home.parcel.code, home) for home in household.homesteads),
            ]
            fresh = [deed for deed in sorted(deeds, key=itemgetter(0, 1)) if deed[1] not in self.ids.rights]
            for day, _, deed in fresh:
                if isinstance(deed, Contract):
                    yield partial(self._contract, deed, household, day)
                else:
                    yield partial(self._homestead, deed, household, day)
            if not (fresh or household.code in self.ids.holders or household.code in sharing) and household.has_list:
                yield partial(self._landless, household)
        for contract in sorted(joint, key=attrgetter("signed", "code")):
            if contract.code not in self.ids.rights:
                household = self.village.households[contract.household]
                yield partial(self._contract, contract, household, contract.signed)

    def _landless(self, household: Household) -> None:
        day = household.surveyed or self._survey_day(household.issuer)
        self._holder(self._act("first-registration", day, f"承包方 {household.code}"), household)

    def _holder(self, act: Act, household: Household) -> Holder:
        known = self.ids.holders.get(household.code)
        if known is None:
            known = self._new_holder(act, household)
            self.ids.holders[household.code] = known
        return known

    def _new_holder(self, act: Act, household: Household) -> Holder:
        if household.kind == UNIT and not household.members:
            name = f"承包单位 {household.code}"
            contact = json.dumps({"named": list(household.representative)}, ensure_ascii=False)
            return Holder(party_id=self.collectives.id(act, household.code, name, contact, "organisation"))
        if not household.has_list:
            return Holder(party_id=self.people.ids(act, [household.representative])[0])
        people = self.people.ids(act, (household.representative, *(member.person for member in household.members)))
        household_id = self.ids.households.get(household.root)
        if household_id is None:
            household_id, rows = household_rows(self.desk.randomness)
            for table, row in rows:
                act.desk.row(table, row)
            self.ids.households[household.root] = household_id
        holding_id = holdings.begin(
            act,
            household_id=household_id,
            code=household.code,
            issuer_id=self._issuer(act, household.issuer),
            representative_id=people[0],
            members=[
                CoHolder(person, member.relation, member.co_holder, member.remark, member.alive)
                for person, member in zip(people[1:], household.members, strict=True)
            ],
            notes=household.notes,
            status="review" if household.in_doubt else "live",
        )
        return Holder(holding_id=holding_id)

    def _contract(self, contract: Contract, household: Household, day: str) -> None:
        former = f"，原合同 {contract.former}" if contract.former else ""
        act = self._act("first-registration", day, f"承包合同 {contract.code}{former}")
        issuer = self._issuer(act, contract.issuer)
        holders = self._holders(act, contract, household)
        unit = rights.unit(
            act, kind="contract", code=contract.code, issuer_id=issuer, method=contract.way, signed_on=day
        )
        made = {}
        certificate = (contract.code, _CONTRACT_BOOK, "")
        terms = Terms(
            unit, contract.code, contract.begins, contract.ends, certificate, "contract-book", contract.code
        )
        for use, lines in contract.lines.items():
            land = [self._contracted(act, line) for line in lines]
            for code, holder in holders.items():
                key = right_key(f"contract-{use}", contract.household, code)
                made[key] = rights.begin(act, f"contract-{use}", holder, terms, land)
        self._remember(contract.code, made, day)

    def _holders(self, act: Act, contract: Contract, household: Household) -> dict[str, Holder]:
        """Who holds a contract, by household code: one jointly, or several each with their share of one allotment."""
        if not contract.sharing:
            return {household.code: self._holder(act, household)}
        holders = [self._holder(act, self.village.households[share.household]) for share in contract.sharing]
        lines = [
            (holder.holding_id or holder.party_id or "", share.numerator, share.denominator)
            for holder, share in zip(holders, contract.sharing, strict=True)
        ]
        allotment = rights.allot(act, lines)
        return {
            share.household: replace(
                holder, allotment_id=allotment, numerator=share.numerator, denominator=share.denominator
            )
            for holder, share in zip(holders, contract.sharing, strict=True)
        }

    def _homestead(self, home: Homestead, household: Household, day: str) -> None:
        parcel = home.parcel
        act = self._act("first-registration", day, f"宅基地 {parcel.code}")
        issuer = self._issuer(act, parcel.issuer)
        holder = self._holder(act, household)
        unit = rights.unit(
            act, kind="certificate", code=parcel.code, issuer_id=issuer, method="", signed_on=day
        )
        certificate = (home.certificate, _HOMESTEAD_BOOK, day) if home.certificate else ("", "", "")
        terms = Terms(unit, parcel.code, certificate=certificate, book="realty-platform", book_number=parcel.code)
        line = Line(parcel.code, parcel.m2, parcel.mu)
        made = rights.begin(act, "homestead", holder, terms, [self._contracted(act, line)])
        self._remember(parcel.code, {"homestead": made}, day)

    def _remember(self, code: str, made: dict[str, str], day: str) -> None:
        self.ids.rights[code] = made
        self.ids.right_days[code] = day

    def _contracted(self, act: Act, line: Line) -> Contracted:
        return Contracted(self._parcel(act, self.village.parcels[line.parcel]), line.m2, line.mu)

    def _parcel(self, act: Act, parcel: Parcel) -> str:
        known = self.ids.parcels.get(parcel.code)
        if known is None:
            known = self.ids.parcels[parcel.code] = parcels.begin(
                act,
                facts_of(parcel, self._issuer(act, parcel.issuer)),
                parcel.shape,
                parcel.texts,
                shape_digest=parcel.shape_digest,
            )
        return known

    def _without_contract(self) -> Iterator[Step]:
        """Parcels that nobody contracts, up to a thousand of an issuer in one act."""
        fresh: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in sorted(self.village.uncontracted, key=lambda one: one.code):
            if parcel.code not in self.ids.parcels:
                fresh[parcel.issuer].append(parcel)
        for issuer, all_of_it in fresh.items():
            for some in _thousands(all_of_it):
                yield partial(self._uncontracted, issuer, some)

    def _uncontracted(self, issuer: str, some: list[Parcel]) -> None:
        act = self._act("first-registration", self._survey_day(issuer), f"未承包地块 {issuer}")
        for parcel in some:
            self._parcel(act, parcel)

    # Rosters

    def _memberships(self) -> Iterator[Step]:
        rows = self.village.members
        for (issuer, day, basis), some in _acts_of(rows, lambda row: (row["发包方编码"], row["确认日期"], row["确认依据"])):
            yield partial(self._confirm, issuer, day, basis, some)

    def _confirm(self, issuer: str, day: str, basis: str, some: list[Row]) -> None:
        act = self._act("membership-confirmed", day, basis)
        collective = self._issuer(act, issuer)
        for person in self.people.ids(act, [person_of(row) for row in some]):
            memberships.begin(act, person_id=person, collective_id=collective, basis=basis)

    def _shares(self) -> Iterator[Step]:
        """One sealed allotment a collective: it is written with the first act and cited by every holder's right."""
        by_issuer: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.village.shares, key=lambda row: (row["登记日期"], row["股权证号"], row["证件号码"])):
            by_issuer[row["发包方编码"]].append(row)
        for issuer, rows in by_issuer.items():
            for (day,), some in _acts_of(enumerate(rows), lambda line: (line[1]["登记日期"],)):
                yield partial(self._allot, issuer, rows, day, some)

    def _allot(self, issuer: str, rows: list[Row], day: str, some: list[tuple[int, Row]]) -> None:
        act = self._act("shares-allotted", day, f"股份量化 {issuer}")
        if issuer not in self._allotted:
            self._allotted[issuer] = self._seal_shares(act, issuer, rows)
        shares = self._allotted[issuer]
        for at, row in some:
            holder, numerator, denominator = shares.lines[at]
            number = row["股权证号"]
            rights.begin(
                act,
                "income",
                Holder(party_id=holder, allotment_id=shares.id, numerator=numerator, denominator=denominator),
                Terms(
                    shares.unit,
                    issuer,
                    certificate=(number, _SHARE_BOOK, day),
                    book="collective",
                    book_number=number,
                ),
            )

    def _seal_shares(self, act: Act, issuer: str, rows: list[Row]) -> _Allotted:
        lines = [
            (holder, int(float(row["份数"])), int(float(row["总股数"])))
            for holder, row in zip(self._shareholders(act, issuer, rows), rows, strict=True)
        ]
        allotment = rights.allot(act, lines)
        unit = rights.unit(
            act,
            kind="share-ledger",
            code=issuer,
            issuer_id=self._issuer(act, issuer),
            method="",
            signed_on=rows[0]["登记日期"],
        )
        return _Allotted(allotment, unit, lines)

    def _shareholders(self, act: Act, issuer: str, rows: Sequence[Row]) -> list[str]:
        collective = self._issuer(act, issuer)
        people = [person_of(row, "股东姓名") for row in rows if row["证件类型"] != _COLLECTIVE_SHARE]
        ids = iter(self.people.ids(act, people))
        return [collective if row["证件类型"] == _COLLECTIVE_SHARE else next(ids) for row in rows]

    def _benefits(self) -> Iterator[Step]:
        key: Callable[[Row], tuple[str, ...]] = lambda row: (  # noqa: E731
            row["发包方编码"], row["起始日期"], row["政策"], row["文号"]
        )  # fmt: skip
        for (_, day, policy, document), some in _acts_of(self.village.benefits, key):
            yield partial(self._grant, day, policy, document, some)

    def _grant(self, day: str, policy: str, document: str, some: list[Row]) -> None:
        act = self._act("benefit-granted", day, f"{policy} {document}".strip())
        for row in some:
            benefits.begin(
                act,
                policy=policy,
                basis=BASIS_WORDS[row["计发依据"]],
                beneficiary_id=self._beneficiary(act, row),
                quantity=two_decimals(row["计发数量"]),
                unit=row["计发单位"],
                policy_year=row["年度"],
            )

    def _beneficiary(self, act: Act, row: Row) -> str:
        """Who is entitled: the person, or the holding (party) of the contract code; never a hukou household."""
        if row["计发依据"] == "个人":
            return self.people.ids(act, [person_of(row)])[0]
        holder = self.ids.holders.get(row["承包方编码"]) or self._holder(act, self.village.households[row["承包方编码"]])
        return holder.holding_id or holder.party_id or ""

    def _duties(self) -> Iterator[Step]:
        rows = [row for row in self.village.burdens if row["类别"] not in {SEIZURE, MORTGAGE}]
        for (day, word), some in _acts_of(rows, lambda row: (row["登记日期"], row["类别"])):
            yield partial(self._set_duties, day, word, some)

    def _set_duties(self, day: str, word: str, some: list[Row]) -> None:
        act = self._act("duty-set", day, word)
        for row in some:
            duties.begin(
                act,
                duty_kind=DUTY_WORDS.get(word, "stocking-limit"),
                subject_id=self._subject(row["标的代码"]),
                quantity=row["数量"],
                unit=row["单位"],
                document=row["文号"],
                until=row["截止日期"],
            )

    def _subject(self, code: str) -> str:
        """What a duty lies on: the parcel of this code, or the contract's right, that of grassland before others."""
        if code in self.ids.rights:
            made = self.ids.rights[code]
            return made.get("contract-grass") or made[min(made)]
        return self.ids.parcels[code]

    def _restrictions(self) -> Iterator[Step]:
        for row in sorted(self.village.burdens, key=itemgetter("登记日期", "标的代码", "文号")):
            if row["类别"] in {SEIZURE, MORTGAGE}:
                yield partial(self._restriction, row)

    def _restriction(self, row: Row) -> None:
        """A seizure or mortgage on every right of its object. A burden older than its right stands from the right on."""
        code = self._unit_of(row["标的代码"])
        day = max(row["登记日期"], self.ids.right_days[code])
        mortgage = row["类别"] == MORTGAGE
        wills = self._wills(code, day) if mortgage else ()
        act = self._act("mortgaged" if mortgage else "seized", day, row["文号"], wills)
        named = {"party": row["权利人或机关"], "party_code": row["机构代码"], "remark": row["备注"]}
        for right in self.ids.rights[code].values():
            rights.burden(
                act,
                right,
                restriction_kind="mortgage" if mortgage else "seizure",
                parties={word: text for word, text in named.items() if text},
                document=row["文号"],
                amount=two_decimals(row["金额"]),
                rank=int(float(row["顺位"] or 0)),
                until=row["截止日期"],
            )

    def _unit_of(self, code: str) -> str:
        """The contract or homestead behind a code; a parcel's code leads to the contract that it stands in."""
        if code in self.ids.rights:
            return code
        return next(
            contract.code
            for contract in self.village.contracts
            if any(line.parcel == code for lines in contract.lines.values() for line in lines)
        )

    def _wills(self, code: str, day: str) -> tuple[Will, ...]:
        """The will of each living co-holder as the delivered document states it; the representative signs for minors."""
        contract = next(one for one in self.village.contracts if one.code == code)
        wills: dict[str, Will] = {}
        for household_code in [share.household for share in contract.sharing] or [contract.household]:
            household = self.village.households[household_code]
            representative = self.people.registered(household.representative)
            people = [m.person for m in household.members if m.co_holder and m.alive] or [household.representative]
            for person in people:
                person_id = self.people.registered(person)
                if person_id is not None:
                    guardian = representative if _is_minor(person, day) else None
                    wills.setdefault(person_id, Will(person_id, self.source, guardian))
        return tuple(wills.values())


def right_key(thing: str, lead: str, household: str) -> str:
    """Under what a contract's right is remembered: its thing, with the household where another than the lead holds it."""
    return thing if household == lead else f"{thing}/{household}"


def facts_of(parcel: Parcel, village_id: str) -> ParcelFacts:
    """What the register records of a parcel."""
    return ParcelFacts(
        parcel.code,
        village_id,
        parcel.land_use,
        parcel.category,
        parcel.land_type,
        parcel.m2,
        parcel.mu,
        approved_area_m2=parcel.approved,
        excess_area_m2=parcel.excess,
        buildings=parcel.buildings or "[]",
    )


def _is_minor(person: Person, day: str) -> bool:
    born = person.number[6:14]
    return born.isdigit() and int(day.replace("-", "")) - int(born) < _ADULT_YEARS * 10_000


def _acts_of(
    rows: Iterable[Item], key: Callable[[Item], tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], list[Item]]]:
    """Rows that one act can hold: those of one key, a thousand at most, in the order of keys."""
    groups: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    for group in sorted(groups):
        for some in _thousands(groups[group]):
            yield group, some


def _thousands(rows: list[Item]) -> Iterator[list[Item]]:
    for start in range(0, len(rows), _MOST):
        yield rows[start : start + _MOST]
