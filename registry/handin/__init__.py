"""The register written back as the delivery folder of NY/T 2539: 汇交, the hand-in, and its six summary tables by themselves."""

from registry.handin.make import HandedIn, NothingToHandInError, hand_in
from registry.handin.summing import SummaryForm, summary_file, summary_tables

__all__ = ["HandedIn", "NothingToHandInError", "SummaryForm", "hand_in", "summary_file", "summary_tables"]
