"""Which route needs which word on which column: the one table that `api.access` asks by.

`VERB path` as the app has it. A route may be answered by several words; the first that is held is enough. `scope`: where
it says what it is about (`api.scopes`); `limit`: what of it is counted; `logs`: it writes down who looked by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.limiting import Kind
    from api.scopes import By
    from registry.accounts.authorise import Action


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route needs: an action on a column, or one of several. `by_form`: the word of our page stands in its form.

    `else_public`: who has no word for it is given the page for everybody, where they ask about nothing in particular.
    `with_files`: and a few files; `with_folder`: and all files of a folder.
    """

    asked: tuple[tuple[Action, str], ...]
    scope: By = ""
    limit: Kind | None = None
    logs: bool = False
    by_form: bool = False
    with_files: bool = False
    else_public: bool = False
    with_folder: bool = False


def _needs(*asked: tuple[Action, str], scope: By = "", limit: Kind | None = None, logs: bool = False) -> Rule:
    return Rule(asked, scope, limit, logs)


def _mine(limit: Kind | None = None) -> Rule:
    """A page of one's own, or of whoever named one."""
    return Rule((_CONTRACT,), "mine", limit, logs=True, by_form=True)


def _client(limit: Kind | None = None) -> Rule:
    """A page of the one person for whom counsel acts."""
    return Rule((_CONTRACT,), "client", limit, logs=True, by_form=True)


_BOOKS: tuple[tuple[Action, str], ...] = (("write", "contract-right"), ("write", "homestead"))
# Whoever keeps a book works at a desk of its own; which case is theirs the engine finds out.
_KEEPERS: tuple[tuple[Action, str], ...] = (*_BOOKS, ("write", "forest-right"))
_DESK_FORM = Rule(_KEEPERS, by_form=True, with_files=True)
# Deliveries come in where `POST /v1/deliveries` takes them in.
_INTAKE_FORM, _INTAKE_WORDS = Rule(_BOOKS, by_form=True), ("again", "register", "aside", "exceptions", "receipt")
# As `POST /v1/cases/rosters`.
_OF_ROSTERS: tuple[tuple[Action, str], ...] = (("write", "contract-right"), ("write", "forest-right"))
_ROSTER_FORM = Rule(_OF_ROSTERS, limit="export", by_form=True, with_files=True)
_LANDS: tuple[tuple[Action, str], ...] = (("read", "contract-right"),)
_SUBSIDIES: tuple[tuple[Action, str], ...] = (("read", "subsidy"),)
_HAND_IN: tuple[tuple[Action, str], ...] = (("write", "contract-right"),)
OPEN = Rule(())
"""Anybody: the law, what verifies, the log as strangers read it, signing in; and what decides for itself who asks."""
_RULES = _needs(("read", "rules"))
_CONTRACT: tuple[Action, str] = ("read-one", "contract-right")
# A parcel is seen by whoever sees the right that lies on it: 农牧局 proposes geometry and writes the contracts.
_PARCELS: tuple[tuple[Action, str], ...] = (("read", "geometry"), ("read", "contract-right"))
_PARCEL: tuple[tuple[Action, str], ...] = (("read-one", "geometry"), _CONTRACT)
# Whoever records something by papers: the desks of the books, and the one that records household events.
_DESKS: tuple[tuple[Action, str], ...] = (*_KEEPERS, ("write", "household-event"))
# The page of the supervision bureau, and what is done on it.
_SUPERVISION = Rule((("write", "supervision"),), by_form=True)
_DECISIONS = (
    *("settle-in-banner", "settle-from-outside", "settle-along", "collective-household", "register-unregistered"),
    *("rural-placement", "residence-permit", "permit-endorsement", "guardian-signs", "identity-number", "power-of-right"),
    *("trade-in-the-open", "forest-right", "contract-right", "representative", "extension", "soil-compensation"),
    *("exchange-land", "assign-land", "unregistered-transfer", "mortgage-land", "lease-rent", "end-lease"),
    *("contract-pasture", "stocking", "contract-waste-land", "reserve-land", "members-first", "land-dispute"),
    *("one-homestead", "homestead-application", "homestead-lost", "homestead-receiver", "one-registration", "whose-rules"),
    *("take-part", "share-use", "distribution", "quarrel", "register-or-certificate", "estate-without-heir"),
    *("exit-registration", "exchange-listing", "exchange-signing", "taking-back", "deadlines"),
)
_MY = ("", "/unchanged", "/changed", "/right/{right}", "/case/{case}", "/proof", "/ask", "/looks", "/family")
_OPEN = (
    *("GET /", "GET /plain.css", "GET /scripts/{name}", "GET /language/{tag}", "GET /my/closed"),
    *("GET /law", "GET /law/changes", "GET /law/questions", "GET /law/{instrument}/{clause}"),
    *("GET /may-i", "POST /may-i", "GET /verify", "GET /v", "GET /map/assets/{name}"),
    *("GET /ledger/checkpoint", "GET /ledger/cosigned/{size}", "GET /ledger/tile/{rest:path}", "GET /ledger/sample/{which}"),
    *("GET /ledger/before/{before}/checkpoint", "GET /ledger/before/{before}/cosigned/{size}"),
    "GET /ledger/before/{before}/tile/{rest:path}",
    *("GET /for-judges", "GET /notices", "GET /v1/notices", "GET /v1/notices/{notice}", "GET /v1/villages"),
    *("GET /sign-in", "POST /sign-in", "POST /sign-in/card", "POST /sign-out"),
    *("GET /sign-in/oidc", "GET /sign-in/oidc/back"),
    *("GET /v1/session", "POST /v1/session", "POST /v1/session/card", "POST /v1/session/sealed-code"),
)
ROUTES: dict[str, Rule] = {
    **dict.fromkeys(_OPEN, OPEN),
    **{f"POST /v1/decisions/{name}": _RULES for name in _DECISIONS},
    "GET /v1/law": _RULES,
    "GET /v1/law/changes": _RULES,
    "GET /v1/law/reviews": _RULES,
    "GET /v1/law/questions": _RULES,
    "GET /v1/law/rules/{instrument}/{clause}": _RULES,
    "GET /v1/benefits/policies": _RULES,
    "GET /v1/blank-tables/{table}": _RULES,
    # one's own account: who it is the route finds out, and what a cookie writes must carry the word of our own page
    "POST /v1/session/end": _RULES,
    "POST /v1/session/end-everywhere": _RULES,
    "POST /v1/session/password": _RULES,
    "GET /v1/accounts/relatives": _RULES,
    "POST /v1/accounts/relatives/{grant}/end": _RULES,
    # one's own page
    **dict.fromkeys((f"GET /my{path}" for path in _MY), _mine()),
    # counsel's
    **dict.fromkeys(("GET /counsel", "GET /counsel/case/{case}", "GET /counsel/ask", "POST /counsel/ask"), _client()),
    "POST /counsel/dossier": _client("export"),
    "POST /my/show": _mine("export"),
    "POST /my/proof": _mine("export"),
    "POST /my/ask": _mine("search"),
    "POST /my/family/{grant}/end": _mine(),
    # cases: whose a case is, and whose turn, the engine finds out
    **dict.fromkeys(("GET /v1/cases/kinds", "POST /v1/cases", "POST /v1/cases/lookup"), _RULES),
    **dict.fromkeys((f"POST /v1/cases/{{case}}/{word}" for word in ("lookup", "steps", "dossier")), _RULES),
    **dict.fromkeys(
        ("POST /v1/cases/rosters", "POST /v1/cases/leases"),
        _needs(("write", "contract-right"), ("write", "forest-right"), limit="export"),
    ),
    # people
    "POST /v1/persons/lookup": _needs(
        ("read-one", "person"), ("propose", "person"), ("yes-no", "person"), scope="number", limit="search"
    ),
    "GET /v1/persons/{person}/statement": _needs(_CONTRACT, scope="person"),
    "POST /v1/persons/{person}/statement": _needs(_CONTRACT, scope="person", limit="export"),
    "POST /v1/persons/{person}/certificate": _needs(_CONTRACT, scope="person", limit="export"),
    "GET /v1/persons/{person}/rights": _needs(_CONTRACT, scope="person"),
    "GET /v1/persons/{person}/guarantee": _needs(_CONTRACT, scope="person"),
    "GET /v1/persons/{person}/registrations": _needs(("read-one", "household-event"), scope="person"),
    "GET /v1/persons/{person}/entitlements": _needs(("read-one", "household-event"), scope="person"),
    "GET /v1/persons/{person}/permit": _needs(("read-one", "permit"), scope="person"),
    "GET /v1/persons/{person}/listings": _needs(_CONTRACT, scope="person"),
    "POST /v1/persons/{person}/dossier": _needs(_CONTRACT, scope="person", limit="export"),
    "GET /v1/persons/{person}/looks": _needs(("read-one", "audit"), scope="person"),
    "POST /v1/identities": _needs(("write", "person")),
    "POST /v1/identities/links": _needs(("write", "person")),
    "POST /v1/bureaus/{bureau}/answers": _needs(("yes-no", "household-event"), scope="bureau", limit="search", logs=True),
    "POST /v1/bureaus/{bureau}/service-reports": _needs(("write", "service-report"), scope="of-bureau"),
    "POST /v1/bureaus/{bureau}/service-reports/tables": _needs(("write", "service-report"), scope="of-bureau"),
    "GET /v1/bureaus/{bureau}/service-reports/unmatched": _needs(("write", "service-report"), scope="of-bureau"),
    "GET /v1/school-districts": _RULES,
    # household events
    "POST /v1/household-events": _needs(("write", "household-event")),
    "POST /v1/household-events/imports": _needs(("write", "household-event")),
    "GET /v1/household-events/unmatched": _needs(("write", "household-event")),
    "GET /v1/household-events/{idx}": _needs(("read-one", "household-event")),
    "POST /v1/settlements": _needs(("write", "household-event")),
    "GET /v1/settlement-applications": _needs(("read", "household-event")),
    "POST /v1/settlement-applications": _needs(("propose", "household-event")),
    "POST /v1/settlement-applications/done": _needs(("write", "household-event")),
    "GET /v1/membership-queries": _needs(("read", "membership")),
    "POST /v1/membership-queries/answers": _needs(("write", "membership"), ("write", "household-event")),
    # land and rights
    "GET /v1/parcels": _needs(*_PARCELS, scope="query", limit="search"),
    "GET /v1/parcels/{parcel}": _needs(*_PARCEL, scope="parcel"),
    "GET /v1/parcels/{parcel}/neighbours": _needs(*_PARCEL, scope="parcel"),
    "GET /v1/parcels/changes": _needs(*_PARCELS, limit="search"),
    "GET /v1/parcels/topology": _needs(*_PARCELS, limit="search"),
    "GET /v1/rights": _needs(("read", "contract-right"), scope="query", limit="search"),
    "POST /v1/households/{household}/certificate": _needs(_CONTRACT, scope="household", limit="export"),
    "POST /v1/reshapings/preview": _needs(("propose", "geometry")),
    "POST /v1/reshapings/recodings/preview": _needs(("propose", "geometry")),
    "GET /v1/sheets/parcel": _needs(_CONTRACT, scope="code", limit="export"),
    "GET /v1/sheets/history": _needs(*_KEEPERS, limit="export"),
    "GET /v1/sheets/household": _needs(_CONTRACT, scope="household", limit="export"),
    "GET /v1/sheets/register": _needs(_CONTRACT, scope="unit", limit="export"),
    "GET /v1/sheets/notice": _needs(("read", "contract-right"), scope="query", limit="export"),
    "GET /v1/sheets/notice/returned": _needs(*_BOOKS),
    "POST /v1/sheets/scans": _needs(*_BOOKS),
    # with names, for whoever keeps the book of a right on it: which, the printing finds out
    "POST /v1/sheets": _needs(*_KEEPERS, limit="paper"),
    "POST /v1/sheets/village": _needs(*_KEEPERS, limit="export"),
    "GET /v1/sheets/overview": _needs(("read", "contract-right"), scope="query", limit="export"),
    "GET /v1/certificates": _needs(("read", "contract-right"), limit="search"),
    "GET /v1/certificates/due": _needs(*_BOOKS),
    "GET /v1/certificates/spoiled": _needs(*_BOOKS),
    "POST /v1/certificates/receipts": _needs(*_BOOKS),
    "POST /v1/exports": _needs(*_LANDS, limit="export"),
    "GET /v1/exports/{export}": _needs(*_LANDS),
    "GET /v1/exports/{export}/file": _needs(*_LANDS),
    "GET /v1/summaries": _needs(*_LANDS),
    # names and ID numbers of everybody: whoever keeps the contracts hands them in, and fetches their own alone
    "POST /v1/hand-ins": _needs(*_HAND_IN, limit="export"),
    "GET /v1/hand-ins/{hand_in}": _needs(*_HAND_IN),
    "GET /v1/hand-ins/{hand_in}/file": _needs(*_HAND_IN),
    "GET /v1/rosters": _needs(("read", "membership"), scope="query"),
    "POST /v1/rosters/attendance": _needs(("read", "membership")),
    # evidence, notices
    "POST /v1/sources": _needs(*_DESKS),
    "GET /v1/sources/{hash}": _needs(*_DESKS),
    "POST /v1/sources/{hash}/content": _needs(*_DESKS, limit="export"),
    "POST /v1/notices": _needs(*_BOOKS),
    "POST /v1/notices/{notice}/photos": _needs(*_BOOKS),
    "POST /v1/notices/{notice}/taking-down": _needs(*_BOOKS),
    "GET /v1/outbox": _needs(*_BOOKS),
    # deliveries and comparisons
    "GET /v1/deliveries": _needs(("read", "geometry"), ("propose", "geometry")),
    "POST /v1/deliveries": _needs(*_BOOKS),
    "GET /v1/inspections/rules": _needs(("propose", "geometry")),
    "POST /v1/inspections": _needs(("propose", "geometry")),
    "POST /v1/receipts": _needs(("propose", "geometry")),
    "POST /v1/jobs": _needs(("propose", "geometry")),
    "POST /v1/village-sheets": _needs(("propose", "geometry")),
    "POST /v1/withdrawals/preview": _needs(*_BOOKS),
    "GET /v1/exceptions": _needs(("propose", "geometry"), ("read", "geometry")),
    "POST /v1/exceptions/decisions": _needs(*_BOOKS),
    "GET /v1/comparisons": _needs(*_BOOKS),
    # What is only compared goes nowhere, and a list is refused as often as it is mended: counted like a search.
    "POST /v1/comparisons": _needs(*_BOOKS, limit="search"),
    "GET /v1/comparisons/{comparison}": _needs(*_BOOKS),
    "POST /v1/subsidy-checks": _needs(*_SUBSIDIES, limit="search"),
    "GET /v1/benefits/payments": _needs(*_SUBSIDIES, limit="export"),
    # figures, the log
    "GET /v1/statistics": _needs(("aggregate", "contract-right")),
    "GET /v1/statistics/quarter": _needs(("aggregate", "contract-right")),
    "GET /statistics": _needs(("aggregate", "contract-right")),
    "GET /v1/statistics/coincidences": _needs(("read", "audit")),
    # the supervision bureau's own
    "GET /desk/supervision/person": _SUPERVISION,
    **dict.fromkeys(("GET /desk/supervision", "GET /desk/supervision/{which}"), _SUPERVISION),
    **dict.fromkeys(("GET /v1/supervision", "GET /v1/supervision/{which}"), _SUPERVISION),
    **dict.fromkeys(("POST /v1/supervision/samples", "POST /v1/supervision/samples/draws"), _needs(("write", "supervision"))),
    **dict.fromkeys(("POST /desk/supervision/sample", "POST /desk/supervision/cosign"), _SUPERVISION),
    "GET /desk/supervision/cosign": _SUPERVISION,
    # One person at a time, counted like a search; each writes its purpose down by itself.
    "POST /desk/supervision/person": Rule((("write", "supervision"),), limit="search", logs=True, by_form=True),
    "POST /desk/supervision/dossier": Rule((("write", "supervision"),), limit="export", logs=True, by_form=True),
    "GET /desk/supervision/cosign/request": _needs(("write", "supervision"), limit="export"),
    "GET /v1/breaches": _needs(("read", "audit")),
    "POST /v1/breaches/closings": _needs(("read", "audit")),
    "GET /v1/ledger": _needs(("read", "audit"), scope="head"),
    "GET /v1/ledger/policy": _needs(("read", "audit"), scope="head"),
    "GET /v1/ledger/entries": _needs(("read", "audit"), scope="head"),
    "GET /v1/ledger/entries/{idx}/proof": _needs(("read", "audit"), scope="head"),
    "GET /v1/ledger/witnesses": _needs(("read", "audit"), scope="head"),
    "POST /v1/ledger/cosignatures": _needs(("propose", "audit"), ("write", "operation")),
    # the desks' own pages
    **dict.fromkeys(("GET /desk", "GET /desk/today", "GET /desk/new", "GET /desk/cases/{case}"), _needs(*_KEEPERS)),
    **dict.fromkeys(("POST /desk/search", "POST /desk/cases", "POST /desk/cases/{case}/undo"), _DESK_FORM),
    "POST /desk/cases/{case}/steps/{step}": _DESK_FORM,
    **dict.fromkeys(("GET /desk/map/parcels", "GET /desk/parcels", "GET /desk/history"), _needs(*_KEEPERS)),
    **dict.fromkeys(("POST /desk/map/preview", "POST /desk/map/measure"), _needs(*_KEEPERS)),
    **dict.fromkeys(("GET /desk/deliveries", "GET /desk/deliveries/{intake}"), _needs(*_BOOKS)),
    "GET /desk/deliveries/{intake}/villages/{village}": _needs(*_BOOKS),
    "GET /desk/deliveries/{intake}/villages/{village}/sheet": _needs(*_BOOKS, limit="export"),
    "GET /desk/deliveries/{intake}/returned": _needs(*_BOOKS, limit="export"),
    "GET /desk/deliveries/registered/{delivery}": _needs(*_BOOKS),
    "POST /desk/deliveries/registered/{delivery}": Rule(_BOOKS, by_form=True),
    "POST /desk/deliveries": Rule(_BOOKS, by_form=True, with_folder=True),
    **{f"POST /desk/deliveries/{{intake}}/{word}": _INTAKE_FORM for word in _INTAKE_WORDS},
    "GET /desk/extensions": _needs(*_OF_ROSTERS),
    **dict.fromkeys(("POST /desk/extensions", "POST /desk/extensions/blank"), _ROSTER_FORM),
    "POST /desk/extensions/{case}/roster": _ROSTER_FORM,
    "POST /desk/extensions/{case}/told": Rule(_OF_ROSTERS, by_form=True, with_files=True),
    "GET /desk/leases": _needs(*_OF_ROSTERS),
    "POST /desk/leases": Rule(_OF_ROSTERS, by_form=True, with_files=True),
    # What 自然资源局 asks before a plot is granted; whoever keeps the contracts keeps the memberships, too.
    "POST /desk/explanation": Rule(_KEEPERS, limit="export", logs=True, by_form=True),
    "GET /desk/membership": _needs(("write", "homestead")),
    "POST /desk/membership": Rule((("write", "homestead"),), limit="search", logs=True, by_form=True),
    "GET /desk/tables": _needs(*_KEEPERS),
    "POST /desk/tables/comparisons": Rule(_BOOKS, limit="search", by_form=True, with_files=True),
    "GET /desk/tables/comparisons/{comparison}": _needs(*_BOOKS),
    "POST /desk/tables/subsidies": Rule(_SUBSIDIES, limit="search", by_form=True, with_files=True),
    "POST /desk/tables/jobs": Rule((("propose", "geometry"),), by_form=True, with_files=True),
    "POST /desk/tables/exports": Rule(_LANDS, limit="export", by_form=True),
    "POST /desk/tables/hand-ins": Rule(_HAND_IN, limit="export", by_form=True),
    # each their own
    "GET /desk/tables/made/{made}": _needs(*_KEEPERS),
    "GET /desk/tables/made/{made}/sheet": _needs(*_SUBSIDIES),
    "GET /desk/papers": _needs(*_KEEPERS),
    "POST /desk/papers": Rule(_KEEPERS, limit="paper", by_form=True),
    "POST /desk/papers/test-page": Rule(_KEEPERS, by_form=True),
    **dict.fromkeys(("GET /desk/papers/certificates", "GET /desk/papers/villages/{village}"), _needs(*_BOOKS)),
    "POST /desk/papers/certificates/receipts": Rule(_BOOKS, by_form=True, with_files=True),
    "POST /desk/papers/villages/{village}/print": Rule(_BOOKS, limit="export", by_form=True),
    **{
        f"POST /desk/papers/villages/{{village}}/{word}": Rule(_BOOKS, by_form=True, with_files=True)
        for word in ("scans", "due", "notices", "notices/{notice}/photos", "notices/{notice}/taking-down")
    },
    # the map
    "GET /map": Rule(_PARCELS, "query", "search", else_public=True),
    "GET /map/parcels.geojson": _needs(*_PARCELS, limit="search"),
    # accounts
    "GET /v1/accounts": _needs(("read", "accounts")),
    "POST /v1/accounts": _needs(("write", "accounts")),
    "GET /v1/accounts/grants": _needs(("read", "accounts")),
    "POST /v1/accounts/grants": _needs(("write", "accounts")),
    "POST /v1/accounts/grants/{grant}/confirm": _needs(("write", "accounts")),
    "POST /v1/accounts/grants/{grant}/end": _needs(("write", "accounts")),
    "POST /v1/accounts/keys": _needs(("write", "accounts")),
    "POST /v1/accounts/secrets/{secret}/confirm": _needs(("write", "accounts")),
    "POST /v1/accounts/{account}/steps": _needs(("write", "accounts")),
    "POST /v1/accounts/{account}/subjects": _needs(("write", "accounts")),
    "POST /v1/accounts/{account}/sealed-codes": _needs(("write", "accounts")),
    "POST /v1/accounts/{account}/resets": _needs(("write", "accounts")),
    "POST /v1/accounts/cards": _needs(("write", "cards"), scope="number"),
    "POST /v1/accounts/relatives": _needs(("write", "cards"), scope="asked-person"),
    "POST /v1/accounts/relatives/{grant}/confirm": _needs(("write", "cards"), scope="grant"),
}
