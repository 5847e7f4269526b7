"""Signed notes, checkpoints, cosignatures and policies: the published vector, ours, and what must be refused."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger.signing import log_signer, note, witness_signer
from registry.ledger.verify.note import (
    Checkpoint,
    KeyRefusedError,
    PolicyError,
    SignatureError,
    check,
    parse_checkpoint,
    parse_note,
    parse_policy,
    parse_vkey,
    verified,
)
from registry.ledger.verify.strict import MalformedError, VerifyError

PUBLISHED = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
LOG = log_signer("log.example/sanquan", bytes(range(32)))
WITNESS = witness_signer("witness.example/jiancha", bytes(range(32, 64)))
OTHER = witness_signer("witness.example/other", bytes(range(64, 96)))
ROOT_8 = bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
HEAD = Checkpoint("log.example/sanquan", 8, ROOT_8)
TIME = 1_700_000_000
POLICY = f"log {LOG.key}\nwitness jiancha {WITNESS.key}\nquorum jiancha\n"


def whole(*lines: str) -> bytes:
    """Our checkpoint with these signature lines."""
    return note(str(HEAD), lines)


def test_published_note_verifies_under_its_published_key() -> None:
    """c2sp.org/signed-note: the vector of the standard."""
    key = parse_vkey(PUBLISHED)
    assert str(key) == PUBLISHED
    assert [each.key for each in verified(parse_note(PUBLISHED_NOTE.encode()), [key])] == [key]


def test_our_checkpoint_with_its_witness_is_the_vector_byte_for_byte() -> None:
    """ledger.md section 2, vector (ours): 318 bytes and their hash."""
    raw = whole(LOG.sign(str(HEAD)), WITNESS.cosign(str(HEAD), TIME))
    assert str(LOG.key) == "log.example/sanquan+d1ab6418+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert str(WITNESS.key) == "witness.example/jiancha+5bf352b7+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    assert len(raw) == 318
    assert sha256(raw).hexdigest() == "a03977bceb8b52741e187ccc2e1150546b5ea1696233cb46fe5296316df154ef"
    found = check(raw, parse_policy(POLICY))
    assert (found.checkpoint, found.log) == (HEAD, LOG.key)
    assert [(each.key, each.time) for each in found.cosigned] == [(WITNESS.key, TIME)]


def test_line_under_an_unknown_key_is_passed_over() -> None:
    """c2sp.org/signed-note: unknown (name, id) are ignored."""
    raw = whole(OTHER.cosign(str(HEAD), TIME), LOG.sign(str(HEAD)), WITNESS.cosign(str(HEAD), TIME))
    assert check(raw, parse_policy(POLICY)).checkpoint == HEAD


@given(bit=st.integers(0, 318 * 8 - 1))
def test_no_bit_of_a_note_can_be_flipped(bit: int) -> None:
    """Flipped anywhere, a note is refused, or says the same with fewer known lines: and then the quorum is missing."""
    raw = bytearray(whole(LOG.sign(str(HEAD)), WITNESS.cosign(str(HEAD), TIME)))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VerifyError):
        check(bytes(raw), parse_policy(POLICY))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [WITNESS.cosign(str(HEAD), TIME)],
        [LOG.sign(str(HEAD))],
        [LOG.sign(str(HEAD)), OTHER.cosign(str(HEAD), TIME)],
        [LOG.sign(str(HEAD)), LOG.sign(str(HEAD)), WITNESS.cosign(str(HEAD), TIME)],
        [LOG.sign("another text\n"), WITNESS.cosign(str(HEAD), TIME)],
        [LOG.sign(str(HEAD)), WITNESS.sign(str(HEAD))],
    ],
)
def test_missing_twice_or_wrong_signature_is_refused(lines: list[str]) -> None:
    """The log must sign its own head, and the quorum must have cosigned this very text."""
    with pytest.raises(VerifyError):
        check(whole(*lines), parse_policy(POLICY))


def test_log_outside_the_policy_is_refused() -> None:
    """The origin is the name of the log's key: another log's signature says nothing of this one."""
    head = Checkpoint("log.example/another", 8, ROOT_8)
    signer = log_signer("log.example/another", bytes(range(32)))
    with pytest.raises(PolicyError):
        check(note(str(head), [signer.sign(str(head))]), parse_policy(POLICY))


def test_signature_under_a_known_key_that_fails_ends_it() -> None:
    """A failing line of a known key is no unknown line."""
    with pytest.raises(SignatureError):
        verified(parse_note(whole(LOG.sign("x\n"))), [LOG.key])


@pytest.mark.parametrize(
    "y",
    [0, 1, 2**255 - 20, 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7, 2**255 - 19, 2**255 - 1],
)
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_weak_point_is_refused_as_a_key(y: int, sign: int) -> None:
    """Small orders and unreduced points; `cryptography` takes a made-up signature under the key 01 00 … 00."""
    public = (y | sign).to_bytes(32, "little")
    material = base64.b64encode(b"\x01" + public).decode()
    told = sha256(b"weak\n\x01" + public).digest()[:4].hex()
    with pytest.raises(KeyRefusedError, match="weak"):
        parse_vkey(f"weak+{told}+{material}")


def test_made_up_signature_verifies_under_the_weak_key_in_the_library() -> None:
    """Why weak points are refused here: the library below does not."""
    forged = (1).to_bytes(32, "little") + bytes(32)
    Ed25519PublicKey.from_public_bytes((1).to_bytes(32, "little")).verify(forged, b"anything")


@pytest.mark.parametrize(
    "text",
    ["", "a", "a+b", "a+00000000+AA==", PUBLISHED.replace("530d", "530e"), PUBLISHED.replace("foo", "f oo"),
     "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", PUBLISHED[:-1], PUBLISHED.replace("Aeky", "Beky"),
     "a+00000000+AQA="],
)  # fmt: skip
def test_malformed_key_is_refused(text: str) -> None:
    """A key with another id, another type, another length or a name with a space is none."""
    with pytest.raises(KeyRefusedError):
        parse_vkey(text)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n1\nAA==\n", "a\n01\n{r}\n", "a\n-1\n{r}\n", "a\n1_0\n{r}\n", "a\n٣\n{r}\n", "a\n1\n{r}\nmore\n",
     "\n1\n{r}\n", "a\n1\n{r}", "a\n12345678901234567890\n{r}\n"],
)  # fmt: skip
def test_malformed_checkpoint_is_refused(text: str) -> None:
    """Three lines, a canonical number, 32 bytes: nothing else."""
    with pytest.raises(MalformedError):
        parse_checkpoint(text.replace("{r}", base64.b64encode(ROOT_8).decode()))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n\n", b"text\n\n", b"text\n\nno dash\n", "text\n\n— a AAAAAA==\n".encode(), "text\n\n— a b!\n".encode(),
     "text\n\n— a\n".encode(), b"\xff\n\n", b"a\rb\n\n", b"x" * (64 << 10) + b"x",
     ("text\n\n" + "— a AAAAAAA=\n" * 65).encode(), "text\n\n— a+b AAAAAAA=\n".encode(), "text\n\n— a AAAAAAA=".encode()],
)  # fmt: skip
def test_malformed_note_is_refused(raw: bytes) -> None:
    """Whatever is not a text, an empty line and signature lines."""
    with pytest.raises(MalformedError):
        parse_note(raw)


@given(
    size=st.integers(0, 10**19 - 1),
    root=st.binary(min_size=32, max_size=32),
    origin=st.from_regex(r"[a-z./]+", fullmatch=True),
)
def test_checkpoint_reads_back_what_it_writes(size: int, root: bytes, origin: str) -> None:
    """Round trip."""
    head = Checkpoint(origin, size, root)
    assert parse_checkpoint(str(head)) == head


def test_groups_ask_for_so_many_of_them() -> None:
    """c2sp.org/tlog-policy: a group of two is met by both and not by one."""
    both = f"log {LOG.key}\nwitness a {WITNESS.key}\nwitness b {OTHER.key} https://b.example\n# both\ngroup g 2 a b\nquorum g\n"
    policy = parse_policy(both)
    assert policy.met_by([WITNESS.key, OTHER.key])
    assert not policy.met_by([WITNESS.key])
    assert parse_policy(both.replace("group g 2", "group g any")).met_by([OTHER.key])
    assert not parse_policy(both.replace("group g 2", "group g all")).met_by([OTHER.key])
    assert parse_policy(both.replace("quorum g", "quorum none")).met_by([])


@pytest.mark.parametrize(
    "line",
    ["log x", f"log {WITNESS.key}", f"witness a {LOG.key}", "witness jiancha", f"witness jiancha {OTHER.key}", "group g 1",
     "group g 2 jiancha", "group g 0 jiancha", "group g 1 nobody", "group g 1 jiancha jiancha", "group g x jiancha",
     "quorum jiancha", "nonsense", f"witness none {OTHER.key}", "quorum nobody"],
)  # fmt: skip
def test_policy_that_cannot_be_read_is_refused(line: str) -> None:
    """A line that is wrong, names nobody, or names twice."""
    with pytest.raises(VerifyError):
        parse_policy(f"{POLICY}{line}\n")


@pytest.mark.parametrize("text", ["", f"log {LOG.key}\n", "quorum none\n"])
def test_policy_without_log_or_quorum_is_refused(text: str) -> None:
    """Silence is no trust."""
    with pytest.raises(PolicyError):
        parse_policy(text)
