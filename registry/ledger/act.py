"""What is one act on guarded things, before it is written: its cause, its fields, whose will, which versions?

An *act* becomes one R entry. Its *fields* are committed, not public: day, desk, basis, people, payment, sources. A
*will* is the recorded consent of one person (a guardian's for a minor). The act only gathers; `commit` writes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from registry.errors import SanquanError
from registry.law import causes
from registry.law.deciding import keeps
from registry.ledger.chain import Stretch, stretches_from
from registry.ledger.digest import digest_of, geometry_digest
from registry.ledger.entry import b64u, canonical, commit_encoded
from registry.ledger.nouns import Noun, Row, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import shapely

    from registry.law.causes import Effect
    from registry.ledger.commit import Desk

ACT_PATHS = ("act.basis", "act.day", "act.desk", "act.payment", "act.people", "act.rows", "act.sources")


class ConsentMissingError(SanquanError):
    """Raised when an act that asks for somebody's will carries none."""

    def __init__(self, kind: str, who: str = "") -> None:
        """`who` is a person's id where one is missing among several; never a name."""
        super().__init__(
            f"“{causes.kinds()[kind].zh}”需要每一位成年共有人的书面同意, 缺 {who or '全部'}。请补签后再办",
            f"{kind} needs the recorded will of every adult co-holder; missing: {who or 'all'}. Add it and try again",
        )


class PaymentMissingError(SanquanError):
    """Raised when an act that must be paid for (有偿) carries no payment above zero."""

    def __init__(self, kind: str) -> None:
        """The kind says which act."""
        super().__init__(
            f"“{causes.kinds()[kind].zh}”必须有偿: 没有已付清的价款就不能登记",
            f"{kind} must be paid for: nothing is registered without a payment above zero",
        )


class NothingToActOnError(SanquanError):
    """Raised when an act names a thing that is not registered, or that had not begun on its day."""

    def __init__(self, thing_id: str, day: str) -> None:
        """The thing's id and the act's day."""
        super().__init__(
            f"{day} 还没有这项登记({thing_id}): 核对编号和日期",
            f"nothing of this id ({thing_id}) stood on {day}: check the id and the day",
        )


@dataclass(frozen=True, slots=True)
class Will:
    """One recorded consent: who, the content hash of the signed paper, and who signed for a minor."""

    person_id: str
    source: str
    guardian_id: str | None = None


@dataclass(frozen=True, slots=True)
class ActFields:
    """What an act commits beside its versions. `people` are [id, name, number] of those it names for the first time."""

    basis: str = ""
    people: tuple[tuple[str, ...], ...] = ()
    payment: str = ""
    sources: tuple[str, ...] = ()
    wills: tuple[Will, ...] = ()


@dataclass(slots=True)
class Act:
    """One act being gathered by a desk."""

    desk: Desk
    idx: int
    kind: str
    day: str
    fields: ActFields
    digests: list[bytes] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def begin(  # noqa: PLR0913  (the parts of a first version)
        self,
        noun: Noun,
        thing: str,
        columns: Row,
        *,
        children: Mapping[str, list[Row]] | None = None,
        named: Mapping[str, Any] | None = None,
        shape: shapely.Geometry | None = None,
        shape_digest: bytes | None = None,
        status: str = "live",
        thing_id: str | None = None,
    ) -> str:
        """A new thing with its first version, holding from the act's day. Returns its id."""
        new_id = thing_id or self.desk.randomness.new_id()
        self.desk.new_thing(new_id, thing)
        self._write(
            noun,
            Stretch(self.day, None, _nothing_before(new_id, thing)),
            columns,
            dict(children or {}),
            status,
            "own",
            dict(named) if named else {},
            shape,
            shape_digest,
        )
        return new_id

    def change(
        self,
        noun: Noun,
        thing_id: str,
        edit: Callable[[Row, dict[str, list[Row]], str], str],
        *,
        effect: Effect = "own",
        extend_back: bool = False,
        named: Mapping[str, Any] | None = None,
        shape: shapely.Geometry | None = None,
    ) -> None:
        """New versions for every stretch from the act's day on, in one entry, the last one open.

        `edit(columns, children, status)` changes both in place (they are copies) and returns the status.
        """
        chain = self.desk.chain(noun, thing_id, geometry=noun.has_geometry)
        stretches = stretches_from(chain, self.day, extend_back)
        if not stretches or stretches[0].start != self.day:
            raise NothingToActOnError(thing_id, self.day)
        for stretch in stretches:
            old = stretch.version
            columns = dict(old.columns)
            children = {name: [_own_part(row) for row in rows] for name, rows in old.children.items()}
            status = edit(columns, children, old.status)
            new_shape = shape if shape is not None else old.geometry
            self._write(noun, stretch, columns, children, status, effect, named, new_shape, None)

    def _write(  # noqa: PLR0913, PLR0917  (every part of a version)
        self,
        noun: Noun,
        stretch: Stretch,
        columns: Row,
        children: dict[str, list[Row]],
        status: str,
        effect: Effect,
        named: Mapping[str, Any] | None,
        shape: shapely.Geometry | None,
        shape_digest: bytes | None,
    ) -> None:
        old = stretch.version
        desk = self.desk
        head = desk.head(noun, old.thing_id)
        cause_from, cause_until = cause_window(old.thing, self.kind, self.day, effect)
        version = Version(
            thing_id=old.thing_id,
            thing=old.thing,
            ver=1 if head is None else head.ver + 1,
            prev_ver=None if head is None else head.ver,
            prev_cause_idx=None if head is None else head.cause_idx,
            cause_idx=self.idx,
            cause_kind=self.kind,
            cause_from=cause_from,
            cause_until=cause_until,
            effect=effect,
            act_day=self.day,
            valid_from=stretch.start,
            valid_to=stretch.end,
            status=status,
            columns=columns,
            children={child.name: children.get(child.name, []) for child in noun.children},
            salt=desk.randomness.salt(),
            geometry=shape,
        )
        if effect == "follows":
            columns["base_ver"] = old.ver
            columns["same_terms"] = columns["terms_digest"]
        elif "base_ver" in columns:
            columns["base_ver"] = columns["same_terms"] = None
        raw: dict[str, bytes] = {}
        opened: list[tuple[str, bytes, bytes]] = []
        if named is None and noun.named_paths:
            # What names people is committed anew under new salts: equal commitments would link entries.
            named = self.desk.opened(old.digest, noun.named_paths)
        if named is not None:
            raw, opened = self._named(noun, named)
            version.named = {path: b64u(commitment) for path, commitment in raw.items()}
        if shape_digest is None and shape is not None:
            shape_digest = geometry_digest(shape)
        version.digest = digest_of(noun, version, None if head is None else head.digest, shape_digest, raw)
        self.digests.append(version.digest)
        desk.take(noun, version, opened)

    def _named(self, noun: Noun, named: Mapping[str, Any]) -> tuple[dict[str, bytes], list[tuple[str, bytes, bytes]]]:
        commitments, opened = {}, []
        for path in noun.named_paths:
            encoded = canonical(named.get(path))
            salt = self.desk.randomness.salt()
            commitments[path] = commit_encoded(salt, path, encoded)
            opened.append((path, salt, encoded))
        return commitments, opened


@lru_cache(maxsize=4096)
def cause_window(thing: str, kind: str, day: str, effect: Effect) -> tuple[str, str]:
    """The window of the lawful cause for this act; NoLawfulCauseError when there is none."""
    cause = causes.find(thing, kind, dt.date.fromisoformat(day), effect)
    return cause.in_force_from.isoformat(), cause.in_force_until.isoformat()


@keeps("WS-2016/II.3.1-h", "EXIT/E8", "RLCL/coercion-is-void")
def require(kind: str, fields: ActFields, people: Mapping[str, bool] | None = None) -> None:
    """What the closed list asks of an act of this kind: the will of each person concerned, a payment above zero.

    `people` maps the id of each person concerned to whether they are a minor, whose will is a guardian's.
    """
    needs = causes.kinds()[kind]
    if needs.needs_consent:
        given = {will.person_id: will for will in fields.wills}
        if not given:
            raise ConsentMissingError(kind)
        for person, minor in (people or {}).items():
            if person not in given or (minor and given[person].guardian_id is None):
                raise ConsentMissingError(kind, person)
    if needs.needs_payment and not _is_paid(fields.payment):
        raise PaymentMissingError(kind)


def _is_paid(payment: str) -> bool:
    whole, _, cents = payment.partition(".")
    return whole.isdigit() and (cents == "" or cents.isdigit()) and float(payment) > 0


def _nothing_before(thing_id: str, thing: str) -> Version:
    return Version(thing_id, thing, 0, None, None, -1, "", "", "", "own", "", "", None, "live", {}, {})


def _own_part(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in {"thing_id", "ver", "cause_idx", "pos"}}
