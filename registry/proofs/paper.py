"""How does a certificate become a paper that a herder can read, with the proof inside?

The first page says the word, what it is about, since when, until when, who signed, and what is not proved; then a map. The JSON is
attached byte for byte; a QR code ties paper and file. The page says what the verifier says: it is made from the verdict alone,
besides the name on its first line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import segno
import shapely
import typst

from gis.cartography import MapFeature
from gis.cartography.typesetting import fonts
from gis.sheets import Column, Sheet, SheetTable, TooLargeForASheet, paper, placed
from gis.sheets.extract import extract_map
from gis.sheets.rendering import sheet_inputs
from registry.ledger.verify import saying
from registry.ledger.verify.single import code_of
from registry.ledger.verify.verdict import RIGHTS, UNCHANGED
from registry.ledger.verify.words import SAID, THINGS, VERDICTS
from registry.parcels.model import PARCEL
from registry.sheets.parts import NOT_THE_BOOK, crs_label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.ledger.verify.certificate import Verdict
    from registry.ledger.verify.verdict import ThingVerdict
    from registry.proofs.making import Made
    from registry.proofs.subject import Subject

FILE: Final = "sanquan-certificate.json"
TITLE: Final = "权益不变证明"
_TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
_MAP_MM: Final = (178.0, 150.0)
_SAYS: Final = {
    True: ("下面每一项，和当时登记的一样。", "Each of these is as it was registered then."),
    False: (
        "下面写明哪些变了，凭什么变的。每次变更都有公开清单上的合法原因。",
        "What changed, and by which lawful act, is listed; every act has a cause on the public list.",
    ),
}
_HOW: Final = (
    "怎么验：用手机扫右上角的码，或把本 PDF 交给 sanquan verify（不联网也能验，只用公钥）。\n"
    "本页的字可以被人改，附件和签名改不了：以验出来的为准。\n"
    "To verify: scan the code, or hand this PDF to sanquan verify (offline, public keys only). What the verifier says counts."
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on the paper beside the proof: whose it is ("" where no name is told), and which host opens the code."""

    who: str
    host: str = ""


def address_of(verdict: Verdict, host: str = "") -> str:
    """What the code on a paper opens: what stands after # never reaches a server."""
    return f"https://{host or verdict.signed.checkpoint.origin.partition('/')[0]}/v#{code_of(verdict)}"


def qr_of(address: str) -> segno.QRCode:
    """The code itself."""
    return segno.make(address, error="m", boost_error=False, micro=False)


def paper_pdf(made: Made, subject: Subject, heading: Heading) -> bytes:
    """The PDF of a certificate: one page, an annex with a map where boundaries are told, the JSON attached."""
    verdict = made.verdict
    origin = verdict.signed.checkpoint.origin
    url = address_of(verdict, heading.host)
    annex = _annex(subject, verdict)
    page = {
        "title": TITLE,
        "title_en": "Certificate: what was registered before a move, and what is registered now",
        "file": FILE,
        "demo": is_demo(origin),
        "who": heading.who,
        "since": f"比的是：{saying.since(verdict)[0]}以前登记的，和现在登记的，一项一项比。",
        "qr": qr_of(url).svg_inline(border=2),
        "code": url,
        "word": VERDICTS[verdict.word][0],
        "says": _SAYS[verdict.word == UNCHANGED][0],
        "says_en": f"{VERDICTS[verdict.word][1].capitalize()}. {_SAYS[verdict.word == UNCHANGED][1]}",
        "heads": ["登记的权利", "面积", "期限", "结论"],
        "rows": [_row(verdict, thing) for thing in verdict.things if saying.stands_alone(verdict, thing)],
        "facts": _facts(made),
        "unproved": [list(SAID["unproved"]), list(SAID["left-out"])],
        "how": _HOW,
        "foot": f"{NOT_THE_BOOK}\n文件 SHA-256 {verdict.digest.hex()}",
        "annex": annex is not None,
    }
    data, template = sheet_inputs([] if annex is None else [annex])
    files = {"main": _TEMPLATE.read_bytes(), "sheet.typ": template}
    pdf: bytes = typst.compile(  # type: ignore[call-overload]  # its stubs leave out the form with several files
        files,
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={
            "data": data,
            "page": json.dumps(page, ensure_ascii=False),
            "certificate": made.raw.decode(),
        },
    )
    return pdf


def is_demo(origin: str) -> bool:
    """Whether a log is one for show: its name lies under `.example`, which nobody can own (RFC 2606)."""
    return origin.partition("/")[0].endswith(".example")


def _row(verdict: Verdict, thing: ThingVerdict) -> dict[str, str]:
    facts = thing.latest.get("facts")
    facts = facts if isinstance(facts, dict) else {}
    under = [
        f"{saying.hour(change.at)} {saying.happened(change)[0]}"
        for each in (thing, *saying.parts_of(verdict, thing))
        for change in each.changes
    ]
    if thing.rests_on is None or thing.not_shown:
        under.append(SAID["alone"][0])
    word = VERDICTS[thing.whole][0] + (f"（{SAID['ended'][0]}）" if thing.status == "ended" else "")
    end = facts.get("term_end")
    return {
        "name": THINGS[thing.thing][0],
        "under": "\n".join(under),
        "area": _area(verdict, thing),
        "term": "" if thing.thing not in RIGHTS or not facts else f"到 {saying.day(end)}" if end else "没有期限",
        "word": word,
    }


def _area(verdict: Verdict, thing: ThingVerdict) -> str:
    """亩 first, m² second, as surveyed; nothing where a parcel's facts stay closed."""
    parcels = [each for each in saying.parts_of(verdict, thing) if each.thing == "parcel"]
    facts = [each.latest["facts"] for each in parcels if isinstance(each.latest.get("facts"), dict)]
    if not facts or len(facts) != len(parcels):
        return ""
    mu, m2 = (sum((Decimal(each[f"surveyed_area_{unit}"] or 0) for each in facts), Decimal(0)) for unit in ("mu", "m2"))
    return f"{mu:,} 亩\n{m2:,} m²"


def _facts(made: Made) -> list[tuple[str, str]]:
    verdict = made.verdict
    checkpoint = verdict.signed.checkpoint
    signed = "\n".join(
        [f"{verdict.signed.log.name}（登记机构）", *(f"{e.key.name}（监督）" for e in verdict.signed.cosigned)]
    )
    facts = [
        ("截至哪一刻 As of", f"{saying.until(verdict)[0]}，账本第 {checkpoint.size} 条"),
        ("谁签的 Signed by", signed if verdict.signed.cosigned else f"{signed}\n{SAID['uncosigned'][0]}"),
    ]
    if made.begun_since:
        facts.append(("另有 Besides", f"搬家以后才登记的 {made.begun_since} 项，不在这份证明里比"))
    return facts


def _annex(subject: Subject, verdict: Verdict) -> Sheet | None:
    """A map of the parcels whose boundary and facts are told."""
    shown = {
        each.thing_id: each.latest["facts"]
        for each in verdict.things
        if each.thing == "parcel" and "geometry" in each.latest and isinstance(each.latest.get("facts"), dict)
    }
    shapes = _shapes(subject, verdict, shown)
    if not shapes:
        return None
    features = [
        MapFeature(shapes[i], shown[i]["land_use"], f"{n}. {shown[i]['surveyed_area_mu']} 亩", highlighted=True)
        for n, i in enumerate(shapes, 1)
    ]
    notes = [f"坐标系 {crs_label()}。图形的哈希在附件里，图由登记库画出。"]
    try:
        layout = placed(
            shapely.total_bounds(list(shapes.values())), paper(landscape=False, width=_MAP_MM[0], height=_MAP_MM[1])
        )
        drawn = extract_map(features, layout)
    except TooLargeForASheet:
        drawn = None
        notes.append("地块相距太远，一张图放不下。")
    return Sheet(
        title=f"{TITLE} 附图",
        facts=(),
        map=drawn,
        tables=[_table([shown[i] for i in shapes])],
        notes=notes,
        foot=f"文件 SHA-256 {verdict.digest.hex()}",
    )


def _shapes(subject: Subject, verdict: Verdict, shown: Mapping[str, Any]) -> dict[str, shapely.Geometry]:
    """The boundaries as they were under the checkpoint."""
    size = verdict.signed.checkpoint.size
    found = {}
    for thing_id in shown:
        known = [version for version in subject.reach.chain(PARCEL, thing_id) if version.cause_idx < size]
        if known and known[-1].geometry is not None:
            found[thing_id] = known[-1].geometry
    return found


def _table(parcels: list[Mapping[str, Any]]) -> SheetTable:
    columns = (
        Column("序", 8, "center"),
        Column("地块代码", 62),
        Column("实测 亩", 30, "right"),
        Column("实测 m²", 40, "right"),
    )
    rows = [
        (str(n), each["code"], each["surveyed_area_mu"], each["surveyed_area_m2"]) for n, each in enumerate(parcels, 1)
    ]
    return SheetTable("", columns, rows)
