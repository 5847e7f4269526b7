"""Do versions agree with the act that made them, and had the act what its cause asks for?

The act's day, desk, payment and wills are committed in its entry; here they are open. A version repeats the day; the
second of recording stands in the desk's line; an act that must be paid for, or consented to, shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.audit.rows import disagreement
from registry.errors import SanquanError
from registry.law import causes
from registry.ledger.act import ActFields, Will, require
from registry.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.audit.log import Log
    from registry.audit.openings import Opened
    from registry.audit.versions import Walked
    from registry.ledger.check import Disagreement


def judge_acts(log: Log, walked: Walked, opened: Opened) -> Iterator[Disagreement]:
    """Every version whose day is not its act's, every act whose second, payment or wills are not as they must be."""
    for idx, act in log.acts.items():
        fields = opened.fields[idx]
        for day, versions in walked.days[idx].items():
            if "act.day" in fields and day != fields["act.day"]:
                for table, row in versions:
                    zh, en = "行为日期与账目不同", "the day of its act is not the one that the entry committed"
                    yield disagreement(table, row, idx, ("act_day",), zh, en)
        if "act.desk" in fields and fields["act.desk"][2] != log.entries[idx].row["recorded_at"]:
            zh, en = "记录时间与账目所载不同", "the time of recording is not the one that the entry committed"
            yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("recorded_at",), zh, en)
        yield from _needs(idx, act.kind, fields)


def _needs(idx: int, kind: str, fields: dict[str, Any]) -> Iterator[Disagreement]:
    """What the closed list asks of the act; who must consent, person by person, was the act's to ask."""
    if kind not in causes.kinds() or "act.payment" not in fields:
        return  # an unlawful kind is the replay's to name (P5); what was erased can't be asked
    wills = tuple(Will(*value) for path, value in fields.items() if path.startswith("evidence.") and value)
    try:
        require(kind, ActFields(payment=fields["act.payment"], wills=wills))
    except SanquanError as missing:
        yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("act.payment", "evidence"), missing.zh, missing.en)
