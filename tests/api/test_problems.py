"""Is every refusal one documented problem, and every route documented?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api import problems
from api.main import create_app
from api.settings import ApiSettings
from api.v1.documents import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.conftest import Caller


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/v1/nothing", 404, "not-found"),
        ("/v1/ledger?known_at=x", 422, "invalid-input"),
        ("/v1/parcels?limit=x", 422, "invalid-input"),
        ("/v1/parcels/x", 422, "invalid-input"),
        (f"/v1/parcels/{'0' * 32}", 404, "parcel-not-found"),
        ("/v1/persons/lookup", 405, "method-not-allowed"),
        ("/v1/exports/x", 422, "invalid-input"),
        (f"/v1/exports/{'0' * 32}", 404, "export-not-found"),
        ("/v1/law?on=x", 422, "invalid-input"),
        ("/v1/law?place=110000", 422, "invalid-input"),
        ("/v1/law?class=aim", 422, "invalid-input"),
        ("/v1/law/rules/WS-2016/II.9", 404, "no-such-rule"),
        ("/v1/law/rules/WS-2016/II.1.1?on=2016-09-13", 404, "not-in-force"),
    ],
)
def test_refusal_is_a_problem_document(caller: Caller, path: str, status: int, name: str) -> None:
    """RFC 9457: type, title, status, detail; Chinese first, then English; never cached."""
    got = caller.get(path)
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
    told = Problem.model_validate(got.json())
    assert (told.type, told.status) == (f"urn:sanquan:problem:{name}", status)
    assert told.detail == f"{told.zh} / {told.en}"
    assert got.headers["cache-control"] == "no-store"


def test_several_faults_are_listed_one_by_one(caller: Caller) -> None:
    """Each field that is wrong has its line with a valid example."""
    got = caller.get("/v1/rights", params={"limit": "0", "years": "x", "kind": "y"})
    assert {e["field"]: e["example"] for e in got.json()["errors"]} == {
        "limit": "100",
        "years": "3",
        "kind": "contract",
    }


def test_table_has_one_status_for_each_type() -> None:
    """Two classes may share a type of problem; then they share its status and title."""
    by_name = {kind.name: kind for kind in problems.KINDS.values()}
    assert all(by_name[kind.name] == kind for kind in problems.KINDS.values())


def test_error_outside_the_table_tells_nothing() -> None:
    """What nobody foresaw is a 500 without any detail, whatever its message says."""
    answer = problems.problem_of(ValueError("达楞太"))
    assert answer.status_code == 500
    assert "达楞太" not in bytes(answer.body).decode()


def test_openapi_documents_every_route(tmp_path: Path) -> None:
    """Each route has a summary, a description, an answer with a form, its problems; each parameter an example."""
    app = create_app(ApiSettings(tmp_path))
    document = app.openapi()
    documented = {(path, verb) for path, item in document["paths"].items() for verb in item}
    assert documented == {
        ("/v1/persons/lookup", "post"),
        ("/v1/persons/{person}/statement", "get"),
        ("/v1/persons/{person}/rights", "get"),
        ("/v1/persons/{person}/registrations", "get"),
        ("/v1/persons/{person}/guarantee", "get"),
        ("/v1/parcels", "get"),
        ("/v1/parcels/topology", "get"),
        ("/v1/parcels/changes", "get"),
        ("/v1/parcels/{parcel}", "get"),
        ("/v1/parcels/{parcel}/neighbours", "get"),
        ("/v1/rights", "get"),
        ("/v1/household-events", "post"),
        ("/v1/household-events/{idx}", "get"),
        ("/v1/household-events/imports", "post"),
        ("/v1/household-events/unmatched", "get"),
        ("/v1/bureaus/{bureau}/service-reports", "post"),
        ("/v1/bureaus/{bureau}/service-reports/tables", "post"),
        ("/v1/bureaus/{bureau}/service-reports/unmatched", "get"),
        ("/v1/school-districts", "get"),
        ("/v1/decisions/settle-in-banner", "post"),
        ("/v1/decisions/settle-from-outside", "post"),
        ("/v1/decisions/settle-along", "post"),
        ("/v1/decisions/collective-household", "post"),
        ("/v1/decisions/register-unregistered", "post"),
        ("/v1/decisions/rural-placement", "post"),
        ("/v1/decisions/residence-permit", "post"),
        ("/v1/decisions/permit-endorsement", "post"),
        ("/v1/decisions/guardian-signs", "post"),
        ("/v1/decisions/identity-number", "post"),
        ("/v1/decisions/power-of-right", "post"),
        ("/v1/decisions/trade-in-the-open", "post"),
        ("/v1/decisions/forest-right", "post"),
        ("/v1/decisions/contract-right", "post"),
        ("/v1/decisions/representative", "post"),
        ("/v1/decisions/extension", "post"),
        ("/v1/decisions/soil-compensation", "post"),
        ("/v1/decisions/exchange-land", "post"),
        ("/v1/decisions/assign-land", "post"),
        ("/v1/decisions/unregistered-transfer", "post"),
        ("/v1/decisions/mortgage-land", "post"),
        ("/v1/decisions/lease-rent", "post"),
        ("/v1/decisions/end-lease", "post"),
        ("/v1/decisions/contract-pasture", "post"),
        ("/v1/decisions/stocking", "post"),
        ("/v1/decisions/contract-waste-land", "post"),
        ("/v1/decisions/reserve-land", "post"),
        ("/v1/decisions/members-first", "post"),
        ("/v1/decisions/land-dispute", "post"),
        ("/v1/decisions/one-homestead", "post"),
        ("/v1/decisions/homestead-application", "post"),
        ("/v1/decisions/homestead-lost", "post"),
        ("/v1/decisions/homestead-receiver", "post"),
        ("/v1/settlements", "post"),
        ("/v1/identities", "post"),
        ("/v1/identities/links", "post"),
        ("/v1/settlement-applications", "get"),
        ("/v1/settlement-applications", "post"),
        ("/v1/settlement-applications/done", "post"),
        ("/v1/membership-queries", "get"),
        ("/v1/membership-queries/answers", "post"),
        ("/v1/persons/{person}/permit", "get"),
        ("/v1/reshapings/preview", "post"),
        ("/v1/reshapings/recodings/preview", "post"),
        ("/v1/blank-tables/{table}", "get"),
        ("/v1/comparisons", "get"),
        ("/v1/comparisons", "post"),
        ("/v1/hand-ins", "post"),
        ("/v1/hand-ins/{hand_in}", "get"),
        ("/v1/hand-ins/{hand_in}/file", "get"),
        ("/v1/summaries", "get"),
        ("/v1/inspections", "post"),
        ("/v1/inspections/rules", "get"),
        ("/v1/subsidy-checks", "post"),
        ("/v1/deliveries", "get"),
        ("/v1/deliveries", "post"),
        ("/v1/exceptions", "get"),
        ("/v1/exceptions/decisions", "post"),
        ("/v1/jobs", "post"),
        ("/v1/receipts", "post"),
        ("/v1/village-sheets", "post"),
        ("/v1/withdrawals/preview", "post"),
        ("/v1/comparisons/{comparison}", "get"),
        ("/v1/sheets", "post"),
        ("/v1/sheets/village", "post"),
        ("/v1/sheets/parcel", "get"),
        ("/v1/sheets/household", "get"),
        ("/v1/sheets/register", "get"),
        ("/v1/sheets/history", "get"),
        ("/v1/sheets/notice", "get"),
        ("/v1/sheets/notice/returned", "get"),
        ("/v1/sheets/scans", "post"),
        ("/v1/sheets/overview", "get"),
        ("/v1/certificates", "get"),
        ("/v1/certificates/due", "get"),
        ("/v1/certificates/spoiled", "get"),
        ("/v1/certificates/receipts", "post"),
        ("/v1/exports", "post"),
        ("/v1/exports/{export}", "get"),
        ("/v1/exports/{export}/file", "get"),
        ("/v1/persons/{person}/entitlements", "get"),
        ("/v1/benefits/policies", "get"),
        ("/v1/benefits/payments", "get"),
        ("/v1/rosters", "get"),
        ("/v1/rosters/attendance", "post"),
        ("/v1/breaches", "get"),
        ("/v1/breaches/closings", "post"),
        ("/v1/sources", "post"),
        ("/v1/bureaus/{bureau}/answers", "post"),
        ("/v1/statistics", "get"),
        ("/v1/statistics/quarter", "get"),
        ("/v1/statistics/coincidences", "get"),
        ("/v1/decisions/taking-back", "post"),
        ("/v1/law", "get"),
        ("/v1/law/changes", "get"),
        ("/v1/law/questions", "get"),
        ("/v1/law/reviews", "get"),
        ("/v1/decisions/deadlines", "post"),
        ("/v1/decisions/one-registration", "post"),
        ("/v1/decisions/whose-rules", "post"),
        ("/v1/decisions/take-part", "post"),
        ("/v1/decisions/share-use", "post"),
        ("/v1/decisions/distribution", "post"),
        ("/v1/decisions/quarrel", "post"),
        ("/v1/decisions/register-or-certificate", "post"),
        ("/v1/decisions/estate-without-heir", "post"),
        ("/v1/decisions/exit-registration", "post"),
        ("/v1/decisions/exchange-listing", "post"),
        ("/v1/decisions/exchange-signing", "post"),
        ("/v1/law/rules/{instrument}/{clause}", "get"),
        ("/v1/ledger", "get"),
        ("/v1/ledger/entries", "get"),
        ("/v1/ledger/policy", "get"),
        ("/v1/ledger/entries/{idx}/proof", "get"),
        ("/v1/persons/{person}/certificate", "post"),
        ("/v1/persons/{person}/statement", "post"),
        ("/v1/households/{household}/certificate", "post"),
        ("/v1/cases/kinds", "get"),
        ("/v1/cases/lookup", "post"),
        ("/v1/cases", "post"),
        ("/v1/cases/rosters", "post"),
        ("/v1/cases/leases", "post"),
        ("/v1/cases/{case}/lookup", "post"),
        ("/v1/cases/{case}/steps", "post"),
        ("/v1/cases/{case}/dossier", "post"),
        ("/v1/ledger/witnesses", "get"),
        ("/v1/ledger/cosignatures", "post"),
        ("/v1/session", "get"),
        ("/v1/session", "post"),
        ("/v1/session/card", "post"),
        ("/v1/session/sealed-code", "post"),
        ("/v1/session/end", "post"),
        ("/v1/session/end-everywhere", "post"),
        ("/v1/session/password", "post"),
        ("/v1/accounts", "get"),
        ("/v1/accounts", "post"),
        ("/v1/accounts/{account}/steps", "post"),
        ("/v1/accounts/{account}/resets", "post"),
        ("/v1/accounts/{account}/subjects", "post"),
        ("/v1/accounts/{account}/sealed-codes", "post"),
        ("/v1/accounts/keys", "post"),
        ("/v1/accounts/secrets/{secret}/confirm", "post"),
        ("/v1/accounts/grants", "get"),
        ("/v1/accounts/grants", "post"),
        ("/v1/accounts/grants/{grant}/confirm", "post"),
        ("/v1/accounts/grants/{grant}/end", "post"),
        ("/v1/accounts/cards", "post"),
        ("/v1/accounts/relatives", "get"),
        ("/v1/accounts/relatives", "post"),
        ("/v1/accounts/relatives/{grant}/confirm", "post"),
        ("/v1/accounts/relatives/{grant}/end", "post"),
        ("/v1/persons/{person}/listings", "get"),
        ("/v1/persons/{person}/dossier", "post"),
        ("/v1/persons/{person}/looks", "get"),
        ("/v1/sources", "post"),
        ("/v1/sources/{hash}", "get"),
        ("/v1/sources/{hash}/content", "post"),
        ("/v1/notices", "get"),
        ("/v1/notices", "post"),
        ("/v1/notices/{notice}", "get"),
        ("/v1/notices/{notice}/photos", "post"),
        ("/v1/notices/{notice}/taking-down", "post"),
        ("/v1/outbox", "get"),
        ("/v1/supervision", "get"),
        ("/v1/supervision/{which}", "get"),
        ("/v1/supervision/samples", "post"),
        ("/v1/supervision/samples/draws", "post"),
        ("/v1/villages", "get"),
    }
    for path, verb in documented:
        route = document["paths"][path][verb]
        assert route["summary"]
        assert route["description"]
        good = next(route["responses"][status] for status in ("200", "201", "202") if status in route["responses"])
        is_file = path.endswith("/file")
        assert all(is_file or "$ref" in content["schema"] for content in good["content"].values()), path
        assert "422" in route["responses"]
        assert "application/problem+json" in route["responses"]["422"]["content"]
        for parameter in route.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])
            assert parameter["schema"].get("examples") or parameter.get("examples"), (path, parameter["name"])
        # Documents, queues and the law are no part of the log: no moment of it is asked about; what is handed in is today's.
        of_its_own = (
            *("/v1/hand-ins", "/v1/summaries", "/v1/blank-tables"),
            *("/v1/comparisons", "/v1/deliveries", "/v1/exceptions", "/v1/exports", "/v1/law", "/v1/benefits/policies"),
            *("/v1/settlement-applications", "/v1/household-events/unmatched", "/v1/breaches", "/v1/inspections"),
            *("/v1/cases/kinds", "/v1/sheets/notice/returned", "/v1/certificates/spoiled"),
            *("/v1/ledger/entries/{idx}/proof", "/v1/ledger/witnesses", "/v1/session", "/v1/accounts"),
            *("/v1/persons/{person}/looks", "/v1/sources", "/v1/notices", "/v1/outbox"),
            *("/v1/bureaus/{bureau}/service-reports/unmatched", "/v1/school-districts", "/v1/villages"),
        )
        if verb == "get" and not path.startswith(of_its_own):
            names = {parameter["name"] for parameter in route["parameters"]}
            assert "known_at" in names
            assert ("valid_at" in names) == (not path.startswith(("/v1/ledger", "/v1/household-events", "/v1/benefits")))


def test_id_number_stands_in_no_address(tmp_path: Path) -> None:
    """An address ends in logs and histories: no path and no query takes a number or a name."""
    for path, item in create_app(ApiSettings(tmp_path)).openapi()["paths"].items():
        for route in item.values():
            assert not {p["name"] for p in route.get("parameters", ())} & {"id_number", "name"}, path
