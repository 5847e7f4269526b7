"""What does an inspector type? `witness init | successor | about | check | cosign …`, each in its own sentence.

Ends with 0 when all is well, 1 where a head was refused or evidence is kept, 2 where the program itself was stopped.
"""

from __future__ import annotations

import argparse
import getpass
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from registry.ledger.verify.strict import VerifyError
from registry.witness import keys, receipt, settings, stick
from registry.witness.protocol import Witness
from registry.witness.refusals import KeySealedError
from registry.witness.server import HOST, PORT, Server
from registry.witness.store import Store
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH

WELL: Final = 0
REFUSED: Final = 1
STOPPED: Final = 2
PASSPHRASE_VARIABLE: Final = "SANQUAN_WITNESS_PASSPHRASE_FILE"  # noqa: S105  (the name of a variable)
_SHORTEST: Final = 12


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    asked = _parser().parse_args(words)
    try:
        return int(asked.run(asked))
    except VerifyError as refusal:
        sys.stderr.write(f"{refusal.zh}\n{refusal.en}\n")
    except OSError as failure:
        sys.stderr.write(f"读写不成({failure.strerror})\ncannot read or write ({failure.strerror}): {failure.filename or ''}\n")
    return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="witness", description="监察局的监督签名程序。The supervision bureau's witness of a land rights ledger."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("folder", type=Path, metavar="DIR", help="监督程序自己的文件夹 the witness's own folder")
        made.set_defaults(run=_COMMANDS[name])
        return made

    init = command("init", "建立: 生成自己的私钥 make the key, the settings and the store")
    init.add_argument("--name", required=True, help="监督机构的密钥名, 如 jiancha.example/wushen: the key's name")
    init.add_argument("--log", required=True, metavar="VKEY", help="登记机构的公钥文本 the log's verifier key")
    init.add_argument(
        "--log-private-key",
        required=True,
        type=Path,
        metavar="FILE",
        help="登记机构的私钥放在哪里(本程序必须读不到) where the log's private key lies: it must be out of reach",
    )
    successor = command("successor", "旧账丢了账目, 同意监督续账 watch the log that goes on after a loss")
    successor.add_argument("--of", required=True, metavar="ORIGIN", help="丢了账目的旧账 the name of the log that lost entries")
    successor.add_argument("--log", required=True, metavar="VKEY", help="续账的公钥文本 the successor's verifier key")
    successor.add_argument(
        "--log-private-key", type=Path, metavar="FILE", help="续账的私钥放在哪里, 不写则同旧账 where its private key lies"
    )
    command("about", "公钥, 以及签名说明什么 the public key, and what a cosignature states")
    for name, text in (
        ("check", "只查不签 check a request folder, sign nothing"),
        ("cosign", "查过再签, 回执写进文件夹 check, cosign, write the answer into the folder"),
    ):
        command(name, text).add_argument("request", type=Path, metavar="REQUEST", help="U 盘上的请求文件夹 the folder on the stick")
    serve = command("serve", "在网上应答(默认只在本机) answer over HTTP, on loopback unless told otherwise")
    serve.add_argument("--host", default=HOST)
    serve.add_argument("--port", default=PORT, type=int)
    command("status", "签到哪里 how far each log was cosigned")
    evidence = command("evidence", "留存的证据 what was refused")
    evidence.add_argument("number", type=int, nargs="?", metavar="N", help="只看一件 one of them")
    return parser


def _init(asked: argparse.Namespace) -> int:
    keys.refuse_log_key(asked.log_private_key)
    passphrase = _passphrase(asked.folder / keys.KEY_FILE, twice=True)
    settings.refuse_log_vkey(asked.log)
    asked.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.create(asked.folder / keys.KEY_FILE, asked.name, passphrase)
    Store(settings.create(asked.folder, asked.log, asked.log_private_key).store_file)
    return _about(asked)


def _successor(asked: argparse.Namespace) -> int:
    made = settings.add_successor(asked.folder, asked.log, asked.of, asked.log_private_key)
    with Store(made.store_file).reading() as change:
        head = change.head(asked.of)
    size = 0 if head is None else head.size
    _say(
        f"旧账 {asked.of} 我们签到第 {size} 条。续账说旧账没有这么长、留下的不是我们签过的, 就不签; 续账签了, 旧账不再签。",
        "丢了什么, 写在回执上。",
        f"we cosigned {asked.of} up to size {size}. A successor that makes it shorter, or that keeps other entries than those that",
        "we cosigned, is refused; the old log is cosigned no further once it has begun. The receipt says what was lost.",
    )
    return WELL


def _about(asked: argparse.Namespace) -> int:
    made = settings.load(asked.folder)
    key = keys.public(made.key_file)
    _say(
        "把下面这一行公钥交给登记机构和所有要核验的人 give this line to the registry and to whoever verifies:",
        f"witness {_nickname(key.name)} {key}",
        "",
        "签名只说明这一点 a cosignature states this and nothing else:",
        STATEMENT_ZH,
        STATEMENT_EN,
    )
    return WELL


def _check(asked: argparse.Namespace) -> int:
    return _told(stick.check(_witness(asked), asked.request))


def _cosign(asked: argparse.Namespace) -> int:
    return _told(stick.cosign(_witness(asked), asked.request))


def _serve(asked: argparse.Namespace) -> int:
    # SIGTERM is how a service is stopped; and what a shell puts in the background inherits that SIGINT is ignored.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)
    with suppress(KeyboardInterrupt), Server(_witness(asked), asked.host, asked.port) as server:
        _say(f"监督程序在 the witness answers at {server.url}")
        sys.stdout.flush()
        server.serve_forever()
    return WELL


def _status(asked: argparse.Namespace) -> int:
    made = settings.load(asked.folder)
    with Store(made.store_file).reading() as change:
        for log in made.logs.values():
            head = change.head(log.origin)
            if log.succeeds:
                _say(f"{log.origin} 接续 succeeds {log.succeeds}")
            if head is None:
                _say(f"{log.origin}: 还没有签过 nothing cosigned yet")
            else:
                _say(f"{log.origin}: {head.size} 条 entries", head.note.decode())
        kept = len(change.evidence())
    if kept:
        _say(f"留存证据 {kept} 件 refused and kept: witness evidence {asked.folder}")
    return REFUSED if kept else WELL


def _evidence(asked: argparse.Namespace) -> int:
    with Store(settings.load(asked.folder).store_file).reading() as change:
        found = [each for each in change.evidence() if asked.number in {None, each.number}]
    for each in found:
        _say(receipt.of_evidence(each))
    if not found:
        _say("没有 none")
    return REFUSED if found else WELL


_COMMANDS: Final = {
    "init": _init,
    "successor": _successor,
    "about": _about,
    "check": _check,
    "cosign": _cosign,
    "serve": _serve,
    "status": _status,
    "evidence": _evidence,
}


def _witness(asked: argparse.Namespace) -> Witness:
    """The witness, ready to sign. LogKeyReadableError first of all."""
    made = settings.load(asked.folder)
    made.refuse_log_keys()
    signer = keys.opened(made.key_file, _passphrase(made.key_file))
    return Witness(made, Store(made.store_file), signer)


def _passphrase(key_file: Path, *, twice: bool = False) -> str:
    """The first line of the file that the environment names, or what is typed. KeySealedError for one too short or unequal."""
    file = os.environ.get(PASSPHRASE_VARIABLE)
    if file:
        given = Path(file).read_text(encoding="utf-8").split("\n")[0]
    else:
        given = getpass.getpass("口令 passphrase: ")
        if twice and getpass.getpass("再输一次 again: ") != given:
            raise KeySealedError(key_file, "两次口令不同", "the two passphrases differ")
    if twice and len(given) < _SHORTEST:
        raise KeySealedError(key_file, f"口令至少 {_SHORTEST} 个字", f"a passphrase has at least {_SHORTEST} characters")
    return given


def _told(result: stick.Result) -> int:
    _say(result.receipt)
    return WELL if result.cosigned else REFUSED


def _nickname(name: str) -> str:
    """The word by which a policy speaks of the key: the last part of its name."""
    return name.rpartition("/")[2]


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
