"""情况说明: what was done to this land, by which act, from which day, on which paper, and what stands now, on a page to sign?

For whoever comes with "my land was taken". A parcel is told with every right that ever lay on it. Nothing is judged. Names are
masked, or for a purpose in clear and logged; no seal is ever drawn.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gis.cartography.typesetting import set_in_type
from registry import papers, sources
from registry.catalogue import NOUN_OF_THING, words_of
from registry.china import day_of
from registry.concerned import holders
from registry.holding.model import HOLDING_VERSION
from registry.law import causes
from registry.ledger.chain import read_all_chains, state_at
from registry.ledger.evidence import Behind, behind, instants
from registry.looks.keeping import listed, looked
from registry.parcels import read as parcels
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_PARCEL, RIGHT_VERSION
from registry.sheets import parts
from registry.sheets.land import AsOf, land_of
from registry.sheets.refusals import NothingOfThisCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from registry.ledger.commit import Officer
    from registry.ledger.nouns import Version
    from registry.sheets.land import Plot
    from registry.store.engines import Store

    Chains = Mapping[str, Sequence[Version]]

_TEMPLATE = Path(__file__).with_suffix(".typ")
_CODES = ("code", "unit_code")
_VILLAGE, _SHOWN = 12, 12
_RECORDED = "登记的内容和经过如上；登记以外的事、地上的情形不在内。"


def explain(store: Store, officer: Officer, things: Sequence[str], purpose: str = "") -> bytes:
    """The page of these things for an officer: with a purpose the names are whole, logged as a paper; without one masked.

    Who has it made is written down before it is handed out. Raises `NothingOfThisCode`, `papers.PurposeMissingError`.
    """
    reason = papers.stated(purpose) if purpose else ""
    with store.reading() as connection:
        at = AsOf.of(store, connection, None, None, reader="paper" if reason else "desk")
        codes = _codes(_chains(at, things))
        pdf = explanation_pdf(at, things)
        people = holders(store, connection, codes)
    if reason:
        papers.enter(store, officer, "sheet-parcel", codes[0], hashlib.sha256(pdf).digest(), reason, {"codes": codes})
    if people:
        looked(store, officer, people, "explanation", reason)
    else:
        listed(store, officer, codes[0][:_VILLAGE] if codes[0][:_VILLAGE].isdecimal() else "", "sheets", reason)
    return pdf


def things_of_code(at: AsOf, code: str) -> list[str]:
    """The parcel, right or list that has, or ever had, this code. Raises `NothingOfThisCode`."""
    parcel, right, holding = PARCEL_VERSION.c, RIGHT_VERSION.c, HOLDING_VERSION.c
    for of, where in (
        (parcel, parcel.code == code),
        (right, sa.or_(right.unit_code == code, right.certificate_number == code)),
        (holding, holding.code == code),
    ):
        query = sa.select(of.thing_id).where(where, of.cause_idx < at.head.size).distinct().order_by(of.thing_id)
        found = list(at.connection.scalars(query))
        if found:
            return found
    raise NothingOfThisCode


def explanation_pdf(at: AsOf, things: Sequence[str]) -> bytes:
    """The page as PDF; the same register gives the same bytes. Raises `NothingOfThisCode`."""
    return set_in_type(_TEMPLATE, explanation(at, things))


def explanation(at: AsOf, things: Sequence[str]) -> dict[str, Any]:
    """What stands on the page."""
    chains = _chains(at, things)
    about = {thing: chain for thing, chain in chains.items() if thing in things}
    plots = _plots(at, chains)
    codes = _codes(about)
    lies = dict.fromkeys(f"{plot.state.issuer_name}（{plot.state.issuer_code}）" for plot in plots)
    return {
        "title": "情况说明",
        "facts": [
            *(("、".join(_words(about.values())), "、".join(codes)),),
            *((("坐落", "、".join(lies)),) if lies else ()),
        ],
        "acts": list(_acts(at, chains)),
        "now": list(_now(at, about, plots, chains)),
        "made": f"{at.store.settings.banner_name} · 登记内容截至 {at.day}",
        "log": f"登记账 {at.head.size} 条，校验值 {at.head.root[:_SHOWN]}",
        "notes": [_RECORDED, parts.NOT_THE_BOOK, *(() if at.reader == "paper" else (parts.MASKED,))],
    }


def _chains(at: AsOf, things: Sequence[str]) -> Chains:
    """The things and, of a parcel, every right that ever lay on it, each with its versions known by then."""
    line = RIGHT_PARCEL.c
    lying = at.connection.scalars(sa.select(line.thing_id).where(line.parcel_id.in_(things)).distinct().order_by(line.thing_id))
    wanted: dict[Any, list[str]] = defaultdict(list)
    every = dict.fromkeys((*things, *lying))
    words = words_of(at.connection, every)
    for thing in every:
        if thing in words:
            wanted[NOUN_OF_THING[words[thing]]].append(thing)
    found = read_all_chains(at.connection, wanted.items())
    known = {
        thing: [version for version in chain if version.cause_idx < at.head.size]
        for chains in found.values()
        for thing, chain in chains.items()
    }
    known = {thing: chain for thing, chain in known.items() if chain}
    if not known.keys() & set(things):
        raise NothingOfThisCode
    return known


def _acts(at: AsOf, chains: Chains) -> Iterator[dict[str, Any]]:
    """One row an entry, in the order of the log: what it did to which of the things, on what."""
    of_entry: dict[int, dict[str, Version]] = defaultdict(dict)
    for thing, chain in chains.items():
        for version in chain:
            of_entry[version.cause_idx].setdefault(thing, version)
    when = instants(at.connection, of_entry)
    for number, entry in enumerate(sorted(of_entry), start=1):
        touched = of_entry[entry]
        first = next(iter(touched.values()))
        act = behind(at.store, at.connection, entry)
        named = dict.fromkeys(f"{_word(one)}{_code(one)}：{_did(one, chains[thing])}" for thing, one in touched.items())
        yield {
            "number": str(number),
            "day": first.act_day,
            "recorded": _day(when[entry]),
            "what": [causes.kinds()[first.cause_kind].zh, *named],
            "basis": list(dict.fromkeys((*act.papers, *_papers(at, act), act.bureau))),
            "entry": str(entry),
        }


def _did(version: Version, chain: Sequence[Version]) -> str:
    if version.ver == 1:
        return "开始登记"
    if version.effect == "follows":
        return "只记负担，内容照旧"
    before = state_at(chain, version.valid_from, version.cause_idx)
    if version.status == "ended" and before is not None and before.status != "ended":
        return "终止"
    return "改动"


def _papers(at: AsOf, act: Behind) -> Iterator[str]:
    """Kind and date of each paper that was kept."""
    for content_hash in act.sources:
        try:
            known = sources.describe(at.store, at.connection, content_hash)
        except sources.SourceMissingError:
            continue
        yield f"{known.kind} {known.dated}"


def _now(at: AsOf, about: Chains, plots: Sequence[Plot], chains: Chains) -> Iterator[str]:
    """What stands of it on the day: land, rights, holders, and what has ended."""
    for plot in plots:
        area = parts.both(plot.state.surveyed_area_m2, plot.state.surveyed_area_mu)
        if plot.state.parcel_id in about:
            yield f"{parts.land_use(plot)}（{plot.state.code}）实测 {area}"
        for line, who in zip(plot.lines, plot.holders, strict=True):
            if line.right_id not in chains:  # another right on the same land, that nobody asked about
                continue
            right = chains[line.right_id][-1]
            columns = right.columns
            share = f"，份额 {columns['share_numerator']}/{columns['share_denominator']}" if columns["share_numerator"] else ""
            term = f"，期限 {parts.term(line)}" if parts.term(line) != parts.DASH else ""
            on = "，有限制或流转" if columns["burdens"] not in {"", "[]"} else ""
            yield f"{_word(right)}（{line.unit_code}）：{who.name}{share}{term}{on}"
        yield from (f"附记：{remark}" for remark in plot.remarks)
    for chain in about.values():
        state = state_at(chain, at.day)
        if state is None or state.status == "ended":
            yield f"{_word(chain[-1])}（{_code(chain[-1])}）已终止"
        elif state.thing == "holding":
            yield f"{_word(state)}（{_code(state)}）在册"


def _plots(at: AsOf, chains: Chains) -> list[Plot]:
    """The parcels that the things are or lie on, and that stand on the day."""
    ids = {thing for thing, chain in chains.items() if chain[0].thing == "parcel"}
    ids |= {
        line["parcel_id"]
        for chain in chains.values()
        if chain[0].thing in RIGHT.things
        for version in chain[-1:]
        for line in version.children["right_parcel"]
    }
    states = [state for each in sorted(ids) for state in parcels.by_id(at.connection, each, **at.when) if state.status != "ended"]
    return land_of(at, states).plots


def _words(chains: Iterable[Sequence[Version]]) -> list[str]:
    return list(dict.fromkeys(_word(chain[-1]) for chain in chains))


def _word(version: Version) -> str:
    return causes.thing_words()[version.thing].zh


def _code(version: Version) -> str:
    return next((str(version.columns[name]) for name in _CODES if version.columns.get(name)), "")


def _codes(chains: Chains) -> list[str]:
    return list(dict.fromkeys(code for chain in chains.values() if (code := _code(chain[-1]))))


def _day(instant: str) -> str:
    """The day in China."""
    return day_of(instant).isoformat()
