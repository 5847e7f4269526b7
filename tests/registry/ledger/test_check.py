"""Does the check of a chain say nothing of an honest one, and name the row and entry of an altered one?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry.catalogue import PRIVILEGES
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains
from registry.ledger.check import Act, act_of, acts_of, check_chains, check_versions
from registry.ledger.merkle import leaf_hash
from registry.ledger.read import entry, size
from registry.parcels.model import PARCEL
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.attacks.history import register_history
from tests.registers import copy_of, drop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.ledger.nouns import Version
    from tests.registry.made_up import Village

    Registered = tuple[Store, Village]


@pytest.fixture(scope="module", params=["file", "postgis"])
def registered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registered]:
    """A whole history and who lives in it: only read here, so one an engine."""
    template = request.getfixturevalue(f"{request.param}_template")
    settings = copy_of(template, tmp_path_factory.mktemp("checked") / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    yield store, register_history(store)
    store.close()
    drop(settings)


def chain_of(registered: Registered) -> list[Version]:
    """The family's holding: two versions, five lines each."""
    store, village = registered
    with store.reading() as connection:
        return read_chains(connection, HOLDING, [village.holding])[village.holding]


def test_honest_chains_agree_with_the_log(registered: Registered) -> None:
    """Several versions with lists, shapes and sealed texts: nothing to say."""
    store, village = registered
    with store.reading() as connection:
        parcels = read_chains(connection, PARCEL, village.parcels.values(), geometry=True)
        holding = read_chains(connection, HOLDING, [village.holding])[village.holding]
        assert len(holding) == 2
        pairs = [(PARCEL, chain) for chain in parcels.values()]
        assert check_chains(connection, [*pairs, (HOLDING, holding)]) == []


def _line(version: Version, **changes: Any) -> None:  # noqa: ANN401  (of any column)
    version.children["holding_member"][1] |= changes


ALTERED: dict[str, tuple[Callable[[Version], Any], set[str]]] = {
    "a column": (lambda v: v.columns.update(code="x"), {"digest"}),
    "a value that nobody could commit": (lambda v: v.columns.update(code=1.5), {"digest"}),
    "a line": (lambda v: _line(v, relation="99"), {"digest"}),
    "a line of another act": (lambda v: _line(v, cause_idx=99), {"pos", "cause_idx"}),
    "a line out of its place": (lambda v: _line(v, pos=7), {"pos", "cause_idx"}),
    "the number": (lambda v: setattr(v, "ver", 7), {"ver", "prev_ver", "prev_cause_idx"}),
    "the kind": (lambda v: setattr(v, "cause_kind", "exited"), {"cause_kind"}),
    "the entry": (lambda v: setattr(v, "cause_idx", 0), {"cause_idx"}),
    "an entry that is not there": (lambda v: setattr(v, "cause_idx", 9_999), {"cause_idx"}),
    "the digest": (lambda v: setattr(v, "digest", b"\x00" * 32), {"digest", "cause_idx"}),
    "the salt": (lambda v: setattr(v, "salt", b"\x00" * 32), {"digest"}),
    "the day": (lambda v: setattr(v, "valid_from", "2001-01-01"), {"digest"}),
}


@pytest.mark.parametrize("item", ALTERED)
@pytest.mark.parametrize("place", [0, 1])
def test_altered_version_is_named_with_its_entry(registered: Registered, item: str, place: int) -> None:
    """The finding has the row's key, its entry and the columns; a version that was not altered is not blamed."""
    alter, fields = ALTERED[item]
    store, chain = registered[0], chain_of(registered)
    alter(chain[place])
    with store.reading() as connection:
        found = check_versions(connection, HOLDING, chain)
    blamed = {dict(each.key)["ver"] for each in found if each.table == "holding_version"}
    assert fields <= {field for each in found for field in each.fields}
    assert all(each.entry_idx == chain[place].cause_idx for each in found if dict(each.key)["ver"] == chain[place].ver)
    if item not in {"the number", "the entry", "an entry that is not there"}:
        assert blamed <= {chain[place].ver}
    assert all(str(each).startswith(each.table) and each.zh and each.en for each in found)


def test_version_left_out_of_its_chain_is_missed(registered: Registered) -> None:
    """The next version committed the digest of the one that is gone."""
    store, chain = registered[0], chain_of(registered)
    with store.reading() as connection:
        found = check_versions(connection, HOLDING, chain[1:])
    assert {"ver", "prev_ver", "prev_cause_idx"} in [set(each.fields) for each in found]


def test_entry_that_disagrees_with_its_leaf_vouches_for_nothing(registered: Registered) -> None:
    """Class, kind and hash beside a leaf are checked before its digests are believed; what is no entry is none."""
    store, _ = registered
    with store.reading() as connection:
        row = entry(connection, 1)
        assert row is not None
        acts = acts_of(connection, range(size(connection)))
        assert acts[1] == act_of(row.cls, row.kind, row.leaf, row.leaf_hash)
        assert 0 not in acts
    assert isinstance(acts[1], Act)
    for other in (
        replace(row, cls="S"),
        replace(row, kind=None),
        replace(row, kind="exited"),
        replace(row, leaf=row.leaf + b" "),
    ):
        assert act_of(other.cls, other.kind, other.leaf, other.leaf_hash) is None
    for leaf in (b"no entry", b"[]", b"{}", b'{"cls":"R","kind":"%s"}' % str(row.kind).encode()):
        assert act_of("R", row.kind, leaf, leaf_hash(leaf)) is None
