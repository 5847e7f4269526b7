"""What is printed of a certificate or the register: the pages of a 农村土地承包经营权证, an extract of contract or homestead?

Every co-holder is listed, with the relation to the representative and without any remark. It is a print of the register for
the office's own seal, never a sealed paper; a homestead's extract says that it is no 不动产权证书.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from gis.sheets import Column, Sheet, SheetTable
from registry.certificates.paper import is_a_paper
from registry.certificates.read import certificates_of
from registry.certificates.refusals import NoneIssued, NoSuchCertificate, NoSuchContract, NotIssued
from registry.certificates.series import BOOK, relation, words
from registry.guarantee.explain import what_is_not_compared
from registry.law.deciding import keeps
from registry.ledger.chain import read_chains
from registry.ledger.evidence import behind
from registry.ledger.in_force import in_force
from registry.parcels import read as parcels
from registry.rights.model import BA_UNIT, RIGHT, RIGHT_PARCEL, RIGHT_VERSION
from registry.sheets import parts
from registry.sheets.land import land_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.rights.read import RightLine
    from registry.sheets import AsOf
    from registry.sheets.land import Holder, Land, Plot
    from registry.sheets.making import Document

    Held = tuple[Plot, RightLine, Holder]

_ISSUER = 14
_REGISTER = "土地承包登记簿摘录"
_NO_CERTIFICATE = "本摘录不是土地承包经营权证。"
_EXTRACT = "本摘录不是不动产权证书；宅基地使用权证书由不动产登记机构颁发。"


def certificate_sheet(at: AsOf, number: str) -> Sheet:
    """The print of the certificate that is valid on the day. Raises `NoSuchCertificate`, `NotIssued`."""
    land = _land(at, RIGHT_VERSION.c.certificate_number, number)
    if land is None:
        raise NoSuchCertificate(number, now=True)
    held = [(plot, row, holder) for plot in land.plots for row, holder in plot.held if row.certificate_number == number]
    if _is_homestead(held):
        return _extract(land, held)
    if not is_a_paper(at.connection, number):
        raise NotIssued(held[0][1].unit_code)
    return _contract(at, land, held)


def village_certificates(at: AsOf, village: str) -> list[Document]:
    """The print of each certificate that is valid in a village, `<发包方编码>/CBJYQZ<合同代码>.pdf`. Raises `NoneIssued`."""
    numbers = certificates_of(at.store, at.connection, village, at.day, at.head.size)
    if not numbers:
        raise NoneIssued(at.day)
    sheets = {code: certificate_sheet(at, number) for code, number in numbers.items()}
    return [(f"{code[:_ISSUER]}/CBJYQZ{code}.pdf", partial(list, [sheet])) for code, sheet in sheets.items()]


def register_sheet(at: AsOf, code: str) -> Sheet:
    """The extract of the register for a contract (合同代码) or a homestead (不动产单元号), with a certificate or without.

    Raises `NoSuchContract`.
    """
    land = _land(at, RIGHT_VERSION.c.unit_code, code)
    if land is None:
        raise NoSuchContract(code, at.day)
    held = [(plot, row, holder) for plot in land.plots for row, holder in plot.held if row.unit_code == code]
    homestead = _is_homestead(held)
    sheet = _extract(land, held) if homestead else replace(_contract(at, land, held), title=_REGISTER)
    notes = () if homestead else (_NO_CERTIFICATE,)
    # Whoever is not on the list of co-holders reads on the same page that this proves nothing against them.
    return replace(
        sheet,
        subtitle=code,
        signs=("经办：", "领取人签字："),
        seals=("登记机构（盖章）",),
        notes=(*sheet.notes, *notes, what_is_not_compared().zh),
    )


def _land(at: AsOf, column: sa.ColumnElement[str], value: str) -> Land | None:
    """The land under the rights that have this value on the day; None where there is none."""
    right, line = RIGHT_VERSION, RIGHT_PARCEL
    of_version = sa.and_(line.c.thing_id == right.c.thing_id, line.c.ver == right.c.ver)
    query = (
        sa.select(line.c.parcel_id)
        .join(right, of_version)
        .where(column == value, right.c.status != "ended", in_force(right))
        .distinct()
    )
    ids = list(at.connection.scalars(query, at.when)) if value else []
    if not ids:
        return None
    return land_of(at, parcels.by_ids(at.connection, ids, **at.when))


def _is_homestead(held: Sequence[Held]) -> bool:
    return all(plot.state.land_use == "homestead" for plot, _, _ in held)


def _contract(at: AsOf, land: Land, held: Sequence[Held]) -> Sheet:
    lines = [line for _, line, _ in held]
    holders = list({holder.holder_id: holder for _, _, holder in held}.values())
    old = _numbers_before(at, lines)
    return Sheet(
        title=BOOK,
        subtitle=lines[0].certificate_number,
        facts=[
            ("发包方", "、".join(dict.fromkeys(f"{p.state.issuer_name}（{p.state.issuer_code}）" for p, _, _ in held))),
            ("承包方代表", "、".join(holder.name for holder in holders)),
            ("承包方代码", "、".join(holder.code for holder in holders)),
            ("合同代码", "、".join(dict.fromkeys(line.unit_code for line in lines))),
            ("承包方式", _method(at, lines[0].unit_id)),
            ("承包期限", "、".join(dict.fromkeys(parts.term(line) for line in lines))),
            ("地块总数", f"{len({plot.state.parcel_id for plot, _, _ in held})} 块"),
            ("合同总面积", f"{parts.summed(line.contract_area_mu for line in lines)} 亩"),
            ("颁证日期", f"{lines[0].certificate_date} {_why(at, lines[0])}".strip()),
            ("原证编号", "、".join(old) or parts.DASH),
        ],
        tables=[_co_holders(holders), _parcels(held)],
        seals=("发包方（盖章）", "发证机关（盖章）"),
        signs=("经办：", "领证人签字：", "领证日期："),
        notes=(*parts.notes(land), "合计为表中各行之和。换证后原证编号仍可在登记库查到。"),
        foot=parts.foot(land),
    )


def _extract(land: Land, held: Sequence[Held]) -> Sheet:
    plot, line, holder = held[0]
    state = plot.state
    return Sheet(
        title="宅基地使用权登记摘录",
        subtitle=line.certificate_number,
        facts=[
            ("不动产单元号", state.code),
            ("坐落", plot.texts.get("location", "") or parts.DASH),
            ("权利人代表", holder.name),
            ("土地所有权人", state.issuer_name),
            ("宗地面积", parts.both(state.surveyed_area_m2, state.surveyed_area_mu)),
            ("批准面积", parts.both(state.approved_area_m2, "")),
            ("超占面积", parts.both(state.excess_area_m2, "")),
            ("附记", "；".join(plot.remarks) or parts.DASH),
            ("房屋", f"{plot.buildings} 幢（已登记）" if plot.buildings else parts.DASH),
            *parts.bounds(plot),
            ("证书日期", line.certificate_date or parts.DASH),
            ("权威登记簿", parts.authority([line])),
        ],
        tables=[_co_holders([holder])],
        seals=("登记机构（盖章）",),
        signs=("经办：", "领取人签字："),
        notes=(*parts.notes(land), _EXTRACT),
        foot=parts.foot(land),
    )


@keeps("RLCL/all-members-listed")
def _co_holders(holders: Sequence[Holder]) -> SheetTable:
    rows = [
        (str(at), name, relation(kin))
        for at, (name, kin) in enumerate(
            (pair for holder in holders for pair in zip(holder.co_holders, holder.relations, strict=True)), start=1
        )
    ]
    return SheetTable("共有人", (Column("序", 8, "center"), Column("姓名", 40), Column("与代表关系")), rows, abreast=2)


def _parcels(held: Sequence[Held]) -> SheetTable:
    rows = [
        (
            plot.state.code,
            plot.texts.get("local_name", ""),
            parts.land_use(plot),
            " ".join(f"{zh[0]}:{text}" for zh, text in parts.bounds(plot) if text != parts.DASH),
            line.contract_area_m2 or parts.DASH,
            line.contract_area_mu or parts.DASH,
        )
        for plot, line, _ in held
    ]
    m2 = parts.summed(line.contract_area_m2 for _, line, _ in held)
    mu = parts.summed(line.contract_area_mu for _, line, _ in held)
    columns = (
        Column("地块代码", 33),
        Column("名称", 18),
        Column("用途", 12, "center"),
        Column("四至"),
        Column("合同 m²", 24, "right"),
        Column("合同 亩", 18, "right"),
    )
    return SheetTable("承包地块", columns, [*rows, ("合计", "", "", "", m2, mu)])


def _method(at: AsOf, unit_id: str) -> str:
    code = at.connection.scalar(sa.select(BA_UNIT.c.method).where(BA_UNIT.c.id == unit_id)) or ""
    return str(words()["method"].get(code, code or parts.DASH))


def _why(at: AsOf, line: RightLine) -> str:
    """The ground of the act that gave the number: 颁证, 补发：遗失 …; "" where it came with the first registration."""
    chain = read_chains(at.connection, RIGHT, [line.right_id])[line.right_id]
    given = next(v for v in chain if v.columns["certificate_number"] == line.certificate_number)
    if not given.cause_kind.startswith("certificate-"):
        return ""
    return "".join(behind(at.store, at.connection, given.cause_idx).papers)


def _numbers_before(at: AsOf, lines: Sequence[RightLine]) -> list[str]:
    """The numbers that these rights had before, oldest first."""
    chains = read_chains(at.connection, RIGHT, [line.right_id for line in lines])
    numbers = [
        version.columns["certificate_number"]
        for chain in chains.values()
        for version in chain
        if version.cause_idx < at.head.size
    ]
    return [n for n in dict.fromkeys(numbers) if n and n != lines[0].certificate_number]
