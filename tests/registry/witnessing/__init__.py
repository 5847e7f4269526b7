"""Tests of how the registry gets its head cosigned."""
