"""Certificate and register differ: which of them counts (民法典 217, 220)?

The register, until somebody proves that it is wrong. Who can prove it asks for a correction; while the holder does not
agree, an objection stands in the register for as long as `deadlines` says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import decided, lacks, no, yes
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

PREVAILS = "REG/register-prevails"
EXTRACT = "登记簿的查询结果（不动产登记中心），和手里的证"


@dataclass(frozen=True, slots=True)
class TwoPapers:
    """Whether certificate and register say the same, and whether the register was proved wrong."""

    same: Known = field(default=None, metadata=shown_by(EXTRACT))
    register_proved_wrong: Known = field(default=None, metadata=shown_by("证明登记簿写错了的材料（合同、测绘、判决）"))


@decides(PREVAILS)
def register_counts(facts: TwoPapers, day: date) -> Decision:
    """Eligible: the register counts as it stands."""
    at = ("same", "register_proved_wrong")
    days = book().whole("REG/objection", "objection_days", day)
    if facts.same:
        zh = "证和登记簿写的一样，都作数。"
        return decided(yes(PREVAILS, zh, "Certificate and register say the same.", at[0]), day)
    if facts.register_proved_wrong:
        zh = f"有证据证明登记簿写错了：不按它，申请更正登记；权利人不同意的，可以办异议登记，{days}天之内去法院起诉。"
        en = f"The register is proved wrong: ask for its correction, or object and sue within {days} days."
        return decided(no(PREVAILS, zh, en, *at), day, "REG/objection")
    if facts.same is None:
        zh = "先查登记簿，和手里的证对一对。"
        return decided(lacks(PREVAILS, zh, "First compare the certificate with the register.", at[0], needs=(EXTRACT,)), day)
    zh = "证和登记簿不一样，眼下以登记簿为准；您有证据，随时可以申请更正。"
    en = "They differ: the register counts for now; with proof you may ask for its correction at any time."
    return decided(yes(PREVAILS, zh, en, *at), day, "REG/objection")
