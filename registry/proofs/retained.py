"""How does a 权益保留证明 (registry.statement) leave on paper, with the proof inside that needs no trust?

Where a published checkpoint covers all that the statement says, the certificate of the same things since the same event is
attached, and a code ties the paper to it: whoever has the paper can verify it as any certificate. Where none does, the paper says
so, and how to get one; it is never made to look proved.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson
import segno
import typst

from gis.cartography.typesetting import fonts
from gis.sheets import Column, Sheet, SheetCode, SheetTable
from gis.sheets.rendering import sheet_inputs
from registry import masks, papers, parties
from registry.ledger.verify.single import code_of
from registry.looks.keeping import looked
from registry.proofs import making, subject
from registry.proofs.making import Chosen, NothingProvableYetError, NothingToProveError, TooMuchForOneError
from registry.proofs.paper import FILE, is_demo
from registry.sheets.parts import NOT_THE_BOOK
from registry.statement import statement

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.errors import SanquanError
    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.proofs.making import Made
    from registry.proofs.subject import Subject
    from registry.store.engines import Store

_TEMPLATE: Final = Path(__file__).with_name("statement.typ")
_PROVED: Final = (
    "本页由签了名的账本证明：证明({file})附在文件里，截至账本第 {size} 条。怎么验：用手机扫右上角的码，或 sanquan verify、核对网页"
    "（不联网，只用公钥）。页上的字可以被人改，附件和签名改不了：以验出来的为准。",
    "Proved by the signed log: the certificate ({file}) is attached, up to entry {size}. Verify it with sanquan verify or the page "
    "/verify, offline, by public keys only; what the verifier says counts.",
)
_UNPROVED: Final = (
    "本页还没有证明，只是登记机构自己说的。{why}。以后再出一份，就附有证明",
    "Not proved yet: it is the registry's own word alone; {why}. Made again after that, it carries the proof",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statement (a person's id), across which event (None: the latest settlement), who makes it, for what.

    `reader`: who sees how much of the name on the paper. `host` opens the code on the paper; "" is the host of the log's origin.
    """

    person: str
    officer: Officer
    purpose: str
    event: int | None = None
    form: Literal["json", "pdf"] = "pdf"
    reader: Reader = "desk"
    host: str = ""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A statement's bytes, what they say (with `proof`), and its row in the log of papers."""

    content: bytes
    told: dict[str, Any]
    logged: str


def on_paper(store: Store, wanted: Wanted) -> OnPaper:
    """The statement of today, as known now, with its proof where there is one; logged before anybody has the bytes.

    Raises PurposeMissingError, PersonNotFoundError, ProofFailsError, StateDiffersError: of an edited row no paper is made.
    """
    papers.stated(wanted.purpose)
    with store.reading() as connection:
        told = statement(store, connection, wanted.person, event_idx=wanted.event)
        made = _proof(store, connection, told)
        name = parties.identities(connection, store.vault, [wanted.person])[wanted.person].name
    told["proof"] = _proved(made, wanted.host) if isinstance(made, making.Made) else _unproved(made)
    shown = masks.shown("name", name, wanted.reader)
    content = orjson.dumps(told) if wanted.form == "json" else _pdf(told, shown)
    digest = hashlib.sha256(content).digest()
    detail = {"of": wanted.person, "document": "statement", "form": wanted.form, "proved": told["proof"]["proved"]}
    logged = papers.enter(store, wanted.officer, "certificate", digest.hex(), digest, wanted.purpose, detail)
    looked(store, wanted.officer, wanted.person, "certificate", wanted.purpose.strip())
    return OnPaper(content, told, logged)


def _proof(store: Store, connection: Connection, told: dict[str, Any]) -> Made | SanquanError:
    """The certificate of exactly what is stated, or why there is none."""
    who = subject.person(connection, told["person"]["id"])
    idx = None if told["event"] is None else told["event"]["idx"]
    try:
        made = making.make(store, connection, who, Chosen(event=idx))
        if not _covers(made, who, idx):
            raise NothingProvableYetError
    except (NothingProvableYetError, NothingToProveError, TooMuchForOneError) as lacking:
        return lacking
    return made


def _covers(made: Made, who: Subject, event: int | None) -> bool:
    """Whether it compares since the same event, and nothing that is stated was registered after its checkpoint."""
    size = made.verdict.signed.checkpoint.size
    since = None if made.since.event is None else made.since.event.idx
    # Parcels and member lists, too, on which rights rest.
    versions = (version for chains in who.reach.chains.values() for chain in chains.values() for version in chain)
    return since == event and all(version.cause_idx < size for version in versions)


def _proved(made: Made, host: str) -> dict[str, Any]:
    checkpoint = made.verdict.signed.checkpoint
    zh, en = (words.format(file=FILE, size=checkpoint.size) for words in _PROVED)
    return {
        "proved": True,
        "text": {"zh": zh, "en": en},
        "certificate": made.raw.decode(),
        "sha256": made.verdict.digest.hex(),
        "code": f"https://{host or checkpoint.origin.partition('/')[0]}/v#{code_of(made.verdict)}",
        "log": checkpoint.origin,
        "size": checkpoint.size,
    }


def _unproved(lacking: SanquanError) -> dict[str, Any]:
    text = {"zh": _UNPROVED[0].format(why=lacking.zh), "en": _UNPROVED[1].format(why=lacking.en)}
    return {"proved": False, "text": text, "certificate": None, "sha256": None, "code": None, "log": None, "size": None}


def _pdf(told: dict[str, Any], name: str) -> bytes:
    proof = told["proof"]
    data, template = sheet_inputs([_sheet(told, name)])
    attached = {
        "title": told["document"]["zh"],
        "file": FILE,
        "certificate": proof["certificate"],
        "demo": proof["log"] is not None and is_demo(proof["log"]),
    }
    pdf: bytes = typst.compile(  # type: ignore[call-overload]  # its stubs leave out the form with several files
        {"main": _TEMPLATE.read_bytes(), "sheet.typ": template},
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data, "proof": json.dumps(attached, ensure_ascii=False)},
    )
    return pdf


def _sheet(told: dict[str, Any], name: str) -> Sheet:
    proof, event = told["proof"], told["event"]
    facts = [("姓名", name), ("证件号", told["person"]["id_number"]), ("截至", told["valid_at"])]
    for place, label in (("before", "户口原在"), ("now", "户口现在")):
        row = told["registration"][place]
        if row is not None:
            facts.append((label, f"{row['division_name']} {row['division_code']}，从 {row['since']} 起"))
    if event is not None:
        facts.append(("比的是", f"{event['day']} {event['name']['zh']}以前登记的，和现在登记的"))
    facts.append(("结论", told["verdict_text"]["zh"]))
    notes = [told[part]["zh"] for part in ("compares", "vouched", "left_out") if told[part] is not None]
    code = None
    if proof["proved"]:
        picture = segno.make(proof["code"], error="l", boost_error=False, micro=False).svg_inline(border=2)
        code = SheetCode(f"证明 SHA-256 {proof['sha256'][:16]}…", picture)
    return Sheet(
        title=told["document"]["zh"],
        facts=facts,
        tables=_tables(told),
        seals=("登记机构",),
        notes=[proof["text"]["zh"], proof["text"]["en"], *notes, NOT_THE_BOOK],
        foot=f"账本 {told['ledger']['size']} 条，根 {told['ledger']['root']}",
        code=code,
    )


def _tables(told: dict[str, Any]) -> list[SheetTable]:
    verdicts = [
        (t["name"]["zh"], t["text"]["zh"] + (f"\n{t['extension_due']['zh']}" if t["extension_due"] else ""))
        for t in told["things"]
    ]
    rights = [
        (
            r["name"]["zh"],
            "\n".join(f"{p['code']} 实测 {p['surveyed_area_mu']} 亩" for p in r["parcels"] if "code" in p),
            f"{r['term'][0] or ''} 到 {r['term'][1]}" if r["term"][1] else "没有期限",
            r["authoritative_book"]["text"]["zh"],
        )
        for r in told["rights"]
    ]
    found = [
        SheetTable("逐项比对", (Column("什么", 52), Column("结论")), verdicts),
        SheetTable("名下权利", (Column("权利", 40), Column("地块", 56), Column("期限", 40), Column("以哪本簿为准")), rights),
    ]
    return [table for table in found if table.rows]
