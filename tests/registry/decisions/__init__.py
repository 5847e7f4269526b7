"""Decisions: each row of a decision table is a test with its clause in the name."""
