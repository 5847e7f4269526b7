"""What does anybody see of the land, at a terminal: what `/v1/villages` and the public's `/map` say?"""

from __future__ import annotations

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened


def villages(*, registry: Registry = HERE, json: Json = False) -> None:
    """公众看得到的: 嘎查村、户数、轮廓开没开。What the public sees: villages, counts, whether outlines are shown."""
    from api.answers import villages as answers
    from registry.statistics.sheet import HIDDEN

    with opened(registry) as store, store.reading() as connection:
        answer = answers.villages(store, connection)
    if json:
        shown.as_json(answer)
        return
    rows = [
        (each["properties"]["name"], each["id"], use["zh"],
         *(HIDDEN if use[cell] is None else str(use[cell]) for cell in ("households", "area_mu")))
        for each in answer["features"]
        for use in each["properties"]["uses"]
    ]
    shown.table("嘎查、村 villages", ("名称 name", "代码 code", "地类 use", "户 households", "亩 mu"), rows)
    limits = answer["outlines"]
    number = limits["approval_number"] or "无 none"
    state = ("开", "shown") if limits["shown"] else ("关", "not shown")
    shown.say(f"轮廓: {state[0]}; 审图号 {number}", f"outlines: {state[1]}; map approval number {number}")
    shown.say(
        f"方格 {limits['precision_m']} 米, 连片不超过 {limits['unbroken_km2']} 平方千米 ({limits['rule']}, 未确认)",
        f"cells of {limits['precision_m']} m, at most {limits['unbroken_km2']} km2 without a break (unconfirmed)",
    )

