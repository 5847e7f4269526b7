"""How fast is a desk: a question while somebody types, and its pages while fifty clerks work on cases at once?

The question is all that the service does but for HTTP: the index of `registry.finding`, what is told of each hit, who looked,
the bytes. Its peer is a trigram index of SQLite (FTS5) over the same texts in clear: what one would take if names might stand
on the disk. The clerks are clients of services of their own over loopback; each does a case of two officers every few seconds,
so that the load is bounded and the same whatever the speed. They sit on the processors that are measured, so they are as light
as clients come: a thread a pair, and the standard library's own lines.
"""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import random
import re
import socket
import sqlite3
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from api.cli.serving import listen
from bench.registers import gather_statistics
from migrations.upgrade import open_registry
from registry import cases, parties
from registry.accounts import grants, holders, proofs, sessions
from registry.accounts.grants import Proposal
from registry.accounts.holders import By
from registry.cases import Actor
from registry.finding import Finder, initials
from registry.ledger.commit import Officer
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from registry.store.engines import Store
    from registry.store.settings import EngineName, Settings

CLERKS, SERVICES = 50, 2
STEPS_A_SECOND, STEPS_OF_A_CASE = 20, 4
LONGEST_S, WARM_UP_SHARE = 60.0, 0.1
MOST_OPEN, MOST_ENDED = 100, 400
"""What a desk has before it and behind it; a small register has less of both, and is worked on for a shorter while."""
TYPED = 300
_BUREAU, _ROLE = "农牧业局", "agriculture"
_SEEN = re.compile(r'name="seen" value="(\d+)"')
_SEE_OTHER, _OK = 303, 200
_COOKIE = "sanquan_session"
# The service lets an idle line go after five seconds; a client that lets go at the same moment would send into a closed one.
_IDLE_S = 2.0
_TIMEOUT_S = 60.0
_COUNTING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Searched:
    """Questions while somebody types, on one engine: milliseconds at the 95th percentile, ours and the peer's; our first, in s."""

    engine: EngineName
    parcels: int
    asked: int
    p50_ms: float
    p95_ms: float
    peer_p95_ms: float
    first_s: float


@dataclass(slots=True)
class Worked:
    """What so many clerks saw: ms of every page and of every form that was sent, steps taken, and how long they worked."""

    engine: EngineName
    clerks: int
    seconds: float = 0.0
    steps: int = 0
    pages_ms: list[float] = field(default_factory=list, repr=False)
    forms_ms: list[float] = field(default_factory=list, repr=False)

    @property
    def steps_per_s(self) -> float:
        """Steps of cases that were entered a second."""
        return self.steps / self.seconds

    @property
    def pages_p99_ms(self) -> float:
        """The 99th percentile of all pages."""
        return _p99(self.pages_ms)

    @property
    def forms_p99_ms(self) -> float:
        """The 99th percentile of all forms that were sent."""
        return _p99(self.forms_ms)


def _p99(taken_ms: Sequence[float]) -> float:
    """Without end where nothing was answered."""
    return float(np.percentile(taken_ms, 99)) if taken_ms else float("inf")


def search(settings: Settings, tell: Callable[[str], None]) -> Searched:
    """Type names, initials, ends of codes and certificate numbers, letter by letter, into the index of a warm process."""
    gather_statistics(settings)
    store = open_registry(settings.folder)
    finder = Finder(store)
    who = Officer("测速员", _BUREAU)
    try:
        with store.reading() as connection:
            names, codes, numbers = _texts(store, connection)
        questions = _typed(names, codes, numbers, random.Random(20161130))
        tell(f"{settings.engine}: {len(questions)} questions while typing")

        def ask(asked: str) -> None:
            with store.reading() as connection:
                hits = finder.find(connection, asked)
                finder.show(who, "bench", [hit.person for hit in hits if hit.person])

        began = time.perf_counter()
        ask(questions[0])
        first = time.perf_counter() - began
        ours = _each(ask, questions)
        with contextlib.closing(_peer(names, codes, numbers)) as peer:
            theirs = _each(lambda asked: _in_clear(peer, asked), questions)
    finally:
        finder.close()
        store.close()
    p50, p95 = np.percentile(ours, (50, 95))
    return Searched(
        settings.engine, len(codes), len(questions), float(p50), float(p95), float(np.percentile(theirs, 95)), first
    )


def _texts(store: Store, connection: sa.Connection) -> tuple[list[str], list[str], list[str]]:
    names = sorted({name for names in parties.names_since(connection, store.vault, 0).values() for name in names})
    codes = sorted(connection.scalars(sa.select(PARCEL_VERSION.c.code).distinct()))
    return names, codes, sorted(filter(None, connection.scalars(sa.select(RIGHT_VERSION.c.certificate_number).distinct())))


def _typed(names: Sequence[str], codes: Sequence[str], numbers: Sequence[str], rng: random.Random) -> list[str]:
    """What stands in the box after each letter: half a name, a whole one, its initials, five digits of a code, a number."""
    questions: list[str] = []
    while len(questions) < TYPED:
        whole = rng.choice([rng.choice(names), initials(rng.choice(names)), rng.choice(codes)[-5:], rng.choice(numbers)])
        questions += [whole[:n] for n in range(1, len(whole) + 1)]
    return questions


def _each(ask: Callable[[str], None], questions: Sequence[str]) -> list[float]:
    taken = []
    for asked in questions:
        began = time.perf_counter()
        ask(asked)
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


def _peer(names: Sequence[str], codes: Sequence[str], numbers: Sequence[str]) -> sqlite3.Connection:
    """The same texts in clear, as FTS5 indexes them by three letters each. In memory, so that nothing of it stays."""
    peer = sqlite3.connect(":memory:")
    peer.execute("CREATE VIRTUAL TABLE found USING fts5(text, tokenize='trigram')")
    texts = [*(f"{name} {initials(name)}" for name in names), *codes, *numbers]
    peer.executemany("INSERT INTO found VALUES (?)", ((text,) for text in texts))
    return peer


def _in_clear(peer: sqlite3.Connection, asked: str) -> None:
    peer.execute("SELECT text FROM found WHERE text LIKE ? LIMIT 12", (f"%{asked}%",)).fetchall()


def work(settings: Settings, tell: Callable[[str], None]) -> Worked:
    """Fifty clerks in pairs: one drafts a slip of the pen and hands it in, the other approves and registers it."""
    store = open_registry(settings.folder)
    try:
        tokens = [_clerk(store, number) for number in range(CLERKS)]
        with store.reading() as connection:
            parcels = sorted(connection.scalars(sa.select(PARCEL_VERSION.c.thing_id).distinct()))
        random.Random(20161130).shuffle(parcels)
        waiting, ended = min(MOST_OPEN, len(parcels) // 20), min(MOST_ENDED, len(parcels) // 5)
        tell(f"{settings.engine}: {ended} cases that ended, {waiting} on the desks")
        _cases(store, parcels[:ended], parcels[ended : ended + waiting])
    finally:
        store.close()
    gather_statistics(settings)
    seconds = min(LONGEST_S, len(parcels) / 200)
    tell(f"{settings.engine}: {CLERKS} clerks work for {seconds:.0f} s")
    with _services(settings.folder) as ports:
        return _all_at_work(Worked(settings.engine, CLERKS), ports, tokens, parcels[ended + waiting :], seconds)


def _clerk(store: Store, number: int) -> str:
    """An account of the desk, as two administrators would grant it; the token of its session."""
    with store.writing("desk") as connection:
        login = f"bench-{number}"
        told = {"login": login, "name": f"测速员{number}", "bureau": _BUREAU}
        account = holders.open_account(store, connection, "staff", holders.login_mark(store.vault, login), told)
        connection.commit()
    wanted = Proposal(_ROLE, "2016-01-01", "2099-01-01", reason="测速")
    grants.confirm(store, By("bench-second", "乙"), grants.propose(store, By("bench-first", "甲"), account, wanted))
    with store.writing("desk") as connection:
        begun = sessions.begin(store, connection, account, "password")
        connection.commit()
    return begun.token


def _cases(store: Store, ended: Sequence[str], waiting: Sequence[str]) -> None:
    """What a desk has behind it and before it: cases that were registered, and cases that wait for a second officer."""
    first, second = (Actor(f"bench-{n}", f"测速员{n}", _BUREAU, _ROLE) for n in ("a", "b"))
    for number, parcel in enumerate([*ended, *waiting]):
        asked = {"field": "local_name", "to": f"东梁{number}"}
        case = cases.open_case(store, first, "clerical-slip", subject=[parcel], request=asked)
        cases.take(store, case, "submitted", first, 1)
        if number < len(ended):
            cases.take(store, case, "approved", second, 2, {"opinion": "同意"})
            cases.take(store, case, "registered", second, 3)


@contextlib.contextmanager
def _services(folder: Path) -> Iterator[list[int]]:
    """Ports of processes of their own, as `sanquan serve` starts them."""
    context = multiprocessing.get_context("spawn")
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(SERVICES)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        ports = [int(probe.getsockname()[1]) for probe in probes]
    started = [context.Process(target=_quietly, args=(folder, port), daemon=True) for port in ports]
    for one in started:
        one.start()
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for one in started:
            one.terminate()
            one.join()


def _quietly(folder: Path, port: int) -> None:
    """Their log goes nowhere: what is printed here is the table."""
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        listen(folder, "127.0.0.1", port, "")


def _wait_for(port: int, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            _Browser(port, "").get("/sign-in")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _all_at_work(done: Worked, ports: Sequence[int], tokens: Sequence[str], parcels: Sequence[str], seconds: float) -> Worked:
    pairs = len(tokens) // 2
    every_s = pairs * STEPS_OF_A_CASE / STEPS_A_SECOND
    began, share = time.monotonic(), len(parcels) // pairs
    counted = began + seconds * WARM_UP_SHARE, began + seconds
    at_work = [
        _Pair(ports[n % len(ports)], tokens[2 * n : 2 * n + 2], parcels[n * share : (n + 1) * share], done, counted)
        for n in range(pairs)
    ]
    with ThreadPoolExecutor(pairs) as desks:
        working = [desks.submit(pair.work, began + n * every_s / pairs, every_s) for n, pair in enumerate(at_work)]
        for one in working:
            one.result()
    done.seconds = seconds * (1 - WARM_UP_SHARE)
    return done


@dataclass(slots=True)
class _Answer:
    """What came back."""

    status: int
    text: str
    location: str


class _Browser:
    """One officer's: a line that is kept while it is used, and the cookie of their session."""

    def __init__(self, port: int, token: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
        self._headers = {"Accept": "text/html", "Cookie": f"{_COOKIE}={token}"}
        self._used = time.monotonic()

    def get(self, path: str) -> _Answer:
        """A page."""
        return self._asked("GET", path, None, {})

    def post(self, path: str, sent: dict[str, str]) -> _Answer:
        """A form."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, urllib.parse.urlencode(sent).encode(), form)

    def _asked(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> _Answer:
        if time.monotonic() - self._used > _IDLE_S:
            self._line.close()
        self._line.request(method, path, body, self._headers | headers)
        got = self._line.getresponse()
        answer = _Answer(got.status, got.read().decode(), got.headers.get("location", ""))
        self._used = time.monotonic()
        return answer


class _Pair:
    """Two officers, each in a browser of their own, who do one case after another; what counts is between two moments."""

    def __init__(
        self, port: int, tokens: Sequence[str], parcels: Sequence[str], done: Worked, counted: tuple[float, float]
    ) -> None:  # fmt: skip
        self._words = [proofs.csrf(token) for token in tokens]
        self._browsers = [_Browser(port, token) for token in tokens]
        self._parcels, self._done = iter(parcels), done
        self._counts_from, self._until = counted

    def work(self, at: float, every_s: float) -> None:
        """A case begins every so many seconds, or at once where the one before took longer."""
        while at < self._until:
            time.sleep(max(0.0, at - time.monotonic()))
            self._one_case(next(self._parcels), every_s / 16)
            at += every_s

    def _one_case(self, parcel: str, thinks_s: float) -> None:
        drafter, second = 0, 1
        self._page(drafter, "/desk")
        time.sleep(thinks_s)
        self._page(drafter, f"/desk/new?thing={parcel}&kind=clerical-slip")
        time.sleep(thinks_s)
        slip = {"kind": "clerical-slip", "thing": parcel, "f.field": "local_name", "f.to": f"西梁{time.monotonic_ns()}"}
        case = self._form(drafter, "/desk/cases", slip)
        for who, step, said in (
            (drafter, "submitted", {}), (second, "approved", {"f.opinion": "同意"}), (second, "registered", {}),
        ):  # fmt: skip
            if step == "approved":
                self._page(second, "/desk")
            time.sleep(thinks_s)
            seen = _SEEN.search(self._page(who, case))
            time.sleep(thinks_s)
            self._form(who, f"{case}/steps/{step}", {"seen": seen[1] if seen else "", **said})
        self._page(second, case)

    def _page(self, who: int, path: str) -> str:
        began = time.perf_counter()
        got = self._browsers[who].get(path)
        self._count(self._done.pages_ms, began)
        if got.status != _OK:
            raise WorkRefusedError(path, got)
        return got.text

    def _form(self, who: int, path: str, sent: dict[str, str]) -> str:
        """Where the answer leads. Each form is a step of the case."""
        began = time.perf_counter()
        got = self._browsers[who].post(path, {"csrf": self._words[who], **sent})
        if self._count(self._done.forms_ms, began):
            with _COUNTING:
                self._done.steps += 1
        if got.status != _SEE_OTHER:
            raise WorkRefusedError(path, got)
        return got.location

    def _count(self, taken: list[float], began: float) -> bool:
        counts = self._counts_from <= time.monotonic() < self._until
        if counts:
            taken.append((time.perf_counter() - began) * 1e3)
        return counts


class WorkRefusedError(Exception):
    """Raised when a page or a form was answered otherwise than it must be."""

    def __init__(self, path: str, got: _Answer) -> None:
        """Which, and how it was answered."""
        super().__init__(f"{path}: {got.status}: {got.text[:300]}")
