"""Do the entries keep the public rules, do the rows agree with them, and how long is the log?"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.audit import AuditReport
    from registry.audit.since import SinceReport
    from registry.ledger.published import Published
    from registry.ledger.verify.replay import ReplayReport


Export = Annotated[
    Path | None, typer.Option("--export", metavar="FILE", help="每行一条账目, 可给任何人: the leaves, one a line")
]


class NoLeavesError(SanquanError):
    """Raised when there is neither a registry nor a file of leaves to replay."""

    def __init__(self, place: Path) -> None:
        """Where was looked."""
        super().__init__(
            f"{place} 既不是公布的账本(没有 checkpoint), 也不是登记库或账目文件: 用 sanquan ledger --export 导出",
            f"{place} is no published log (no checkpoint), no registry and no file of leaves: "
            "export one with sanquan ledger --export",
        )


class NothingSignedError(SanquanError):
    """Raised when signatures are asked for where there is no signed checkpoint."""

    def __init__(self) -> None:
        """What has one."""
        super().__init__(
            "--policy 和 --earlier 只用于公布的账本: 一个网址, 或内有 checkpoint 的文件夹",
            "--policy and --earlier are for a published log: an address, or a folder with a checkpoint in it",
        )


def audit(
    *,
    registry: Registry = HERE,
    record: Annotated[
        bool, typer.Option("--record", help="把不符的行记下来, 到查清为止 keep what disagrees until it is explained")
    ] = False,
    witness: Annotated[
        Path | None, typer.Option("--witness", metavar="FILE", help="见证方最后联署的检查点 the witness's last checkpoint")
    ] = None,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="只看上次核对无误之后的 only what came after the last clean audit")
    ] = False,
    json: Json = False,
) -> None:
    """逐行核对登记库和账本。Compare every row with the log. Ends with 1 if any disagrees."""
    from registry import breaches
    from registry.audit import audit as run
    from registry.audit import since

    with opened(registry) as store, shown.progress("核对", "comparing") as progress:
        last = since.last_audited(store) if since_last and witness is None else None
        report: AuditReport | SinceReport
        if last is None:
            report = run(store, progress, None if witness is None else witness.read_bytes())
        else:
            report = since.audit_since(store, last)
        if report.ok:
            since.remember(store, report.size, report.root)
        if record:
            breaches.record(store, report.findings, report.size)
    root = b64encode(report.root).decode()
    if json:
        shown.as_json(
            {
                "ok": report.ok,
                "size": report.size,
                "root": root,
                "state_root": report.st,
                "checked": report.checked,
                "since": None if last is None else last.size,
                "losses": [loss.facts() for loss in report.losses],
                "findings": [
                    {
                        "table": f.table,
                        "row": dict(f.key),
                        "entry": f.entry_idx,
                        "fields": list(f.fields),
                        "zh": f.zh,
                        "en": f.en,
                    }
                    for f in report.findings
                ],
            }
        )
    else:
        for loss in report.losses:
            zh, en = loss.said
            shown.say(f"⚠ {zh}", en)
        for finding in report.findings:
            shown.say("✗", str(finding))
        checked = ", ".join(f"{n} {what}" for what, n in report.checked.items())
        end = (
            ("逐行相符 ✓", "every row agrees") if report.ok else (f"{len(report.findings)} 处不符 ✗", "rows disagree")
        )
        shown.say(end[0], f"{end[1]}: {checked}; root {root}")
        if last is not None:
            shown.say(*since.UNSEEN)
    if not report.ok:
        raise typer.Exit(1)


def replay(
    *,
    place: Annotated[
        str | None,
        typer.Argument(
            metavar="[URL|DIR|FILE]",
            help="公布的账本(网址或文件夹), 登记库, 或导出的账目文件: a published log, a registry, or exported leaves",
        ),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="FILE", help="信任名单, 只用于公布的账本: whose signatures are asked for")
    ] = None,
    earlier: Annotated[
        Path | None, typer.Option("--earlier", metavar="FILE", help="以前留下的检查点: a checkpoint kept from before")
    ] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """只凭账目重算: P1 P2 P3 P5 P6。Check the public rules on the entries alone. Ends with 1 if one fails."""
    if place is not None and (place.startswith(("http://", "https://")) or (Path(place) / "checkpoint").is_file()):
        found = _published(place, policy, earlier)
        _show_published(found, json=json)
        if not found.ok:
            raise typer.Exit(1)
        return
    if policy is not None or earlier is not None:
        raise NothingSignedError
    where = registry if place is None else Path(place)
    report = _of_file(where) if where.is_file() else _of_registry(where)
    if json:
        shown.as_json(replay_facts(report))
    else:
        _show_rules(report)
        _show_sentences(("没有证明的:", "not proved:"), report.unproved)
    if not report.ok:
        raise typer.Exit(1)


def _published(where: str, policy: Path | None, earlier: Path | None) -> Published:
    from registry.ledger.published import place, read_published
    from registry.ledger.verify.note import parse_policy
    from registry.ledger.verify.strict import utf8

    with shown.progress("重算", "replaying") as progress:
        return read_published(
            place(where),
            None if policy is None else parse_policy(utf8(policy.read_bytes())),
            None if earlier is None else earlier.read_bytes(),
            progress,
        )


def _show_published(found: Published, *, json: bool) -> None:
    if json:
        shown.as_json(
            {
                **replay_facts(found.report),
                "ok": found.ok,
                "origin": found.checkpoint.origin,
                **{
                    name: [{"zh": zh, "en": en} for zh, en in sentences]
                    for name, sentences in (("faults", found.faults), ("proved", found.proved), ("unproved", found.unproved))
                },
            }
        )
        return
    shown.say("账本", f"log: {found.checkpoint.origin}, {found.checkpoint.size}")
    _show_rules(found.report)
    for zh, en in found.faults:
        shown.say(f"✗ {zh}", en)
    if found.ok:
        _show_sentences(("证明了的:", "proved:"), found.proved)
    _show_sentences(("没有证明的:", "not proved:"), found.unproved)


def _show_rules(report: ReplayReport) -> None:
    shown.table(
        f"重算 {report.size} 条 replayed {report.size} entries",
        ("规则 rule", "内容 what it says", "查了 checked", "不符 failed"),
        [(r.rule, f"{r.zh}\n{r.en}", str(r.checked), str(len(r.failures))) for r in report.rules],
    )
    for loss in report.losses:
        zh, en = loss.said
        shown.say(f"⚠ {zh}", en)
    for failure in report.failures:
        shown.say(f"✗ 第 {failure.index} 条 {failure.rule}: {failure.zh}", failure.en)
    shown.say("根 root", b64encode(report.root).decode())


def _show_sentences(head: tuple[str, str], sentences: Sequence[tuple[str, str]]) -> None:
    shown.say(*head)
    for zh, en in sentences:
        shown.say(f"  {zh}", en)


def replay_facts(report: ReplayReport) -> dict[str, Any]:
    """What a replay found, as plain values."""
    return {
        "ok": report.ok,
        "size": report.size,
        "root": b64encode(report.root).decode(),
        "losses": [loss.facts() for loss in report.losses],
        "open_since": report.open_since,
        "rules": [
            {
                "rule": r.rule,
                "zh": r.zh,
                "en": r.en,
                "checked": r.checked,
                "failures": [{"index": f.index, "zh": f.zh, "en": f.en} for f in r.failures],
            }
            for r in report.rules
        ],
        "unproved": [{"zh": zh, "en": en} for zh, en in report.unproved],
    }


def ledger(
    *,
    registry: Path,
    export: Path | None,
    known_at: str | None,
    json: bool,
) -> None:
    """What the log is at a size; its leaves into a file."""
    from api import asked
    from api.answers import ledger as answers
    from registry.ledger import read

    with opened(registry) as store, store.reading() as connection:
        at = asked.moment(store, connection, None, known_at)
        head = answers.head(store, connection, at)
        if export is not None:
            with export.open("wb") as file:
                for idx, leaf in enumerate(read.leaves(connection)):
                    if idx < at.known_at:
                        file.write(leaf + b"\n")
    if json:
        shown.as_json(head)
        return
    shown.say(f"账本 {head['size']} 条, 最后一条登于 {head['recorded_at']}", f"ledger: size {head['size']}")
    shown.say("根 root", head["root"])
    shown.say("状态根 state root", head["state_root"])


def _of_file(path: Path) -> ReplayReport:
    # Needs nothing of a registry, as for a stranger who got the file.
    from registry.ledger.verify.replay import replay as check

    with path.open("rb") as file:
        return check(line.removesuffix(b"\n") for line in file)


def _of_registry(folder: Path) -> ReplayReport:
    from registry.ledger import read
    from registry.ledger.verify.replay import replay as check
    from registry.store.settings import SETTINGS_FILE

    if not (folder / SETTINGS_FILE).is_file():
        raise NoLeavesError(folder)
    with opened(folder) as store, store.reading() as connection:
        return check(read.leaves(connection))
