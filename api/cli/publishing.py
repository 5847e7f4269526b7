"""How is the log published at a terminal, and how does it get, change and lose its keys?"""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer

from api.cli import proving, shown, witnessing
from api.cli.options import HERE, Json, KnownAt, Registry, opened
from registry.errors import SanquanError

ledger = typer.Typer(help="账本: 条数、根, 公布, 信任名单。The log: size and roots; publish it; its policy.")
ledger.add_typer(witnessing.app, name="witness")
key = typer.Typer(help="账本的签名密钥。The keys that sign the log.", no_args_is_help=True)
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", envvar="SANQUAN_LOG_PASSPHRASE_FILE", metavar="FILE|-",
        help="私钥的口令, - 为键入; 不给则由登记库的密钥文件封存 the key's passphrase; without one the key file seals it",
    ),
]  # fmt: skip


class PassphraseEmptyError(SanquanError):
    """Raised when a passphrase is asked for and there is none."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__("口令是空的: 写进文件一行, 或键入", "the passphrase is empty: one line in a file, or typed")


@ledger.callback(invoke_without_command=True)
def head(
    context: typer.Context,
    *,
    registry: Registry = HERE,
    export: proving.Export = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """账本: 条数、根、状态根。The log: its size, root and state root; it holds no personal data."""
    if context.invoked_subcommand is None:
        proving.ledger(registry=registry, export=export, known_at=known_at, json=json)
    elif any(_was_typed(context, name) for name in context.params):
        message = "选项写在子命令之后 options go after the word that follows `ledger`"
        raise typer.BadParameter(message)


def _was_typed(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@ledger.command("publish")
def publish(*, registry: Registry = HERE, passphrase_file: PassphraseFile = None, json: Json = False) -> None:
    """把到现在的账目公布为数据块和签名的检查点。Publish the log: tiles, then a signed checkpoint. Again is no harm."""
    from registry.ledger import publishing

    secret = passphrase(passphrase_file)
    with opened(registry) as store:
        done = publishing.publish(store, secret)
        folder = store.settings.published
    root = b64encode(done.root).decode()
    if json:
        shown.as_json({"size": done.size, "root": root, "new": done.new, "checkpoint": done.note.decode()})
        return
    shown.say(f"公布了 {done.size} 条, 新的 {done.new} 条", f"published: size {done.size}, {done.new} new; {folder}")
    shown.say("根 root", root)


@ledger.command("succeed")
def succeed(
    origin: Annotated[str, typer.Argument(metavar="NAME", help="续账的名称, 没用过的 the successor's own name, never used")],
    *,
    because: Annotated[
        str, typer.Option("--because", metavar="WORDS", help="为什么丢了: 一句话, 永远公开 why it was lost; public for good")
    ],
    lost: Annotated[
        str, typer.Option("--lost", metavar="FIRST-LAST", help="缺的范围, 照提示写一遍 the missing range, word for word")
    ] = "",
    registry: Registry = HERE,
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """丢了账目、没有更新的备份时: 以新名称续账, 公开写明丢了什么。After a loss without a newer backup: go on under another name,
    saying in public what was lost. The old log's files stay; nothing can be lost in silence.
    """
    from registry.ledger import publishing

    secret = passphrase(passphrase_file)
    with opened(registry) as store:
        done = publishing.succeed(store, origin, because, lost, secret)
        files = store.settings.published_before
    facts = {**done.loss.facts(), "lost_classes": None if done.lost.classes is None else dict(done.lost.classes)}
    if json:
        shown.as_json(facts | {"checkpoint": done.published.note.decode(), "files": str(files)})
        return
    shown.say(*done.loss.said)
    if done.lost.classes is None:
        shown.say(
            "旧账公布的文件不全: 丢了哪些、留下的是不是原来签过的, 这里核对不了, 请监督机构核对",
            "the old log's files are not all here: what was lost, and that the rest is what was signed, only a witness can tell",
        )
    else:
        counts = ", ".join(f"{cls} {n}" for cls, n in sorted(done.lost.classes.items()))
        shown.say(f"丢的是: {counts}; 旧账的文件在 {files}", "lost entries by class; the old log's files are there")
    shown.say(
        f"续账 {origin} 公布了 {done.published.size} 条。下一步: 看新的信任名单(sanquan ledger policy)里监督机构还在不在, "
        "交给核验的人; 请监督机构 witness successor; 照纸质档案和人们手里的证明补登",
        "published. Next: look whether the witnesses still stand in the new policy, give it to verifiers; ask the bureau to run "
        "witness successor; enter again what was lost, from the papers and from the certificates that people hold",
    )


@ledger.command("policy")
def policy(*, registry: Registry = HERE) -> None:
    """信任名单: 谁的签名作数(c2sp.org/tlog-policy)。The policy: whose signatures count. Give it to verifiers by another way."""
    from registry.ledger.publishing import NoLogKeyError, policy_text

    with opened(registry) as store, store.reading() as connection:
        text = policy_text(connection)
    if not text:
        raise NoLogKeyError
    sys.stdout.write(text)


@key.command("create")
def create(
    origin: Annotated[str, typer.Argument(metavar="NAME", help="账本的名称, 例如 log.example.cn/sanquan")],
    *,
    registry: Registry = HERE,
    passphrase_file: PassphraseFile = None,
) -> None:
    """第一把密钥; 名称以后不变。The first key, under the name that every checkpoint bears for good."""
    from registry.ledger.publishing import keys

    secret = passphrase(passphrase_file)
    with opened(registry) as store:
        made = keys.create(store, origin, secret)
        folder = store.settings.signing
    shown.say(f"公钥 {made}", f"private half sealed in {folder}: back it up")


@key.command("list")
def list_(*, registry: Registry = HERE, json: Json = False) -> None:
    """账本上的密钥, 停用的也在。Every key that the log names, those that were revoked too."""
    from api.answers.ledger import keys_facts
    from registry.ledger.publishing import keys_on_log

    with opened(registry) as store, store.reading() as connection:
        known = keys_facts(keys_on_log(connection))
    if json:
        shown.as_json({"keys": known})
        return
    shown.table(
        "账本的密钥 keys of the log",
        ("公钥 key", "自 since", "停用 revoked"),
        [
            (
                k["vkey"],
                f"#{k['since']} {k['since_at']}",
                f"#{k['revoked']} {k['revoked_at']}" if k["revoked_at"] else "",
            )
            for k in known
        ],
    )


@key.command("rotate")
def rotate(*, registry: Registry = HERE, passphrase_file: PassphraseFile = None) -> None:
    """再加一把新密钥; 旧的停用之前两把都签。One more key; both sign until the older one is revoked."""
    from registry.ledger.publishing import keys

    secret = passphrase(passphrase_file)
    with opened(registry) as store:
        made = keys.rotate(store, secret)
    shown.say(f"新公钥 {made}", "give verifiers the new policy (sanquan ledger policy), then revoke the older key")


@key.command("revoke")
def revoke(
    key_id: Annotated[
        str, typer.Argument(metavar="ID", help="公钥文本中间的 8 位编号 the 8 digits in the midst of the vkey")
    ],
    *,
    registry: Registry = HERE,
) -> None:
    """停用一把密钥; 它以前签的仍可核对。A key signs no more; what it signed before can still be checked."""
    from registry.ledger.publishing import keys

    with opened(registry) as store:
        gone = keys.revoke(store, key_id)
    shown.say(
        f"停用了 {gone.key.key_id.hex()}, 到第 {gone.revoked} 条为止作数", f"revoked: counts up to size {gone.revoked}"
    )


def passphrase(file: Path | None) -> bytes | None:
    """The passphrase of a file, or typed (-), or none. PassphraseEmptyError."""
    if file is None:
        return None
    if str(file) == "-" and sys.stdin.isatty():
        from getpass import getpass

        found = getpass("口令 passphrase: ").encode()
    else:
        found = (sys.stdin.buffer.readline() if str(file) == "-" else file.read_bytes()).rstrip(b"\r\n")
    if not found:
        raise PassphraseEmptyError
    return found
