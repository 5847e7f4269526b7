"""How is a certificate made at a terminal, how is a proof of one entry given, and how does anybody verify either?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import shown
from api.cli.options import (
    BUREAU,
    HERE,
    Bureau,
    By,
    Event,
    FromStdin,
    Host,
    Json,
    Name,
    Person,
    Registry,
    form_of,
    officer_of,
    opened,
    whom,
)
from api.cli.sheets import Purpose
from registry.errors import SanquanError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.proofs.handing import Form
    from registry.proofs.making import Chosen
    from registry.store.engines import Store

app = typer.Typer(
    help="权益不变证明: 谁都能验, 不用相信登记机构。Certificates that anybody can verify without trusting the register.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Household = Annotated[
    str | None, typer.Option("--household", metavar="CODE", help="承包方编码 18 位 a contracting household by its code")
]
Things = Annotated[
    list[str] | None,
    typer.Option("--thing", metavar="ID|WORD", help="只证明这几项: 编号, 或 contract-grass、homestead … only these"),
]
Shows = Annotated[
    list[str] | None,
    typer.Option(
        "--show",
        metavar="WORD",
        help="公开什么, 可多次: facts family shape event person(不写就是这五样), texts names(含别人姓名) what is told",
    ),
]
ONE_ENTRY = ".tlog-proof"


class ShowUnknownError(SanquanError):
    """Raised when something is to be told that is no word for it."""

    def __init__(self, words: tuple[str, ...]) -> None:
        """All there are."""
        super().__init__(f"--show 只能是 {'、'.join(words)}", f"--show takes {', '.join(words)}")


class NoPolicyError(SanquanError):
    """Raised when nothing says whose signatures count."""

    def __init__(self) -> None:
        """How to get one; never from the paper itself."""
        super().__init__(
            "没有信任名单: 用 --policy FILE 或 SANQUAN_POLICY 给出; 名单要从登记机构、监察局公开的地方取, 不能取自这份证明",
            "no policy: give one by --policy FILE or SANQUAN_POLICY; take it from where the register and the bureau publish it, "
            "never from the paper",
        )


@app.command("make")
def make(  # noqa: PLR0913  (one parameter an option)
    *,
    out: Annotated[Path, typer.Argument(metavar="FILE.json|FILE.pdf", help="写到哪里 where to write it")],
    purpose: Purpose,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    household: Household = None,
    thing: Things = None,
    show: Shows = None,
    event: Event = None,
    host: Host = "",
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """出一份权益不变证明, 记下用途。Make a certificate; each making is logged with its purpose."""
    from registry.exports.write import replacing
    from registry.proofs.handing import Order, hand_out

    form: Form = form_of(out, "json", "pdf")
    with opened(registry) as store:
        with store.reading() as connection:
            of, whose = _whose(store, connection, person, name, id_number_stdin, household)
        order = Order(
            "household" if of == "household" else "person",
            whose,
            _chosen(thing, show, event),
            officer_of(officer, bureau),
            purpose,
            form=form,
            reader="paper",
            host=host,
        )
        with replacing(out) as unfinished:
            handed = hand_out(store, order)
            unfinished.write_bytes(handed.content)
    _say(handed.made.verdict.word, len(handed.made.verdict.things), handed.made.begun_since)
    shown.say(f"写在 {out}, SHA-256 {handed.made.verdict.digest.hex()}", "written")


@app.command("show")
def show_(
    *,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    household: Household = None,
    thing: Things = None,
    event: Event = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """先看会证明什么, 不出文件。What would be proved, and each thing's id; writes nothing, tells no name."""
    from registry.ledger.verify.told import plain
    from registry.ledger.verify.words import THINGS, VERDICTS
    from registry.proofs import making
    from registry.proofs.handing import NAMING, subject_of

    with opened(registry) as store, store.reading() as connection:
        of, whose = _whose(store, connection, person, name, id_number_stdin, household)
        chosen = _chosen(thing, None, event)
        chosen = making.Chosen(chosen.things, chosen.show - NAMING, chosen.event)
        made = making.make(store, connection, subject_of(store, connection, of, whose), chosen)
    if json:
        shown.as_json(plain(made.verdict))
        return
    shown.table(
        "会证明这些 what would be proved",
        ("项 thing", "结论 verdict", "编号 id"),
        [
            (f"{THINGS[t.thing][0]} {t.thing}", f"{VERDICTS[t.whole][0]} {t.whole}", t.thing_id)
            for t in made.verdict.things
        ],
    )
    _say(made.verdict.word, len(made.verdict.things), made.begun_since)


@app.command("entry")
def entry(
    *,
    index: Annotated[int, typer.Argument(min=0, metavar="INDEX", help="第几条账目 its place in the log")],
    out: Annotated[Path, typer.Argument(metavar="FILE.tlog-proof", help="写到哪里 where to write it")],
    registry: Registry = HERE,
) -> None:
    """一条账目在账本里的证明(c2sp.org/tlog-proof)。The proof that one entry stands in the log; no personal data in it."""
    from registry.proofs.entries import entry_proof

    with opened(registry) as store, store.reading() as connection:
        proof = entry_proof(store, connection, index)
    out.write_bytes(proof)
    shown.say(f"第 {index} 条账目的证明写在 {out}", "written")


@app.command("page")
def page(
    *,
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="写到哪里, 例如 U 盘 where to, a stick for example")],
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", metavar="FILE", help="信任名单, 默认登记库自己的 whose signatures count, else the registry's"
        ),
    ] = None,
    registry: Registry = HERE,
) -> None:
    """核对网页存成一个文件: 断网可用, 名单在内。The page that verifies, as one file for a stick; works without a network."""
    from api.verify_page import page as whole
    from registry.exports.write import replacing
    from registry.ledger.publishing import NoLogKeyError, policy_text
    from registry.ledger.verify.note import parse_policy
    from registry.ledger.verify.strict import VerifyError, utf8

    if policy is None:
        with opened(registry) as store, store.reading() as connection:
            text = policy_text(connection)
        if not text:
            raise NoLogKeyError
    else:
        try:
            text = utf8(policy.read_bytes())
            parse_policy(text)
        except VerifyError as unreadable:
            raise PolicyUnreadableError(unreadable) from unreadable
    with replacing(out) as unfinished:
        unfinished.write_bytes(whole(text))
    shown.say(f"写在 {out}: 用浏览器打开, 把证明拖进去", "written: open it in a browser and drop a proof on it")
    shown.say("里面的信任名单:", f"the list of keys inside:\n{text.rstrip()}")


def verify(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="权益不变证明或权益保留证明 .pdf .json, 或 .tlog-proof")],
    policy: Annotated[
        Path | None,
        typer.Option("--policy", envvar="SANQUAN_POLICY", metavar="FILE", help="信任名单 whose signatures count"),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option("--code", help="纸上的码(SQ1.…)或扫出的网址: the code on the paper must be that of FILE"),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="技术部分 the technical part")] = False,
    json: Json = False,
) -> None:
    """验一份证明: 不联网, 只用公钥。Verify offline: 0 genuine, 10 no certificate inside, 11 to 20 the step that failed."""
    from registry.ledger.verify.command import answer
    from registry.ledger.verify.note import parse_policy
    from registry.ledger.verify.strict import VerifyError, utf8
    from registry.ledger.verify.told import NO_CERTIFICATE
    from registry.proofs.attached import NoCertificateInsideError, certificate_in

    if policy is None:
        raise NoPolicyError
    try:
        trusted = parse_policy(utf8(policy.read_bytes()))
        raw = certificate_in(file.read_bytes())
    except NoCertificateInsideError as nothing:
        shown.say(f"查不了 ? {nothing.zh}", f"CAN'T BE DECIDED: {nothing.en}")
        raise typer.Exit(NO_CERTIFICATE) from nothing
    except VerifyError as unreadable:
        raise PolicyUnreadableError(unreadable) from unreadable
    raise typer.Exit(answer(raw, trusted, code=code, details=details, as_json=json))


class PolicyUnreadableError(SanquanError):
    """Raised when a policy can't be read."""

    def __init__(self, why: SanquanError | ValueError) -> None:
        """What is wrong with it."""
        super().__init__(f"信任名单读不了: {why}", f"the policy can't be read: {why}")


def _whose(
    store: Store,
    connection: Connection,
    person: str | None,
    name: str | None,
    from_stdin: bool,  # noqa: FBT001  (an option handed on)
    household: str | None,
) -> tuple[str, str]:
    from api import asked

    if household is not None and person is None and name is None and not from_stdin:
        return "household", asked.text("household", household)
    return "person", whom(store, connection, person, name, from_stdin)


def _chosen(thing: list[str] | None, show: list[str] | None, event: int | None) -> Chosen:
    from registry.proofs.making import SHOWS, USUALLY, Chosen

    if not set(show or ()) <= set(SHOWS):
        raise ShowUnknownError(SHOWS)
    return Chosen(frozenset(thing or ()), frozenset(show) if show else USUALLY, event)


def _say(word: str, things: int, begun_since: int) -> None:
    from registry.ledger.verify.words import LEFT_OUT, VERDICTS

    shown.say(f"{VERDICTS[word][0]}: 比了 {things} 项", f"{word}: {things} things")
    if begun_since:
        shown.say(f"搬家以后才登记的 {begun_since} 项不比", "began only since, not compared")
    shown.say(*LEFT_OUT)
