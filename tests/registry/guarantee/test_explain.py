"""How a verdict is said: plain words, consent only where it is recorded, days as in China, no gap."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from registry.guarantee import explain as module
from registry.guarantee.explain import (
    VERDICTS,
    Change,
    Finding,
    InstantWithoutZoneError,
    NothingToTellError,
    NoWordsError,
    WordingError,
    explain,
    explain_change,
    extension_due,
    field_words,
    read_wording,
    what_is_not_compared,
)
from registry.law.causes import kinds, lawful_causes, status_kinds, things

GOLDEN = Path(__file__).with_name("golden") / "wording.txt"
MOVE = ("settled-in-banner", date(2017, 5, 8))
ENTERED = datetime(2020, 4, 2, 9, 0, tzinfo=UTC)
PI = (
    *("holder", "co_holders", "share", "parcels", "geometry", "contract_area", "surveyed_area", "term_start"),
    *("term_end", "extension", "powers", "burdens", "certificates", "status", "land_use", "kind"),
)


def _leased(**more: object) -> Change:
    facts: dict[str, object] = {
        "kind": "leased",
        "act_day": date(2020, 4, 1),
        "recorded_at": ENTERED,
        "fields": ("burdens",),
        "effect": "follows",
    }
    return Change(**{**facts, **more})  # type: ignore[arg-type]  # the facts are those of a Change


def test_nothing_that_a_herder_reads_speaks_of_the_machine_or_of_taking_back() -> None:
    """Never 版本, 哈希 or 收回 on anything a herder reads (glossary; users.md section 3)."""
    text = GOLDEN.read_text(encoding="utf-8")
    assert not [word for word in ("版本", "哈希", "收回", "账本", "权利主体", "校验") if word in text]
    # Code names are spelled in Latin letters: no Chinese sentence of the golden text holds any.
    chinese = [line for line in text.split("\n") if re.search(r"[一-鿿][。：]", line)]
    assert chinese
    assert not [line for line in chinese if re.search(r"[A-Za-z]{4,}", line)]


def test_consent_is_said_only_where_one_is_recorded() -> None:
    """您同意过 stands only where a consent is recorded (users.md section 3); else the reason alone."""
    for cause in lawful_causes():
        act = Change(cause.kind, date(2020, 4, 1), ENTERED, ("status",), effect=cause.effect)
        said = explain_change(act, cause.thing)
        assert "同意过" not in said.zh
        assert "consented:" not in said.en.lower()


def test_a_missing_consent_that_the_law_asks_for_is_said_aloud() -> None:
    """An act that needs consent and shows none does not pass in silence: the reader is sent to a person."""
    for kind in kinds().values():
        act = Change(kind.kind, date(2020, 4, 1), ENTERED, ())
        said = explain_change(act, "contract-grass")
        assert ("请找人看" in said.zh) == (kind.needs_consent or kind.needs_payment)
        assert ("ask someone" in said.en) == (kind.needs_consent or kind.needs_payment)


def test_a_recorded_consent_names_who_consented() -> None:
    """Changed lawfully says whose consent: the family's as 您家, others' without it."""
    ours = explain_change(_leased(consents=("达楞太", "敖登")), "contract-grass")
    assert "您家同意过：达楞太、敖登。" in ours.zh
    assert "Your family consented: 达楞太, 敖登." in ours.en
    theirs = explain_change(_leased(consents=("白音",), by_family=False), "operating")
    assert "您家" not in theirs.zh
    assert "同意过的：白音。" in theirs.zh


def test_an_act_on_a_burden_says_that_nothing_else_changed() -> None:
    """Effect `follows`: the right equals the one before in all but its burdens (ledger.md section 7)."""
    said = explain_change(_leased(), "contract-grass")
    assert "只改了负担这一栏，别的都没动。" in said.zh
    assert "变了的" not in said.zh


def test_payment_and_evidence_stand_in_the_line_when_they_are_recorded() -> None:
    """Changed lawfully shows each act with its cause, date, evidence and payment."""
    act = Change("exited", date(2020, 4, 1), ENTERED, (), ("退出协议",), ("达楞太",), "32,000 元")
    said = explain_change(act, "contract-grass")
    assert "付的钱：32,000 元。凭据：退出协议。2020年4月2日登记的。" in said.zh
    assert "Paid: 32,000 元. Evidence: 退出协议. Recorded on 2 April 2020." in said.en


def test_the_day_of_an_entry_is_the_day_in_china() -> None:
    """An entry at 16:00 UTC is made on the next day in China, and the paper says that day."""
    said = explain_change(_leased(recorded_at=datetime(2020, 4, 2, 16, 0, tzinfo=UTC)), "contract-grass")
    assert "2020年4月3日登记的" in said.zh


def test_a_time_without_a_zone_is_refused() -> None:
    """A time without a zone would name another day on another machine, so no Change is made of it."""
    with pytest.raises(InstantWithoutZoneError):
        _leased(recorded_at=datetime(2020, 4, 2, 16, 0))  # noqa: DTZ001  (the slip under test)


def test_no_negative_answer_leaves_without_the_way_to_be_added() -> None:
    """No negative certificate is issued without the 漏登 sentence (users.md section 1.2)."""
    for thing in things():
        said = explain(Finding("nothing recorded", thing, *MOVE))
        assert what_is_not_compared().zh in said.zh
        assert what_is_not_compared().en in said.en


def test_a_term_that_ran_out_is_said_to_end_nothing() -> None:
    """合同期满不等于权利没了: a contract to 2027-12-31 stands, marked 延包 due (law C9, EXT-1)."""
    said = extension_due(date(2027, 12, 31))
    assert "2027年12月31日" in said.zh
    assert "合同期满不等于权利没了" in said.zh


def test_unchanged_lists_what_was_recorded_under_the_word() -> None:
    """A recoding or a slip mended leaves the verdict unchanged and is listed under it."""
    slip = Change("recoded", date(2020, 4, 1), ENTERED, ("code",))
    said = explain(Finding("unchanged", "contract-grass", *MOVE, changes=(slip,)))
    assert said.zh.startswith("草场：没变。")
    assert "只换了号码" in said.zh


def test_a_violation_names_the_fields_and_the_row() -> None:
    """`violated` says what is not as before and which row fails against the log (issue 3, item 6)."""
    said = explain(Finding("violated", "parcel", *MOVE, differs=("surveyed_area",), row="R-7F3K 第 311 条"))
    assert "实测面积" in said.zh
    assert "R-7F3K 第 311 条" in said.zh
    assert "the surveyed area" in said.en


@pytest.mark.parametrize("verdict", ["changed lawfully", "recorded after the move"])
def test_a_verdict_that_rests_on_acts_is_not_said_without_them(verdict: str) -> None:
    """A lawful change without its act, cause and day would be a bare claim."""
    with pytest.raises(NothingToTellError):
        explain(Finding(verdict, "contract-grass", *MOVE))


@pytest.mark.parametrize("field", PI)
def test_every_field_of_pi_has_a_name_in_both_languages(field: str) -> None:
    """π is compared field by field, so every field can be named to the reader (policy-map section 8)."""
    said = field_words(field, "contract-grass")
    assert said.zh
    assert said.en


def test_one_word_for_two_facts_is_told_apart_by_the_thing() -> None:
    """`unit` is the contract of a right and the unit of measure of a duty."""
    assert field_words("unit", "contract-grass").zh == "合同或证"
    assert field_words("unit", "duty").zh == "单位"


@pytest.mark.parametrize(
    ("finding", "word"),
    [
        (Finding("fine", "contract-grass", *MOVE), "fine"),
        (Finding("unchanged", "pasture", *MOVE), "pasture"),
        (Finding("unchanged", "contract-grass", "leased", MOVE[1]), "leased"),
        (Finding("violated", "contract-grass", *MOVE, differs=("hukou",)), "hukou"),
        (Finding("unchanged", "duty", *MOVE, changes=(Change("moved", MOVE[1], ENTERED, ()),)), "moved"),
    ],
)
def test_a_word_that_the_file_lacks_is_refused_by_name(finding: Finding, word: str) -> None:
    """No code name slips onto a page: an unknown verdict, thing, event, field or kind is refused."""
    with pytest.raises(NoWordsError, match=f"'{word}'"):
        explain(finding)


def test_the_phrase_of_an_act_is_read_off_the_change_itself() -> None:
    """A page that lists acts reads zh and en from the change."""
    assert _leased().zh == "经营权租了出去，承包的还是原来那户"
    assert _leased().en.startswith("the operating right was let")
    with pytest.raises(NoWordsError):
        _ = _leased(kind="moved").zh


def test_every_template_asks_only_for_what_the_code_puts_in() -> None:
    """A brace with another name would break a verdict on the day it is needed."""
    wording = read_wording(module.FILE)
    allowed = {
        "unchanged": {"event"},
        "changed lawfully": {"event"},
        "violated": {"event", "office"},
        "nothing recorded": {"event", "looked"},
        "recorded after the move": {"event", "day"},
    }
    assert tuple(wording.sentences) == VERDICTS
    for verdict, sentences in wording.sentences.items():
        for text in sentences.values():
            assert _braces(text.zh) == _braces(text.en) == allowed[verdict]
    for consent in wording.consents.values():
        assert _braces(consent.recorded.zh) == _braces(consent.recorded.en) == {"names"}
        assert not _braces(consent.missing.zh) | _braces(consent.missing.en)
    for text in wording.said.values():
        assert _braces(text.zh) == _braces(text.en)
    plain = [*wording.events.values(), *wording.happened.values(), *wording.fields.values()]
    assert not {brace for text in plain for brace in _braces(text.zh) | _braces(text.en)}
    assert tuple(wording.events) == tuple(status_kinds())


def _braces(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('[happened.leased]\nzh = "', '[happened.lent]\nzh = "', "leased is missing"),
        ("[said.row]", '[said.extra]\nzh = "多"\nen = "more"\n\n[said.row]', "unknown key extra"),
        ("[thing.duty]", '[thing.pasture]\nzh = "草场"\n\n[thing.duty]', "unknown key pasture"),
        ("[consent.none]", '[consent.village]\nzh = "村"\n\n[consent.none]', "unknown key village"),
        (
            "[event.moved-out]",
            '[event.taken-away]\nzh = "拿"\nen = "t"\n\n[event.moved-out]',
            "unknown key taken-away",
        ),
        ('[said.row]\nzh = "', '[said.row]\nmn = "мөр"\nzh = "', "unknown key mn"),
        ('[verdict."unchanged"]\nzh = "没变"', '[verdict."unchanged"]\nzh = ""', "zh must be a text"),
        ("[said.row]", "[said.row", "cannot be read"),
    ],
)
def test_a_file_of_words_with_one_slip_is_refused(right: str, wrong: str, says: str, tmp_path: Path) -> None:
    """A missing, unknown or empty word is refused when the file is read, naming file and row."""
    whole = module.FILE.read_text(encoding="utf-8")
    assert right in whole
    path = tmp_path / "wording.toml"
    path.write_text(whole.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(WordingError, match=re.escape(says)) as refusal:
        read_wording(path)
    assert refusal.value.file == "wording.toml"
