"""Tests of entries: canonical form, commitments, writing and reading."""
