"""What a verdict says to people: the register's own words, in the order of the page, and nothing crashes on what was committed."""

from __future__ import annotations

import base64
import json

import pytest

from registry.guarantee import explain
from registry.law import causes
from registry.ledger import merkle
from registry.ledger.verify import saying, words
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.single import check_code, code_of, proof_text, verify_entry
from registry.ledger.verify.steps import CertificateError, Step
from registry.ledger.verify.verdict import THINGS
from tests.registry.ledger.verify.test_certificate import NAMES, read
from tests.vectors.make_certificates import settled
from tests.vectors.mutants import every_bit
from tests.vectors.sentences import missing, sentences_of
from tests.vectors.small_register import POLICY, SmallRegister, written

GOOD = [name for name in NAMES if "word" in read(name)[2]]


def test_words_are_those_of_the_register() -> None:
    """The verifier stands alone and so carries the words; they are the same, so that paper and page speak alike."""
    assert {thing: both(explain.thing_words(thing)) for thing in THINGS} == words.THINGS
    assert {kind: both(explain._words().happened[kind]) for kind in causes.kinds()} == words.HAPPENED  # noqa: SLF001  (the whole table)
    assert {kind: both(explain._words().events[kind]) for kind in causes.status_kinds()} == words.EVENTS  # noqa: SLF001  (as above)
    assert {word: both(explain.verdict_words(word)) for word in words.VERDICTS} == words.VERDICTS
    assert both(explain.what_is_not_compared()) == words.LEFT_OUT == words.SAID["left-out"]


def both(text: explain.Text) -> tuple[str, str]:
    """Chinese, English."""
    return text.zh, text.en


@pytest.mark.parametrize("name", GOOD)
def test_terminal_says_every_sentence_of_the_table(name: str) -> None:
    """What paper and page say of a verdict (test_making.py, test_verify_page.py), in the same words."""
    raw, policy, _ = read(name)
    verdict = verify(raw, parse_policy(policy))
    said = "\n".join(f"{zh} {en}" for zh, en in saying.lines(verdict))
    assert missing(said, sentences_of(verdict)) == []


@pytest.mark.parametrize("name", GOOD)
def test_every_verdict_is_said_in_the_order_of_the_page(name: str) -> None:
    """Users section 4: genuine; whose; unchanged or not; until when, signed by whom; what is not proved; 漏登."""
    raw, policy, expected = read(name)
    verdict = verify(raw, parse_policy(policy))
    lines = [zh for zh, _ in saying.lines(verdict, details=True)]
    wanted = ("真", "姓名", words.VERDICTS[expected["word"]][0] + ":", "截至", "签名", "没有证明的", "漏登", "SHA-256")
    order = [next(n for n, line in enumerate(lines) if word in line) for word in wanted]
    assert order == sorted(order)
    for thing in verdict.things:
        for change in thing.changes:
            assert any(words.HAPPENED[change.kind][0] in line for line in lines)
        if thing.status == "ended":
            assert any("已经终止" in line for line in lines)
    if any(thing.not_shown or thing.rests_on is None for thing in verdict.things):
        assert any("只证明了这条登记本身" in line for line in lines)


def test_consent_is_named_only_where_a_will_is_recorded() -> None:
    """Users section 3: 您同意过 only where a consent is recorded."""
    raw, policy, _ = read("three-acts")
    lines = [zh for zh, _ in saying.lines(verify(raw, parse_policy(policy)))]
    acts = [line for line in lines if line.startswith("    ") and "第 " in line]
    assert ["同意" in line for line in acts] == [False, True, False]


def test_facts_that_are_no_facts_are_not_said() -> None:
    """A dishonest register may commit anything under a path; the verifier still answers in words."""
    register = SmallRegister()
    valid = ["someday", None, "live"]
    register.act(
        "first-registration",
        {"id": "P", "thing": "parcel", "facts": {"surveyed_area_mu": "many"}, "geometry": "", "valid": valid},
        {"id": "M", "thing": "membership", "facts": 7, "valid": valid},
        people="nobody",
    )
    move = register.event(7, "someday")  # type: ignore[arg-type]  # not what an honest register commits
    document = register.certificate(
        move, {"P": ("facts",), "M": ("facts",)}, {1: ("act.people",), move: ("event.day", "event.kind")}
    )
    said = list(saying.lines(verify(written(document), parse_policy(POLICY)), details=True))
    assert said[0][0].startswith("真")
    assert saying.day("someday") == "someday"


def test_code_on_paper_is_that_of_one_file() -> None:
    """Ledger.md section 9: 80 bytes; an address that holds the code does, too."""
    raw, policy, _ = read("unchanged")
    verdict = verify(raw, parse_policy(policy))
    code = code_of(verdict)
    body = base64.urlsafe_b64decode(code.removeprefix("SQ1.") + "=")
    assert body[:32] == verdict.digest
    assert (int.from_bytes(body[64:72], "big"), int.from_bytes(body[72:], "big")) == (
        verdict.signed.checkpoint.size,
        verdict.as_of,
    )
    check_code(f"https://host.example/v#{code}", verdict)
    other = verify(read("closed")[0], parse_policy(read("closed")[1]))
    for wrong in (code_of(other), code[:-1], "nothing", "SQ1."):
        with pytest.raises(CertificateError) as refused:
            check_code(wrong, verdict)
        assert refused.value.step is Step.CODE


def test_proof_of_one_entry_binds_every_bit() -> None:
    """c2sp.org/tlog-proof: no bit of entry, index, path or checkpoint is free."""
    register, move = settled()
    tree = merkle.Tree(merkle.leaf_hash(leaf) for leaf in register.leaves)
    raw = proof_text(move, register.leaves[move], tree.inclusion(move), register.checkpoint().encode())
    policy = parse_policy(POLICY)
    assert verify_entry(raw, policy).entry.cls == "H"
    said = [zh for zh, _ in saying.entry_lines(verify_entry(raw, policy))]
    assert said[0].startswith("真")
    assert "witness.example/jiancha" in said[-1]
    for mutant in every_bit(raw):
        with pytest.raises(CertificateError):
            verify_entry(mutant, policy)
    forged = SmallRegister()
    index = forged.forged(b'{"cls":"H"}')
    tree = merkle.Tree(merkle.leaf_hash(leaf) for leaf in forged.leaves)
    with pytest.raises(CertificateError) as refused:
        verify_entry(proof_text(index, b'{"cls":"H"}', tree.inclusion(index), forged.checkpoint().encode()), policy)
    assert refused.value.step is Step.ENTRIES
    no_index = raw.replace(b"index", b"where", 1)
    with pytest.raises(CertificateError, match="index"):
        verify_entry(no_index, policy)
    assert json.loads(register.leaves[move])["cls"] == "H"
