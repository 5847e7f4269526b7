"""Decisions of the plan and the laws: pure functions of facts and a day, which read the rule book and nothing else."""
