"""Do the entries of a land rights ledger, and nothing but the entries, keep the public rules?

One file for strangers: it needs Python 3.11 and nothing of the registry, no network, no personal data. Given
the leaves of the log in order, `replay` computes the root of the tree and checks:

- FORM   every leaf is the canonical JSON of one of the six classes R, H, S, K, E, C;
- START  entry 0 is an S with the root of the empty map; where entries were lost, a K names the log that goes on here, its last
         signed head and the missing range, and an S follows (docs/ledger.md);
- P1     every H (household status) and every C (case step) makes no version: rv is empty;
- P2     every H carries the state root of the nearest S before it, and no R (act on rights) lies between;
- P3     an S differs from the S before it only if an R lies between;
- P5     the kind of every R is on the closed list of lawful causes, and `at` never decreases;
- P6     an R whose cause needs consent carries evidence.

What it cannot show stands in `UNPROVED` and in every report. It never repairs and never stops at the first
failure.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType
from typing import Final

CLASS_R_KINDS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        "first-registration": False,
        "omission-corrected": False,
        "record-corrected": False,
        "clerical-slip": False,
        "survey-corrected": False,
        "parcel-split": True,
        "parcel-merged": True,
        "boundary-adjusted": True,
        "recoded": False,
        "contract-divided": True,
        "member-added": False,
        "member-deceased": False,
        "representative-changed": True,
        "exchanged": True,
        "assigned": True,
        "exited": True,
        "handed-back-before-2019": False,
        "taken-back-before-2019": False,
        "readjusted": False,
        "expropriated": False,
        "extended": False,
        "extinct": False,
        "inherited": True,
        "court-ordered": False,
        "arbitrated": False,
        "leased": True,
        "subleased": True,
        "contributed": True,
        "operating-ended": False,
        "mortgaged": True,
        "mortgage-discharged": True,
        "seized": False,
        "seizure-lifted": False,
        "objected": False,
        "objection-closed": False,
        "membership-confirmed": False,
        "membership-gained": False,
        "membership-lost": False,
        "shares-allotted": False,
        "shares-requantified": False,
        "pledged": True,
        "pledge-discharged": True,
        "share-transferred": True,
        "benefit-granted": False,
        "benefit-adjusted": False,
        "benefit-ended": False,
        "duty-set": False,
        "duty-changed": False,
        "building-recorded": True,
        "restored": False,
        "certificate-issued": False,
        "certificate-reissued": False,
        "certificate-cancelled": False,
        "membership-exited": True,
        "contracts-merged": True,
        "land-lost": False,
        "left-without-heir": False,
        "disputed": False,
        "dispute-closed": False,
    }
)
"""The closed list of lawful causes, and whether P6 asks each for evidence of consent."""

MAX_ENTRY_BYTES: Final = 65_535
MAX_DIGESTS: Final = 1_000
COMMITMENTS: Final = 12
EVIDENCE_STEP: Final = 4

RULES: Final = (
    ("FORM", "每条账目都是规范形式", "every leaf is an entry in canonical form"),
    (
        "START",
        "账本以带空状态根的 S 开始；丢过账目的，在那里用 K 写明旧账、最后签的账头和缺的范围，后接 S",
        "the log begins with an S with the root of the empty map; where entries were lost, a K names the old log, its last signed "
        "head and the missing range, then an S",
    ),
    (
        "P1",
        "户籍事项与办件步骤不产生任何权利版本",
        "no household-status act and no case step makes a version of a right",
    ),
    (
        "P2",
        "户籍事项带有前一状态根，其间无权利变动",
        "a household-status act carries the state root before it, with no act on rights between",
    ),
    ("P3", "状态根只因权利变动而变", "the state root changes only through an act on rights"),
    (
        "P5",
        "权利变动的原因都在公开清单内，时间不倒退",
        "each act on rights has a cause on the public list, and time never goes back",
    ),
    ("P6", "须经同意的变动都附有意愿证据", "an act that needs consent carries evidence of will"),
)
"""Each rule with its sentence, in the order in which a report shows them."""

UNPROVED: Final = (
    (
        "P4：状态根确由这些行为得出（须见证方以其状态图副本核对）",
        "P4: that each state root follows from the acts (a witness checks it on its own copy of the map)",
    ),
    (
        "登记内容属实，初次登记未遗漏任何人，所附证据真实有效",
        "that what is registered is true, that nobody was left out at first, that the evidence is real",
    ),
    (
        "他人看到的是同一本账（须核对带签名的检查点及见证方联署）",
        "that others see the same log (check the signed checkpoint and the witness's cosignature)",
    ),
)
"""What a clean replay does not prove, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One broken rule at one entry; `index` is the position of the entry, from 0."""

    index: int
    rule: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What a K says was lost: the log `origin` was signed up to `size` under `root`; here it goes on from entry `first`.

    `signed` are the old log's own lines under that head, as (name, base64); `because` the reason that was given. The caller MUST
    verify the note, and compare `size` with every head of the old log that it has kept: entries of a longer one were hidden.
    """

    first: int
    origin: str
    size: int
    root: bytes
    signed: tuple[tuple[str, str], ...]
    because: str

    @property
    def last(self) -> int:
        """The last entry that is missing."""
        return self.size - 1

    @property
    def note(self) -> bytes:
        """The last signed head of the old log, as it was signed."""
        text = f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n\n"
        return (text + "".join(f"— {name} {line}\n" for name, line in self.signed)).encode()

    def facts(self) -> dict[str, str | int]:
        """The loss as plain values; `root` in base64, `note` the old head as it was signed."""
        zh, en = self.said
        return {
            "first": self.first,
            "last": self.last,
            "origin": self.origin,
            "size": self.size,
            "root": base64.b64encode(self.root).decode("ascii"),
            "because": self.because,
            "note": self.note.decode(),
            "zh": zh,
            "en": en,
        }

    @property
    def said(self) -> tuple[str, str]:
        """The loss in words, Chinese and English."""
        return (
            f"旧账 {self.origin} 签到第 {self.size} 条，其中第 {self.first} 至 {self.last} 条（从 0 数）已丢失，本账从那里接着写；"
            f"登记机构说的原因：{self.because}",
            f"the log {self.origin} was signed up to size {self.size}; its entries {self.first} to {self.last} (counted from 0) "
            f"are lost, and this log goes on from there; the reason given: {self.because}",
        )


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How often one rule was checked, and where it failed."""

    rule: str
    zh: str
    en: str
    checked: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay found: `size` entries under `root` (32 bytes), and the result of each rule.

    `open_since` is the index of the first R that no S has closed yet: never None means that the leaves end
    inside an act, at a size for which no checkpoint is signed. `losses` are what the log itself says was lost.
    """

    size: int
    root: bytes
    losses: tuple[Loss, ...]
    open_since: int | None
    rules: tuple[RuleResult, ...]
    unproved: tuple[tuple[str, str], ...] = UNPROVED

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failure, rule by rule."""
        return tuple(failure for result in self.rules for failure in result.failures)

    @property
    def ok(self) -> bool:
        """Whether no rule failed anywhere."""
        return not self.failures


def replay(leaves: Iterable[bytes], lawful: Mapping[str, bool] = CLASS_R_KINDS, first: int = 0) -> ReplayReport:
    """Check the rules above over all leaves of a log, from entry 0 on, in one pass and constant memory.

    `first` is the index of the first leaf for who hands over the end of a log only; START and the root are then not the log's.
    `lawful` maps each lawful kind to whether it needs consent. Raises nothing, whatever bytes the leaves
    hold. The caller MUST compare `size` and `root` with a signed checkpoint.
    """
    walk = Walk(lawful, first=first)
    for leaf in leaves:
        walk.take(leaf)
    return walk.report()


# --- the form of an entry, byte for byte ----------------------------------------------

# 32 bytes as base64url: the last of 43 characters has two spare bits, which are zero.
_HASH: Final = r'"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"'
_LIST: Final = rf"\[(?:{_HASH}(?:,{_HASH})*)?\]"
_FIXED_LIST: Final = rf"\[{_HASH}(?:,{_HASH}){{{COMMITMENTS - 1}}}\]"
_AT: Final = r'\{"at":"(?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):00:00Z)"'
_KIND: Final = r'"(?P<kind>[a-z]+(?:-[a-z0-9]+)*)"'
_LINE: Final = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\])+"'
_R: Final = rf'{_AT},"c":(?P<c>{_LIST}),"cls":"R","ev":(?P<ev>{_LIST}),"kind":{_KIND},"rv":(?P<rv>{_LIST}),"v":1\}}'
_H: Final = rf'{_AT},"c":(?P<c>{_FIXED_LIST}),"cls":"H","rv":(?P<rv>{_LIST}),"st":(?P<st>{_HASH}),"v":1\}}'
_S: Final = rf'{_AT},"cls":"S","st":(?P<st>{_HASH}),"v":1\}}'
_K: Final = rf'{_AT},"cls":"K","v":1,"vkeys":\[{_LINE}(?:,{_LINE})*\]\}}'
_E: Final = rf'{_AT},"cls":"E","subjects":(?P<subjects>{_LIST}),"v":1\}}'
_C: Final = rf'{_AT},"c":(?P<c>{_FIXED_LIST}),"cls":"C","rv":(?P<rv>{_LIST}),"v":1\}}'
_FORMS: Final = {
    cls: re.compile(form, re.ASCII)
    for cls, form in (("R", _R), ("H", _H), ("S", _S), ("K", _K), ("E", _E), ("C", _C))
}
_CLS: Final = re.compile(r'"cls":"([RHSKEC])"')


@dataclass(frozen=True, slots=True)
class Entry:
    """What verifiers need of one entry. `st` keeps its quotes as in the leaf; digests and commitments are raw bytes."""

    cls: str
    at: str
    kind: str
    st: str
    rv: list[bytes]
    ev: list[bytes]
    c: list[bytes]


def read_entry(leaf: bytes) -> Entry | None:
    """The entry behind a leaf, or None where the leaf is not one in canonical form."""
    try:
        text = leaf.decode("utf-8") if len(leaf) <= MAX_ENTRY_BYTES else ""
    except UnicodeDecodeError:
        return None
    # Only a K has text of its own, and its "cls" stands before it: the first one found is the entry's.
    found = _CLS.search(text)
    match = _FORMS[found[1]].fullmatch(text) if found else None
    if not found or not match or not unicodedata.is_normalized("NFC", text):
        return None
    parts = match.groupdict()
    ev = _digests(parts.get("ev", ""))
    rv = _digests(parts.get("rv", ""))
    if not _is_hour(parts["at"]) or len(ev) % EVIDENCE_STEP:
        return None
    if "kind" in parts and not _is_set(rv):
        return None
    if "subjects" in parts and not _is_set(_digests(parts["subjects"])):
        return None
    return Entry(found[1], parts["at"], parts.get("kind", ""), parts.get("st", ""), rv, ev, _digests(parts.get("c", "")))


def _digests(array: str) -> list[bytes]:
    """The raw bytes of a JSON array of base64url texts."""
    return [base64.urlsafe_b64decode(text + "=") for text in re.findall(r"[A-Za-z0-9_-]+", array)]


def _is_set(digests: list[bytes]) -> bool:
    """Whether there are 1 to 1,000 and raw bytes ascend, each once; base64url text would order otherwise."""
    return 1 <= len(digests) <= MAX_DIGESTS and all(earlier < later for earlier, later in pairwise(digests))


def _is_hour(at: str) -> bool:
    """Whether the calendar has that day; the form has seen to the hour."""
    try:
        date.fromisoformat(at[:10])
    except ValueError:
        return False
    return True


# --- what a K says of a loss ----------------------------------------------------------

_SUCCEEDS: Final = "succeeds "
_NUMBER: Final = r"(?:0|[1-9][0-9]{0,18})"
_LOSS: Final = re.compile(
    rf"succeeds (?P<origin>\S+) (?P<size>{_NUMBER}) (?P<root>[A-Za-z0-9+/]{{42}}[AEIMQUYcgkosw048]=)\n"
    rf"lost (?P<first>{_NUMBER})-(?P<last>{_NUMBER})\n"
    r"(?P<signed>(?:signed \S+ [A-Za-z0-9+/]+={0,2}\n)+)"
    r"because (?P<because>[^\n]*\S[^\n]*)\n"
    r"(?:log \S+\n)+(?:sm2 \S+\n)?"
)


def names_a_loss(lines: Iterable[str]) -> bool:
    """Whether the lines of a K say that this log goes on where another one lost entries."""
    return any(line.startswith(_SUCCEEDS) for line in lines)


def read_loss(index: int, lines: Iterable[str]) -> Loss | None:
    """The loss that the K at this index names; None where it does not name one in its one form, or not this place."""
    match = _LOSS.fullmatch("".join(f"{line}\n" for line in lines))
    if match is None or int(match["first"]) != index or not index <= int(match["last"]) == int(match["size"]) - 1:
        return None
    signed = [line.split(" ") for line in match["signed"].removesuffix("\n").split("\n")]
    return Loss(
        first=index,
        origin=match["origin"],
        size=int(match["size"]),
        root=base64.b64decode(match["root"]),
        signed=tuple((name, text) for _, name, text in signed),
        because=match["because"],
    )


# --- the tree -------------------------------------------------------------------------


def _node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 9162 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


def _empty_state_root() -> str:
    """The root over 4,096 empty buckets as it stands in a leaf: twelve times the node of two equal halves."""
    half = sha256(b"").digest()
    for _ in range(12):
        half = _node(half, half)
    return '"' + base64.urlsafe_b64encode(half).decode("ascii").rstrip("=") + '"'


# --- the rules ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a walk stands at an S or an H: from here on it can go on another day, without the entries before.

    `peaks` are the roots of the full subtrees from the left, `last_st` is as it stands in a leaf, with its quotes.
    """

    size: int
    peaks: tuple[bytes, ...]
    last_at: str
    last_st: str | None


@dataclass(slots=True)
class Walk:
    """`replay` entry by entry, for who looks at each on the way; it remembers what the next one must agree with."""

    lawful: Mapping[str, bool] = field(default_factory=lambda: CLASS_R_KINDS)
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=lambda: dict.fromkeys((rule for rule, _, _ in RULES), 0))
    failures: list[Failure] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    first: int = 0
    after_loss: bool = False
    last_at: str = ""
    last_st: str | None = None
    open_since: int | None = None

    @classmethod
    def after(cls, standing: Standing, lawful: Mapping[str, bool] = CLASS_R_KINDS) -> Walk:
        """Go on where an earlier walk stood; what it found is not repeated."""
        return cls(
            lawful,
            standing.size,
            list(standing.peaks),
            last_at=standing.last_at,
            last_st=standing.last_st,
        )

    @property
    def standing(self) -> Standing:
        """Where it stands. The caller MUST NOT keep it while an act is open (`open_since`), nor after a K that names a loss."""
        return Standing(self.size, tuple(self.peaks), self.last_at, self.last_st)

    @property
    def root(self) -> bytes:
        """The root of the tree over all entries taken (RFC 9162 section 2.1)."""
        top = self.peaks[-1] if self.peaks else sha256(b"").digest()
        for peak in self.peaks[-2::-1]:
            top = _node(peak, top)
        return top

    def take(self, leaf: bytes) -> Entry | None:
        """One more entry; what it says, where it has the form of one."""
        self._hash(leaf)
        entry = read_entry(leaf)
        self._check(
            "FORM",
            "不是任何一类账目的规范形式",
            "not the canonical form of any class of entry",
            holds=entry is not None,
        )
        self._begin(entry)
        if entry is not None:
            self._check(
                "P5",
                f"时间由 {self.last_at} 退到 {entry.at}",
                f"time goes back from {self.last_at} to {entry.at}",
                holds=entry.at >= self.last_at,
            )
            self.last_at = entry.at
            if entry.cls == "R":
                self._act(entry)
            elif entry.cls == "S":
                self._state(entry)
            elif entry.cls == "K":
                self._keys(leaf)
            elif entry.cls in {"H", "C"}:
                self._status_or_case(entry)
        self.size += 1
        return entry

    def report(self) -> ReplayReport:
        """What was found over all entries taken."""
        if self.size == 0 or self.after_loss:
            self._check(
                "START",
                "账本在应有的首个 S 之前就结束了",
                "the log ends before the S it must begin with",
                holds=False,
            )
        return ReplayReport(
            size=self.size,
            root=self.root,
            losses=tuple(self.losses),
            open_since=self.open_since,
            rules=tuple(
                RuleResult(
                    rule, zh, en, self.checked[rule], tuple(f for f in self.failures if f.rule == rule)
                )
                for rule, zh, en in RULES
            ),
        )

    def _check(self, rule: str, zh: str, en: str, *, holds: bool) -> None:
        """Count one check of a rule at the present entry; `zh` and `en` say what is wrong where it fails."""
        self.checked[rule] += 1
        if not holds:
            self.failures.append(
                Failure(self.size, rule, f"第 {self.size} 条：{zh}", f"entry {self.size}: {en}")
            )

    def _hash(self, leaf: bytes) -> None:
        """Add SHA-256(0x00 || leaf) at the right edge: one peak for each set bit of the size."""
        peak = sha256(b"\x00" + leaf).digest()
        size = self.size
        while size & 1:
            peak = _node(self.peaks.pop(), peak)
            size >>= 1
        self.peaks.append(peak)

    def _begin(self, entry: Entry | None) -> None:
        """START, at entry 0 and after a K that names a loss."""
        cls = entry.cls if entry is not None else None
        if self.size == 0:
            self._check(
                "START",
                "首条应为带空状态根的 S",
                "the first entry must be an S with the root of the empty map",
                holds=entry is not None and cls == "S" and entry.st == _empty_state_root(),
            )
        elif self.after_loss:
            self._check(
                "START", "写明丢失的 K 之后应为 S", "after a K that names a loss there must be an S", holds=cls == "S"
            )
            self.after_loss = False

    def _keys(self, leaf: bytes) -> None:
        """START of a K that names a loss; what other keys and witnesses a K names is the policy's matter."""
        lines = json.loads(leaf)["vkeys"]
        if not names_a_loss(lines):
            return
        loss = read_loss(self.first + self.size, lines)
        self._check(
            "START",
            "这条 K 没有照规定写明旧账、账头和缺的范围(从本条到账头之前)",
            "this K does not name the old log, its head and the missing range (from here up to that head) as it must",
            holds=loss is not None,
        )
        self.losses += [] if loss is None else [loss]
        self.after_loss = True

    def _act(self, entry: Entry) -> None:
        """P5 and P6 of an R; from here to the next S the state may differ."""
        if self.open_since is None:
            self.open_since = self.size
        needs_consent = self.lawful.get(entry.kind)
        self._check(
            "P5",
            f"原因 {entry.kind} 不在公开清单内",
            f"the cause {entry.kind} is not on the public list",
            holds=needs_consent is not None,
        )
        if needs_consent:
            self._check(
                "P6",
                f"原因 {entry.kind} 须经同意，却未附意愿证据",
                f"the cause {entry.kind} needs consent and carries no evidence of will",
                holds=bool(entry.ev),
            )

    def _state(self, entry: Entry) -> None:
        """P3 of an S, which closes the acts before it."""
        if self.last_st is not None:
            self._check(
                "P3",
                f"状态根由 {self.last_st} 变为 {entry.st}，其间没有任何 R",
                f"the state root went from {self.last_st} to {entry.st}, and no R lies between",
                holds=entry.st == self.last_st or self.open_since is not None,
            )
        self.last_st = entry.st
        self.open_since = None

    def _status_or_case(self, entry: Entry) -> None:
        """P1 of an H or a C, P2 of an H."""
        self._check(
            "P1",
            f"{entry.cls} 类账目产生了 {len(entry.rv)} 个权利版本",
            f"an entry of class {entry.cls} makes {len(entry.rv)} versions",
            holds=not entry.rv,
        )
        if entry.cls == "H":
            self._check(
                "P2",
                f"带有状态根 {entry.st}，前一 S 为 {self.last_st}，其后首个 R 在 {self.open_since}",
                f"it carries {entry.st}, the S before it {self.last_st}, first R since: {self.open_since}",
                holds=entry.st == self.last_st and self.open_since is None,
            )
