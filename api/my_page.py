"""`/my`: is my land still mine, for somebody who reads slowly, on an old phone? 没变 in five seconds, and nothing can be lost here.

Each right is one sentence with the name that the land has at home. Every button is a plain link or form, and the whole works
without script. From here somebody asks an office to look, keeps a proof, ends what a relative may see; no will is given, no
right ended, given up or burdened: no route here takes a step of a case but handing in a question (`api.my.matters`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from api import plain
from api.access import MOST_FIELDS
from api.media import PDF
from api.my import facts, matters
from api.my.whose import SELF, Reader, reader
from api.offices import offices
from api.signed_in import signed_in
from registry import masks, parties
from registry import statement as statements
from registry.accounts import grants, holders, proofs
from registry.accounts.refusals import NoSuchAccountError, NotThereError
from registry.accounts.roles import RELATIVE
from registry.cases import CaseError
from registry.looks.keeping import looked
from registry.looks.reading import looks
from registry.proofs.handing import Order, hand_out
from registry.proofs.making import USUALLY, Chosen, NothingProvableYetError, NothingToProveError, TooMuchForOneError
from registry.rights.model import CONTRACTS
from registry.same_person import same_as

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

    from registry.store.engines import Store

router = APIRouter()
Of = Annotated[str, Query(max_length=32)]
_ASK_US = ("农牧局", "自然资源局")
_YEARS = 10
"""How far back a question goes by choosing."""
_NOT_PROVABLE = (NothingProvableYetError, NothingToProveError, TooMuchForOneError)


@router.get("/my", include_in_schema=False)
def first(request: Request, of: Of = "") -> HTMLResponse:
    """没变, each right in a sentence, what changed, what waits."""
    store, who = _who(request, of)
    with store.reading() as connection:
        page = facts.first_page(store, connection, who.person, own=who.own)
        found, answered = matters.found_about(store, connection, who, matters.things_of(page.told))
    _keep(store, who, "statement")
    return _page(
        request,
        who,
        "my.html",
        page=page,
        benefits=facts.benefits(page.told),
        cases=[matters.summary(case, who.person) for case in found],
        answered=[matters.summary(case, who.person) for case in answered],
        rosters=matters.roster_rows(store, who, found),
        others=sum(look.officer != SELF for look in _looks(store, who.person)) if who.own else 0,
    )


@router.get("/my/unchanged", include_in_schema=False)
def unchanged(request: Request, of: Of = "") -> HTMLResponse:
    """Each thing before the move and now, and what the comparison does not say."""
    store, who = _who(request, of)
    with store.reading() as connection:
        told = statements.statement(store, connection, who.person)
    _keep(store, who, "guarantee")
    return _page(request, who, "my_unchanged.html", told=told)


@router.get("/my/changed", include_in_schema=False)
def changed(request: Request, of: Of = "") -> HTMLResponse:
    """The registration, and the services that come with it."""
    store, who = _who(request, of)
    with store.reading() as connection:
        told = statements.statement(store, connection, who.person)
        services = facts.services(store, connection, who.person)
    _keep(store, who, "entitlements")
    return _page(request, who, "my_changed.html", told=told, services=services)


@router.get("/my/right/{right}", include_in_schema=False)
def one_right(request: Request, right: str, of: Of = "") -> HTMLResponse:
    """One right: with whom, beside whom, on which paper, what happened when."""
    store, who = _who(request, of)
    with store.reading() as connection:
        told = facts.right_page(store, connection, who.person, right, own=who.own)
    _keep(store, who, "rights")
    return _page(request, who, "my_right.html", right=told)


@router.get("/my/case/{case}", include_in_schema=False)
def one_case(request: Request, case: str, of: Of = "") -> HTMLResponse:
    """A matter that touches them: where it stands, who was told, and that a will is given at the counter only."""
    store, who = _who(request, of)
    told = matters.whole(store, who, case)
    _keep(store, who, "case")
    return _page(request, who, "my_case.html", case=told, desks=_offices(request, told["offices"]))


@router.post("/my/show", include_in_schema=False)
def show(request: Request, of: Of = "") -> HTMLResponse:
    """给别人看: three lines and a code, the rest hidden; it closes by itself after two minutes."""
    store, who = _who(request, of)
    code = None
    try:
        code = _code(store, who)
    except _NOT_PROVABLE as not_yet:
        missing: Any = not_yet
    else:
        missing = None
    with store.reading() as connection:
        page = facts.first_page(store, connection, who.person, own=False)
    _keep(store, who, "statement")
    return _page(request, who, "my_show.html", page=page, code=code, missing=missing)


@router.get("/my/closed", include_in_schema=False)
def closed(request: Request) -> HTMLResponse:
    """After two minutes: nothing of anybody."""
    return plain.page(request, "my_closed.html")


@router.get("/my/proof", include_in_schema=False)
def proof(request: Request, of: Of = "") -> HTMLResponse:
    """Which form, and how anybody checks it."""
    _, who = _who(request, of)
    return _page(request, who, "my_proof.html")


@router.post("/my/proof", include_in_schema=False)
async def keep_proof(request: Request, of: Of = "") -> Response:
    """The certificate as a file."""
    sent = await _form(request)
    return await run_in_threadpool(_proof, request, of, "pdf" if sent.get("form") == "pdf" else "json")


@router.get("/my/ask", include_in_schema=False)
def asking(
    request: Request,
    of: Of = "",
    about: Annotated[str, Query(max_length=32)] = "",
    row: Annotated[str, Query(max_length=32)] = "",
) -> HTMLResponse:
    """我有疑问: pick the line, write what is wrong; `row`: of a village's list, so that an objection holds one's own alone."""
    return _ask_page(request, of, {"about": about, "row": row})


@router.post("/my/ask", include_in_schema=False)
async def ask(request: Request, of: Of = "") -> Response:
    """It becomes a case with a number and an office that answers."""
    return await run_in_threadpool(_ask, request, of, await _form(request))


@router.get("/my/looks", include_in_schema=False)
def who_looked(request: Request) -> HTMLResponse:
    """谁看过, a sentence each; for oneself alone."""
    store, who = _oneself(request)
    found = _looks(store, who.person)
    _keep(store, who, "looks")
    return _page(request, who, "my_looks.html", looks=found, oneself=SELF)


@router.get("/my/family", include_in_schema=False)
def family(request: Request) -> HTMLResponse:
    """委托家里人: who may look and apply, and how one is named."""
    store, who = _oneself(request)
    with store.reading() as connection:
        named = [_relative(store, connection, each) for each in grants.relatives_of(store, connection, who.person)]
    return _page(request, who, "my_family.html", named=named)


@router.post("/my/family/{grant}/end", include_in_schema=False)
def end(request: Request, grant: str) -> Response:
    """One tap by the person; nobody is asked. NotThereError for another's."""
    store, who = _oneself(request)
    with store.reading() as connection:
        try:
            found = grants.one(store, connection, grant)
        except NoSuchAccountError:
            raise NotThereError from None
    if found.proposal.role != RELATIVE or found.proposal.about != who.person:
        raise NotThereError
    grants.end(store, holders.By(who.actor.account_id, who.officer.name), grant, "本人取消")
    return _to(who, "/my/family")


def _who(request: Request, of: str) -> tuple[Store, Reader]:
    """Whoever signed in, and whose page it is. NotSignedInError, NotThereError."""
    actor = signed_in(request).actor
    store: Store = request.app.state.store
    with store.reading() as connection:
        return store, reader(store, connection, actor, of)


def _oneself(request: Request) -> tuple[Store, Reader]:
    """For what no relative sees. NotThereError."""
    store, who = _who(request, "")
    if not who.own:
        raise NotThereError
    return store, who


def _page(request: Request, who: Reader, name: str, status: int = 200, **said: Any) -> HTMLResponse:  # noqa: ANN401  (whatever the template shows)
    word = proofs.csrf(request.state.caller.token)
    tail = "" if who.own else f"?of={who.person}"
    desks = _offices(request, _ASK_US)
    return plain.page(request, name, status, scripts=("my.js",), own=who.own, csrf=word, of=tail, counters=desks, **said)


def _keep(store: Store, who: Reader, what: Any) -> None:  # noqa: ANN401  (a word of registry.looks)
    looked(store, who.officer, who.person, what, "在手机上看")


def _offices(request: Request, names: tuple[str, ...]) -> tuple[Any, ...]:
    return offices(request.app.state.settings.registry, names)


def _looks(store: Store, person: str) -> list[Any]:
    with store.reading() as connection:
        ids = same_as(connection, person)
    return looks(store, ids)


def _order(who: Reader, purpose: str, form: Any) -> Order:  # noqa: ANN401  (json or pdf)
    chosen = Chosen(frozenset(), frozenset(USUALLY), None)
    return Order("person", who.person, chosen, who.officer, purpose, form=form)


def _code(store: Store, who: Reader) -> Markup:
    """The code that anybody scans. What `hand_out` raises."""
    from registry.proofs.paper import address_of, qr_of  # typesetting takes long to load

    handed = hand_out(store, _order(who, "给别人看", "json"))
    return Markup(qr_of(address_of(handed.made.verdict)).svg_inline(border=2, omitsize=True))  # noqa: S704  (drawn by segno of our own address)


def _proof(request: Request, of: str, form: str) -> Response:
    store, who = _who(request, of)
    try:
        handed = hand_out(store, _order(who, "本人存一份", form))
    except _NOT_PROVABLE as refusal:
        return _page(request, who, "my_proof.html", 409, refusal=refusal)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="sanquan-proof.{form}"',
        "Sanquan-Logged": handed.logged,
    }
    return Response(handed.content, 200, headers, PDF if form == "pdf" else "application/json")


def _ask_page(
    request: Request, of: str, sent: dict[str, str], refusal: Any = None, status: int = 200  # noqa: ANN401  (has zh and en)
) -> HTMLResponse:  # fmt: skip
    store, who = _who(request, of)
    with store.reading() as connection:
        page = facts.first_page(store, connection, who.person, own=who.own)
        found, _ = matters.found_about(store, connection, who, matters.things_of(page.told))
    return _page(
        request,
        who,
        "my_ask.html",
        status,
        page=page,
        sent=sent,
        refusal=refusal,
        cases=[matters.summary(case, who.person) for case in found],
        benefits=[each for each in page.told["things"] if each["noun"] == "benefit"],
        years=[str(int(page.day[:4]) - back) for back in range(_YEARS)],
        lists=list(dict.fromkeys(row["holder"] for row in page.rows if row["thing"] in CONTRACTS and not row["ended"])),
        tied=matters.TIED,
        relations=matters.RELATIONS,
    )


def _ask(request: Request, of: str, sent: dict[str, str]) -> Response:
    store, who = _who(request, of)
    with store.reading() as connection:
        things = frozenset(matters.things_of(statements.statement(store, connection, who.person)))
        name = matters.name_of(store, connection, who.person)
    try:
        case_id = matters.ask(store, who, name, sent.get("kind", ""), sent, things)
    except CaseError as refusal:
        return _ask_page(request, of, sent, refusal, 422)
    return _to(who, f"/my/case/{case_id}")


def _relative(store: Store, connection: Any, each: grants.Granted) -> dict[str, Any]:  # noqa: ANN401  (a connection)
    account = holders.account(store, connection, each.account_id)
    known = parties.identities(connection, store.vault, [account.person_id or ""])
    name = masks.shown("name", known[account.person_id].name) if account.person_id in known else ""
    return {
        "grant": each.id,
        "name": name,
        "since": each.proposal.valid_from,
        "until": each.proposal.valid_until,
        "confirmed": each.confirmed_by is not None,
    }


def _to(who: Reader, path: str) -> RedirectResponse:
    return RedirectResponse(path if who.own else f"{path}?of={who.person}", 303, plain.HEADERS)


async def _form(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value[:2_000] for name, value in form.items() if isinstance(value, str)}
