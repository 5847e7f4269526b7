"""Keys lie outside the data, are private, and a sealed value opens in its own place only."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.store.keys import KeyFileError, SealBrokenError, Vault, create_key_file, load_key_file
from registry.store.settings import NotARegistryError, Settings, load_settings

VAULT = Vault(b"f" * 32, b"i" * 32, b"s" * 32)


@given(st.binary(max_size=200), st.binary(max_size=40), st.binary(max_size=40))
def test_sealed_value_opens_in_its_own_place_only(value: bytes, place: bytes, other: bytes) -> None:
    """A sealed name moved to another row does not open there."""
    sealed = VAULT.seal(value, place)
    assert VAULT.open(sealed, place) == value
    if other != place:
        with pytest.raises(SealBrokenError):
            VAULT.open(sealed, other)


def test_blind_index_parts_names_from_numbers() -> None:
    """The same text as a name and as a number has two indexes."""
    assert VAULT.blind("name", "x") != VAULT.blind("number", "x")
    assert VAULT.blinder("name")("x") == VAULT.blind("name", "x")


def test_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    """Mode 600; a second creation is refused."""
    path = tmp_path / "keys" / "registry.key"
    vault = create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key_file(path) == vault
    with pytest.raises(KeyFileError):
        create_key_file(path)


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"field": "zz", "index": "00", "state": "00"}', '{"field": "00", "index": "00", "state": "00"}'],
)
def test_malformed_key_file_is_refused(tmp_path: Path, content: str) -> None:
    """A file that holds no three keys of 32 bytes is no key file."""
    path = tmp_path / "registry.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        load_key_file(path)


def test_key_file_open_to_others_or_absent_is_refused(tmp_path: Path) -> None:
    """Whoever may read the key file may read every name."""
    path = tmp_path / "registry.key"
    with pytest.raises(KeyFileError):
        load_key_file(path)
    create_key_file(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError):
        load_key_file(path)


def test_settings_come_back_as_saved(tmp_path: Path) -> None:
    """registry.toml holds no secret and round-trips, with quotes in names."""
    settings = Settings(tmp_path / "data", "file", "150626", '乌审旗"旗"', tmp_path / "k.key", durable=False)
    settings.save()
    assert load_settings(settings.folder) == settings


@pytest.mark.parametrize("content", ["engine = ", 'engine = "file"'])
def test_folder_without_whole_settings_is_no_registry(tmp_path: Path, content: str) -> None:
    """What is missing is said with the file's name."""
    with pytest.raises(NotARegistryError, match=r"registry\.toml"):
        load_settings(tmp_path)
    (tmp_path / "registry.toml").write_text(content)
    with pytest.raises(NotARegistryError, match=r"registry\.toml"):
        load_settings(tmp_path)
