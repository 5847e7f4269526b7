"""Do many desks at once, on one parcel and on one case, leave every version once and tell each loser what happened?

Hazard C5, at a size for every run: eight processes, each with its own connection. `HYPOTHESIS_PROFILE=torture` multiplies.
"""

from __future__ import annotations

import multiprocessing
import os
from typing import TYPE_CHECKING, Any

import pytest

from registry import cases
from registry.audit import audit
from registry.catalogue import PRIVILEGES
from registry.ledger.chain import read_chains
from registry.parcels.model import PARCEL
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests import untraced
from tests.registry.cases.walking import FIRST, SECOND, Walker

if TYPE_CHECKING:
    from registry.store.settings import Settings

WRITERS = 8
TRIES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "torture" else 20
_WAIT_S = 570


def _write(settings: Settings, parcel: str, shared: str, number: int, gate: Any, told: Any) -> None:  # noqa: ANN401  (of multiprocessing)
    """One desk: first everybody takes the same step of one case, then each mends the same parcel again and again."""
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    gate.wait()
    try:
        cases.take(store, shared, "accepted", FIRST, 2)
        told.put(("accepted", number))
    except cases.CaseMovedError as late:
        told.put(("late", late.zh))
    for n in range(TRIES):
        request = {"field": "local_name", "to": f"{number}-{n}"}
        case_id = cases.open_case(store, FIRST, "clerical-slip", subject=[parcel], request=request)
        cases.take(store, case_id, "submitted", FIRST, 1)
        try:
            cases.take(store, case_id, "approved", SECOND, 2, {"opinion": "同意"})
            done = cases.take(store, case_id, "registered", SECOND, 3).last("registered")
            told.put(("registered", done.act_idx if done else None))
        except cases.StepNotOpenError as late:
            told.put(("lost", late.zh))
    told.put(("finished", number))
    store.close()


def test_desks_at_once_leave_each_version_once_and_losers_know_why(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Versions are exactly 1..n, each success owns one; who comes second on a case, or on a parcel, is told what happened."""
    parcel = walker.village.parcels["arable"]
    shared = walker.walk("representative-changed", walker.example("representative-changed"), "submitted")
    walker.store.close()
    for variable in untraced.VARIABLES:  # eight times the same steps: the engine's own tests measure them
        monkeypatch.delenv(variable, raising=False)
    context = multiprocessing.get_context("spawn")
    gate, told = context.Barrier(WRITERS), context.Queue()
    desks = [
        context.Process(target=_write, args=(walker.store.settings, parcel, shared, number, gate, told))
        for number in range(WRITERS)
    ]
    for one in desks:
        one.start()
    said: list[tuple[str, Any]] = []
    while sum(word == "finished" for word, _ in said) < WRITERS:
        said.append(told.get(timeout=_WAIT_S))
    for one in desks:
        one.join(_WAIT_S)
        assert one.exitcode == 0
    late = [why for word, why in said if word == "late"]
    assert sum(word == "accepted" for word, _ in said) == 1
    assert len(late) == WRITERS - 1
    assert all("受理" in why and "农牧业局" in why for why in late)
    owned = sorted(idx for word, idx in said if word == "registered")
    lost = [why for word, why in said if word == "lost"]
    assert len(owned) + len(lost) == WRITERS * TRIES
    assert all("笔误更正" in why for why in lost)
    with walker.store.reading() as connection:
        chain = read_chains(connection, PARCEL, [parcel])[parcel]
    assert [version.ver for version in chain] == list(range(1, len(owned) + 2))
    assert [version.cause_idx for version in chain[1:]] == owned
    assert audit(walker.store).findings == ()
