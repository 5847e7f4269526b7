"""Why can a certificate not be issued, reissued, cancelled or handed over? Each refusal says what stands in the way."""

from __future__ import annotations

from registry.errors import SanquanError


class CertificateError(SanquanError):
    """Raised when the register can't do what is asked with a certificate."""


class NoSuchContract(CertificateError):
    """Raised when no contract right stands under this code on the day."""

    def __init__(self, code: str, day: str) -> None:
        """A contract's code is a number."""
        super().__init__(
            f"{day} 这一天没有代码为“{code[:40]}”的承包合同, 或权利已终止: 核对合同代码(19 位)和日期",
            f"no contract of code “{code[:40]}” stands on {day}: check its code (19 characters) and the day",
        )


class AlreadyIssued(CertificateError):
    """Raised when a contract has a certificate of the series: a second paper is a reissue."""

    def __init__(self, code: str, number: str) -> None:
        """The number that stands."""
        super().__init__(
            f"合同 {code} 已颁证: {number}。遗失、损坏或换新证的, 另走补发、换发案件( certificate-replaced、certificate-renewed)",
            f"contract {code} has its certificate: {number}. A lost or damaged one is replaced by a case of its own",
        )


class NotIssued(CertificateError):
    """Raised when a contract has no certificate that could be reissued, cancelled, printed or handed over.

    补发, 换发 replace a paper that there is (不动产登记暂行条例实施细则 22 [recalled]). 权证代码 (CBJYQZBM) is none: a delivery
    has one of every contract, the contract's own code, with a certificate (a row of CBJYQZ) or without (NY/T 2539-2016).
    """

    def __init__(self, code: str) -> None:
        """The contract, and what to do: the first one, or the number of a paper that is older than the register."""
        super().__init__(
            f"合同 {code} 没有现行的权证: 没有颁过的, 办颁证(案件 certificate-issued), 不办补发、换发、注销; "
            "早先发过、这里没有号的, 先用更正登记补上证号",
            f"contract {code} has no certificate now: where none was issued, issue the first one (certificate-issued); the number "
            "of one that is older than this register is added by correcting the record",
        )


class NoneIssued(CertificateError):
    """Raised when no contract of a village has a certificate on the day."""

    def __init__(self, day: str) -> None:
        """Which day."""
        super().__init__(
            f"{day} 这一天这个村没有一本现行的权证: 核对村码, 或先颁证(案件 certificate-issued)",
            f"no contract of the village has a certificate on {day}: check its code, or issue them first",
        )


class HeldBack(CertificateError):
    """Raised when a right is under review, or an objection or a dispute lies on it: it is not certified meanwhile."""

    def __init__(self, code: str) -> None:
        """The contract; the holder's use of the land is not touched."""
        super().__init__(
            f"合同 {code} 的权利正在复核, 或有异议、争议, 暂不颁证: 先办结; 承包方照常使用土地",
            f"the right of contract {code} is under review, objected to or disputed: it is not certified until that is settled; "
            "the holder uses the land as before",
        )


class OutOfOrder(CertificateError):
    """Raised when a day lies in the future, or before another paper of the same contract."""

    def __init__(self, day: str) -> None:
        """The day."""
        super().__init__(
            f"日期 {day} 不对: 不能晚于今天, 也不能早于这份合同的另一本权证",
            f"the day {day} can't be: not after today, and not before another certificate of the same contract",
        )


class NoSuchCertificate(CertificateError):
    """Raised when no paper of this number was ever registered, or it is not the one that is valid now."""

    def __init__(self, number: str, *, now: bool = False) -> None:
        """A number is no person's."""
        shown = number[:60]
        zh, en = ("不是现行的权证", "is not valid now") if now else ("登记库里从来没有过", "was never registered")
        super().__init__(
            f"权证号“{shown}”{zh}: 核对号码, 例如 内（2016）乌审旗农村土地承包经营权证第000001号",
            f"the certificate “{shown}” {en}: check the number, for example 内（2016）乌审旗农村土地承包经营权证第000001号",
        )


class AlreadyReceived(CertificateError):
    """Raised when somebody has signed for this certificate."""

    def __init__(self, number: str) -> None:
        """The number; who signed is not told."""
        super().__init__(f"{number} 已经领取登记过", f"{number} was handed over and signed for already")


class SeriesUnknown(CertificateError):
    """Raised when the region of a banner has no word for the series."""

    def __init__(self, banner_code: str) -> None:
        """The division code."""
        super().__init__(
            f"区划 {banner_code} 没有权证号的地区简称: 在 registry/certificates/words.toml 里补上",
            f"no word for the region of {banner_code}: add it to registry/certificates/words.toml",
        )
