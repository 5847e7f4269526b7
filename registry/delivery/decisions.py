"""Which explanations (例外说明) did surveyors bring, and who of the bureau approved or refused each of them, when and why?

An explanation is kept as soon as it comes, whether or not its village goes in; until somebody of the bureau decides, its fault is
asked as if there were none. Each is decided once: who is refused brings another photo or paper, which is another
explanation. Both are sources, sealed (`registry.ledger.tables.SOURCE`), and the word of a decision is sealed with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.ledger.tables import SOURCE
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.store.engines import Store

State = Literal["waiting", "approved", "refused"]
EXPLAINED, DECIDED = "delivery-exception", "exception-decision"
LONGEST_REASON = 200
_DECISION = b"sanquan.delivery.exception.decision.v1\n"
_TEXTS = ("mark", "fault", "village", "layer", "code", "photo", "paper", "day", "reason", "signer", "kept_at")
_COLUMNS = ("content_hash", "kind", "dated", "size_bytes", "about")


class ExplanationNotFoundError(SanquanError):
    """Raised when no explanation has this id."""

    def __init__(self) -> None:
        """Where ids stand."""
        super().__init__(
            "没有这条例外说明: 编号见 sanquan exception list", "no exception has this id: see sanquan exception list"
        )


class AlreadyDecidedError(SanquanError):
    """Raised when an explanation was approved or refused before."""

    def __init__(self, *, approved: bool, at: str) -> None:
        """What was decided, and when."""
        zh, en = ("批准", "approved") if approved else ("不批准", "refused")
        super().__init__(
            f"这条例外说明已在 {at} {zh}: 要改, 由测绘单位换材料重新说明",
            f"this exception was {en} at {at}: to change that, the surveyor explains it anew with other papers",
        )


class DecisionReasonError(SanquanError):
    """Raised when a decision says no reason, or one in too many words."""

    def __init__(self) -> None:
        """Show a valid example."""
        super().__init__(
            f"写明理由, 1 到 {LONGEST_REASON} 个字, 不写姓名; 不批准的理由印在退件单上, 例如“照片看不出围栏”",
            f"say why, in 1 to {LONGEST_REASON} characters without names; of a refusal it stands on the return sheet, such as "
            "“the photo shows no fence”",
        )


class Standing(NamedTuple):
    """How an explanation of a fault stands: its id, its state, and why it was refused ("" where it was not)."""

    id: str
    state: State
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided, when (UTC, "…Z") and why."""

    approved: bool
    officer: str
    bureau: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One explanation as it was kept. `mark` is the fault's; reason and signer can name people; `day` is the paper's own."""

    id: str
    mark: str
    fault: str
    village: str
    layer: str
    code: str
    photo: str
    paper: str
    day: str
    reason: str
    signer: str
    kept_at: str
    decision: Decision | None

    @property
    def state(self) -> State:
        """What became of it."""
        if self.decision is None:
            return "waiting"
        return "approved" if self.decision.approved else "refused"

    def __repr__(self) -> str:
        """Never what was sealed: a repr ends in logs."""
        return f"Explanation({self.fault}, {self.code}, {self.state})"


def explanations(store: Store, connection: Connection) -> list[Explanation]:
    """Every explanation with its decision, oldest first."""
    told: dict[bytes, dict[str, Any]] = {}
    decided: dict[bytes, dict[str, Any]] = {}
    query = sa.select(SOURCE.c.content_hash, SOURCE.c.kind, SOURCE.c.about).where(SOURCE.c.kind.in_((EXPLAINED, DECIDED)))
    for row in connection.execute(query):
        name = bytes(row.content_hash)
        about = json.loads(store.vault.open(bytes(row.about), b"source-about/" + name))
        (told if row.kind == EXPLAINED else decided)[name] = about
    found = [_explanation(name, about, decided.get(_decision_of(name))) for name, about in told.items()]
    return sorted(found, key=lambda one: (one.kept_at, one.id))


def by_mark(store: Store, connection: Connection) -> dict[bytes, list[Standing]]:
    """How each explained fault stands, by the fault's mark, oldest explanation first."""
    found: dict[bytes, list[Standing]] = defaultdict(list)
    for one in explanations(store, connection):
        refusal = one.decision.reason if one.decision is not None and not one.decision.approved else ""
        found[bytes.fromhex(one.mark)].append(Standing(one.id, one.state, refusal))
    return dict(found)


def approved_in(store: Store, connection: Connection, villages: Iterable[str]) -> list[str]:
    """The marks that were approved in these villages, as hexadecimal digits: what a job package brings."""
    wanted = set(villages)
    return sorted(
        {one.mark for one in explanations(store, connection) if one.village in wanted and one.state == "approved"}
    )


def as_approved(marks: Iterable[bytes]) -> dict[bytes, list[Standing]]:
    """`by_mark` of marks that were approved, as a job package brings them."""
    return {mark: [Standing("", "approved")] for mark in marks}


def is_approved(standings: Sequence[Standing]) -> bool:
    """Whether one of a fault's explanations was approved."""
    return any(one.state == "approved" for one in standings)


def keep_explanations(store: Store, told: Mapping[str, Mapping[str, str]]) -> None:
    """Keep explanations by id; what is kept already stays as it is. `told` has the fields of `Explanation` up to signer."""
    with store.writing("desk") as connection:
        query = sa.select(SOURCE.c.content_hash).where(SOURCE.c.kind == EXPLAINED)
        kept = {bytes(name) for name in connection.scalars(query)}
        now = _now(store)
        new = [
            _row(store, bytes.fromhex(name), EXPLAINED, about["day"], {**about, "kept_at": now})
            for name, about in sorted(told.items())
            if bytes.fromhex(name) not in kept
        ]
        if new:
            insert_rows(connection, SOURCE, _COLUMNS, new)
            connection.commit()


def decide(store: Store, officer: Officer, wanted: str, *, approved: bool, reason: str) -> Explanation:
    """Approve or refuse one explanation. `ExplanationNotFoundError`, `AlreadyDecidedError`, `DecisionReasonError`."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise DecisionReasonError
    with store.writing("desk") as connection:
        found = next((one for one in explanations(store, connection) if one.id == wanted), None)
        if found is None:
            raise ExplanationNotFoundError
        if found.decision is not None:
            raise AlreadyDecidedError(approved=found.decision.approved, at=found.decision.at)
        now = _now(store)
        decision = Decision(approved, officer.name, officer.bureau, now, reason.strip())
        row = _row(store, _decision_of(bytes.fromhex(wanted)), DECIDED, now[:10], asdict(decision))
        insert_rows(connection, SOURCE, _COLUMNS, [row])
        connection.commit()
    return replace(found, decision=decision)


def _explanation(name: bytes, about: Mapping[str, str], decided: dict[str, Any] | None) -> Explanation:
    # What earlier versions kept has no instant: it comes first.
    texts = {text: about.get(text, "") for text in _TEXTS}
    return Explanation(id=name.hex(), **texts, decision=None if decided is None else Decision(**decided))


def _decision_of(name: bytes) -> bytes:
    return sha256(_DECISION + name).digest()


def _row(store: Store, name: bytes, kind: str, dated: str, about: Mapping[str, object]) -> tuple[object, ...]:
    sealed = store.vault.seal(json.dumps(about, ensure_ascii=False).encode(), b"source-about/" + name)
    return name, kind, dated, 0, sealed


def _now(store: Store) -> str:
    return store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
