"""Which certificates must every verifier of ours take, with which verdict, and which refuse, at which step?

`python -m tests.vectors.make_certificates` writes `certificates/NAME.json`: {`says`, `policy`, `certificate` (text) or
`certificate_b64` (where it is no UTF-8), `expected`: what `told.plain` gives, or {`step`, `exit`, `undecided`}}. The expected
step of a damaged one is written here by hand, the verdict of a good one by its case; a test holds both.
"""

from __future__ import annotations

import base64
import copy
import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from registry.ledger.entry import b64u, un_b64u
from registry.ledger.signing import Signer, log_signer, note
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.steps import Step
from registry.ledger.verify.told import plain
from tests.vectors.small_register import LOG, ORIGIN, OTHERS, POLICY, WITNESS, SmallRegister, written

FOLDER = Path(__file__).with_name("certificates")
Document: TypeAlias = dict[str, Any]
GRASS, FAMILY, PASTURE, YARD, PLOT = "R-grass", "H-family", "P-pasture", "R-yard", "P-yard"
ALL = ("facts", "geometry")


def right(thing_id: str, thing: str, parcel: str, **changed: object) -> Document:
    """The facts of a right of the made-up family."""
    facts = {
        "unit": "U-1", "unit_code": "150699100201000001J", "holder": FAMILY, "within": None, "co_holding": "JOINT",
        "allotment": None, "share": None, "powers": "occupy,use,benefit", "term_start": "1998-01-01",
        "term_end": "2047-12-31", "extension": "", "certificate": ["", "", ""], "book": ["contract-book", "1"],
        "parcels": [[parcel, "2561433.33", "3842.15"]], "burdens": "[]",
    }  # fmt: skip
    return {"id": thing_id, "thing": thing, "facts": facts | changed, "valid": ["2016-11-30", None, "live"]}


def parcel(thing_id: str, code: str, use: str) -> Document:
    """A parcel with a shape and sealed texts."""
    facts = {
        "code": code, "village": "C-1", "land_use": use, "category": "", "land_type": "", "surveyed_area_m2": "2561446.67",
        "surveyed_area_mu": "3842.17", "area_method": "plane", "approved_area_m2": "", "excess_area_m2": "",
        "buildings": "[]", "parents": "[]",
    }  # fmt: skip
    return {
        "id": thing_id,
        "thing": "parcel",
        "facts": facts,
        "geometry": b64u(bytes([len(thing_id)]) * 32),
        "texts": {"east": "巴图的草场"},
        "valid": ["2016-11-30", None, "live"],
    }


def family(*members: str) -> Document:
    """The holding, with its notes sealed."""
    facts = {
        "household": "HH-1", "code": "150699100201000001", "issuer": "C-1", "representative": members[0],
        "members": [[person, "02", 1, "", 1] for person in members],
    }  # fmt: skip
    return {"id": FAMILY, "thing": "holding", "facts": facts, "notes": None, "valid": ["2016-11-30", None, "live"]}


def registered() -> SmallRegister:
    """Grass and a yard of a family of two, registered in two acts of one transaction."""
    register = SmallRegister()
    register.act(
        "first-registration",
        right(GRASS, "contract-grass", PASTURE),
        family("P-0", "P-1"),
        parcel(PASTURE, "1506991002010100001", "grass"),
        close=False,
        day="2016-11-30",
        people=[["P-0", "达楞太", "150699197405060019"], ["P-1", "敖登", "150699197603120027"]],
    )
    register.act("first-registration", right(YARD, "homestead", PLOT), parcel(PLOT, "150699100201JC00001", "homestead"))
    return register


def settled() -> tuple[SmallRegister, int]:
    """The same, then the family's move to town; returns the move's index."""
    register = registered()
    return register, register.event("settled-in-banner", "2017-05-08", people=["P-0", "P-1"])


def later(register: SmallRegister) -> SmallRegister:
    """What comes after a move and concerns others."""
    register.act(
        "record-corrected", {**parcel("P-other", "1506991002010100002", "grass"), "valid": ["2018-01-01", None, "live"]}
    )
    return register


def again(made: Document, **facts: object) -> Document:
    """The next version of what was made, with some facts changed."""
    return {**made, "facts": made["facts"] | facts}


def whole(register: SmallRegister, move: int, *ids: str) -> Document:
    """A certificate with all of these things opened."""
    names = ids or (GRASS, FAMILY, PASTURE)
    return register.certificate(
        move, dict.fromkeys(names, ALL), {move: ("event.day", "event.kind", "event.people"), 1: ("act.people",)}
    )


def good() -> Iterator[tuple[str, str, Document, str]]:
    """Name, sentence, certificate, policy."""
    register, move = settled()
    later(register)
    yield "unchanged", "everything opened, nothing moved", whole(register, move), POLICY
    yield (
        "area-and-term-without-a-name",
        "the holding stays closed, and no name is opened",
        register.certificate(move, {GRASS: ALL, FAMILY: (), PASTURE: ("facts",)}, {move: ("event.day", "event.kind")}),
        POLICY,
    )
    yield "one-right-of-two", "the yard alone", register.certificate(move, {YARD: ALL, FAMILY: (), PLOT: ALL}), POLICY
    yield "parts-not-shown", "a right without what it rests on", register.certificate(move, {GRASS: ALL}), POLICY
    yield "closed", "not a fact is opened", register.certificate(move, {GRASS: (), FAMILY: ()}), POLICY
    yield (
        "since-a-state",
        "no move: since the state that closed the first act",
        register.certificate(3, {GRASS: ALL}),
        POLICY,
    )
    document = whole(register, move)
    document["checkpoint"] = register.checkpoint(witnesses=())
    yield "no-witness-asked", "a policy without a quorum", document, f"log {LOG.key}\nquorum none\n"
    document = whole(register, move)
    document["checkpoint"] = register.checkpoint(witnesses=(OTHERS[2], OTHERS[0], WITNESS))
    policy = f"log {LOG.key}\n" + "".join(f"witness {n} {each.key}\n" for n, each in zip("abc", OTHERS, strict=True))
    yield (
        "two-witnesses-of-three",
        "the earliest of them is the moment",
        document,
        policy + "group g 2 a b c\nquorum g\n",
    )

    register, move = settled()
    yield "at-the-move-itself", "the move is the last entry", whole(register, move), POLICY

    register, move = settled()
    register.act("recoded", again(parcel(PASTURE, "1506991002010100777", "grass")))
    document = whole(register, move)
    yield "recoded", "another code is listed under the word unchanged", document, POLICY
    closed = register.certificate(move, {GRASS: ALL, FAMILY: ALL, PASTURE: ()})
    yield "recoded-and-closed", "with the facts closed nobody can say that only the code changed", closed, POLICY

    register, move = settled()
    register.act("member-added", family("P-0", "P-1", "P-2"))
    document = whole(register, move)
    yield "member-added", "a lawful change of the holding, and so of the right as a whole", document, POLICY
    register.act("representative-changed", again(family("P-1", "P-0", "P-2")), wills=3)
    register.act("recoded", again(family("P-1", "P-0", "P-2"), code="150699100201000009"))
    yield "three-acts", "the chain of three lawful acts", whole(register, move), POLICY

    register, move = settled()
    register.act("recoded", again(family("P-0", "P-1"), code="150699100201000009"))
    yield (
        "holding-recoded",
        "the holding changed, its members did not: the right is unchanged as a whole",
        whole(register, move),
        POLICY,
    )

    register, move = settled()
    register.act(
        "extended",
        {**right(GRASS, "contract-grass", PASTURE), "valid": ["2026-11-30", "2048-01-01", "live"]},
        {**right(GRASS, "contract-grass", PASTURE, term_end="2077-12-31"), "valid": ["2048-01-01", None, "live"]},
    )
    yield "two-stretches", "one act, two versions", whole(register, move), POLICY

    register, move = settled()
    register.act("exited", {**right(YARD, "homestead", PLOT), "valid": ["2020-01-01", None, "ended"]}, wills=2)
    yield (
        "ended-lawfully",
        "given up by the family's own will: changed, and the status says so",
        whole(register, move, YARD, FAMILY, PLOT),
        POLICY,
    )


def _edited(edit: Callable[[Document], object]) -> bytes:
    document = copy.deepcopy(_BASE)
    edit(document)
    return written(document)


def _cited(edit: Callable[[Document], object]) -> bytes:
    """Edited, and without the entries that nothing cites any more."""
    document = copy.deepcopy(_BASE)
    edit(document)
    cited = {*document["roles"].values(), *(each["entry"] for thing in document["things"] for each in thing["between"])}
    document["entries"] = [each for each in document["entries"] if each["index"] in cited or each["open"]]
    return written(document)


def _set(*path: str | int, to: object) -> Callable[[Document], None]:
    def edit(document: Document) -> None:
        *way, last = path
        place: Any = document
        for each in way:
            place = place[each]
        place[last] = to

    return edit


def _flipped(text: str) -> str:
    raw = bytearray(un_b64u(text))
    raw[0] ^= 1
    return b64u(bytes(raw))


def _flipped_b64(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[0] ^= 1
    return base64.b64encode(bytes(raw)).decode()


def _base() -> Document:
    register, move = settled()
    register.act("member-added", family("P-0", "P-1", "P-2"))
    register.act("recoded", again(family("P-0", "P-1", "P-2"), code="150699100201000009"))
    return whole(later(register), move)


_BASE = _base()
_RAW = written(_BASE)
# Places in _BASE: entries 1 (names), 4 (move), 5 and 7 (acts), 10 (latest); things grass, family, pasture.
_MOVE, _ADDED, _LATEST = 1, 2, 4
_GRASS, _FAMILY, _PASTURE = 0, 1, 2


def bad() -> Iterator[tuple[str, str, bytes, str, Step, bool]]:
    """Name, sentence, bytes, policy, the step that fails, whether it is undecided."""
    for name, says, raw in _malformed():
        yield name, says, raw, POLICY, Step.FORM, False
    yield from _unsigned()
    for step, cases in (
        (Step.INCLUSION, _not_included()),
        (Step.LATEST, _not_latest()),
        (Step.ENTRIES, _unlawful()),
        (Step.OPENINGS, _not_opened()),
        (Step.DIGESTS, _not_in_entry()),
        (Step.STATE, _not_in_state()),
        (Step.CHAIN, _not_closed()),
    ):
        for name, says, raw in cases:
            yield name, says, raw, POLICY, step, False


def _malformed() -> Iterator[tuple[str, str, bytes]]:
    yield "form-empty", "no bytes", b""
    yield "form-not-json", "text", "权益不变".encode()
    yield "form-not-utf8", "a byte that UTF-8 does not have", _RAW.replace("达楞太".encode(), b"\xff\xfe")
    yield "form-bom", "a byte order mark", b"\xef\xbb\xbf" + _RAW
    yield "form-newline", "a newline at the end", _RAW + b"\n"
    yield "form-spaces", "the same with spaces", json.dumps(_BASE, ensure_ascii=False, sort_keys=True).encode()
    yield (
        "form-order",
        "keys in another order",
        json.dumps(dict(sorted(_BASE.items(), reverse=True)), ensure_ascii=False, separators=(",", ":")).encode(),
    )
    yield (
        "form-escaped",
        "characters written as escapes",
        json.dumps(_BASE, sort_keys=True, separators=(",", ":")).encode(),
    )
    yield "form-key-twice", "a key twice", _RAW.replace(b'{"act":4,"latest":10}', b'{"act":4,"act":4,"latest":10}')
    yield "form-fraction", "4.0 is not 4", _RAW.replace(b'"act":4,', b'"act":4.0,')
    yield "form-exponent", "4e0 is not 4", _RAW.replace(b'"act":4,', b'"act":4e0,')
    yield "form-minus-zero", "-0 is not 0", _RAW.replace(b'"at":0,', b'"at":-0,')
    yield "form-nan", "NaN is no JSON", _RAW.replace(b'"act":4,', b'"act":NaN,')
    yield "form-large", "a number beyond 53 bits", _RAW.replace(b'"act":4,', b'"act":9007199254740992,')
    yield "form-true", "true is not 1", _edited(_set("v", to=True))
    yield "form-version", "another version", _edited(_set("v", to=2))
    yield "form-negative", "an index below 0", _edited(_set("roles", "act", to=-1))
    yield "form-text-index", "an index as text", _edited(_set("roles", "act", to="4"))
    yield "form-unknown-key", "a key that no certificate has", _edited(_set("note", to="…"))
    yield "form-missing-key", "no roles", _edited(lambda d: d.pop("roles"))
    yield "form-list", "a list", b"[]"
    yield "form-no-things", "nothing is shown", _edited(_set("things", to=[]))
    yield "form-thing-twice", "one thing twice", _edited(lambda d: d["things"].append(d["things"][0]))
    yield "form-key-shared", "two things with one key", _edited(_set("things", 1, "key", to=_BASE["things"][0]["key"]))
    yield "form-entries-order", "entries not ascending", _edited(lambda d: d["entries"].reverse())
    yield "form-entry-twice", "one entry twice", _edited(lambda d: d["entries"].insert(0, d["entries"][0]))
    yield "form-entry-absent", "an act that is cited is not there", _edited(lambda d: d["entries"].pop(_ADDED))
    yield "form-entry-idle", "an entry that nothing cites", _edited(_set("entries", 0, "open", to=[]))
    yield (
        "form-salt-short",
        "a salt of 31 bytes",
        _edited(_set("things", 0, "act", "open", 0, "salt", to=b64u(bytes(31)))),
    )
    yield "form-slack-bits", "spare bits set", _edited(_set("things", 0, "key", to="A" * 42 + "B"))
    yield "form-padded", "padding in base64url", _edited(_set("things", 0, "key", to="A" * 43 + "="))
    yield "form-not-url", "base64 where base64url belongs", _edited(_set("things", 0, "key", to="+" * 42 + "A"))
    yield (
        "form-leaf-junk",
        "a newline in base64",
        _edited(lambda d: d["entries"][0].update(leaf=d["entries"][0]["leaf"] + "\n")),
    )
    yield "form-rows", "eleven hashes above the bucket", _edited(lambda d: d["things"][0]["act"]["proof"]["rows"].pop())
    yield (
        "form-open-order",
        "openings not in the order of paths",
        _edited(lambda d: d["things"][0]["act"]["open"].reverse()),
    )
    yield (
        "form-open-twice",
        "a path twice",
        _edited(lambda d: d["things"][0]["act"]["open"].insert(0, d["things"][0]["act"]["open"][0])),
    )
    yield "form-path", "a path with capitals", _edited(_set("things", 0, "act", "open", 0, "path", to="Chain"))
    yield (
        "form-value-key",
        "a key of a value with capitals",
        _edited(_set("entries", 0, "open", 0, "value", to={"A": 1})),
    )
    yield "form-not-nfc", "text in NFD", unicodedata.normalize("NFD", _RAW.decode().replace("达楞太", "é")).encode()
    yield "form-lone-surrogate", "half a character", _RAW.replace("达楞太".encode(), b"\\ud800")
    yield "form-deep", "nested seventeen deep", _RAW.replace('"达楞太"'.encode(), b"[" * 17 + b"]" * 17)
    yield "form-no-list", "things that are no list", _edited(_set("things", to={}))
    yield "form-no-text", "a checkpoint that is no text", _edited(_set("checkpoint", to=1))


def _unsigned() -> Iterator[tuple[str, str, bytes, str, Step, bool]]:
    def case(
        name: str, says: str, raw: bytes, policy: str = POLICY, *, undecided: bool = False
    ) -> tuple[str, str, bytes, str, Step, bool]:
        return name, says, raw, policy, Step.POLICY, undecided

    text, lines = _BASE["checkpoint"].split("\n\n")
    log, witness = lines.splitlines(keepends=True)
    yield case(
        "policy-unknown-log",
        "a log that the policy does not name",
        _RAW,
        _only(log_signer("other.example/sanquan", bytes(range(32)))),
        undecided=True,
    )
    yield case("policy-other-key", "the same origin under another key", _RAW, _only(log_signer(ORIGIN, bytes(32))))
    yield case(
        "policy-no-witness", "nobody cosigned", _edited(_set("checkpoint", to=f"{text}\n\n{log}")), undecided=True
    )
    yield case("policy-no-log", "the log did not sign", _edited(_set("checkpoint", to=f"{text}\n\n{witness}")))
    yield case("policy-twice", "the log signed twice", _edited(_set("checkpoint", to=f"{text}\n\n{log}{log}{witness}")))
    yield case(
        "policy-altered-size",
        "another size",
        _edited(_set("checkpoint", to=_BASE["checkpoint"].replace("\n11\n", "\n12\n"))),
    )
    yield case("policy-extension", "a fourth line", _edited(_set("checkpoint", to=f"{text}\nmore\n\n{log}{witness}")))
    yield case("policy-not-a-note", "no signature lines", _edited(_set("checkpoint", to=f"{text}\n")))
    yield case("policy-time", "cosigned after the year 9999", _impossible_time())
    wrong = log[:-8] + ("B" if log[-8] == "A" else "A") + log[-7:]
    yield case(
        "policy-log-signature",
        "a character of the log's signature",
        _edited(_set("checkpoint", to=f"{text}\n\n{wrong}{witness}")),
    )
    wrong = witness[:-8] + ("B" if witness[-8] == "A" else "A") + witness[-7:]
    yield case(
        "policy-witness-signature",
        "a character of the witness's",
        _edited(_set("checkpoint", to=f"{text}\n\n{log}{wrong}")),
    )


def _impossible_time() -> bytes:
    text = _BASE["checkpoint"].split("\n\n")[0] + "\n"
    return _edited(_set("checkpoint", to=note(text, [LOG.sign(text), WITNESS.cosign(text, 253_402_300_800)]).decode()))


def _only(signer: Signer) -> str:
    return f"log {signer.key}\nquorum none\n"


def _not_included() -> Iterator[tuple[str, str, bytes]]:
    entry = _BASE["entries"][_MOVE]
    yield "inclusion-leaf", "a bit of a leaf", _edited(_set("entries", _MOVE, "leaf", to=_flipped_b64(entry["leaf"])))
    yield (
        "inclusion-index",
        "the move one place on",
        _edited(lambda d: (d["entries"][_MOVE].update(index=3), d["roles"].update(act=3))),
    )
    yield (
        "inclusion-short",
        "a hash of the path left out",
        _edited(_set("entries", _MOVE, "path", to=entry["path"][:-1])),
    )
    yield (
        "inclusion-long",
        "a hash too many",
        _edited(_set("entries", _MOVE, "path", to=[*entry["path"], entry["path"][0]])),
    )
    yield (
        "inclusion-swapped",
        "two hashes changed places",
        _edited(_set("entries", _MOVE, "path", to=[entry["path"][1], entry["path"][0], *entry["path"][2:]])),
    )
    yield (
        "inclusion-other",
        "the path of another entry",
        _edited(_set("entries", _MOVE, "path", to=_BASE["entries"][_ADDED]["path"])),
    )


def _not_latest() -> Iterator[tuple[str, str, bytes]]:
    register, move = settled()
    register.act("member-added", family("P-0", "P-1", "P-2"))
    size = len(register.leaves)
    document = register.certificate(move, {GRASS: ALL})
    later(register)
    document["checkpoint"] = register.checkpoint()
    for place, index in enumerate((move, size - 1)):
        document["entries"][place] = register.entry(index)
    yield "latest-older-state", "an older state under the newest checkpoint hides what came after", written(document)


def _unlawful() -> Iterator[tuple[str, str, bytes]]:
    register, move = settled()
    register.forged(register.leaves[move].replace(b'"rv":[]', b'"rv":["' + b"A" * 43 + b'"]'))
    yield "entries-p1", "a household event that makes a version", written(register.certificate(move, {GRASS: ALL}))

    register, move = settled()
    register.act("moved-to-town", again(right(GRASS, "contract-grass", PASTURE)))
    yield "entries-p5-kind", "a cause that is not on the list", written(register.certificate(move, {GRASS: ALL}))

    register, move = settled()
    register.act("exited", {**right(GRASS, "contract-grass", PASTURE), "valid": ["2020-01-01", None, "ended"]})
    yield "entries-p6", "given up without a will", written(register.certificate(move, {GRASS: ALL}))

    register, move = settled()
    register.hour = 0
    later(register)
    yield "entries-p5-time", "the time goes back", written(register.certificate(move, {GRASS: ALL}))

    register, move = settled()
    register.case()
    yield (
        "entries-latest-class",
        "the last entry is a step of a case",
        written(register.certificate(move, {GRASS: ALL})),
    )

    register, _ = settled()
    later(register)
    yield (
        "entries-act-class",
        "since an act, not since a move or a state",
        written(register.certificate(2, {GRASS: ALL})),
    )

    register, move = settled()
    register.forged(register.leaves[move].replace(b'"v":1', b'"v": 1'))
    yield "entries-form", "an entry that is not canonical", written(register.certificate(move, {GRASS: ALL}))

    yield "entries-before", "an act from before the move", _cited(_set("things", _FAMILY, "between", 0, "entry", to=1))
    yield (
        "entries-no-act",
        "a move as the entry of a version",
        _cited(_set("things", _FAMILY, "between", 0, "entry", to=4)),
    )


def _not_opened() -> Iterator[tuple[str, str, bytes]]:
    facts = 1
    yield (
        "openings-value",
        "another term",
        _edited(_set("things", _GRASS, "latest", "open", facts, "value", "term_end", to="2077-12-31")),
    )
    yield (
        "openings-status",
        "another status",
        _edited(_set("things", _GRASS, "latest", "open", 2, "value", 2, to="ended")),
    )
    yield "openings-name", "another name", _edited(_set("entries", 0, "open", 0, "value", 0, 1, to="布仁"))
    salt = _BASE["things"][_GRASS]["latest"]["open"][facts]["salt"]
    yield (
        "openings-salt",
        "another salt",
        _edited(_set("things", _GRASS, "latest", "open", facts, "salt", to=_flipped(salt))),
    )
    yield (
        "openings-closed",
        "the days and the status stay closed",
        _edited(lambda d: d["things"][_GRASS]["act"]["open"].pop()),
    )
    yield (
        "openings-chain",
        "which thing it is stays closed",
        _edited(lambda d: d["things"][_GRASS]["act"]["open"].pop(0)),
    )
    yield (
        "openings-of-another",
        "an opening of another version",
        _edited(_set("things", _GRASS, "act", "open", facts, to=_BASE["things"][_FAMILY]["act"]["open"][facts])),
    )
    yield (
        "openings-path",
        "the day under another path",
        _edited(_set("entries", _MOVE, "open", 0, "path", to="event.basis")),
    )
    commitments = _BASE["things"][_GRASS]["act"]["commitments"]
    yield (
        "openings-order",
        "commitments not in the order of their paths",
        _edited(_set("things", _GRASS, "act", "commitments", to=commitments[::-1])),
    )


def _not_in_entry() -> Iterator[tuple[str, str, bytes]]:
    yield (
        "digests-other-entry",
        "a version under another act",
        _cited(_set("things", _FAMILY, "between", 0, "entry", to=7)),
    )
    commitments = _BASE["things"][_FAMILY]["between"][0]["commitments"]
    yield (
        "digests-commitment",
        "a commitment of what is not opened",
        _edited(_set("things", _FAMILY, "between", 0, "commitments", 1, to=_flipped(commitments[1]))),
    )


def _not_in_state() -> Iterator[tuple[str, str, bytes]]:
    grass = _BASE["things"][_GRASS]
    yield "state-key", "another key", _edited(_set("things", _GRASS, "key", to=_flipped(grass["key"])))
    yield (
        "state-commitment",
        "a commitment of what is not opened",
        _edited(
            _set(
                "things",
                _PASTURE,
                "latest",
                "commitments",
                3,
                to=_flipped(_BASE["things"][_PASTURE]["latest"]["commitments"][3]),
            )
        ),
    )
    yield (
        "state-row",
        "a hash above the bucket",
        _edited(_set("things", _GRASS, "act", "proof", "rows", 3, to=_flipped(grass["act"]["proof"]["rows"][3]))),
    )
    yield "state-at", "another place in the bucket", _edited(_set("things", _GRASS, "act", "proof", "at", to=1))
    yield "state-of", "a bucket of two", _edited(_set("things", _GRASS, "act", "proof", "of", to=2))
    yield (
        "state-other",
        "the proof of another thing",
        _edited(_set("things", _GRASS, "act", "proof", to=_BASE["things"][_PASTURE]["act"]["proof"])),
    )
    family_ = _BASE["things"][_FAMILY]
    old = {**family_["act"]}
    yield (
        "state-older",
        "the version of the move as the latest",
        _cited(lambda d: d["things"][_FAMILY].update(latest=old, between=[])),
    )
    old = {**family_["act"], "proof": family_["latest"]["proof"]}
    yield (
        "state-older-replaced",
        "the same under the proof of the latest",
        _cited(lambda d: d["things"][_FAMILY].update(latest=old, between=[])),
    )
    yield (
        "state-newer",
        "the latest as that of the move",
        _cited(lambda d: d["things"][_FAMILY].update(act=family_["latest"], between=[])),
    )


def _not_closed() -> Iterator[tuple[str, str, bytes]]:
    yield (
        "chain-hidden",
        "the first of two acts left out",
        _edited(lambda d: (d["things"][_FAMILY]["between"].pop(0), d["entries"].pop(_ADDED))),
    )
    yield (
        "chain-cut",
        "the last of two acts left out",
        _edited(lambda d: (d["things"][_FAMILY]["between"].pop(), d["entries"].pop(_ADDED + 1))),
    )
    yield (
        "chain-empty",
        "no act between two states that differ",
        _edited(
            lambda d: (d["things"][_FAMILY].update(between=[]), d["entries"].pop(_ADDED + 1), d["entries"].pop(_ADDED))
        ),
    )
    yield "chain-swapped", "two acts in the wrong order", _edited(lambda d: d["things"][_FAMILY]["between"].reverse())
    yield (
        "chain-idle",
        "an act of another thing between two equal states",
        _edited(lambda d: d["things"][_GRASS].update(between=d["things"][_FAMILY]["between"])),
    )
    yield "chain-id", "another id than the committed one", _edited(_set("things", _GRASS, "id", to="R-other"))
    for name, says, committed in (
        ("chain-number", "a number left out", lambda prev: [GRASS, "contract-grass", 3, prev]),
        (
            "chain-fork",
            "a version that does not follow the one before",
            lambda _: [GRASS, "contract-grass", 2, "A" * 43],
        ),
        ("chain-kind", "pasture that becomes a yard", lambda prev: [GRASS, "homestead", 2, prev]),
        ("chain-short", "a chain of three parts", lambda prev: [GRASS, "contract-grass", prev]),
        ("chain-text", "a number as text", lambda prev: [GRASS, "contract-grass", "2", prev]),
        ("chain-before", "a digest before that is none", lambda _: [GRASS, "contract-grass", 2, "="]),
    ):
        register, move = settled()
        previous = b64u(register.chains[GRASS][0].digest)
        register.act("record-corrected", {**right(GRASS, "contract-grass", PASTURE), "chain": committed(previous)})
        yield name, says, written(register.certificate(move, {GRASS: ALL}))
    register, move = settled()
    register.act("record-corrected", {**right(GRASS, "contract-grass", PASTURE), "valid": "2016-11-30"})
    yield "chain-valid", "days that are no days", written(register.certificate(move, {GRASS: ALL}))
    register = SmallRegister()
    register.act(
        "first-registration", {**right(GRASS, "contract-grass", PASTURE), "chain": [GRASS, "pasture", 1, None]}
    )
    yield "chain-thing", "a thing that is not on the list", written(register.certificate(2, {GRASS: ALL}))
    register = SmallRegister()
    register.act("first-registration", right(GRASS, "contract-grass", PASTURE, burdens="{"))
    yield "chain-burdens", "burdens that can't be read", written(register.certificate(2, {GRASS: ALL}))
    register = SmallRegister()
    register.act("first-registration", right(GRASS, "contract-grass", PASTURE, burdens="[1]"))
    yield "chain-burden", "a burden that is no id", written(register.certificate(2, {GRASS: ALL}))


def vectors() -> dict[str, Document]:
    """Every vector by name."""
    found = {}
    for name, says, document, policy in good():
        raw = written(document)
        expected: Document = plain(verify(raw, parse_policy(policy)))
        found[name] = {"says": says, "policy": policy, "certificate": raw.decode(), "expected": expected}
    for name, says, raw, policy, step, undecided in bad():
        expected = {"step": step.name, "exit": int(step), "undecided": undecided}
        found[name] = {"says": says, "policy": policy, **_text(raw), "expected": expected}
    return found


def _text(raw: bytes) -> Document:
    try:
        return {"certificate": raw.decode()}
    except UnicodeDecodeError:
        return {"certificate_b64": base64.b64encode(raw).decode()}


def file_of(vector: Document) -> str:
    """What stands in a vector's file."""
    return json.dumps(vector, ensure_ascii=True, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write every vector."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, vector in vectors().items():
        (FOLDER / f"{name}.json").write_text(file_of(vector), encoding="utf-8")


if __name__ == "__main__":
    main()
