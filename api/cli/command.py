"""Which commands are there? Each loads what it needs when it runs, so that `sanquan --help` is instant.

A refusal is printed as 中文 / English without a traceback and ends with 2. Nothing that was typed is logged.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.main import get_group

from api.cli import process
from gis.errors import GisError
from registry.errors import SanquanError
from registry.ledger.verify.strict import VerifyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFUSED = 2
_ALLOCATIONS_BETWEEN_COLLECTIONS = 100_000

_PLACES = {
    "init": "starting:init",
    "upgrade": "starting:upgrade",
    "import": "delivering:import_",
    "inspect": "inspecting:inspect",
    "receipt": "receiving:receipt",
    "statement": "answering:statement",
    "rights": "answering:rights",
    "guarantee": "answering:guarantee",
    "looked": "looking:looked",
    "listings": "listing:listings",
    "parcels": "answering:parcels",
    "decide": "deciding:decide",
    "apply": "deciding:apply",
    "permit": "deciding:permit",
    "settle": "events:settle",
    "event": "events:event",
    "compare": "comparing:compare",
    "blank-table": "comparing:blank_table",
    "entitlements": "answering:entitlements",
    "answer": "answering:answer",
    "statistics": "statistics:statistics",
    "villages": "publicly:villages",
    "supervision": "supervising:supervision",
    "sample": "sampling:app",
    "audit": "proving:audit",
    "replay": "proving:replay",
    "verify": "certifying:verify",
    "export": "delivering:export",
    "publish": "delivering:publish",
    "hand-in": "delivering:hand_in",
    "summaries": "delivering:summaries",
    "serve": "serving:serve",
    "ledger": "publishing:ledger",
    "witness": "witnessing:witness",
    "account": "accounting:app",
    "key": "publishing:key",
    "breach": "breaching:app",
    "case": "casing:app",
    "payments": "paying:app",
    "roster": "assembling:app",
    "events": "police:app",
    "served": "served:app",
    "districts": "served:districts",
    "queue": "deciding:queue",
    "identity": "deciding:identity",
    "parcel": "reshaping:app",
    "subsidies": "subsidies:app",
    "job": "jobs:app",
    "delivery": "deliveries:app",
    "exception": "exceptions:app",
    "source": "papers:app",
    "notice": "noticing:app",
    "sheet": "sheets:app",
    "certificate": "certificates:app",
    "proof": "certifying:app",
    "law": "law:app",
    "demo": "demonstrating:app",
}
"""Where each word leads: a function, or a group of further words. A module is loaded when one of its words is asked for."""
# The bureau's own program reads its own words: `sanquan witness` adds nothing to it.
_ITS_OWN_WORDS: dict[str, Any] = {
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    "add_help_option": False,
}


def commands(*words: str) -> typer.Typer:
    """The command with these of its words, or with all."""
    app = typer.Typer(
        name="sanquan",
        help="三权: 登记土地权利, 证明进城落户什么都没有变。A register of land rights that a move to town does not change.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for word in words or _PLACES:
        module, _, name = _PLACES[word].partition(":")
        found = getattr(import_module(f"api.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=word)
        else:
            app.command(word, **(_ITS_OWN_WORDS if word == "witness" else {}))(found)
    return app


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
    """The command that is asked for, alone: to load all of them takes as long as a short command."""
    return get_group(commands(*{*arguments[:1]} & _PLACES.keys()))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _place(failure: BaseException) -> str:
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "-" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
