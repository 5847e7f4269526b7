"""Who finds what an administrator altered who holds every key but the witness's and makes all of it good again? Hazard C7.

Each kind says who finds it: `audit` (our own means), `rules` (anybody, on the entries alone), `reader` (who compares the files
with the checkpoint), `policy` (a verifier with the policy it was given before), `witness` (whoever kept a checkpoint from
before). docs/security.md has the same table, and what nobody finds.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry.audit.log import read_log
from registry.audit.published import judge_published
from registry.audit.report import audit_view
from registry.audit.rows import stored
from registry.catalogue import NOUNS, PRIVILEGES
from registry.ledger.entry import b64u
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.publishing import keys, policy_text, publish, tile_bytes
from registry.ledger.publishing.appending import append_keys
from registry.ledger.publishing.head import parse_head
from registry.ledger.signing import log_signer
from registry.ledger.tables import ERASURE, HEAD, LEDGER_ENTRY
from registry.ledger.verify import tiles
from registry.ledger.verify.note import check, parse_policy
from registry.ledger.verify.replay import replay
from registry.ledger.verify.strict import VerifyError
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.attacks.history import register_history
from tests.attacks.locks_off import damaged
from tests.attacks.test_tampering import other
from tests.attacks.thief import TABLES, Thief, thief_of
from tests.registers import copy_of, drop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun

    Attack = Callable[[Thief, Connection], None]

ORIGIN = "log.example/sanquan"
SECURITY = Path(__file__).parents[2] / "docs" / "security.md"
OLD_SIZE = 2


@pytest.fixture(scope="module", params=["file", "postgis"])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A history that is published, long enough for tiles of three kinds; nothing is ever committed to it."""
    template = request.getfixturevalue(f"{request.param}_template")
    settings = copy_of(template, tmp_path_factory.mktemp("published") / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    register_history(store)
    keys.create(store, ORIGIN)
    publish(store)
    for number in range(260):
        append_keys(store, [f"# {number}"])
    publish(store)
    yield store
    store.close()
    drop(settings)


def entries(connection: Connection, cls: str, kind: str = "") -> list[int]:
    """The indexes of a class."""
    query = sa.select(LEDGER_ENTRY.c.idx).where(LEDGER_ENTRY.c.cls == cls).order_by(LEDGER_ENTRY.c.idx)
    return list(connection.scalars(query.where(LEDGER_ENTRY.c.kind == kind) if kind else query))


# --- files alone ---


def flip(name: str) -> Attack:
    """One bit of a file."""

    def attack(thief: Thief, _: Connection) -> None:
        path = thief.published / name
        path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))

    return attack


def remove(name: str) -> Attack:
    """A file goes."""
    return lambda thief, _: (thief.published / name).unlink()


def swap(one: str, two: str) -> Attack:
    """Two files change places."""

    def attack(thief: Thief, _: Connection) -> None:
        a, b = thief.published / one, thief.published / two
        first, second = a.read_bytes(), b.read_bytes()
        a.write_bytes(second)
        b.write_bytes(first)

    return attack


def add(name: str) -> Attack:
    """A file that nobody published."""

    def attack(thief: Thief, _: Connection) -> None:
        (thief.published / name).parent.mkdir(parents=True, exist_ok=True)
        (thief.published / name).write_bytes(b"\x00" * 32)

    return attack


def foreign_signature(thief: Thief, _: Connection) -> None:
    """Head and checkpoint under a key that the log does not name."""
    now = parse_head(thief.head().read_bytes()).checkpoint
    thief.sign(now.size, now.root, log_signer(ORIGIN, os.urandom(32)))


def false_root(thief: Thief, _: Connection) -> None:
    """The log's own key under a root that it never had."""
    thief.sign(parse_head(thief.head().read_bytes()).checkpoint.size, os.urandom(32))


def beyond(thief: Thief, _: Connection) -> None:
    """The log's own key under a size that the log has not."""
    now = parse_head(thief.head().read_bytes()).checkpoint
    thief.sign(now.size + 1, now.root)


def older_head(thief: Thief, connection: Connection) -> None:
    """The head put back, the checkpoint left."""
    newest = (thief.published / "checkpoint").read_bytes()
    older_both(thief, connection)
    (thief.published / "checkpoint").write_bytes(newest)


def older_both(thief: Thief, connection: Connection) -> None:
    """An older head and an older checkpoint, truly signed: what came after is hidden from who reads the files."""
    log = read_log(connection)
    leaves = [log.entries[idx].leaf for idx in range(OLD_SIZE)]
    tree = Tree(map(leaf_hash, leaves))
    for tile in tiles.tiles(OLD_SIZE):
        path = thief.published / tile.path
        path.parent.mkdir()
        path.write_bytes(tiles.bundle(leaves) if tile.level == tiles.ENTRIES else tile_bytes(tree, tile))
    thief.sign(OLD_SIZE, tree.root())


def garbage(name: str) -> Attack:
    """No note at all."""

    def attack(thief: Thief, _: Connection) -> None:
        (thief.head() if name == "head" else thief.published / name).write_bytes(b"x")

    return attack


FILES: dict[str, tuple[Attack, str]] = {
    "a bit of a bundle of entries": (flip("tile/entries/000"), "audit reader"),
    "a bit of a tile of hashes": (flip("tile/0/000"), "audit"),
    "a bit of a tile of the level above": (flip("tile/1/000.p/1"), "audit reader"),
    "a bundle is removed": (remove("tile/entries/000"), "audit reader"),
    "two tiles change places": (swap("tile/0/000", "tile/entries/000"), "audit reader"),
    "a file that nobody published": (add("tile/0/005"), "audit"),
    "a file that is no tile": (add("tile/0/other"), "audit"),
    "head and checkpoint under a foreign key": (foreign_signature, "audit policy"),
    "a false root, truly signed": (false_root, "audit reader"),
    "a size that the log has not, truly signed": (beyond, "audit reader"),
    "an older head beside a newer checkpoint": (older_head, "audit"),
    "the head is removed": (lambda thief, _: thief.head().unlink(), "audit"),
    "the head is no note": (garbage("head"), "audit"),
    "the checkpoint is no note": (garbage("checkpoint"), "audit reader policy"),
    "an older head and checkpoint, truly signed": (older_both, "witness"),
}

# --- entries, made good with hash, openings, tiles, head and signature ---


def entry(cls: str, change: Callable[[dict[str, Any]], None], kind: str = "", at: int = -1, **columns: Any) -> Attack:  # noqa: ANN401  (columns of the log)
    """A leaf altered; everything that hangs on its bytes made good."""

    def attack(thief: Thief, connection: Connection) -> None:
        thief.rewrite(connection, entries(connection, cls, kind)[at], change, **columns)
        thief.republish(connection)

    return attack


def put(**fields: Any) -> Callable[[dict[str, Any]], None]:  # noqa: ANN401  (fields of a leaf)
    """Fields of a leaf overwritten."""
    return lambda document: document.update(fields)


def first_of(name: str) -> Callable[[dict[str, Any]], None]:
    """The first digest of a list replaced by another."""

    def change(document: dict[str, Any]) -> None:
        document[name] = [b64u(b"\x01" * 32), *document[name][1:]]

    return change


def other_key(thief: Thief, connection: Connection) -> None:
    """The log's first key replaced, on the log and on everything that it signed."""
    thief.signer = log_signer(ORIGIN, os.urandom(32))
    thief.rewrite(connection, entries(connection, "K")[0], put(vkeys=[f"log {thief.signer.key}"]))
    thief.republish(connection)


def cut_off(thief: Thief, connection: Connection) -> None:
    """The last entries taken out, and everything shortened to fit."""
    last = max(entries(connection, "S"))
    connection.execute(sa.delete(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx > last - 10))
    thief.republish(connection)


def out_of_the_midst(thief: Thief, connection: Connection) -> None:
    """An event taken out, and the files made anew."""
    connection.execute(sa.delete(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == entries(connection, "H")[0]))
    thief.republish(connection)


ENTRIES: dict[str, tuple[Attack, str]] = {
    "an act's cause, by another lawful one": (
        entry("R", put(kind="recoded"), at=0, kind="first-registration"),
        "audit witness",
    ),
    "an act's cause, by one that is not on the list": (entry("R", put(kind="moved-to-town")), "audit rules witness"),
    "a version digest of an act": (entry("R", first_of("rv")), "audit witness"),
    "a commitment of an act": (entry("R", first_of("c")), "audit witness"),
    "the evidence of will of an act": (entry("R", put(ev=[]), kind="leased"), "audit rules witness"),
    "the hour of an act": (entry("R", put(at="2009-01-01T00:00:00Z")), "audit rules witness"),
    "an event is given a version": (entry("H", put(rv=[b64u(b"\x02" * 32)])), "audit rules witness"),
    "an event's state": (entry("H", put(st=b64u(b"\x03" * 32))), "audit rules witness"),
    "a commitment of an event": (entry("H", first_of("c")), "audit witness"),
    "a state": (entry("S", put(st=b64u(b"\x04" * 32)), at=1), "audit rules witness"),
    "what an erasure erased": (entry("E", first_of("subjects")), "audit witness"),
    "a leaf that is no entry": (entry("R", put(v=2)), "audit rules witness"),
    "the key of the log": (other_key, "policy witness"),
    "the last entries are cut off": (cut_off, "witness"),
    "an event is taken out of the midst": (out_of_the_midst, "audit witness"),
}


def finders(thief: Thief, connection: Connection, kept: bytes, policy: str) -> str:
    """Who finds something, in the order of the module's first lines."""
    found = {
        "audit": bool(audit_view(thief.store, connection).findings),
        "rules": not replay(logged.leaf for logged in read_log(connection).entries.values()).ok,
        "reader": not _readable(thief),
        "policy": not _accepted(thief, policy),
        "witness": _missed(thief, connection, kept),
    }
    return " ".join(who for who, finds in found.items() if finds)


def _readable(thief: Thief) -> bool:
    """Whether the entries in the bundles hash to the root of the checkpoint, and the tiles fold to it."""
    try:
        now = parse_head((thief.published / "checkpoint").read_bytes()).checkpoint
        bundles = [tile for tile in tiles.tiles(now.size) if tile.level == tiles.ENTRIES]
        leaves = [
            each
            for tile in bundles
            for each in tiles.parse_bundle((thief.published / tile.path).read_bytes(), tile.width)
        ]
        folded = tiles.root_of(now.size, lambda tile: (thief.published / tile.path).read_bytes())
    except (OSError, VerifyError):
        return False
    return replay(leaves).root == now.root == folded


def _accepted(thief: Thief, policy: str) -> bool:
    try:
        check((thief.published / "checkpoint").read_bytes(), parse_policy(policy))
    except VerifyError:
        return False
    return True


def _missed(thief: Thief, connection: Connection, kept: bytes) -> bool:
    """Whether the checkpoint kept outside is not the beginning of this log, or the published one is older than it."""
    log = read_log(connection)
    without = len(list(judge_published(thief.store.settings, log)))
    held = parse_head(kept).checkpoint
    try:
        shown = parse_head((thief.published / "checkpoint").read_bytes()).checkpoint.size
    except VerifyError:
        shown = held.size
    return len(list(judge_published(thief.store.settings, log, kept))) > without or shown < held.size


def try_out(published: Store, tmp_path: Path, attack: Attack) -> str:
    """Who finds an attack."""
    kept = (published.settings.published / "checkpoint").read_bytes()
    with published.reading() as connection:
        policy = policy_text(connection)
    thief = thief_of(published, tmp_path)
    with damaged(published, lambda connection: attack(thief, connection), *TABLES) as connection:
        return finders(thief, connection, kept, policy)


@pytest.mark.parametrize("kind", [*FILES, *ENTRIES])
def test_edit_is_found_by_whom_the_table_names(published: Store, tmp_path: Path, kind: str) -> None:
    """Each kind of edit, with everything made good and signed, and exactly who finds it."""
    attack, by = (FILES | ENTRIES)[kind]
    assert try_out(published, tmp_path, attack) == by


COLUMNS = [(noun.name, column) for noun in NOUNS for column in noun.own_columns]
# No digest commits these: each follows from columns that one does, and the audit makes it again from them.
DERIVED = {
    ("right", "holding_id"): "holder_id, where it is a holding",
    ("right", "party_id"): "holder_id, where it is a party",
    ("right", "terms_digest"): "the digest of the terms",
    ("right", "base_ver"): "the version that a burden lies on",
    ("right", "same_terms"): "the terms of that version",
}
# A second each: two columns a table are drawn, and all of them by `./run torture`.
DRAWN = {(noun.name, column) for noun in NOUNS for column in random.Random(noun.name).sample(noun.own_columns, 2)}


def altered(noun: Noun, column: str, *, whole: bool) -> Attack:
    """A column of the newest version of a thing; digest, entry, openings and head made good, with `whole` every state too."""

    def attack(thief: Thief, connection: Connection) -> None:
        table = noun.table
        erased = set(connection.scalars(sa.select(ERASURE.c.subject)))
        heads = {row.thing_id: row.ver for row in connection.execute(sa.select(HEAD.c.thing_id, HEAD.c.ver))}
        rows = list(stored(connection, table))
        newest = [row for row in rows if heads[row["thing_id"]] == row["ver"] and row["digest"] not in erased]
        row = random.Random(column).choice(newest)
        where = sa.and_(table.c.thing_id == row["thing_id"], table.c.ver == row["ver"])
        connection.execute(sa.update(table).where(where).values({column: other(table.c[column], row, rows)}))
        thief.redigest(connection, noun, row["thing_id"])
        if whole:
            thief.restate(connection)
        thief.republish(connection)

    return attack


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_column_made_good_up_to_its_entry_is_found_by_the_audit(
    published: Store, tmp_path: Path, name: str, column: str
) -> None:
    """Every column of every guarded table, from the schema: the states after it no longer follow."""
    noun = next(each for each in NOUNS if each.name == name)
    if (name, column) not in (set(COLUMNS) if os.environ.get("HYPOTHESIS_PROFILE") == "torture" else DRAWN):
        pytest.skip("not drawn")
    expected = "audit" if (name, column) in DERIVED else "audit witness"
    assert try_out(published, tmp_path, altered(noun, column, whole=False)) == expected


LAST = {name: column for name, column in COLUMNS if (name, column) not in DERIVED}


@pytest.mark.parametrize(("name", "column"), LAST.items())
def test_column_made_good_to_the_last_state_is_found_by_the_witness(
    published: Store, tmp_path: Path, name: str, column: str
) -> None:
    """All digests, projections, states, tiles and the head: only who kept a checkpoint outside is sure to find it."""
    noun = next(each for each in NOUNS if each.name == name)
    assert "witness" in try_out(published, tmp_path, altered(noun, column, whole=True)).split()


def test_quantity_made_good_to_the_last_state_is_found_by_nobody_else(published: Store, tmp_path: Path) -> None:
    """Honestly: audit, rules, reader and policy all agree with what the administrator made."""
    noun = next(each for each in NOUNS if each.name == "benefit")
    assert try_out(published, tmp_path, altered(noun, "quantity", whole=True)) == "witness"


def test_table_of_the_documents_is_this_one() -> None:
    """docs/security.md names each kind with who finds it."""
    text = SECURITY.read_text(encoding="utf-8")
    rows = {kind: by for kind, (_, by) in (FILES | ENTRIES).items()}
    assert [kind for kind, by in rows.items() if f"| {kind} | {by} |" not in text] == []
