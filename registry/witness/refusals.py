"""What does a witness refuse, in which words? All are `VerifyError`: Chinese, English, no personal data."""

from __future__ import annotations

from pathlib import Path

from registry.ledger.verify.strict import VerifyError


class WitnessError(VerifyError):
    """The base of what stops the witness's own program: settings, key, store."""


class SettingsUnreadableError(WitnessError):
    """Raised when witness.toml is absent or says something else than it must."""

    def __init__(self, place: Path, why: str) -> None:
        """Which file, and what about it."""
        super().__init__(
            f"{place} 读不懂({why}): 先运行 witness init", f"{place} can't be read ({why}): run witness init first"
        )


class AlreadyThereError(WitnessError):
    """Raised when a witness would be set up over another: a key is never overwritten."""

    def __init__(self, place: Path) -> None:
        """What is there."""
        super().__init__(f"已经有了, 不会覆盖: {place}", f"it exists and is never overwritten: {place}")


class LogKeyReadableError(WitnessError):
    """Raised when this process could read the log's private key: then its cosignature would prove nothing."""

    def __init__(self, place: Path) -> None:
        """Where the key lies."""
        super().__init__(
            f"本程序读得到登记机构的签名私钥 {place}, 监督就没有意义, 不启动。"
            f"请由登记机构把它归自己的用户所有(chown)并 chmod 600, 本程序用另一个系统用户运行, 不要用 root",
            f"this process can read the log's private key {place}: its cosignature would prove nothing, so it does not start. "
            "Let the registry own that file (chown) with chmod 600, and run this program as another system user, not as root",
        )


class KeySealedError(WitnessError):
    """Raised when the witness's own key can't be opened: a wrong passphrase, another file, or one that others may read."""

    def __init__(self, place: Path, zh: str, en: str) -> None:
        """Which file, and why."""
        super().__init__(f"监督私钥 {place} 打不开: {zh}", f"the witness's key {place} can't be opened: {en}")


class MaterialError(WitnessError):
    """Raised when entries or pairs that a log hands over are not in their form."""


class NotWatchedError(WitnessError):
    """Raised when a log is not one that this witness was told to watch."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "不认识这本账: 它不在 witness.toml 里", "unknown log: it does not stand in witness.toml"
        )
