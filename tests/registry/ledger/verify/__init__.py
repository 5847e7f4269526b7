"""Tests of the ledger: bytes, proofs, commitments, public rules."""
