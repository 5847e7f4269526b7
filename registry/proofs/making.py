"""What is proved to whom: which things of a person or household, since when, and what of them is told?

The certificate is made from the register as it was at the last published checkpoint, then verified like any stranger's: none leaves
the house that would not be believed. What is not told stays a commitment.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from registry.errors import SanquanError
from registry.guarantee.projection import chain_of, used
from registry.ledger import read, state_map
from registry.ledger.entry import b64u, canonical
from registry.ledger.log import tree_of
from registry.ledger.publishing.keys_on_log import policy_text
from registry.ledger.tables import THINGS
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import PolicyError, parse_checkpoint, parse_note, parse_policy
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.strict import MAX_JSON_BYTES
from registry.proofs import openings
from registry.proofs.states import state_under
from registry.proofs.subject import Since, since
from registry.witnessing import best

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.guarantee.reach import Reach
    from registry.ledger.nouns import Noun, Version
    from registry.ledger.verify.certificate import Verdict
    from registry.proofs.openings import Plain
    from registry.proofs.states import State
    from registry.proofs.subject import Subject
    from registry.store.engines import Store

SHOWS: Final = ("facts", "family", "shape", "event", "person", "texts", "names")
"""What may be told. `facts`: areas, terms, burdens; `family`: who holds together, by ids; `shape`: the hash of each boundary;
`event`: kind and day of the move; `person`: a name on the paper, not in the file; `texts`: 四至 and notes, which name neighbours;
`names`: the family's names and ID numbers."""
USUALLY: Final = frozenset({"facts", "family", "shape", "event", "person"})
_PATHS: Final[dict[str, dict[str, str]]] = {
    "parcel": {"facts": "facts", "geometry": "shape", "texts": "texts"},
    "holding": {"facts": "family", "notes": "texts"},
    "membership": {"facts": "family"},
    "restriction": {"facts": "facts", "parties": "texts"},
}
_OTHERS: Final = {"facts": "facts"}
_EVENT: Final = {"event.day": "event", "event.kind": "event", "event.people": "family"}


class NothingProvableYetError(SanquanError):
    """Raised when no signed checkpoint is published, or none yet that covers what is to be proved."""

    def __init__(self) -> None:
        """How to get one."""
        super().__init__(
            "账本还没有公布到这一步(有见证方的, 还没联署), 出不了证明: 先运行 sanquan ledger publish(第一次先 sanquan key create)",
            "the log is not published so far, or not cosigned where a witness is asked for, so nothing can be "
            "proved: run sanquan ledger publish first (before the first time, sanquan key create)",
        )


class NothingToProveError(SanquanError):
    """Raised when none of what is wanted stood in the register at the moment since which is compared."""

    def __init__(self) -> None:
        """The way on, for nobody is told "not there" without it."""
        super().__init__(
            "要证明的登记当时没有查到。这不等于没有权利: 本证明只比对登记过的内容, 没登记上的人可以申请漏登补登",
            "none of what is to be proved stood in the register then. That is no proof that there is no right: only what was "
            "registered is compared, and who was left out can apply to be added",
        )


class ProofFailsError(SanquanError):
    """Raised when what was made is not believed by the verifier: a row, a key or the published log was altered."""

    def __init__(self, failed: CertificateError) -> None:
        """The step."""
        super().__init__(
            f"做出的证明自己验不过({failed.step.name}: {failed.zh}), 没有交出: 运行 sanquan audit",
            f"the certificate would not be believed ({failed.step.name}: {failed.en}) and is not handed out: run sanquan audit",
        )


class TooMuchForOneError(SanquanError):
    """Raised when what is to be proved does not fit into one certificate, which no verifier would read."""

    def __init__(self, things: int, length: int) -> None:
        """How much it is, and how to choose less."""
        most = MAX_JSON_BYTES >> 10
        super().__init__(
            f"要证明的 {things} 项合起来有 {length >> 10} KiB, 一份证明最多 {most} KiB: 分成几份, 每份只选几项(--thing), "
            "或少公开一些(--show facts)",
            f"the {things} things to be proved take {length >> 10} KiB together, and one certificate holds {most} KiB: make "
            "several with fewer things each (--thing), or tell less (--show facts)",
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a certificate: ids or words of things (none: all), what of them is told (of `SHOWS`), since which event."""

    things: frozenset[str] = frozenset()
    show: frozenset[str] = USUALLY
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate: its bytes, the verdict that they give, and how many things began only after the moment since which."""

    raw: bytes
    verdict: Verdict
    begun_since: int
    since: Since


def make(store: Store, connection: Connection, subject: Subject, chosen: Chosen) -> Made:
    """The certificate of a subject since its move, under the last published checkpoint.

    Raises NothingProvableYetError, NothingToProveError, TooMuchForOneError, StateDiffersError, ProofFailsError, and what
    `since` raises.
    """
    note = published(store)
    size = parse_checkpoint(parse_note(note).text).size
    moment = since(connection, subject, size, chosen.event)
    if moment.idx >= size:
        raise NothingProvableYetError
    wanted, begun = _wanted(subject.reach, moment.idx, size, chosen.things)
    if not wanted:
        raise NothingToProveError
    entry_of = _Entries(store, connection, size)
    keys = {thing_id: state_map.map_key(store.vault.state_key, thing_id) for _, thing_id, _ in wanted}
    then = state_under(connection, moment.idx, entry_of.leaf(moment.idx), keys.values())
    now = state_under(connection, size - 1, entry_of.leaf(size - 1), keys.values())
    things = [
        _thing(store, connection, noun, chain, keys[thing_id], (moment.idx, then), (size, now), chosen.show)
        for noun, thing_id, chain in wanted
    ]
    cited = {moment.idx, size - 1, *(each["entry"] for thing in things for each in thing["between"])}
    opened = {moment.idx: [path for path, word in _EVENT.items() if word in chosen.show]}
    if "names" in chosen.show:
        opened |= {idx: ["act.people"] for idx in _naming(entry_of, subject, size)}
    raw = canonical(
        {
            "v": 1,
            "checkpoint": note.decode(),
            "roles": {"act": moment.idx, "latest": size - 1},
            "entries": [entry_of.part(idx, opened.get(idx, ())) for idx in sorted(cited | opened.keys())],
            "things": things,
        }
    )
    if len(raw) > MAX_JSON_BYTES:
        raise TooMuchForOneError(len(things), len(raw))
    try:
        verdict = verify(raw, parse_policy(policy_text(connection)))
    except CertificateError as failed:
        raise ProofFailsError(failed) from failed
    return Made(raw, verdict, begun, moment)


def published(store: Store) -> bytes:
    """The newest checkpoint that has every signature the log's policy asks for, a witness's too. NothingProvableYetError."""
    try:
        return best(store)
    except PolicyError as lacking:
        raise NothingProvableYetError from lacking


def _wanted(
    reach: Reach, idx: int, size: int, chosen: frozenset[str]
) -> tuple[list[tuple[Noun, str, list[Version]]], int]:
    """What is compared, each with its versions under the checkpoint, rights with what they rest on; and how many began since."""
    found: dict[str, tuple[Noun, str, list[Version]]] = {}
    begun = 0
    for noun, thing_id in reach.things():
        chain = [version for version in reach.chain(noun, thing_id) if version.cause_idx < size]
        if not chain or (chosen and not {thing_id, chain[0].thing} & chosen):
            continue
        if chain[0].cause_idx >= idx:
            begun += 1
            continue
        before = [version for version in chain if version.cause_idx < idx]
        if before[-1].status == chain[-1].status == "ended":
            continue
        for part, part_id in used(noun, reach, thing_id):
            of_part = [version for version in chain_of(reach, part, part_id) if version.cause_idx < size]
            if of_part and of_part[0].cause_idx < idx:
                found[part_id] = (part, part_id, of_part)
    return sorted(found.values(), key=lambda each: (THINGS.index(each[2][0].thing), each[1])), begun


def _thing(
    store: Store,
    connection: Connection,
    noun: Noun,
    chain: Sequence[Version],
    key: bytes,
    act: tuple[int, State],
    latest: tuple[int, State],
    show: frozenset[str],
) -> Plain:
    paths = {"chain", "valid"} | {p for p, word in _PATHS.get(noun.name, _OTHERS).items() if word in show}
    if any(line["remark"] for version in chain for line in version.children.get("holding_member", ())):
        paths -= {"facts"}  # no paper says of somebody that she married out; the list stays a commitment
    first = max(n for n, version in enumerate(chain) if version.cause_idx < act[0])

    def opened(n: int, told: set[str]) -> Plain:
        before = chain[n - 1].digest if n else None
        return openings.of_version(store, connection, noun, chain[n], before, told)

    return {
        "id": chain[0].thing_id,
        "key": b64u(key),
        "act": {**opened(first, paths), "proof": _proof(act[1], key)},
        "latest": {**opened(len(chain) - 1, paths), "proof": _proof(latest[1], key)},
        "between": [{"entry": chain[n].cause_idx, **opened(n, {"chain"})} for n in range(first + 1, len(chain))],
    }


def _proof(state: State, key: bytes) -> Plain:
    place = state.place(key)
    return {
        "of": place.of,
        "at": place.at,
        "path": [b64u(each) for each in place.path],
        "rows": [b64u(each) for each in place.rows],
    }


class _Entries:
    """The entries of one certificate, read once each."""

    def __init__(self, store: Store, connection: Connection, size: int) -> None:
        self._store, self._connection, self._size = store, connection, size
        self._tree = tree_of(store, connection, size)
        self._rows: dict[int, read.EntryRow] = {}

    def row(self, idx: int) -> read.EntryRow:
        """One entry. The caller knows that it is there."""
        if idx not in self._rows:
            (self._rows[idx],) = read.page(self._connection, idx, 1)
        return self._rows[idx]

    def leaf(self, idx: int) -> bytes:
        """Its bytes."""
        return self.row(idx).leaf

    def part(self, idx: int, paths: Sequence[str]) -> Plain:
        """One of `entries` of a certificate."""
        return {
            "index": idx,
            "leaf": _b64(self.leaf(idx)),
            "path": [_b64(each) for each in self._tree.inclusion(idx, self._size)],
            "open": openings.of_subject(self._store, self._connection, self.row(idx).leaf_hash, paths),
        }

    def named_in(self, idx: int) -> list[Any]:
        """Ids of the people whom an act named for the first time."""
        opened = openings.of_subject(self._store, self._connection, self.row(idx).leaf_hash, ["act.people"])
        return [person[0] for each in opened for person in each["value"]]


def _naming(entries: _Entries, subject: Subject, size: int) -> list[int]:
    """The acts that named the subject's people for the first time, whatever is chosen of what these acts began."""
    reach = subject.reach
    begun = {reach.chain(noun, thing_id)[0].cause_idx for noun, thing_id in reach.things()}
    return [idx for idx in sorted(begun) if idx < size and subject.people & set(entries.named_in(idx))]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
