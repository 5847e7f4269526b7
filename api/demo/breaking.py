"""What does `sanquan demo break` do? It hands the visitor a throwaway copy to damage, and says what they did.

Any tool will do; nothing is spared. Without an idea of one's own there are five; each tears the locks off first, since
with the locks on the database refuses.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.demo.story import demo_registry, tell
from api.demo.teller import Teller
from migrations.upgrade import open_registry
from registry import attempts
from registry.audit import audit
from registry.store.copying import drop_copy, throwaway_copy

if TYPE_CHECKING:
    from registry.store.settings import Settings

IDEAS = (
    ("缩小一块草场的面积", "make a pasture smaller", "parcel_version", "surveyed_area_mu", "1.00"),
    ("让一份承包合同早十年到期", "let a contract run out ten years early", "right_version", "term_end", "2017-12-31"),
    ("从一户里抹掉一个共有人", "strike a co-holder off a household's list", "holding_member", "co_holder", 0),
    ("把一项成员身份改成已终止", "mark a membership as ended", "membership_version", "status", "ended"),
    ("改账本里的一条记录", "rewrite an entry of the log", "ledger_entry", "leaf", "{}"),
)


def run(engine: str, lang: str, *, idea: int | None = None, as_json: bool = False) -> int:
    """Make a copy, let it be damaged, audit it. 0 when every damage was named or none was done, 1 otherwise."""
    teller = Teller(lang, silent=as_json)
    with demo_registry(engine) as store, tempfile.TemporaryDirectory(prefix="sanquan-break-") as base:
        tell(store, Teller(lang, silent=True))
        store.close()
        settings = throwaway_copy(store.settings, Path(base) / "data")
        try:
            done = _damage(settings, teller, idea)
            copy = open_registry(settings.folder)
            findings = audit(copy).findings
            copy.close()
        finally:
            drop_copy(settings)
    if as_json:
        sys.stdout.write(
            json.dumps({"damage": done, "findings": [str(f) for f in findings]}, ensure_ascii=False) + "\n"
        )
    if not findings:
        teller.say("一处也没有改动: 与账本逐项相符 ✓", "nothing was changed: every row agrees with the log")
        return 1 if done else 0
    teller.say(f"您改了 {len(findings)} 处, 全部查出:", f"you changed this; {len(findings)} findings:")
    for finding in findings:
        teller.say(f"  ✗ {finding}")
    return 0


def _damage(settings: Settings, teller: Teller, idea: int | None) -> dict[str, Any] | None:
    where = settings.database if settings.engine == "file" else settings.url
    teller.say("这是一份副本, 随便改, 用什么工具都行:", f"this copy is yours to damage, with any tool:\n    {where}")
    for number, (zh, en, *_) in enumerate(IDEAS, start=1):
        teller.say(f"  {number}  {zh}", en)
    if idea is None:
        sys.stdout.write(teller.pick("改好后按回车, 或输入 1–5: ", "press Enter when done, or type 1-5: "))
        sys.stdout.flush()
        typed = sys.stdin.readline().strip()
        idea = int(typed) if typed in {"1", "2", "3", "4", "5"} else None
    if idea is None:
        return None
    _, _, table, column, value = IDEAS[idea - 1]
    return attempts.overwrite_one(settings, table, column, value)
