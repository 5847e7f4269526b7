"""What can be wrong with an entry, or with what was to go into one? No message shows a value or a name."""

from __future__ import annotations

from registry.errors import SanquanError


class EntryError(SanquanError, ValueError):
    """The base of every refusal of an entry, or of what was to go into one."""


class NotCanonicalError(EntryError):
    """Raised when a value or an entry is outside the canonical JSON of the ledger."""

    def __init__(self, *, place: str, zh: str, en: str) -> None:
        """`place` is where, from "$" down; `zh` and `en` say what is wrong there."""
        super().__init__(f"{place} 处不是规范 JSON：{zh}", f"not canonical JSON at {place}: {en}")


class PathNameError(EntryError):
    """Raised when a commitment's path is not lower-case letters, digits, dot, underscore and hyphen."""

    def __init__(self) -> None:
        super().__init__(
            "承诺路径只能用小写字母、数字、点、下划线和连字符，例如 parcel.area_m2",
            "a commitment's path takes lower-case letters, digits, dot, underscore and hyphen, "
            "such as parcel.area_m2",
        )


class SaltLengthError(EntryError):
    r"""Raised when a salt is not 32 bytes: HMAC fills up with zeros, so "k" and "k\0" would commit alike."""

    def __init__(self, expected: int, got: int) -> None:
        """Both are lengths in bytes."""
        super().__init__(
            f"盐必须正好 {expected} 字节，实为 {got} 字节；请用 secrets.token_bytes({expected})",
            f"a salt must be exactly {expected} bytes, got {got}; use secrets.token_bytes({expected})",
        )


class Base64urlError(EntryError):
    """Raised when a text is not base64url without padding, or has bits set that no encoder sets."""

    def __init__(self) -> None:
        super().__init__(
            "不是规范的 base64url（无填充，末位多余比特须为零）",
            "not strict base64url (RFC 4648 section 5, no padding, spare bits zero)",
        )


class EntryTooLongError(EntryError):
    """Raised when an entry has more bytes than an entry bundle can write."""

    def __init__(self, most: int, got: int) -> None:
        """Both are lengths in bytes."""
        super().__init__(
            f"账目最长 {most} 字节，实为 {got} 字节；请把该行为分成几条账目",
            f"an entry has at most {most} bytes, got {got}; write the act as several entries",
        )


class EntryFieldError(EntryError):
    """Raised when a field of an entry is missing, unknown or not what its class asks for."""

    def __init__(self, *, field: str, zh: str, en: str, got: str) -> None:
        """`zh` and `en` say what must stand there; `got` is a count or a type, never a value."""
        super().__init__(
            f"账目字段 {field}：应为 {zh}，实为 {got}", f"entry field {field}: expected {en}, got {got}"
        )


class ClockError(EntryError):
    """Raised when the time given has no time zone, so that its hour is anybody's guess."""

    def __init__(self) -> None:
        super().__init__(
            "时间缺少时区；请用 datetime.now(UTC)", "the time has no time zone; use datetime.now(UTC)"
        )
