"""Who has an account, what was granted to it, who confirmed it: at a terminal? Passwords, PINs and codes come from stdin.

Whoever opens accounts or grants roles here signs in first, as over HTTP: `--as LOGIN`, then the password and the code of
the authenticator, one a line. Only `first` needs nobody: it is the console, where two people stand, of a registry that
has no two administrators yet.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened
from registry import china

if TYPE_CHECKING:
    from registry.accounts.authorise import Action
    from registry.accounts.holders import By, Opened
    from registry.store.engines import Store

app = typer.Typer(help="账号、授权、纸卡、钥匙。Accounts, grants, paper cards, keys.", no_args_is_help=True)
As = Annotated[
    str,
    typer.Option("--as", metavar="LOGIN", help="用哪个账号办; 口令和动态码从标准输入读 as whom; password and code from stdin"),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由、文号 why, and on which paper")]
Id = Annotated[str, typer.Argument(metavar="ID")]
Login = Annotated[str, typer.Argument(metavar="LOGIN")]
FullName = Annotated[str, typer.Option("--name", metavar="NAME", help="姓名 the full name")]
Office = Annotated[str, typer.Option("--bureau", metavar="NAME", help="单位 the bureau")]


@app.callback()
def account() -> None:
    """账号、授权、纸卡、钥匙。Accounts, grants, paper cards, keys."""


@app.command("first")
def first(
    login: Login,
    *,
    name: FullName,
    officer: Annotated[str, typer.Option("--officer", metavar="NAME", help="在场的第一人 the first of the two present")],
    second: Annotated[str, typer.Option("--second", metavar="NAME", help="在场的第二人 the second")],
    registry: Registry = HERE,
) -> None:
    """建库时立一位管理员(共两位), 两人在场; 口令从标准输入读。One of the first two administrators, two people being present."""
    from registry.accounts import grants, holders

    with opened(registry) as store:
        with store.reading() as connection:  # before an account is there that would be nobody's
            grants.refuse_founding(store, connection, (officer, second))
        made = holders.open_staff(store, holders.By("console-1", officer), login, _secret("口令 password"), name=name, bureau="")
        grants.found(store, (officer, second), made.account_id)
    _show_opened(made)


@app.command("open")
def open_(login: Login, *, name: FullName, bureau: Office, as_: As, registry: Registry = HERE) -> None:
    """开一个工作人员账号; 口令由本人在标准输入里打。授权以前什么都办不了。A staff account; it may do nothing before a grant."""
    from registry.accounts import holders

    with opened(registry) as store:
        by = _signed_in(store, as_)
        made = holders.open_staff(store, by, login, _secret("新账号的口令 password of the new account"), name=name, bureau=bureau)
    _show_opened(made)


@app.command("list")
def list_(*, registry: Registry = HERE, json: Json = False) -> None:
    """账号、授权、等着确认的。Accounts, grants, and what waits for a second person."""
    from api.answers import accounts as answers

    with opened(registry) as store, store.reading() as connection:
        found, granted = answers.accounts(store, connection), answers.granted(store, connection)
    if json:
        shown.as_json({**found, **granted})
        return
    rows = [(one["id"], one["kind"], one["login"], one["bureau"], one["standing"]) for one in found["accounts"]]
    shown.table("账号 accounts", ("编号 id", "种类 kind", "登录名 login", "单位 bureau", "状态 standing"), rows)
    lines = [
        (g["id"], g["account"], g["role"], g["town"] or g["about"], f"{g['valid_from']} – {g['valid_until'] or ''}", _stage(g))
        for g in granted["grants"]
    ]
    columns = ("编号 id", "账号 account", "角色 role", "哪里 where", "日期 days", "状态 standing")
    shown.table("授权 grants", columns, lines)
    waiting = [(one["id"], one["account"], one["what"]) for one in found["waiting"]]
    shown.table("等第二人确认的钥匙、绑定、重置 secrets that wait", ("编号 id", "账号 account", "什么 what"), waiting)


@app.command("propose")
def propose(  # noqa: PLR0913  (what a grant says)
    account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    *,
    as_: As,
    reason: Reason,
    town: Annotated[str, typer.Option("--town", metavar="CODE", help="只在哪个苏木、镇 in which town only")] = "",
    about: Annotated[str, typer.Option("--about", metavar="CODE|ID", help="哪个嘎查、任务或人 which village, job or person")] = "",
    valid_from: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="默认今天 today if not given")] = None,
    valid_until: Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD")] = None,
    registry: Registry = HERE,
) -> None:
    """提出授权; 另一位管理员确认以后才有效。Propose a grant; it stands once another administrator has confirmed it."""
    from api import asked
    from registry.accounts import grants

    with opened(registry) as store:
        by = _signed_in(store, as_)
        days = [None if day is None else asked.day(day) for day in (valid_from or china.today(store), valid_until)]
        wanted = grants.Proposal(role, str(days[0]), days[1], town, about, reason)
        made = grants.propose(store, by, account_id, wanted)
    shown.say(f"提出了: {made}", "proposed: another administrator confirms it")


@app.command("confirm")
def confirm(item: Id, *, as_: As, registry: Registry = HERE) -> None:
    """确认别人提出的授权、钥匙、绑定或重置。Confirm what another proposed: a grant, a key, a subject, a reset."""
    from registry.accounts import grants, holders
    from registry.accounts.refusals import NoSuchAccountError

    with opened(registry) as store:
        by = _signed_in(store, as_)
        with store.reading() as connection:
            try:
                grants.one(store, connection, item)
                is_grant = True
            except NoSuchAccountError:
                is_grant = False
        (grants.confirm if is_grant else holders.confirm_secret)(store, by, item)
    shown.say("确认了", "confirmed")


@app.command("end")
def end(grant: Id, *, as_: As, reason: Reason, registry: Registry = HERE) -> None:
    """终止一项授权, 或者不同意一项提议; 一个人就够。End a grant or turn a proposal down: one is enough."""
    from registry.accounts import grants

    with opened(registry) as store:
        grants.end(store, _signed_in(store, as_), grant, reason)
    shown.say("终止了", "ended")


@app.command("card")
def card(*, as_: As, registry: Registry = HERE) -> None:
    """给到场的人发纸卡: 标准输入里先是经办人的口令、动态码, 再是证件号、PIN。A paper card for a person who is present."""
    from api import asked
    from registry.accounts import cards

    with opened(registry) as store:
        by = _signed_in(store, as_, ("write", "cards"))
        number = asked.text("id_number", _secret("证件号 ID number"))
        made = cards.issue(store, by, number, _secret("PIN"))
    shown.say(f"纸卡, 到 {made.until[:10]} 为止。每个码用一次:", "a paper card; each code works once:")
    for code in made.codes:
        shown.say(f"  {code}", "")


@app.command("key")
def key(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    as_: As,
    bureau: Office,
    only: Annotated[list[str], typer.Option("--only", metavar="NOUN:ACTION", help="只准做什么 what it may do, and nothing else")],
    days: Annotated[int, typer.Option("--days", min=1, help="几天有效 for how many days")] = 180,
    registry: Registry = HERE,
) -> None:
    """给一个单位的程序发接口钥匙: 只显示一次, 另一位确认、授权以后才有用。A key for an office's program, shown once."""
    from registry.accounts import keys

    with opened(registry) as store:
        made = keys.make(store, _signed_in(store, as_), name, bureau, only, days)
    shown.say(f"钥匙 {made.shown}", "the key, shown once")
    shown.say(f"确认它: sanquan account confirm {made.secret_id}; 它的账号 {made.account_id}", "another confirms it")


@app.command("step")
def step(
    account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    what: Annotated[str, typer.Argument(metavar="locked|unlocked|closed|sessions-ended")],
    *,
    as_: As,
    reason: Reason,
    registry: Registry = HERE,
) -> None:
    """锁、解锁、关闭一个账号, 或者让它处处退出。Lock, unlock or close an account, or end its sessions everywhere."""
    from registry.accounts import holders
    from registry.accounts.tables import STEPS

    if what not in (*STEPS, "sessions-ended"):
        raise typer.BadParameter(what)
    with opened(registry) as store:
        by = _signed_in(store, as_)
        if what != "sessions-ended":
            holders.set_step(store, by, account_id, what, reason)
        else:
            with store.writing("desk") as connection:
                holders.account(store, connection, account_id)
                holders.end_sessions(store, connection, account_id, "everywhere")
                connection.commit()
    shown.say("办好了", "done")


@app.command("bind")
def bind(
    account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")],
    issuer: Annotated[str, typer.Argument(metavar="ISSUER")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT")],
    *,
    as_: As,
    registry: Registry = HERE,
) -> None:
    """把统一登录的一个 subject 绑到账号; 另一位确认以后才有效。Bind an OIDC subject; another confirms it."""
    from registry.accounts import keys

    with opened(registry) as store:
        made = keys.bind_subject(store, _signed_in(store, as_), account_id, issuer, subject)
    shown.say(f"确认它: sanquan account confirm {made}", "another confirms it")


@app.command("seal")
def seal(account_id: Annotated[str, typer.Argument(metavar="ACCOUNT")], *, as_: As, registry: Registry = HERE) -> None:
    """做一个应急封存码: 打印、密封、锁好; 另一位确认以后, 能用一次。A sealed code for a day on which nothing else works."""
    from registry.accounts import keys

    with opened(registry) as store:
        made = keys.seal_code(store, _signed_in(store, as_), account_id)
    shown.say(f"封存码 {made.shown}", "the code, shown once")
    shown.say(f"确认它: sanquan account confirm {made.secret_id}", "another confirms it")


def _signed_in(store: Store, login: str, needs: tuple[Action, str] = ("write", "accounts")) -> By:
    """Who stands at the terminal: two factors, as everywhere, and the same judge. The session ends at once."""
    from registry.accounts import grants, holders, sessions, signing_in
    from registry.accounts.authorise import EVERYTHING, may
    from registry.accounts.refusals import NotAllowedError

    password, code = _secret("您的口令 your password"), _secret("动态码 code")
    done = signing_in.staff(store, login, password, code, signing_in.Source("console"))
    sessions.end(store, done.begun.token)
    with store.reading() as connection:
        found = holders.account(store, connection, done.account_id)
        actor = grants.actor(store, connection, found)
    if not may(actor, *needs, EVERYTHING).allowed:
        raise NotAllowedError
    return holders.By(found.id, found.name)


def _secret(what: str) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def _show_opened(made: Opened) -> None:
    shown.say(f"账号 {made.account_id}", "account")
    shown.say(f"动态码密钥(只显示一次) {made.totp}", "the authenticator's secret, shown once")
    shown.say(made.address, "")


def _stage(grant: dict[str, str | bool | None]) -> str:
    if grant["ended_at"]:
        return "终止了 ended"
    if not grant["confirmed_by"]:
        return "等确认 proposed"
    return "有效 stands" if grant["stands"] else "不在期内 not in its term"
