"""Which rows of the rosters are registered already, and which contradict what is?

Rows that the register has are taken out of the village's lists; what stays is new: a member confirmed later, a benefit
of another year. Shares are one sealed allotment and don't grow by delivery.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.delivery.deeds import Village, person_of, two_decimals
from registry.delivery.faults import shown
from registry.delivery.parts import MORTGAGE, SEIZURE
from registry.delivery.write import BASIS_WORDS, DUTY_WORDS, Ids
from registry.duties.model import DUTY, DUTY_VERSION
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from registry.delivery.registered import Judge
    from registry.ledger.nouns import Version

Roster = list[dict[str, str]]


def compare_rosters(judge: Judge, village: Village, ids: Ids) -> None:
    """Take out of the village's rosters what is registered; contradictions go into the faults."""
    village.members = _new_members(judge, village)
    village.shares = _new_shares(judge, village)
    village.benefits = _new_benefits(judge, village, ids)
    village.burdens = _new_burdens(judge, village, ids)


def _new_members(judge: Judge, village: Village) -> Roster:
    collectives = {code: judge.collectives.registered(code) for code in village.issuers}
    chains = judge.chains(MEMBERSHIP, MEMBERSHIP_VERSION.c.collective_id, [c for c in collectives.values() if c])
    stands: dict[tuple[str, str], list[Version]] = {
        (chain[0].columns["collective_id"], chain[0].columns["person_id"]): chain for chain in chains
    }
    fresh = []
    for row in village.members:
        person = judge.people.registered(person_of(row))
        chain = stands.get((collectives[row["发包方编码"]] or "", person or ""))
        if chain is None:
            fresh.append(row)
            continue
        said = {(version.valid_from, version.columns["basis"]) for version in chain}
        if (row["确认日期"], row["确认依据"]) not in said:
            _contradict(judge, "成员名册", row, "确认依据", " ".join(min(said)), f"{row['确认日期']} {row['确认依据']}")
    return fresh


def _new_shares(judge: Judge, village: Village) -> Roster:
    chains = judge.chains(RIGHT, RIGHT_VERSION.c.unit_code, village.issuers)
    held: dict[str, dict[str, list[Version]]] = defaultdict(dict)
    for chain in chains:
        if chain[0].thing == "income":
            held[chain[0].columns["unit_code"]][chain[0].columns["holder_id"]] = chain
    fresh = []
    for row in village.shares:
        issuer = row["发包方编码"]
        if issuer not in held:
            fresh.append(row)
            continue
        collective = judge.collectives.registered(issuer)
        holder = collective if row["证件类型"] == "3" else judge.people.registered(person_of(row, "股东姓名"))
        wanted = f"{row['份数']}/{row['总股数']}"
        said = {
            f"{v.columns['share_numerator']}/{v.columns['share_denominator']}"
            for v in held[issuer].get(holder or "", [])
        }
        if wanted not in said:
            _contradict(judge, "股权台账", row, "份数", " ".join(sorted(said)) or "–", wanted)
    return fresh


def _new_benefits(judge: Judge, village: Village, ids: Ids) -> Roster:
    keyed = [(row, _beneficiary(judge, row, ids)) for row in village.benefits]
    chains = judge.chains(BENEFIT, BENEFIT_VERSION.c.beneficiary_id, [b for _, b in keyed if b])
    stands: dict[tuple[str, ...], list[set[str]]] = defaultdict(list)
    for chain in chains:
        columns = chain[0].columns
        key = (columns["beneficiary_id"], columns["policy"], columns["basis"], columns["policy_year"])
        stands[key].append({f"{v.columns['quantity']}{v.columns['unit']}" for v in chain})
    fresh, unmatched = [], []
    for row, beneficiary in keyed:
        key = (beneficiary or "", row["政策"], BASIS_WORDS[row["计发依据"]], row["年度"])
        wanted = f"{two_decimals(row['计发数量'])}{row['计发单位']}"
        same = next((said for said in stands[key] if wanted in said), None)
        if same is not None:
            stands[key].remove(same)
        else:
            unmatched.append((row, key, wanted))
    for row, key, wanted in unmatched:
        if stands[key]:
            registered = " ".join(sorted(stands[key].pop(0)))
            _contradict(judge, "惠农牧补贴", row, "计发数量", registered, wanted)
        else:
            fresh.append(row)
    return fresh


def _beneficiary(judge: Judge, row: dict[str, str], ids: Ids) -> str | None:
    if row["计发依据"] == "个人":
        return judge.people.registered(person_of(row))
    holder = ids.holders.get(row["承包方编码"])
    return None if holder is None else holder.holding_id or holder.party_id


def _new_burdens(judge: Judge, village: Village, ids: Ids) -> Roster:
    """Duties by what they lie on and their document; restrictions by any right of the object and their document."""
    parcels = {v: k for k, v in ids.parcels.items()}
    subjects = {right: code for code, rights in ids.rights.items() for right in rights.values()} | parcels
    contract_of = {
        line.parcel: contract.code
        for contract in village.contracts
        for lines in contract.lines.values()
        for line in lines
    }
    stands: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for chain in judge.chains(DUTY, DUTY_VERSION.c.subject_id, subjects):
        for version in chain:
            columns = version.columns
            key = (subjects[columns["subject_id"]], columns["duty_kind"], columns["document"])
            stands[key].add(f"{columns['quantity']}{columns['unit']} {columns['until']}".strip())
    for chain in judge.chains(RESTRICTION, RESTRICTION_VERSION.c.right_id, subjects):
        for version in chain:
            columns = version.columns
            key = (subjects[columns["right_id"]], columns["restriction_kind"], columns["document"])
            stands[key].add(f"{columns['amount']} {columns['rank']} {columns['until']}".strip())
    fresh = []
    for row in village.burdens:
        asked, wanted = _burden(row, contract_of)
        if not stands[asked]:
            fresh.append(row)
        elif wanted not in stands[asked]:
            _contradict(judge, "限制与义务", row, "文号", " | ".join(sorted(stands[asked])), wanted)
    return fresh


def _burden(row: dict[str, str], contract_of: dict[str, str]) -> tuple[tuple[str, ...], str]:
    code = row["标的代码"]
    if row["类别"] in {SEIZURE, MORTGAGE}:
        word = "mortgage" if row["类别"] == MORTGAGE else "seizure"
        rank = int(float(row["顺位"] or 0))
        return (contract_of.get(code, code), word, row["文号"]), (
            f"{two_decimals(row['金额'])} {rank} {row['截止日期']}".strip()
        )
    word = DUTY_WORDS.get(row["类别"], "stocking-limit")
    return (code, word, row["文号"]), f"{row['数量']}{row['单位']} {row['截止日期']}".strip()


def _contradict(judge: Judge, part: str, row: dict[str, str], column: str, registered: str, delivered: str) -> None:
    """Say both values at the row itself."""
    frame = judge.delivery.frames[part]
    keys = [name for name in ("证件号码", "标的代码", "承包方编码", column) if name in frame.present]
    index = next(
        n for n in range(len(frame)) if all(frame.values(name)[n] == row[name] for name in keys)
    )
    code = row.get("标的代码") or row.get("承包方编码") or row["发包方编码"]
    values: dict[str, Any] = {
        "code": shown(code, sealed=False),
        "what": (column, column),
        "registered": registered,
        "delivered": delivered,
    }
    judge.faults.at("contradicts-registered", frame, index, column, values)

