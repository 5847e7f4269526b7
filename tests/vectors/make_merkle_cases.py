"""Which sound and damaged Merkle proofs must every verifier of ours tell apart?

Writes `merkle-cases.json` beside itself from the eight Certificate Transparency entries and 13 numbered ones.
Trees and paths come from the recursive definitions of RFC 9162 section 2.1, with no code of the registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("merkle-cases.json")
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
GARBAGE = sha256(b"garbage").digest()
EMPTY = sha256(b"").digest()


def mth(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1."""
    if len(entries) <= 1:
        return sha256(b"\x00" + entries[0]).digest() if entries else EMPTY
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return sha256(b"\x01" + mth(entries[:split]) + mth(entries[split:])).digest()


def path(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 section 2.1.3.1."""
    if len(entries) == 1:
        return []
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    if index < split:
        return [*path(index, entries[:split]), mth(entries[split:])]
    return [*path(index - split, entries[split:]), mth(entries[:split])]


def subproof(old: int, entries: list[bytes], *, known: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 section 2.1.4.1; `known` is its b."""
    if old == len(entries):
        return [] if known else [mth(entries)]
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    if old <= split:
        return [*subproof(old, entries[:split], known=known), mth(entries[split:])]
    return [*subproof(old - split, entries[split:], known=False), mth(entries[:split])]


def flipped(proof: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """The proof with one bit of one hash changed, for each hash."""
    for at, one in enumerate(proof):
        yield f"bit of hash {at} flipped", [*proof[:at], bytes([one[0] ^ 8]) + one[1:], *proof[at + 1 :]]


def damaged_paths(proof: list[bytes], root: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The proof with hashes changed, missing or added."""
    yield from flipped(proof)
    yield "garbage before", [GARBAGE, *proof]
    yield "garbage after", [*proof, GARBAGE]
    yield "root before", [root, *proof]
    yield "root after", [*proof, root]
    yield "empty hash after", [*proof, b""]
    if proof:
        yield "last hash missing", proof[:-1]
        yield "first hash missing", proof[1:]
        yield "first hash cut to 31 bytes", [proof[0][:31], *proof[1:]]
        yield "a hash put in the middle", [*proof[:1], GARBAGE, *proof[1:]]


def inclusion_cases(entries: list[bytes], index: int) -> Iterator[dict[str, Any]]:
    """One sound proof and what can be done to it."""
    size, root, leaf, proof = len(entries), mth(entries), mth([entries[index]]), path(index, entries)

    def case(says: str, *, fails: bool = True, **changed: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON values
        fields = {"index": index, "size": size, "leaf": leaf, "path": proof, "root": root} | changed
        return {"says": f"{index} of {size}: {says}", "must_fail": fails, **fields}

    yield case("sound", fails=False)
    for other in (index - 1, index + 1, index ^ 2, size, -1):
        if other != index:
            yield case(f"index {other}", index=other)
    for other in (size * 2, size // 2, 0):
        yield case(f"size {other}", size=other)
    for says, hashes in damaged_paths(proof, root):
        yield case(says, path=hashes)
    yield case("another leaf", leaf=GARBAGE)
    yield case("no leaf", leaf=b"")
    yield case("another root", root=GARBAGE)
    yield case("no root", root=b"")
    if size > 1:
        yield case("the root as leaf, no path", leaf=root, path=[])


def consistency_cases(entries: list[bytes], old: int) -> Iterator[dict[str, Any]]:
    """One sound proof and what can be done to it."""
    size, old_root, root, proof = len(entries), mth(entries[:old]), mth(entries), subproof(old, entries)

    def case(says: str, *, fails: bool = True, **changed: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON values
        fields = {"old": old, "size": size, "path": proof, "old_root": old_root, "root": root} | changed
        return {"says": f"{old} to {size}: {says}", "must_fail": fails, **fields}

    yield case("sound", fails=False)
    yield case("old size 0", old=0)
    yield case("old size 0, no path, empty root", old=0, old_root=EMPTY, path=[])
    yield case("sizes swapped", old=size + 1)
    yield case("negative old size", old=-1)
    for says, hashes in damaged_paths(proof, root):
        yield case(says, path=hashes)
    yield case("old root before", path=[old_root, *proof])
    yield case("old root after", path=[*proof, old_root])
    yield case("another old root", old_root=GARBAGE)
    yield case("another root", root=GARBAGE)
    yield case("no old root", old_root=b"")
    if old != size:
        yield case("roots swapped", old_root=root, root=old_root)
        yield case("no path", path=[])
        yield case("equal sizes, two roots, no path", size=old, path=[])


def all_cases() -> dict[str, list[dict[str, Any]]]:
    """Every case, bytes still raw."""
    numbered = [str(number).encode() for number in range(13)]
    return {
        "inclusion": [
            case
            for entries, indexes in (
                (ENTRIES[:1], [0]),
                (ENTRIES[:3], [2]),
                (ENTRIES[:5], [1]),
                (ENTRIES, [0, 5]),
                (numbered, [8, 12]),
            )
            for index in indexes
            for case in inclusion_cases(entries, index)
        ],
        "consistency": [
            case
            for entries, sizes in (
                (ENTRIES[:1], [1]),
                (ENTRIES[:5], [2]),
                (ENTRIES[:7], [6]),
                (ENTRIES, [1, 4, 6]),
                (numbered, [7, 12]),
            )
            for old in sizes
            for case in consistency_cases(entries, old)
        ],
    }


def text() -> str:
    """The file's text: hashes as hexadecimal, one case a line."""
    kinds = [
        f'"{kind}": [\n' + ",\n".join(json.dumps(case, default=bytes.hex) for case in cases) + "\n]"
        for kind, cases in all_cases().items()
    ]
    return "{\n" + ",\n".join(kinds) + "\n}\n"


if __name__ == "__main__":
    CASES.write_text(text(), encoding="utf-8")
