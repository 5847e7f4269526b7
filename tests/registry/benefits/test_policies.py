"""I11: a policy is dated data with a basis of its own; one that would read where somebody is registered does not load."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry.benefits.model import BASES
from registry.benefits.policies import HUKOU, POLICIES, READS, PolicyFileError, policies, policy_on, read_policies

GOOD = POLICIES.read_text("utf-8")


def broken(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped file with one change."""
    assert old in GOOD
    path = tmp_path / "policies.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    return path


def test_no_policy_reads_the_registration() -> None:
    """Plan II.3.1-g: each policy is reckoned from what its basis allows; none of these words is about the hukou."""
    assert {policy.basis for policy in policies()} == set(BASES)
    for policy in policies():
        assert set(policy.reads) <= set(READS[policy.basis])
        assert not HUKOU.search(" ".join((*policy.reads, policy.name, policy.en)))
    assert not [word for words in READS.values() for word in words if HUKOU.search(word)]


@pytest.mark.parametrize("word", ["hukou-type", "户口", "residence", "urban", "registered-address", "落户"])
def test_a_policy_that_would_read_it_is_refused(tmp_path: Path, word: str) -> None:
    """The loader names the row and the word, as an input and as a key of its own; nothing of the file is used."""
    with pytest.raises(PolicyFileError, match="草畜平衡奖励") as refused:
        read_policies(broken(tmp_path, '"parcel-area"', f'"parcel-area", "{word}"'))
    assert "户口" in refused.value.zh
    with pytest.raises(PolicyFileError, match="no policy reads"):
        read_policies(broken(tmp_path, 'unit = "亩"', f'unit = "亩"\n"{word}" = "农业"'))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('reads = ["parcel-area"]', 'reads = ["herd-size"]', "cannot be reckoned"),
        ('yuan = "2.50"', 'yuan = "2.5"', "two decimals"),
        ('basis = "parcel"', 'basis = "hamlet"', "hamlet"),
        ('name = "耕地地力保护补贴"', 'name = "草原生态保护补助奖励"', "overlaps"),
        ('"recalled"\nconfirmed = false', '"recalled"\nconfirmed = 0', "true or false"),
        ('unit = "亩"\n', 'unit = "亩"\ncolour = "red"\n', "colour"),
    ],
)
def test_a_slip_in_the_file_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    """Basis, unit, rate, window, unknown keys: each is named, and nothing of the file is used."""
    with pytest.raises(PolicyFileError, match=why):
        read_policies(broken(tmp_path, old, new))


def test_a_policy_holds_on_its_days() -> None:
    """From its first day on, by name, basis and unit; where a rate is not known there is none."""
    assert policy_on("草畜平衡奖励", "parcel", "亩", date(2010, 12, 31)) is None
    known = policy_on("草畜平衡奖励", "parcel", "亩", date(2016, 12, 31))
    assert known is not None
    assert (known.yuan, known.confirmed) == (Decimal("2.50"), False)
    assert policy_on("草畜平衡奖励", "herd", "亩", date(2016, 12, 31)) is None
    assert all(not policy.confirmed for policy in policies() if policy.source == "recalled")
