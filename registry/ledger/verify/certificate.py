"""Does this certificate (权益不变证明) prove what it says, with nothing but public keys?

`form` has the bytes, key by key. `verify` either returns a verdict on each thing, or raises `CertificateError` with the step that
failed. It compares the register as it was when something happened with the register now. It is no proof that the register
was right at first, nor that nobody was left out.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from registry.ledger.verify import note
from registry.ledger.verify.form import (
    Certificate,
    MapProof,
    Opening,
    ThingPart,
    VersionPart,
    canonical,
    parse_certificate,
)
from registry.ledger.verify.proofs import folded, included, leaf_hash
from registry.ledger.verify.replay import CLASS_R_KINDS, Entry, read_entry
from registry.ledger.verify.steps import CertificateError, Step, at, signed_under
from registry.ledger.verify.strict import b64u, b64u_text
from registry.ledger.verify.verdict import (
    CHANGED,
    UNCHANGED,
    Change,
    ThingVerdict,
    broken,
    chain_of,
    verdict,
    with_what_they_rest_on,
)

_BUCKETS: Final = 4_096
_COMMIT: Final = b"sanquan.commit.v1\n"
_VERSION: Final = b"sanquan.version.v1\n"
_MAP_LEAF: Final = b"sanquan.map.v1\x00"
# The paths that an entry of each class commits, in the order of its commitments; what follows them in an H is null.
_PATHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "R": ("act.basis", "act.day", "act.desk", "act.payment", "act.people", "act.rows", "act.sources"),
        "H": (
            *("event.basis", "event.day", "event.desk", "event.evidence", "event.facts"),
            *("event.kind", "event.people", "event.unchanged"),
        ),
        "S": (),
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a certificate proves: `word` over all its things, the things, and until when.

    `digest` is the SHA-256 of its bytes, `act_at` the hour (UTC) of the entry since which is compared, `opened` what is opened of
    entries, by index and path. `as_of` is the earliest cosignature in POSIX seconds, None where no witness is asked for.
    """

    word: str
    things: tuple[ThingVerdict, ...]
    opened: Mapping[int, Mapping[str, Any]]
    act: int
    act_at: str
    latest_at: str
    signed: note.Witnessed
    as_of: int | None
    digest: bytes


def verify(raw: bytes, policy: note.Policy) -> Verdict:
    """The verdict of a certificate under a policy. CertificateError names the first step that fails.

    1. FORM: the bytes are in the one form.
    2. POLICY: the checkpoint is signed by a log of the policy and cosigned by its quorum.
    3. INCLUSION: each leaf, hashed anew, stands at its index under the checkpoint.
    4. LATEST: `latest` is the last entry under the checkpoint, or what came after could be hidden.
    5. ENTRIES: each leaf is canonical; `act` and `latest` are H or S, what made a version is an R between them; P1, P5, P6.
    6. OPENINGS: each opening gives its commitment, and that stands in its leaf or version; `chain` and `valid` are open.
    7. DIGESTS: a version between stands in `rv` of its entry.
    8. STATE: the version of `act` stands under the state root of `act`, that of `latest` under that of `latest`.
    9. CHAIN: the two are the same, or the versions between lead from one to the other without a gap.
    """
    # 1
    with at(Step.FORM):
        certificate = parse_certificate(raw)
    # 2
    signed = signed_under(certificate.checkpoint, policy)
    # 3
    checkpoint = signed.checkpoint
    with at(Step.INCLUSION):
        for entry in certificate.entries.values():
            included(entry.index, checkpoint.size, leaf_hash(entry.leaf), entry.path, checkpoint.root)
    # 4
    if certificate.latest != checkpoint.size - 1:
        raise CertificateError(
            Step.LATEST, "最后一条账目不是检查点的最后一条", "the latest entry is not the last one under the checkpoint"
        )
    # 5
    entries = _entries(certificate)
    # 6
    opened = {i: _of_entry(part.opened, entries[i]) for i, part in certificate.entries.items() if part.opened}
    walks = [_Walk.of(part) for part in certificate.things]
    # 7
    for walk in walks:
        walk.check_digests(entries)
    # 8
    for walk in walks:
        part = walk.part
        _stands(part.key, walk.digests[0], part.act_proof, _state(entries[certificate.act]))
        _stands(part.key, walk.last, part.latest_proof, _state(entries[certificate.latest]))
    # 9
    things = with_what_they_rest_on([walk.verdict(entries) for walk in walks])
    return Verdict(
        word=UNCHANGED if all(each.whole == UNCHANGED for each in things) else CHANGED,
        things=things,
        opened=opened,
        act=certificate.act,
        act_at=entries[certificate.act].at,
        latest_at=entries[certificate.latest].at,
        signed=signed,
        as_of=min((each.time for each in signed.cosigned if each.time is not None), default=None),
        digest=sha256(raw).digest(),
    )


def commitment(opening: Opening) -> bytes:
    r"""HMAC-SHA256(salt, "sanquan.commit.v1\n" || JCS([path, value]))."""
    return hmac.digest(opening.salt, _COMMIT + canonical([opening.path, opening.value]), "sha256")


def version_digest(commitments: Sequence[bytes]) -> bytes:
    r"""SHA-256("sanquan.version.v1\n" || JCS(list of b64u commitments))."""
    texts = [b64u_text(each) for each in commitments]
    return sha256(_VERSION + json.dumps(texts, separators=(",", ":")).encode()).digest()


@dataclass(frozen=True, slots=True)
class _Walk:
    """One thing on its way through the steps: the digests of its versions in order, and what each opens."""

    part: ThingPart
    digests: tuple[bytes, ...]
    last: bytes
    act: Mapping[str, Any]
    latest: Mapping[str, Any]
    between: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, part: ThingPart) -> _Walk:
        versions = (part.act, *(version for _, version in part.between))
        return cls(
            part,
            tuple(version_digest(version.commitments) for version in versions),
            version_digest(part.latest.commitments),
            _of_version(part.act, "chain", "valid"),
            _of_version(part.latest, "chain", "valid"),
            tuple(_of_version(version, "chain") for _, version in part.between),
        )

    def check_digests(self, entries: Mapping[int, Entry]) -> None:
        """Each version between stands in the entry that is said to have made it."""
        for digest, (index, _) in zip(self.digests[1:], self.part.between, strict=True):
            if digest not in entries[index].rv:
                raise CertificateError(
                    Step.DIGESTS, "版本不在所引账目中", "a version does not stand in the entry that it cites"
                )

    def verdict(self, entries: Mapping[int, Entry]) -> ThingVerdict:
        """Whether the chain closes, and the verdict on it."""
        thing_id, thing, ver, _ = chain_of(self.act)
        if thing_id != self.part.thing_id:
            raise broken()
        previous = self.digests[0]
        indexes = [index for index, _ in self.part.between]
        for digest, opened in zip(self.digests[1:], self.between, strict=True):
            ver += 1
            if chain_of(opened) != (thing_id, thing, ver, previous):
                raise broken()
            previous = digest
        # Where the digests are equal, what lies between them would be a chain that comes back to itself.
        same = self.digests[0] == self.last
        if previous != self.last or indexes != sorted(indexes) or same == bool(indexes):
            raise broken()
        changes = [Change(entries[index].kind, index, entries[index].at) for index in dict.fromkeys(indexes)]
        return verdict(self.act, self.latest, changes, same=same)


def _entries(certificate: Certificate) -> dict[int, Entry]:
    entries = {}
    before = ""
    for index, part in certificate.entries.items():
        entry = read_entry(part.leaf)
        if entry is None or entry.cls not in _PATHS:
            raise _unlawful("账目不是规范形式或种类不对", "an entry that is not in canonical form, or of another class")
        if entry.at < before:
            raise _unlawful("账目时间倒退(P5)", "the time of the entries goes back (P5)")
        _refuse_unlawful(entry)
        entries[index], before = entry, entry.at
    act, latest = certificate.act, certificate.latest
    if any(entries[index].cls == "R" for index in (act, latest)):
        raise _unlawful("起止账目应是 H 或 S", "the entries compared must be of class H or S")
    for index in {index for thing in certificate.things for index, _ in thing.between}:
        if entries[index].cls != "R" or not act < index < latest:
            raise _unlawful("变动账目不是起止之间的 R", "what made a version is no R between the two states")
    return entries


def _refuse_unlawful(entry: Entry) -> None:
    if entry.cls == "H" and entry.rv:
        raise _unlawful("户籍事件产生了权利版本(P1)", "a household event makes a version of a right (P1)")
    if entry.cls == "R" and entry.kind not in CLASS_R_KINDS:
        raise _unlawful("原因不在公开清单内(P5)", "a cause that is not on the public list (P5)")
    if entry.cls == "R" and CLASS_R_KINDS[entry.kind] and not entry.ev:
        raise _unlawful("须经同意的变动没有意愿证据(P6)", "an act that needs consent carries no evidence of will (P6)")


def _of_entry(openings: Sequence[Opening], entry: Entry) -> dict[str, Any]:
    """What an entry opens: each path has its one place among the commitments of its class, `evidence.n` that of the n-th will."""
    places = dict(zip(_PATHS[entry.cls], entry.c, strict=False))
    places |= {f"evidence.{n}": each for n, each in enumerate(entry.ev, 1)}
    for opening in openings:
        if commitment(opening) != places.get(opening.path):
            raise _not_committed(opening.path)
    return {opening.path: opening.value for opening in openings}


def _of_version(version: VersionPart, *needed: str) -> dict[str, Any]:
    """What a version opens: `chain` stands first, `facts` second, `valid` last, any other path between, in order."""
    last = len(version.commitments) - 1
    before = -1
    for opening in version.opened:
        made = commitment(opening)
        place = version.commitments.index(made) if made in version.commitments else -1
        if place <= before or {"chain": 0, "facts": 1, "valid": last}.get(opening.path, place) != place:
            raise _not_committed(opening.path)
        before = place
    opened = {opening.path: opening.value for opening in version.opened}
    for path in needed:
        if path not in opened:
            raise CertificateError(Step.OPENINGS, f"版本没有公开 {path}", f"a version does not open {path}")
    return opened


def _state(entry: Entry) -> bytes:
    return b64u(entry.st.strip('"'))


def _stands(key: bytes, digest: bytes, proof: MapProof, root: bytes) -> None:
    """The pair stands in the state map: its bucket is the first 12 bits of the key, the top tree always full."""
    bucket = key[0] << 4 | key[1] >> 4
    with at(Step.STATE):
        got = folded(proof.at, proof.of, leaf_hash(_MAP_LEAF + key + digest), proof.path)
        included(bucket, _BUCKETS, got, proof.rows, root)


def _unlawful(zh: str, en: str) -> CertificateError:
    return CertificateError(Step.ENTRIES, zh, en)


def _not_committed(path: str) -> CertificateError:
    return CertificateError(
        Step.OPENINGS, f"公开的内容({path})与承诺不符", f"what is opened ({path}) is not what was committed there"
    )
