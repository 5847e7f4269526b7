"""Tests of the registry: rights, parties, the ledger, the guarantee."""
