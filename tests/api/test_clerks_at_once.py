"""Do many clerks at once, on ten parcels and on one case, leave every version once and tell each loser what happened?

Hazard C5, through services of their own over one registry: eight clerks and two services here, `HYPOTHESIS_PROFILE=torture`
(`./run torture`) has 32 clerks, four services and 6,400 acts. Household events are recorded meanwhile.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import socket
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx

from api.cli.serving import listen
from registry import case_files
from registry.audit import audit
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.read import leaves
from registry.ledger.verify.replay import replay
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parcels.model import PARCEL
from registry.settlement import Event, record
from tests.api.conftest import TOKEN
from tests.registry.cases.walking import Walker
from tests.registry.made_up import CLERK, SIGNED, VILLAGE_CODE, register_village, square, town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store

CLERKS, SERVICES, TRIES = (32, 4, 200) if os.environ.get("HYPOTHESIS_PROFILE") == "torture" else (8, 2, 10)
FIELDS = 10
EVENTS = 20
CREATED, CONFLICT, BUSY = 201, 409, 503
_WAIT_S = 300.0


def actor(account: str, name: str) -> dict[str, str]:
    """An officer of the desk that keeps the book."""
    return {"account": account, "name": name, "bureau": "农牧业局", "role": "agriculture"}


def ten_fields(store: Store, collective: str) -> list[str]:
    """Parcels of the village that nobody holds yet: a slip of the pen in one needs nobody but two officers."""
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED, ActFields(basis="测量"))
        ids = []
        for n in range(FIELDS):
            facts = ParcelFacts(f"{VILLAGE_CODE}{n + 101:05d}", collective, "arable", "10", "012", "100.00", "0.15")
            ids.append(parcels.begin(act, facts, square(610_000 + 20 * n, 4_263_000, 10), {"local_name": "东梁"}))
        at.commit()
    return ids


@contextlib.contextmanager
def services(folder: Path) -> Iterator[list[str]]:
    """Processes of their own, as `sanquan serve` starts them; their addresses."""
    context = multiprocessing.get_context("spawn")
    ports = free_ports()
    started = [context.Process(target=listen, args=(folder, "127.0.0.1", port, TOKEN), daemon=True) for port in ports]
    for one in started:
        one.start()
    try:
        for port in ports:
            wait_for(port)
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        for one in started:
            one.terminate()
            one.join(_WAIT_S)


def free_ports() -> list[int]:
    """Ports of this machine that nobody listens on, held together so that none is given twice."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(SERVICES)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def wait_for(port: int) -> None:
    """Until a service listens there."""
    until = time.monotonic() + _WAIT_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    message = f"nothing listens on {port}"
    raise AssertionError(message)


class Clerk:
    """One clerk and the colleague who approves, at one of the services."""

    def __init__(self, number: int, address: str, fields: list[str], shared: str, gate: threading.Barrier) -> None:
        self.number, self.fields, self.shared, self.gate = number, fields, shared, gate
        self.client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=600)
        self.mine, self.other = actor(f"zhang-{number}", "张晓梅"), actor(f"wang-{number}", "王建国")
        self.owned: dict[str, list[int]] = defaultdict(list)
        self.lost: list[dict[str, Any]] = []
        self.late: list[dict[str, Any]] = []

    def work(self) -> None:
        """First everybody takes the same step of one case, then each mends one of the parcels again and again."""
        with self.client:
            self.gate.wait(_WAIT_S)
            self._step(self.shared, ("accepted", 2, {}), self.mine, self.late)
            chance = random.Random(self.number)
            for n in range(TRIES):
                self._mend(chance.choice(self.fields), f"{self.number}-{n}")

    def _mend(self, field: str, to: str) -> None:
        slip = {"kind": "clerical-slip", "subject": [field], "request": {"field": "local_name", "to": to}}
        opened = self._sent("/v1/cases", {"case": slip, "actor": self.mine})
        assert opened.status_code == CREATED, opened.text
        case_id, agreed = opened.json()["id"], {"opinion": "同意"}
        for step, who in (
            (("submitted", 1, {}), self.mine), (("approved", 2, agreed), self.other), (("registered", 3, {}), self.other),
        ):  # fmt: skip
            done = self._step(case_id, step, who, self.lost)
            if done is None:
                return
            if done["steps"][-1]["act"] is not None:
                self.owned[field].append(done["steps"][-1]["act"])

    def _sent(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Sent again where the file was busy for half a minute: 503 says that nothing was written."""
        while True:
            got = self.client.post(path, json=body)
            if got.status_code != BUSY:
                return got
            assert got.json()["type"] == "urn:sanquan:problem:busy", got.text

    def _step(
        self, case: str, step: tuple[str, int, dict[str, str]], who: dict[str, str], refused: list[dict[str, Any]]
    ) -> dict[str, Any] | None:
        """What the service answers to a step (its word, the last one seen, what it says); a refusal is 409, and kept."""
        word, seen, said = step
        sent = {"step": {"step": word, "seen": seen, "said": said}, "actor": who}
        got = self._sent(f"/v1/cases/{case}/steps", sent)
        answer: dict[str, Any] = got.json()
        if got.status_code == CREATED:
            return answer
        assert got.status_code == CONFLICT, got.text
        refused.append(answer)
        return None


def families_move(store: Store, person: str) -> None:
    """Household events among the acts: who moves owns nothing less by it."""
    for n in range(EVENTS):
        day = f"2018-{1 + n % 12:02d}-{1 + n // 12:02d}"
        record(store, Event("moved-within", day, (person,), (town(person, day),)), "王警官", "公安局")


def test_clerks_at_once_leave_each_version_once_and_losers_know_why(store: Store) -> None:
    """Versions are exactly 1..n, each success owns one; who comes second on a case, or on a parcel, gets 409 with what happened."""
    walker = Walker(store, register_village(store))
    fields = ten_fields(store, walker.village.collective)
    shared = walker.walk("representative-changed", walker.example("representative-changed"), "submitted")
    gate = threading.Barrier(CLERKS)
    with services(store.settings.folder) as addresses, ThreadPoolExecutor(CLERKS + 1) as room:
        clerks = [Clerk(n, addresses[n % SERVICES], fields, shared, gate) for n in range(CLERKS)]
        moving = room.submit(families_move, store, walker.village.people[0])
        for each in [room.submit(clerk.work) for clerk in clerks]:
            each.result()
        moving.result()
    late = [problem for clerk in clerks for problem in clerk.late]
    assert len(late) == CLERKS - 1
    assert all(problem["type"].endswith("moved-on") and "受理" in problem["zh"] and "农牧业局" in problem["zh"] for problem in late)
    lost = [problem for clerk in clerks for problem in clerk.lost]
    assert all("笔误更正" in problem["zh"] and walker.today() in problem["zh"] for problem in lost)
    owned = {field: sorted(idx for clerk in clerks for idx in clerk.owned[field]) for field in fields}
    assert sum(map(len, owned.values())) + len(lost) == CLERKS * TRIES
    with store.reading() as connection:
        chains = read_chains(connection, PARCEL, fields)
        assert len(case_files.case_of(connection, store.vault, shared).steps) == 3  # type: ignore[union-attr]  # it was walked above
        report = replay(leaves(connection))
    for field, chain in chains.items():
        assert [version.ver for version in chain] == list(range(1, len(owned[field]) + 2))
        assert [version.cause_idx for version in chain[1:]] == owned[field]
    assert report.ok, report.failures
    assert audit(store).findings == ()
