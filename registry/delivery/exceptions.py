"""Which faults are true on the ground: explained once, with photo and signature, approved, and not asked again?

An *exception* (例外说明) names a fault by its id, layer and the code of its row; photo and signed paper lie under 其他资料. Its
*mark* is SHA-256 over the fault, word for word, and all that its row says, shape included: whatever changes is asked again. The
register keeps explanations (`registry.delivery.decisions`); until the bureau approves one, its fault is asked as if there were
none. Only what `faults.toml` allows can be excepted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import shapely

from registry.delivery.decisions import is_approved, keep_explanations
from registry.delivery.faults import catalogue, shown
from registry.delivery.fingerprint import row_lines
from registry.delivery.parts import EVIDENCE_FOLDER, EXCEPTIONS, KEY_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from registry.delivery.decisions import Standing, State
    from registry.delivery.faults import Fault, Faults
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery
    from registry.store.engines import Store

_LABEL = b"sanquan.delivery.exception.v1\n"
_EXPLANATION = b"sanquan.delivery.explanation.v1\n"
_MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Excepted:
    """One fault that is explained. `photo` and `paper` are SHA-256 in hexadecimal, "" where an earlier time brought them.

    `mark` is what the register knows the fault by, `id` what it knows the explanation by. `told`: this delivery's own table
    explains it. `refusal`: why the bureau did not approve it. `sealed` (reason, signer, day) leaves in no report.
    """

    fault: str
    village: str
    layer: str
    code: str
    photo: str
    paper: str
    mark: str
    sealed: dict[str, str]
    id: str = ""
    state: State = "waiting"
    refusal: str = ""
    told: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain values, without reason and signer."""
        return {name: value for name, value in asdict(self).items() if name != "sealed"}

    def as_verdict(self) -> dict[str, Any]:
        """What the rules alone know of it: the same at the surveyor's, who learns of approvals by the job package only."""
        told = {name: getattr(self, name) for name in ("fault", "village", "layer", "code", "photo", "paper", "mark")}
        return told | {"approved": self.state == "approved"}


def accept_exceptions(delivery: Delivery, faults: Faults, known: Mapping[bytes, Sequence[Standing]]) -> list[Excepted]:
    """Turn the faults whose explanation was approved to severity `excepted`; give every explained fault, approved or not.

    `known`: what was explained before, by the fault's mark. Called once, after a delivery was checked whole.
    """
    standing = _standing(delivery, faults)
    explained: dict[int, Excepted] = {}
    for told in _told(delivery, faults):
        at = [n for n, (row, mark) in standing.items() if row == (told.fault, told.layer, told.code)]
        if not at:
            _say_without_fault(delivery, told, faults)
        for n in at:
            mark = standing[n][1]
            one = replace(told, village=faults.found[n].village, mark=mark.hex(), id=_id(mark, told))
            explained[n] = _decided(one, known.get(mark, ()))
    for n, ((fault, layer, code), mark) in standing.items():
        if mark in known and n not in explained:
            one = Excepted(fault, faults.found[n].village, layer, code, "", "", mark.hex(), {}, told=False)
            explained[n] = _decided(one, known[mark])
    for n, one in explained.items():
        if one.state == "approved":
            faults.found[n] = replace(faults.found[n], severity="excepted")
    return [explained[n] for n in sorted(explained)]


def keep_exceptions(store: Store, accepted: Iterable[Excepted]) -> None:
    """Keep what this delivery explains, so that the bureau can decide."""
    told = {}
    for one in accepted:
        if one.told and one.state != "approved":
            about = {name: getattr(one, name) for name in ("mark", "fault", "village", "layer", "code", "photo", "paper")}
            told[one.id] = about | one.sealed
    if told:
        keep_explanations(store, told)


def _decided(one: Excepted, known: Sequence[Standing]) -> Excepted:
    """With what the bureau said: of this very explanation, or, where none came this time, of the newest."""
    if is_approved(known):
        return replace(one, state="approved")
    wanted = [each for each in known if each.id == one.id] if one.told else known
    if not wanted:
        return one
    return replace(one, id=wanted[-1].id, state=wanted[-1].state, refusal=wanted[-1].refusal)


def _id(mark: bytes, told: Excepted) -> str:
    digest = hashlib.sha256(_EXPLANATION)
    for part in (mark.hex(), told.photo, told.paper, *(told.sealed[name] for name in ("reason", "signer", "day"))):
        digest.update(len(part.encode()).to_bytes(4, "big"))
        digest.update(part.encode())
    return digest.hexdigest()


def _standing(delivery: Delivery, faults: Faults) -> dict[int, tuple[tuple[str, str, str], bytes]]:
    """Each fault that may be excepted, by its place in the list: id, layer and code of its row, and its mark."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for n, fault in enumerate(faults.found):
        if catalogue()[fault.id].may_be_excepted and fault.row is not None and fault.layer in KEY_OF:
            wanted[fault.layer].append(n)
    found = {}
    for layer, at in wanted.items():
        frame = delivery.frames[layer]
        rows = frame.places()
        places = {n: rows[faults.found[n].file, faults.found[n].row or 0] for n in at}
        whole = sorted({index for index in places.values() if frame.shapes is None or not shapely.is_missing(frame.shapes[index])})
        line_of = dict(zip(whole, row_lines(frame, whole), strict=True))
        codes = frame.values(KEY_OF[layer])
        for n, index in places.items():
            if index in line_of:
                found[n] = ((faults.found[n].id, layer, codes[index]), _mark(faults.found[n], line_of[index]))
    return found


def _mark(fault: Fault, line: bytes) -> bytes:
    digest = hashlib.sha256(_LABEL)
    for part in (fault.id.encode(), fault.field.encode(), fault.zh.encode(), line):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()


def _told(delivery: Delivery, faults: Faults) -> list[Excepted]:
    """What the table of exceptions says, row by row; a row at fault explains nothing."""
    frame = delivery.part(EXCEPTIONS.name)
    if frame is None:
        return []
    allowed = [kind.id for kind in catalogue().values() if kind.may_be_excepted]
    files, told = _evidence(delivery.folder), []
    days = frame.day("日期")
    good = [frame.good(column.name) for column in EXCEPTIONS.columns]
    for index in range(len(frame)):
        row = {column.name: frame.values(column.name)[index] for column in EXCEPTIONS.columns}
        if not all(column[index] for column in good):
            continue
        if row["错误"] not in allowed:
            values = {"value": shown(row["错误"], sealed=False), "allowed": ", ".join(allowed)}
            faults.at("exception-not-allowed", frame, index, "错误", values)
            continue
        photo, paper = (_digest_of(frame, index, column, files, faults) for column in ("照片", "签字件"))
        if photo and paper:
            sealed = {"reason": row["理由"], "signer": row["签字人"], "day": days[index]}
            village = frame.village[index]
            told.append(Excepted(row["错误"], village, row["图层"], row["代码"], photo, paper, "", sealed))
    return told


def _digest_of(frame: Frame, index: int, column: str, files: dict[str, Path], faults: Faults) -> str:
    name = normalize("NFC", frame.values(column)[index])
    path = files.get(name)
    if path is None:
        faults.at("exception-without-evidence", frame, index, column, {"value": shown(name, sealed=False)})
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _evidence(folder: Path) -> dict[str, Path]:
    """Plain files that lie in 其他资料 itself, by name: a name in the table leads nowhere else."""
    for each in folder.iterdir():
        if normalize("NFC", each.name) == EVIDENCE_FOLDER and each.is_dir() and not each.is_symlink():
            return {
                normalize("NFC", file.name): file
                for file in each.iterdir()
                if file.is_file() and not file.is_symlink() and file.stat().st_size <= _MAX_BYTES
            }
    return {}


def _say_without_fault(delivery: Delivery, told: Excepted, faults: Faults) -> None:
    frame = delivery.frames[EXCEPTIONS.name]
    wanted = (told.fault, told.layer, told.code)
    columns = (frame.values("错误"), frame.values("图层"), frame.values("代码"))
    index = next(n for n, row in enumerate(zip(*columns, strict=True)) if row == wanted)
    values: dict[str, Any] = {"fault": told.fault, "code": shown(told.code, sealed=False)}
    faults.at("exception-without-fault", frame, index, "代码", values)
