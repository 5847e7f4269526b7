"""The ledger: an append-only Merkle log of entries, and the state root over every guarded thing.

Nothing is imported here: `verify` must run with the standard library and `cryptography` alone.
"""
