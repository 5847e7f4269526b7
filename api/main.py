"""How is the service put together? Nothing connects, opens or reads the environment on import."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware

from api import (
    cosigning_page,
    counsel_page,
    for_judges_page,
    front_page,
    law_page,
    may_i_page,
    my_page,
    notices_page,
    one_person_page,
    plain,
    problems,
    published_ledger,
    sign_in_page,
    statistics_page,
    supervision_page,
    verify_page,
)
from api.access import Access, judged
from api.desk import (
    case_page,
    certificates_page,
    extension_page,
    intake_page,
    land_page,
    lease_page,
    membership_page,
    papers_page,
    tables_page,
    village_papers_page,
    withdrawal_page,
    work_page,
)
from api.doors import Doors
from api.intakes import Intakes
from api.jobs import Jobs
from api.publishing import Publisher
from api.v1 import (
    accounts,
    benefits,
    blank_tables,
    breaches,
    bureaus,
    cases,
    certificates,
    comparisons,
    deadlines,
    decisions,
    deliveries,
    exceptions,
    exports,
    hand_ins,
    handing_over,
    household_events,
    inspections,
    law,
    ledger,
    notices,
    old_law,
    parcels,
    persons,
    proofs,
    reshapings,
    rights,
    service_reports,
    sessions,
    settlements,
    sheet_scans,
    sheets,
    sources,
    statistics,
    subsidies,
    supervision,
    villages,
)
from migrations.upgrade import open_registry
from registry.cases import Worklists
from registry.finding import Finder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.settings import ApiSettings

_DESCRIPTION = """登记土地权利, 证明户口迁走以后什么都没有变。姓名、证件号一律遮盖, 住址从不给出。
A register of land rights that proves that moving the household registration changed none. Names and numbers are masked,
addresses never given. Errors are RFC 9457 problems, in Chinese, then English. `valid_at` asks for the state of a day,
`known_at` for what was known then. Lists are paged by `after`; answers carry an ETag."""


def keep_loaded() -> None:
    """What is in memory now stays there: the collector of garbage no longer goes through it.

    For a process that serves, once its parts are loaded: it would stop for 50 ms in the midst of an answer, again and again.
    """
    gc.collect()
    gc.freeze()


def create_app(settings: ApiSettings) -> FastAPI:
    """The service over one registry, which is opened when it starts and closed when it stops."""

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        settings: ApiSettings = app.state.settings
        app.state.store = open_registry(settings.registry)
        app.state.access = Access(app.state.store)
        app.state.jobs = Jobs(problems.problem_of)
        app.state.intakes = Intakes(app.state.store)
        app.state.finder = Finder(app.state.store)
        app.state.worklists = Worklists(app.state.store)
        publisher = Publisher(app.state.store, settings.publishing) if settings.publishing else None
        yield
        if publisher is not None:
            publisher.close()
        app.state.jobs.close()
        app.state.intakes.close()
        app.state.finder.close()
        app.state.store.close()

    app = FastAPI(
        title="三权 Sanquan",
        version="1",
        description=_DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its scripts come from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # what follows the last slash of an address is a value, and "" is none of ours
        lifespan=opened,
        dependencies=[Depends(judged)],
        middleware=[Middleware(Doors, problem_of=problems.problem_of)],
    )
    app.state.settings = settings
    problems.install(app)
    nouns = (
        persons, parcels, rights, household_events, decisions, settlements, reshapings, comparisons, subsidies, deliveries,
        exceptions, handing_over, hand_ins, sheets, sheet_scans, certificates, exports, inspections, law, old_law, statistics,
        benefits, bureaus, service_reports, proofs, ledger, deadlines, breaches, sources, cases, sessions, accounts, notices,
        supervision, villages, blank_tables,
    )  # fmt: skip
    pages = (
        plain, law_page, may_i_page, my_page, notices_page, statistics_page, published_ledger, verify_page, sign_in_page,
        cosigning_page, counsel_page, one_person_page, supervision_page, for_judges_page, front_page, intake_page, extension_page,
        lease_page, membership_page, tables_page, withdrawal_page, papers_page, village_papers_page, certificates_page,
    )  # fmt: skip
    # Addresses are gone through one by one: what a bureau asks for all day stands first.
    for each in (work_page, case_page, land_page, *nouns, *pages):
        app.include_router(each.router)
    if settings.demo is not None:
        front_page.with_demo(app)
    _with_map(app)
    return app


def _with_map(app: FastAPI) -> None:
    """The page `/map`, where it is built in."""
    if find_spec("api.map_page") is not None:
        from api.map_page import router

        app.include_router(router)
