"""Which bytes are an entry of the ledger, and how does it commit to a fact without telling it?

An *entry* is one canonical JSON object (RFC 8785) of one of six classes; its UTF-8 bytes are the leaf of the
tree:

- R  an act on guarded things: digests of the versions it makes, commitments to its fields and to evidence of
  will;
- H  a household-status act: the state root it found, and commitments; it makes no version;
- S  a state: the root over the head of every guarded thing;
- K  a change of keys or policy;  E  an erasure of openings;  C  a step of a case. None of them makes a
  version.

A *commitment* is a keyed hash of [path, value]: whoever is given salt and value can check it, nobody else can
guess. A *version digest* is the hash over the commitments of one version. Nothing here opens a database or
reads a clock, and what is not canonical is refused, never repaired.
"""

from registry.ledger.entry.canonical import b64u, canonical, un_b64u
from registry.ledger.entry.commitment import commit_encoded, commit_paths, commitment, field_salt, version_digest
from registry.ledger.entry.errors import (
    Base64urlError,
    ClockError,
    EntryError,
    EntryFieldError,
    EntryTooLongError,
    NotCanonicalError,
    PathNameError,
    SaltLengthError,
)
from registry.ledger.entry.fields import C_COMMITMENTS, EVIDENCE_STEP, H_COMMITMENTS, MAX_DIGESTS
from registry.ledger.entry.parse import Entry, parse_entry
from registry.ledger.entry.write import (
    MAX_ENTRY_BYTES,
    c_leaf,
    e_leaf,
    h_leaf,
    hour,
    k_leaf,
    r_leaf,
    s_leaf,
)

__all__ = [
    "C_COMMITMENTS",
    "EVIDENCE_STEP",
    "H_COMMITMENTS",
    "MAX_DIGESTS",
    "MAX_ENTRY_BYTES",
    "Base64urlError",
    "ClockError",
    "Entry",
    "EntryError",
    "EntryFieldError",
    "EntryTooLongError",
    "NotCanonicalError",
    "PathNameError",
    "SaltLengthError",
    "b64u",
    "c_leaf",
    "canonical",
    "commit_encoded",
    "commit_paths",
    "commitment",
    "e_leaf",
    "field_salt",
    "h_leaf",
    "hour",
    "k_leaf",
    "parse_entry",
    "r_leaf",
    "s_leaf",
    "un_b64u",
    "version_digest",
]
