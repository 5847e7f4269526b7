"""How does a matter become an entry of the register: who applies, who is told, who agrees, who decides, what is written?

A case goes step by step along the route of its kind (`kinds.toml`); `rules` says which step is open to whom, `engine` takes
it, `writing` holds the only way in which a case writes. See docs/cases.md.
"""

from registry.cases.actors import Actor
from registry.cases.beforehand import beforehand, shown
from registry.cases.boundaries import absent_until
from registry.cases.changing import Changing, changing
from registry.cases.choosing import Choices, choices
from registry.cases.disputes import STATES as DISPUTE_STATES
from registry.cases.dossiers import dossier_of
from registry.cases.engine import challenging, look, one, open_case, take, visible
from registry.cases.exits import SIGNS, STATES, Exit
from registry.cases.kinds import Kind, book, kind_of, kinds
from registry.cases.refusals import (
    ActRefusedError,
    CaseError,
    CaseMovedError,
    NoSuchCaseError,
    NoSuchKindError,
    NotByYouError,
    SaidMalformedError,
    StepNotOpenError,
)
from registry.cases.reports import Asked, asked
from registry.cases.rules import Facts, Next, answer_until, next_steps, notice_until, phase, told, wills
from registry.cases.seeing import request_of
from registry.cases.touched import Touched
from registry.cases.worklist import Work, Worklists, taken_today

__all__ = [
    "DISPUTE_STATES",
    "SIGNS",
    "STATES",
    "ActRefusedError",
    "Actor",
    "Asked",
    "CaseError",
    "CaseMovedError",
    "Changing",
    "Choices",
    "Exit",
    "Facts",
    "Kind",
    "Next",
    "NoSuchCaseError",
    "NoSuchKindError",
    "NotByYouError",
    "SaidMalformedError",
    "StepNotOpenError",
    "Touched",
    "Work",
    "Worklists",
    "absent_until",
    "answer_until",
    "asked",
    "beforehand",
    "book",
    "challenging",
    "changing",
    "choices",
    "dossier_of",
    "kind_of",
    "kinds",
    "look",
    "next_steps",
    "notice_until",
    "one",
    "open_case",
    "phase",
    "request_of",
    "shown",
    "take",
    "taken_today",
    "told",
    "visible",
    "wills",
]
