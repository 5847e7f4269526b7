"""`/verify` in a real browser with the network off: the page that a bank, a court or a village head keeps on a stick."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typst

from api.verify_page import page
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.strict import b64u_text
from registry.ledger.verify.told import plain
from registry.ledger.verify.words import SAID
from tests.api.chromium import CHROMIUM, browsing
from tests.vectors import make_certificates, make_merkle_cases
from tests.vectors.sentences import missing, sentences_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.chromium import Tab

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium (Debian: apt install chromium): no browser verifies"
)
VECTORS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(make_certificates.FOLDER.glob("*.json"))}
SAMPLE = VECTORS["unchanged"]
WITHOUT_WEB_CRYPTO = "Object.defineProperty(globalThis, 'crypto', { value: undefined })"
# Certificate and policy in, the outcome as the vectors have it out.
JUDGE = """(async (cases) => {
  const out = [];
  for (const [certificate, policy] of cases) {
    try {
      const bytes = Uint8Array.from(atob(certificate), (c) => c.charCodeAt(0));
      out.push(await Sanquan.certificate.verify(bytes, await Sanquan.note.parsePolicy(policy)));
    } catch (refused) {
      if (!(refused instanceof Sanquan.Refused)) throw refused;
      out.push({ step: refused.step, exit: Sanquan.certificate.STEPS[refused.step], undecided: Boolean(refused.undecided) });
    }
  }
  return out;
})"""
PROVE = """(async (cases) => {
  const hash = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const out = [];
  for (const { kind, numbers, path, roots } of cases) {
    try {
      const [a, b] = numbers.map(BigInt);
      const [first, last] = roots.map(hash), hashes = path.map(hash);
      if (kind === "included") await Sanquan.proofs.included(a, b, first, hashes, last);
      else await Sanquan.proofs.consistent(a, b, hashes, first, last);
      out.push(true);
    } catch (refused) {
      if (!(refused instanceof Sanquan.Refused)) throw refused;
      out.push(false);
    }
  }
  return out;
})"""


@pytest.fixture(scope="module", params=["native", "script"])
def tab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """The page opened from a file, network off, once with and once without Web Crypto."""
    folder = tmp_path_factory.mktemp("stick")
    (folder / "verify.html").write_bytes(page(SAMPLE["policy"]))
    with browsing(folder) as tab:
        tab.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        if request.param == "script":
            tab.call("Page.addScriptToEvaluateOnNewDocument", source=WITHOUT_WEB_CRYPTO)
        tab.visit((folder / "verify.html").as_uri())
        assert tab.wait_for("document.body && document.body.dataset.ready") == request.param
        yield tab
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith(("file:", "data:"))] == []


def bytes_of(vector: dict[str, Any]) -> bytes:
    """The certificate of a vector."""
    if "certificate_b64" in vector:
        return base64.b64decode(vector["certificate_b64"])
    text: str = vector["certificate"]
    return text.encode()


def judged(tab: Tab, cases: list[tuple[bytes, str]]) -> list[dict[str, Any]]:
    """What the browser says of certificates, each under its policy."""
    told = [(base64.b64encode(raw).decode(), policy) for raw, policy in cases]
    answer: list[dict[str, Any]] = tab.evaluate(f"{JUDGE}({json.dumps(told)})")
    return answer


def by_python(raw: bytes, policy: str) -> dict[str, Any]:
    """What the other verifier says."""
    try:
        said: dict[str, Any] = json.loads(json.dumps(plain(verify(raw, parse_policy(policy)))))
    except CertificateError as refused:
        return {"step": refused.step.name, "exit": int(refused.step), "undecided": refused.undecided}
    return said


def test_browser_says_of_each_vector_what_it_should(tab: Tab) -> None:
    """Good and damaged certificates: the same verdict, or the same step that fails."""
    cases = [(bytes_of(vector), vector["policy"]) for vector in VECTORS.values()]
    said = dict(zip(VECTORS, judged(tab, cases), strict=True))
    assert said == {name: vector["expected"] for name, vector in VECTORS.items()}


def test_browser_and_python_agree_on_mutants(tab: Tab) -> None:
    """Whatever is changed in a certificate, both verifiers say the same, and nothing is accepted with another meaning."""
    draw = random.Random(20260914)
    good = {name: vector for name, vector in VECTORS.items() if "word" in vector["expected"]}
    cases = []
    for _ in range(1_500 if tab.evaluate("Sanquan.crypto.isNative()") else 150):
        vector = good[draw.choice(list(good))]
        cases.append((mutant(bytes_of(vector), draw), vector["policy"]))
    for start in range(0, len(cases), 50):
        some = cases[start : start + 50]
        assert judged(tab, some) == [by_python(*case) for case in some]


def mutant(raw: bytes, draw: random.Random) -> bytes:
    """One certificate with one change: a bit, a value, a part moved, left out or doubled."""
    if draw.random() < 0.2:
        at = draw.randrange(len(raw) * 8)
        return raw[: at // 8] + bytes([raw[at // 8] ^ 1 << at % 8]) + raw[at // 8 + 1 :]
    document = json.loads(raw)
    places: list[tuple[Any, Any]] = []
    level: list[Any] = [document]
    while level:
        each = level.pop()
        keys = list(each) if isinstance(each, dict) else list(range(len(each)))
        places += [(each, key) for key in keys]
        level += [each[key] for key in keys if isinstance(each[key], dict | list)]
    holder, key = draw.choice(places)
    value = holder[key]
    match draw.randrange(5):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, value)
        case 2 if isinstance(holder, list):
            draw.shuffle(holder)
        case 3:
            other, where = draw.choice(places)
            holder[key] = json.loads(json.dumps(other[where]))
        case _:
            holder[key] = changed(value, draw)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def changed(value: object, draw: random.Random) -> object:
    """Another value of the same kind, or none."""
    if isinstance(value, str) and value:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice("AQ09_-+/ é\u0301") + value[at + 1 :]
    if isinstance(value, int):
        return draw.choice([value + 1, value - 1, -value, 2**53 - 1, 1.5, str(value)])
    return draw.choice([None, [], {}, 0, "", True])


def test_browser_tells_sound_proofs_from_damaged_ones(tab: Tab) -> None:
    """The Merkle cases that the registry's verifiers walk, too."""
    found = json.loads(Path(make_merkle_cases.__file__).with_name("merkle-cases.json").read_text("utf-8"))
    names = {
        "inclusion": ("included", "index", "leaf", "root"),
        "consistency": ("consistent", "old", "old_root", "root"),
    }
    cases, expected = [], []
    for group, (kind, first, *roots) in names.items():
        for each in found[group]:
            numbers = [str(each[first]), str(each["size"])]
            cases.append(
                {"kind": kind, "numbers": numbers, "path": each["path"], "roots": [each[root] for root in roots]}
            )
            expected.append(not each["must_fail"])
    assert tab.evaluate(f"{PROVE}({json.dumps(cases)})") == expected


def test_samples_answer_genuine_and_not_genuine(tab: Tab) -> None:
    """users.md section 4: the word first, then whose, unchanged, until when and by whom, and what is not proved."""
    tab.evaluate("document.getElementById('good').click()")
    assert tab.wait_for("document.getElementById('answer').dataset.outcome") == "good"
    text = tab.evaluate("document.getElementById('answer').innerText")
    order = [
        "真 · 没变",
        "达楞太",
        "草场",
        "合同 3842.15 亩，实测 3842.17 亩",
        "witness.example/jiancha",
        "漏登",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "150699197405060019" not in text
    tab.evaluate("document.getElementById('broken').click()")
    assert tab.wait_for("document.getElementById('answer').dataset.outcome === 'bad'")
    assert "不是真的" in tab.evaluate("document.getElementById('answer').innerText")
    tab.evaluate("document.getElementById('language').click()")
    assert "Not genuine" in tab.evaluate("document.getElementById('answer').innerText")
    tab.evaluate("document.getElementById('language').click()")


def test_page_says_every_sentence_of_the_table(tab: Tab, tmp_path: Path) -> None:
    """What paper and terminal say of a verdict (test_making.py, test_saying.py), in the same words."""
    for name, vector in VECTORS.items():
        if "word" in vector["expected"] and vector["policy"] == SAMPLE["policy"]:
            (tmp_path / f"{name}.json").write_bytes(bytes_of(vector))
            dropped(tab, tmp_path / f"{name}.json")
            digest = vector["expected"]["digest"]
            tab.wait_for(f"document.getElementById('answer').textContent.includes('{digest}')")
            said = tab.evaluate("document.getElementById('answer').textContent")
            wanted = sentences_of(verify(bytes_of(vector), parse_policy(vector["policy"])))
            assert missing(said, wanted) == []


def test_statement_is_verified_by_the_certificate_inside_it(tab: Tab, tmp_path: Path) -> None:
    """A 权益保留证明 as JSON: only what is inside counts, and a verdict that it claims falsely is named; without proof 查不了."""
    stated = {"document": {"zh": "权益保留证明"}, "verdict": "unchanged", "proof": {"certificate": SAMPLE["certificate"]}}
    damaged = SAMPLE["certificate"].replace('"2047-12-31"', '"2048-12-31"')
    for change, outcome, words in (
        ({}, "good", SAID["statement"][0]),
        ({"verdict": "changed lawfully"}, "good", SAID["differs"][0]),
        ({"proof": {"certificate": damaged}}, "bad", SAID["false"][0]),
        ({"proof": {"certificate": None}}, "unsure", SAID["no-proof"][0]),
    ):
        (tmp_path / "statement.json").write_text(json.dumps(stated | change, indent=1), "utf-8")
        dropped(tab, tmp_path / "statement.json")
        tab.wait_for(f"document.getElementById('answer').dataset.outcome === '{outcome}'")
        tab.wait_for(f"document.getElementById('answer').textContent.includes({json.dumps(words)})")
        if not change:
            assert SAID["differs"][0] not in tab.evaluate("document.getElementById('answer').textContent")


def test_paper_is_verified_by_the_certificate_inside_it(tab: Tab, tmp_path: Path) -> None:
    """A PDF with the JSON attached; one bit of the attachment turned, and one with nothing in it."""
    (tmp_path / "certificate.json").write_bytes(bytes_of(SAMPLE))
    (tmp_path / "damaged.json").write_bytes(bytes_of(SAMPLE).replace(b'"2047-12-31"', b'"2048-12-31"'))
    for attached, outcome in (("certificate", "good"), ("damaged", "bad"), (None, "unsure")):
        attach = f'#pdf.attach("{attached}.json", mime-type: "application/json")' if attached else ""
        (tmp_path / "paper.typ").write_text(f"{attach}\n证明")
        (tmp_path / "paper.pdf").write_bytes(typst.compile(tmp_path / "paper.typ"))
        dropped(tab, tmp_path / "paper.pdf")
        tab.wait_for(f"document.getElementById('answer').dataset.outcome === '{outcome}'")


def test_code_on_the_paper_names_its_file(tab: Tab, tmp_path: Path) -> None:
    """ledger.md section 9: the scanned text alone says which file is needed; with the file, whether it is the same."""
    raw = bytes_of(SAMPLE)
    said = SAMPLE["expected"]
    for digest, words in ((hashlib.sha256(raw).digest(), "说的是同一份"), (bytes(32), "不是同一份")):
        packed = (
            digest
            + hashlib.sha256(said["log"].encode()).digest()
            + struct.pack(">QQ", said["latest"] + 1, said["as_of"])
        )
        scanned = f"https://sanquan.example/v#SQ1.{b64u_text(packed)}"
        (tmp_path / "certificate.json").write_bytes(raw)
        tab.evaluate(
            f"(() => {{ const box = document.getElementById('text'); box.value = {json.dumps(scanned)};"
            " box.dispatchEvent(new Event('input')); })()"
        )
        dropped(tab, tmp_path / "certificate.json")
        tab.wait_for(f"document.getElementById('answer').innerText.includes({json.dumps(words)})")


def dropped(tab: Tab, path: Path) -> None:
    """Choose a file as a person does."""
    tab.brings("#file", [path])


def test_sample_of_the_page_is_the_vector() -> None:
    """What the two buttons show is verified by every other verifier, too."""
    folder = Path(__file__).parents[2] / "api" / "pages" / "verify"
    assert (folder / "sample.json").read_text("utf-8") == SAMPLE["certificate"]
    assert (folder / "sample-policy.txt").read_text("utf-8") == SAMPLE["policy"]
