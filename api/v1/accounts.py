"""Who has an account and what was granted to it, over HTTP: `/v1/accounts`? What one proposes another confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request, Response

from api import asked
from api.answers import accounts as answers
from api.asked import FIELDS
from api.signed_in import by, caller, signed_in
from api.v1 import access_models as models
from api.v1.documents import answered, ok, problems
from registry import china
from registry.accounts import cards, grants, holders, keys
from registry.accounts.grants import Proposal
from registry.accounts.refusals import NoSuchAccountError, NotThereError
from registry.accounts.roles import RELATIVE

if TYPE_CHECKING:
    from registry.store.engines import Store

router = APIRouter(prefix="/v1/accounts", tags=["accounts"])
_ID = FIELDS["account"]
Id = Annotated[str, Path(description=f"{_ID.zh} / {_ID.en}", examples=[_ID.example])]
_READS = problems(401, 403, 422)
_WRITES = problems(401, 403, 404, 409, 413, 422, 503)


@router.get("", summary="账号 / accounts", responses={**ok(models.Accounts), **_READS})
def listing(request: Request) -> Response:
    """Every account, and what waits for its second person."""
    store = _store(request)
    with store.reading() as connection:
        return answered(answers.accounts(store, connection))


@router.post("", summary="开账号 / open an account", responses={**ok(models.AccountMade), **_WRITES})
def opened(request: Request, sent: models.AccountIn) -> Response:
    """For a staff member without an OIDC provider, too. It may do nothing until two people have granted it a role."""
    store = _store(request)
    made = holders.open_staff(store, by(request), sent.login, sent.password, name=sent.name, bureau=sent.bureau)
    request.app.state.access.look_now()
    return answered({"account": made.account_id, "totp": made.totp, "address": made.address})


@router.post("/{account}/steps", summary="锁、解锁、关闭、处处退出 / lock, unlock, close", responses={**ok(models.Done), **_WRITES})
def step(request: Request, account: Id, sent: models.StepIn) -> Response:
    """To lock or close an account ends its sessions everywhere at once."""
    store, account = _store(request), _id(account)
    if sent.step != "sessions-ended":
        holders.set_step(store, by(request), account, sent.step, sent.reason)
        return answered({"id": None})
    with store.writing("desk") as connection:
        holders.account(store, connection, account)
        holders.end_sessions(store, connection, account, "everywhere")
        connection.commit()
    return answered({"id": None})


@router.post(
    "/{account}/resets",
    summary="重置口令或动态码 / reset a password or authenticator",
    responses={**ok(models.ResetMade), **_WRITES},
)
def reset(request: Request, account: Id, sent: models.Reset) -> Response:
    """What was lost is made anew; it counts once another administrator has confirmed it, or one could become anybody."""
    store, account = _store(request), _id(account)
    if sent.what == "password":
        return answered({"secret": holders.renew(store, by(request), account, sent.password), "totp": "", "address": ""})
    secret, made = holders.renew_totp(store, by(request), account)
    return answered({"secret": secret, "totp": made.totp, "address": made.address})


@router.post("/{account}/subjects", summary="绑定统一登录 / bind an OIDC subject", responses={**ok(models.Done), **_WRITES})
def subject(request: Request, account: Id, sent: models.SubjectIn) -> Response:
    """Counts once another has confirmed it. No account is ever made by a provider."""
    return answered({"id": keys.bind_subject(_store(request), by(request), _id(account), sent.issuer, sent.subject)})


@router.post("/{account}/sealed-codes", summary="应急封存码 / a sealed code", responses={**ok(models.SecretMade), **_WRITES})
def sealed(request: Request, account: Id) -> Response:
    """Print it, seal it, lock it away. It counts once another has confirmed it, and works once."""
    made = keys.seal_code(_store(request), by(request), _id(account))
    return answered({"account": made.account_id, "secret": made.secret_id, "shown": made.shown})


@router.post("/keys", summary="接口钥匙 / a key for a program", responses={**ok(models.SecretMade), **_WRITES})
def key(request: Request, sent: models.KeyIn) -> Response:
    """Shown once. It opens nothing before another has confirmed it and a role was granted to its account."""
    made = keys.make(_store(request), by(request), sent.name, sent.bureau, sent.only, sent.days)
    return answered({"account": made.account_id, "secret": made.secret_id, "shown": made.shown})


@router.post(
    "/secrets/{secret}/confirm",
    summary="确认钥匙、绑定、重置 / confirm a secret",
    responses={**ok(models.Done), **_WRITES},
)
def confirm_secret(request: Request, secret: Id) -> Response:
    """By somebody who neither made it nor holds it."""
    holders.confirm_secret(_store(request), by(request), _id(secret))
    return answered({"id": secret})


@router.get("/grants", summary="授权 / grants", responses={**ok(models.Grants), **_READS})
def granted(request: Request) -> Response:
    """Every grant, who proposed it, who confirmed it, whether it stands."""
    store = _store(request)
    with store.reading() as connection:
        return answered(answers.granted(store, connection))


@router.post("/grants", summary="提出授权 / propose a grant", responses={**ok(models.Done), **_WRITES})
def propose(request: Request, sent: models.GrantIn) -> Response:
    """From a day to a day, in a town, about a village or a person; it stands once another has confirmed it."""
    wanted = Proposal(
        sent.role, asked.day(sent.valid_from), None if sent.valid_until is None else asked.day(sent.valid_until),
        sent.town, sent.about, sent.reason,
    )  # fmt: skip
    return answered({"id": grants.propose(_store(request), by(request), sent.account, wanted)})


@router.post("/grants/{grant}/confirm", summary="确认授权 / confirm a grant", responses={**ok(models.Done), **_WRITES})
def confirm(request: Request, grant: Id) -> Response:
    """By somebody else than who proposed it, and than whom it is for."""
    grants.confirm(_store(request), by(request), _id(grant))
    return answered({"id": grant})


@router.post("/grants/{grant}/end", summary="终止授权 / end a grant", responses={**ok(models.Done), **_WRITES})
def end(request: Request, grant: Id, sent: models.EndIn) -> Response:
    """One is enough to end it, or to turn a proposal down."""
    grants.end(_store(request), by(request), _id(grant), sent.reason)
    return answered({"id": grant})


@router.post("/cards", summary="发纸卡 / a paper card", responses={**ok(models.CardMade), **_WRITES})
def card(request: Request, sent: models.CardIn) -> Response:
    """At the counter, in person: their PIN, one-time codes to print. Any card before it ends. No telephone, no face."""
    made = cards.issue(_store(request), by(request), asked.text("id_number", sent.id_number), sent.pin)
    request.app.state.access.look_now()
    return answered({"account": made.account_id, "codes": list(made.codes), "until": made.until})


@router.get("/relatives", summary="谁能替我看 / who may look for me", responses={**ok(models.Relatives), **_READS})
def relatives(request: Request) -> Response:
    """The relatives of the person who asks."""
    store, me = _store(request), signed_in(request).actor.person_id
    if me is None:
        raise NotThereError
    with store.reading() as connection:
        return answered(answers.relatives(store, connection, me))


@router.post("/relatives", summary="亲情代办 / name a relative", responses={**ok(models.Done), **_WRITES})
def relative(request: Request, sent: models.RelativeIn) -> Response:
    """At the counter, with the person there. The relative sees and applies, and never consents for them."""
    store = _store(request)
    until = None if sent.valid_until is None else asked.day(sent.valid_until)
    wanted = Proposal(RELATIVE, china.today(store), until, about=sent.person, reason=sent.reason)
    with store.reading() as connection:
        found = cards.holder_of(store, connection, sent.id_number)
    if found is None:
        raise NoSuchAccountError
    return answered({"id": grants.propose(store, by(request), found, wanted)})


@router.post("/relatives/{grant}/confirm", summary="确认亲情代办 / confirm a relative", responses={**ok(models.Done), **_WRITES})
def confirm_relative(request: Request, grant: Id) -> Response:
    """By a second officer of the counter."""
    store = _store(request)
    _of_relative(store, _id(grant))
    grants.confirm(store, by(request), grant)
    return answered({"id": grant})


@router.post("/relatives/{grant}/end", summary="取消亲情代办 / remove a relative", responses={**ok(models.Done), **_WRITES})
def end_relative(request: Request, grant: Id) -> Response:
    """One call by the person, or by the relative: nobody is asked."""
    store, me = _store(request), caller(request).actor
    found = _of_relative(store, _id(grant))
    is_mine = bool(me.account_id) and (me.account_id == found.account_id or me.person_id == found.proposal.about)
    if not is_mine:
        raise NotThereError
    grants.end(store, by(request), grant, "本人取消")
    return answered({"id": grant})


def _of_relative(store: Store, grant: str) -> grants.Granted:
    with store.reading() as connection:
        try:
            found = grants.one(store, connection, grant)
        except NoSuchAccountError:
            raise NotThereError from None
    if found.proposal.role != RELATIVE:
        raise NotThereError
    return found


def _id(given: str) -> str:
    return asked.text("account", given)


def _store(request: Request) -> Store:
    store: Store = request.app.state.access.store
    return store

