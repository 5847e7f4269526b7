"""May a guardian sign for an adult: did a court find it so, and does it still hold (民法典 21 to 24, 28; plan I.2.2)?

An adult settles on their own application. For one of whom a court found that they cannot decide for themself, the guardian
is their representative and signs. The court's decision is the evidence; without it nobody knows yet, which is no "no".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Part, all_of, decided, lacks, no, yes
from registry.law.deciding import Decision, decides

GUARDIAN, WILL = "PERSON/adult-guardian", "WS-2016/I.2.2"
_COURT = "法院认定不能（完全）辨认自己行为、写明监护人的判决书"


@dataclass(frozen=True, slots=True)
class Guardianship:
    """What is said of an adult for whom a guardian signs.

    `names_signer`: the court's decision names whoever signed as guardian. `in_force_from`: the day from which the
    decision is in force. `restored_on`: the day from which a later decision finds that they decide for themself again.
    """

    names_signer: Known = field(default=None, metadata=shown_by(_COURT))
    in_force_from: date | None = field(default=None, metadata=shown_by(_COURT))
    restored_on: date | None = None


@decides(GUARDIAN)
def sign_as_guardian(facts: Guardianship, day: date) -> Decision:
    """The court's decision names the signer, is in force, and no later one has given the adult their say back."""
    return decided(all_of(_named(facts.names_signer), _in_force(facts, day)), day, GUARDIAN, WILL)


def _named(names_signer: Known) -> Part:
    at = "names_signer"
    if names_signer is None:
        zh = "替成年人签字，要有法院的判决书；还没看到，先不办，也不算不行。"
        return lacks(GUARDIAN, zh, "To sign for an adult the court's decision must be shown; it was not yet.", at, needs=(_COURT,))
    if names_signer:
        return yes(GUARDIAN, "判决书写明签字的人是监护人。", "The court's decision names the signer as guardian.", at)
    zh = "判决书上的监护人不是签字的人：请监护人来签。"
    return no(GUARDIAN, zh, "The court's decision names another guardian, who signs.", at)


def _in_force(facts: Guardianship, day: date) -> Part:
    at, since, restored = "in_force_from", facts.in_force_from, facts.restored_on
    if restored is not None and restored <= day:
        zh = "法院已经认定他又能自己拿主意：由本人签字。"
        return no(WILL, zh, "A court has found that they decide for themself again: they sign themself.", "restored_on")
    if since is None:
        zh = "判决书从哪天起生效，还看不出来。"
        return lacks(GUARDIAN, zh, "From which day the court's decision is in force was not shown.", at, needs=(_COURT,))
    if since > day:
        zh = "判决书到办事这天还没有生效。"
        return no(GUARDIAN, zh, "The court's decision is not in force on the day.", at)
    return yes(GUARDIAN, "判决书已经生效。", "The court's decision is in force.", at)
