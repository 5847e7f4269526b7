"""The made-up family behind both doors: a service to call, a command to run, and what must never come out of either."""

from __future__ import annotations

import asyncio
import copy
import io
import json
import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import structlog
from starlette.datastructures import State

from api.cli import run
from api.main import create_app
from api.settings import ApiSettings
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from fastapi import FastAPI

    from registry.store.engines import Store
    from tests.registry.made_up import Village

TOKEN = "made-up-token"
HOST = "http://127.0.0.1:8765"


_FREE: list[FastAPI] = []
"""Services put together before, for whoever comes next: FastAPI takes half a second to prepare its routes."""


class Caller:
    """A client of one app, on an event loop of its own; the app runs as long as it does.

    All is asked from within one task that stays, as under a server: the threads that answer end with the outermost task, and
    a task a request would start one a request.
    """

    def __init__(self, app: FastAPI, free: list[FastAPI] | None = None) -> None:
        self.app = app
        self._free = [] if free is None else free
        self._loop = asyncio.new_event_loop()
        self._wanted: asyncio.Queue[tuple[Coroutine[Any, Any, Any], asyncio.Future[Any]] | None] = asyncio.Queue()
        self._task = self._loop.create_task(self._asking())
        self._lifespan = app.router.lifespan_context(app)
        self._run(self._lifespan.__aenter__())
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOST)

    async def _asking(self) -> None:
        while (wanted := await self._wanted.get()) is not None:
            asked, answer = wanted
            try:
                answer.set_result(await asked)
            except BaseException as failure:  # noqa: BLE001  (whoever asked is told, or they would wait for ever)
                answer.set_exception(failure)

    def _run(self, asked: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401  (what it answers)
        answer = self._loop.create_future()
        self._wanted.put_nowait((asked, answer))
        return self._loop.run_until_complete(answer)

    def get(self, path: str, **asked: Any) -> httpx.Response:  # noqa: ANN401  (httpx's own arguments)
        """One GET."""
        got: httpx.Response = self._run(self._client.get(path, **asked))
        return got

    def post(self, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401  (as above)
        """One POST."""
        got: httpx.Response = self._run(self._client.post(path, **sent))
        return got

    def answer(self, path: str, **asked: Any) -> Any:  # noqa: ANN401  (JSON)
        """The answer of a GET that goes well."""
        got = self.get(path, **asked)
        assert got.status_code == 200, got.text
        return got.json()

    def close(self) -> None:
        """Stop the app."""
        self._run(self._client.aclose())
        self._run(self._lifespan.__aexit__(None, None, None))
        self._wanted.put_nowait(None)
        self._loop.run_until_complete(self._task)
        self._loop.close()
        self._free.append(self.app)


def caller_of(settings: ApiSettings) -> Caller:
    """A client of a service; of the tests before, the service knows nothing but its routes."""
    app = _FREE.pop() if _FREE else create_app(settings)
    app.state = State()
    app.state.settings = settings
    return Caller(app, _FREE)


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  (JSON)
        """What it wrote, read again."""
        return json.loads(self.out)


@pytest.fixture
def store(request: pytest.FixtureRequest, make_store: Callable[[str], Store], engine_name: str) -> Store:
    """A fresh registry, on each engine in turn; with the family in it where the test asks for the family."""
    return make_store(f"settled_{engine_name}" if "village" in request.fixturenames else engine_name)


@pytest.fixture
def village(store: Store, engine_name: str, families: dict[str, Village]) -> Village:
    """The family registered in 2016 and settled in town in 2017."""
    return copy.deepcopy(families[f"settled_{engine_name}"])


@pytest.fixture
def caller(store: Store, village: Village) -> Iterator[Caller]:
    """The service over the family's registry."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


@pytest.fixture
def command(
    store: Store, village: Village, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ended]:
    """Run `sanquan` over the family's registry; `typed` is its standard input."""
    monkeypatch.setenv("SANQUAN_REGISTRY", str(store.settings.folder))

    def ended(*arguments: str, typed: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        capfdbinary.readouterr()
        code = run(arguments)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return ended


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Whatever a test sets up of logging is as it was afterwards."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    yield
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def canaries() -> tuple[str, ...]:
    """Every personal value that the made-up registry holds: none may leave it."""
    people = [(name, made_up.id_number(born, sequence)) for name, born, sequence in made_up.PEOPLE]
    birthdays = [born for _, born, _ in made_up.PEOPLE]
    places = (
        "文苑社区1栋101",
        "呼和陶勒盖嘎查1号",
        "西梁",
        "巴图",
        "公示无异议",
        "王警官",
        made_up.CLERK.name,
    )
    return (*(value for person in people for value in person), *birthdays, *places)
