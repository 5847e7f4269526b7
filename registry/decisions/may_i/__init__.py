"""What may I, what papers are missing, and what will not change: twelve situations of life, without saying who asks."""

from registry.decisions.may_i.answering import Sheet, answer
from registry.decisions.may_i.model import UNKNOWN, Asked, Option, Situation, UnknownAnswerError, situations

__all__ = ["UNKNOWN", "Asked", "Option", "Sheet", "Situation", "UnknownAnswerError", "answer", "situations"]
