"""Which commands are there? Each loads what it needs when it runs, so that `sanquan --help` is instant.

A refusal is printed as 中文 / English without a traceback and ends with 2. Nothing that was typed is logged.
"""

from __future__ import annotations

import gc
import sys
from copy import copy
from typing import TYPE_CHECKING

import typer
from typer.main import get_group

from api.cli import (
    accounting,
    answering,
    assembling,
    breaching,
    casing,
    certificates,
    certifying,
    comparing,
    deciding,
    deliveries,
    delivering,
    demonstrating,
    events,
    exceptions,
    inspecting,
    jobs,
    law,
    looking,
    noticing,
    papers,
    paying,
    police,
    process,
    proving,
    publishing,
    receiving,
    reshaping,
    serving,
    sheets,
    starting,
    statistics,
    subsidies,
    witnessing,
)
from gis.errors import GisError
from registry.errors import SanquanError
from registry.ledger.verify.strict import VerifyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFUSED = 2
_ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000

app = typer.Typer(
    name="sanquan",
    help="三权: 登记土地权利, 证明进城落户什么都没有变。A register of land rights that a move to town does not change.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init")(starting.init)
app.command("import")(delivering.import_)
app.command("inspect")(inspecting.inspect)
app.command("receipt")(receiving.receipt)
app.command("statement")(answering.statement)
app.command("rights")(answering.rights)
app.command("guarantee")(answering.guarantee)
app.command("looked")(looking.looked)
app.command("parcels")(answering.parcels)
app.command("decide")(deciding.decide)
app.command("apply")(deciding.apply)
app.command("permit")(deciding.permit)
app.command("settle")(events.settle)
app.command("event")(events.event)
app.command("compare")(comparing.compare)
app.command("entitlements")(answering.entitlements)
app.command("answer")(answering.answer)
app.command("statistics")(statistics.statistics)
app.command("audit")(proving.audit)
app.command("replay")(proving.replay)
app.command("verify")(certifying.verify)
app.command("export")(delivering.export)
app.command("publish")(delivering.publish)
app.command("hand-in")(delivering.hand_in)
app.command("serve")(serving.serve)
app.add_typer(publishing.ledger, name="ledger")
publishing.ledger.add_typer(witnessing.app, name="witness")
app.command("witness", **witnessing.AS_IT_IS)(witnessing.witness)
app.add_typer(accounting.app, name="account")
app.add_typer(publishing.key, name="key")
app.add_typer(breaching.app, name="breach")
app.add_typer(casing.app, name="case")
app.add_typer(paying.app, name="payments")
app.add_typer(assembling.app, name="roster")
app.add_typer(police.app, name="events")
app.add_typer(deciding.queue, name="queue")
app.add_typer(deciding.identity, name="identity")
app.add_typer(reshaping.app, name="parcel")
app.add_typer(subsidies.app, name="subsidies")
app.add_typer(jobs.app, name="job")
app.add_typer(deliveries.app, name="delivery")
app.add_typer(exceptions.app, name="exception")
app.add_typer(papers.app, name="source")
app.add_typer(noticing.app, name="notice")
app.add_typer(sheets.app, name="sheet")
app.add_typer(certificates.app, name="certificate")
app.add_typer(certifying.app, name="proof")
app.add_typer(law.app, name="law")
app.add_typer(demonstrating.app, name="demo")


def main() -> None:
    """The `sanquan` command of the shell."""
    # A command makes few cycles and much else: looking for garbage as often as Python does is a tenth of an export.
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    process.IS_ITS_OWN.set()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. 0 well, 1 a check failed, 2 refused or called wrongly."""
    try:
        _asked_for(arguments)(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except (SanquanError, GisError, VerifyError) as refusal:
        _say(f"{refusal.zh}\n{refusal.en}")
    except OSError as failure:
        where = f": {failure.filename}" if failure.filename else ""
        _say(f"读写不成({failure.strerror}){where}\ncannot read or write ({failure.strerror}){where}")
    except Exception as failure:  # noqa: BLE001  (the last door: a driver's message or a traceback can hold values)
        what = f"{type(failure).__name__}, {_place(failure)}"
        _say(f"系统出错({what}), 没有做完的都不算数\nsomething failed ({what}); nothing half-done counts")
    return REFUSED


def _asked_for(arguments: Sequence[str]) -> Callable[[list[str]], object]:
    """The command that is asked for, alone: to read the options of all of them takes as long as a short command."""
    word = arguments[0] if arguments else ""
    alone = copy(app)
    alone.registered_commands = [command for command in app.registered_commands if command.name == word]
    alone.registered_groups = [group for group in app.registered_groups if group.name == word]
    return get_group(alone) if alone.registered_commands or alone.registered_groups else app


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _place(failure: BaseException) -> str:
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
