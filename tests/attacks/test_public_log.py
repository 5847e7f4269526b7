"""The attacker has the public log alone: can he find who or which parcel, link the entries of one person, or tell when?

He knows every ID number, name and code that he looks for, how this software works, and every usual way to hash. The same attacker
finds what is planted for him, so that a log without salts would not pass.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import orjson
import pytest
import sqlalchemy as sa

from registry.ledger import read
from registry.ledger.act import ACT_PATHS
from registry.ledger.entry import b64u, canonical, commit_encoded, h_leaf
from registry.ledger.tables import LEDGER_ENTRY, THING
from registry.ledger.verify.strict import b64u as from_b64u
from registry.parcels.model import PARCEL_VERSION
from tests.registry.made_up import PEOPLE, VILLAGE_CODE, id_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.store.engines import Store
    from tests.registry.made_up import Village

_DIGEST = re.compile(r'"([A-Za-z0-9_-]{43})"')
_LABELS = ("", "sanquan.commit.v1\n", "sanquan.salt.v1\n", "sanquan.map.v1\n", "sanquan.version.v1\n")
_PATHS = (*ACT_PATHS, "evidence.1", "event.people", "holder.name", "holder.id_number", "parcel.code", "facts", "chain", "valid")
_FEW = 60
"""So many words are tried under every key, and so many digests of the log itself as keys: thousands of guesses a word."""


@pytest.fixture(scope="module")
def public_leaves(attacked: tuple[Store, Village]) -> list[bytes]:
    """What anybody may read."""
    with attacked[0].reading() as connection:
        return list(read.leaves(connection))


@pytest.fixture(scope="module")
def dictionary(attacked: tuple[Store, Village]) -> list[str]:
    """ID numbers (all sequences of each birthday, with their check digits), names, codes, ids of things and people."""
    store, village = attacked
    numbers = [id_number(born, sequence) for _, born, _ in PEOPLE for sequence in range(1_000)]
    own = [word for name, born, sequence in PEOPLE for word in (name, id_number(born, sequence))]
    names = [*own, "张晓梅", "王警官", "呼和陶勒盖嘎查", "巴图"]
    with store.reading() as connection:
        codes = list(connection.scalars(sa.select(PARCEL_VERSION.c.code).distinct()))
        things = list(connection.scalars(sa.select(THING.c.id)))
    assert set(codes) >= {f"{VILLAGE_CODE}00001"}
    return [*names, *codes, *things, *village.people, VILLAGE_CODE, "150626", *numbers]


def digests_of(leaves: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Every 32 bytes that stand in an entry, with its index."""
    for index, leaf in enumerate(leaves):
        for text in _DIGEST.findall(leaf.decode()):
            yield index, from_b64u(text)


def found_by(dictionary: list[str], leaves: list[bytes], known: int = _FEW) -> set[str]:
    """The words that the attacker recognizes in the log; the first `known` are tried under every key that he can think of."""
    public = {digest for _, digest in digests_of(leaves)}
    keys = [b"", bytes(32), b"sanquan", b"log.example/sanquan", *(label.encode() for label in _LABELS), *sorted(public)[:_FEW]]
    text = b"\n".join(leaves).decode()
    found = {word for word in dictionary if word in text}
    for place, word in enumerate(dictionary):
        guesses = _plain(word) if place >= known else itertools.chain(_plain(word), _keyed(word, keys))
        if any(guess in public for guess in guesses):
            found.add(word)
    return found


def _plain(word: str) -> Iterator[bytes]:
    """Hashed as it is, as JSON, beside a path, under a label, as a leaf; with every usual hash of 32 bytes."""
    spelled = [word.encode(), canonical(word), canonical([word]), canonical([[word]])]
    spelled += [canonical([path, word]) for path in _PATHS]
    for raw in spelled:
        for label in (b"", b"\x00", *(label.encode() for label in _LABELS[1:])):
            yield hashlib.sha256(label + raw).digest()
        for name in ("sha3_256", "blake2s", "sha512_256", "sm3"):
            if name in hashlib.algorithms_available:
                yield hashlib.new(name, raw).digest()
        yield hashlib.sha256(hashlib.sha256(raw).digest()).digest()


def _keyed(word: str, keys: list[bytes]) -> Iterator[bytes]:
    """As our own commitments, with a salt that he guesses: a known key, the word itself, a digest of the log, or made of one."""
    salts = [key for key in keys if len(key) == 32]
    salts += [hashlib.sha256(word.encode()).digest(), hmac.digest(b"", word.encode(), "sha256")]
    for path in _PATHS:
        encoded = canonical(word)
        for salt in salts:
            yield commit_encoded(salt, path, encoded)
            yield commit_encoded(hmac.digest(salt, b"sanquan.salt.v1\n" + path.encode(), "sha256"), path, encoded)
    for key in keys:
        yield hmac.digest(key, word.encode(), "sha256")
        yield hmac.digest(word.encode(), key, "sha256")


def test_guessing_finds_no_person_and_no_parcel(public_leaves: list[bytes], dictionary: list[str]) -> None:
    """Every ID number of the fixtures' birthdays, every name, code and id: none is recognized in the log."""
    assert found_by(dictionary, public_leaves) == set()


@pytest.mark.parametrize(
    "leak",
    [
        lambda word: hashlib.sha256(word.encode()).digest(),
        lambda word: hashlib.sha256(b"sanquan.commit.v1\n" + canonical(["holder.name", word])).digest(),
        lambda word: commit_encoded(bytes(32), "act.people", canonical(word)),
        lambda word: hmac.digest(b"sanquan", word.encode(), "sha256"),
    ],
)
def test_attacker_finds_what_is_committed_without_a_secret(dictionary: list[str], leak: object) -> None:
    """The control: one entry whose commitment has no salt, a known one, or one key for all, and he has the name."""
    assert callable(leak)
    planted = h_leaf("2026-01-15T08:00:00Z", b64u(bytes(32)), [leak(dictionary[0]), *[bytes([n]) * 32 for n in range(11)]])
    assert found_by(dictionary[:3], [planted]) == {dictionary[0]}


def test_no_two_entries_share_a_digest(public_leaves: list[bytes]) -> None:
    """Equal commitments would link the entries of one person. What repeats are state roots, and what an erasure names."""
    entries = [orjson.loads(leaf) for leaf in public_leaves]
    roots = {entry["st"] for entry in entries if "st" in entry}
    erased = {text for entry in entries if entry["cls"] == "E" for text in entry["subjects"]}
    times = Counter(b64u(digest) for _, digest in digests_of(public_leaves))
    assert [text for text, many in times.items() if many > 1 and text not in roots | erased] == []
    assert len(times) > 100


def test_shape_of_an_entry_says_its_class_and_kind_alone(public_leaves: list[bytes]) -> None:
    """With its digests blotted out, an entry is the same as every other of its class, hour, kind, number of versions and of wills.

    Household events and steps of cases have no kind and no number: all look alike, whoever moved.
    """
    shapes = defaultdict(set)
    lengths = defaultdict(set)
    for leaf in public_leaves:
        entry = orjson.loads(leaf)
        says = (entry["cls"], entry["at"], entry.get("kind"), len(entry.get("rv", ())), len(entry.get("ev", ())))
        if entry["cls"] in {"R", "H", "S", "C"}:
            shapes[says].add(_DIGEST.sub("#", leaf.decode()))
            lengths[entry["cls"]].add(len(entry.get("c", ())))
            assert len(entry.get("ev", ())) % 4 == 0
    assert all(len(found) == 1 for found in shapes.values())
    assert all(len(found) == 1 for found in lengths.values())
    assert len({len(leaf) for leaf in public_leaves if b'"cls":"H"' in leaf}) == 1


def test_hour_is_all_that_is_told_of_the_time(attacked: tuple[Store, Village], public_leaves: list[bytes]) -> None:
    """`at` is cut to the hour; the second of the desk, which the register keeps, stands nowhere in the log."""
    with attacked[0].reading() as connection:
        seconds = set(connection.scalars(sa.select(LEDGER_ENTRY.c.recorded_at)))
    text = b"\n".join(public_leaves).decode()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", orjson.loads(leaf)["at"]) for leaf in public_leaves)
    assert seconds
    assert not [second for second in seconds if not second.endswith(":00:00Z") and second in text]
