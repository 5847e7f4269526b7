"""Which faults are true on the ground: explained once, with photo and signature, and not asked again?

An *exception* (例外说明) names a fault by its id, layer and the code of its row; photo and signed paper lie under 其他资料. Its
*mark* is SHA-256 over the fault, word for word, and all that its row says, shape included: whatever changes is asked again. The
register keeps marks, with reason and signer sealed, as sources. Only what `faults.toml` allows can be excepted.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import shapely
import sqlalchemy as sa

from registry.delivery.faults import catalogue, shown
from registry.delivery.fingerprint import row_lines
from registry.delivery.parts import EVIDENCE_FOLDER, EXCEPTIONS, KEY_OF
from registry.ledger.tables import SOURCE
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.delivery.faults import Fault, Faults
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery
    from registry.store.engines import Store

SOURCE_KIND = "delivery-exception"
_LABEL = b"sanquan.delivery.exception.v1\n"
_MAX_BYTES = 50 * 1024 * 1024
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Excepted:
    """One fault that is explained. `photo` and `paper` are SHA-256 in hexadecimal, "" where an earlier time brought them.

    `mark` is what the register knows it by. `sealed` (reason, signer, day) leaves in no report.
    """

    fault: str
    village: str
    layer: str
    code: str
    photo: str
    paper: str
    mark: str
    sealed: dict[str, str]

    def as_json(self) -> dict[str, str]:
        """Plain values, without reason and signer."""
        return {name: value for name, value in asdict(self).items() if name != "sealed"}


def accept_exceptions(delivery: Delivery, faults: Faults, known: Callable[[set[bytes]], AbstractSet[bytes]]) -> list[Excepted]:
    """Turn the faults that are explained, here or an earlier time, to severity `excepted`; give what explains them.

    `known`: which of these marks were accepted before. Called once, after a delivery was checked whole.
    """
    standing = _standing(delivery, faults)
    explained: dict[int, Excepted] = {}
    for told in _told(delivery, faults):
        at = [n for n, (row, mark) in standing.items() if row == (told.fault, told.layer, told.code)]
        if not at:
            _say_without_fault(delivery, told, faults)
        for n in at:
            explained[n] = replace(told, village=faults.found[n].village, mark=standing[n][1].hex())
    before = known({mark for _, mark in standing.values()})
    for n, ((fault, layer, code), mark) in standing.items():
        if mark in before and n not in explained:
            explained[n] = Excepted(fault, faults.found[n].village, layer, code, "", "", mark.hex(), {})
    for n in explained:
        faults.found[n] = replace(faults.found[n], severity="excepted")
    return [explained[n] for n in sorted(explained)]


def known_in(connection: Connection, marks: set[bytes]) -> set[bytes]:
    """Which of these marks the register keeps."""
    found: set[bytes] = set()
    wanted = sorted(marks)
    for start in range(0, len(wanted), _BATCH):
        query = sa.select(SOURCE.c.content_hash).where(
            SOURCE.c.content_hash.in_(wanted[start : start + _BATCH]), SOURCE.c.kind == SOURCE_KIND
        )
        found |= {bytes(row.content_hash) for row in connection.execute(query)}
    return found


def keep_exceptions(store: Store, accepted: Iterable[Excepted]) -> None:
    """Keep what was accepted, one source each, so that it is not asked again; what is kept already stays as it is."""
    by_mark = {bytes.fromhex(one.mark): one for one in accepted if one.sealed}
    with store.writing("desk") as connection:
        new = sorted(by_mark.keys() - known_in(connection, set(by_mark)))
        if not new:
            return
        rows = []
        for mark in new:
            one = by_mark[mark]
            about = json.dumps(one.as_json() | one.sealed, ensure_ascii=False).encode()
            rows.append((mark, SOURCE_KIND, one.sealed["day"], 0, store.vault.seal(about, b"source-about/" + mark)))
        insert_rows(connection, SOURCE, ("content_hash", "kind", "dated", "size_bytes", "about"), rows)
        connection.commit()


def known_of(store: Store, connection: Connection, villages: Iterable[str]) -> list[str]:
    """The marks that are kept of these villages, as hexadecimal digits: what a job package brings."""
    wanted, found = set(villages), []
    for row in connection.execute(sa.select(SOURCE).where(SOURCE.c.kind == SOURCE_KIND)):
        mark = bytes(row.content_hash)
        if json.loads(store.vault.open(bytes(row.about), b"source-about/" + mark))["village"] in wanted:
            found.append(mark.hex())
    return sorted(found)


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
