"""How is the demonstration started: told once, or told and then served; and a copy to break?"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    help="一家人进城, 逐项比对, 谁也拿不走他们的地。One family moves; nothing changes; attempts fail.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Engine = Annotated[Literal["file", "postgis"], typer.Option(help="一个文件, 或 PostGIS: one file, or PostGIS")]
Lang = Annotated[Literal["both", "zh", "en"], typer.Option(help="中文、英文或两样 Chinese, English or both")]
Json = Annotated[bool, typer.Option("--json", help="只给脚本看的 JSON: facts for a script")]


@app.callback()
def story(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="讲完就结束, 不开地图 end before the map is served")] = False,
    json: Json = False,
    tamper: Annotated[
        bool, typer.Option("--tamper", help="背着登记库改一行, 必须查出来: one row is altered")
    ] = False,
    engine: Engine = "file",
    lang: Lang = "both",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="地图的端口 the map's port")] = 8765,
) -> None:
    """讲一遍; 不带 --once 就接着打开地图。Tell the story, then serve the map unless --once."""
    if context.invoked_subcommand is not None:
        return
    from api.demo import story as demo

    if once or json or tamper:
        with _leaving_nothing():
            raise typer.Exit(demo.run(engine, lang, as_json=json, tamper=tamper))
    import secrets

    from api.cli.serving import listen
    from api.demo import stops
    from api.demo.teller import Teller

    with _leaving_nothing(), demo.demo_registry(engine) as store:
        teller = Teller(lang)
        told = demo.tell(store, teller)
        prepared = stops.prepare(store, told.person)
        teller.say(
            f"故事和角色 http://127.0.0.1:{port}/   再试一次: sanquan demo break", "the story and its roles; try it yourself"
        )
        teller.say(f"核对网页 http://127.0.0.1:{port}/verify", "the page that verifies; keep it on a stick")
        listen(store.settings.folder, "127.0.0.1", port, secrets.token_urlsafe(24), demo=prepared)


@app.command("break")
def break_(
    *,
    engine: Engine = "file",
    lang: Lang = "both",
    idea: Annotated[int | None, typer.Option(min=1, max=5, help="五个现成的主意之一 one of five ideas")] = None,
    json: Json = False,
) -> None:
    """拿一份副本随便改, 再看查不查得出来。Damage a throwaway copy, then see whether audit names it."""
    from api.demo import breaking

    with _leaving_nothing():
        raise typer.Exit(breaking.run(engine, lang, idea=idea, as_json=json))


@contextmanager
def _leaving_nothing() -> Iterator[None]:
    """SIGTERM ends what runs inside as Ctrl-C does, so that its folder goes with it; else the process would end at once."""
    was = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, was)
