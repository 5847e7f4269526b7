"""Which refusals has whoever signs in, opens an account or grants a role? None tells whether an account exists."""

from __future__ import annotations

from registry.errors import SanquanError

_MINUTE_S = 60


def in_words(wait_s: int) -> tuple[str, str]:
    """How long to wait (s), as one says it (zh, en): whole minutes, never too few; below one, seconds.

    >>> in_words(3240), in_words(61), in_words(1)
    (('54 分钟', '54 minutes'), ('2 分钟', '2 minutes'), ('1 秒', '1 second'))
    """
    minutes = -(-wait_s // _MINUTE_S)
    number, zh, en = (wait_s, "秒", "second") if wait_s < _MINUTE_S else (minutes, "分钟", "minute")
    return f"{number} {zh}", f"{number} {en}{'' if number == 1 else 's'}"


class SignInRefusedError(SanquanError):
    """Raised when what was typed does not open an account; which part was wrong, or whether there is one, is not told."""

    def __init__(self) -> None:
        """The same for every cause."""
        super().__init__(
            "登录不成: 核对账号、口令和动态码, 或证件号、纸卡上没用过的码和 PIN。忘了或用完了, 到窗口当面换",
            "not signed in: check the login, password and code, or the ID number, an unused code of the card and the PIN. "
            "Forgotten or used up: have it renewed at the counter, in person",
        )


class SignInLockedError(SanquanError):
    """Raised when too many attempts failed from one source; from elsewhere the account can still sign in."""

    def __init__(self, wait_s: int) -> None:
        """Say how long it lasts."""
        zh, en = in_words(wait_s)
        super().__init__(
            f"从这里试错的次数太多, {zh}后再试; 别处登录不受影响",
            f"too many failures from here: try again in {en}. Signing in from elsewhere is not affected",
        )
        self.wait_s = wait_s


class NotSignedInError(SanquanError):
    """Raised when a question needs to know who asks."""

    def __init__(self) -> None:
        """Say where to sign in."""
        super().__init__(
            "要先登录: /sign-in, 或用接口钥匙 Authorization: Bearer …",
            "sign in first: /sign-in, or send a key: Authorization: Bearer …",
        )


class NotAllowedError(SanquanError):
    """Raised when no role of an account may do this to anything."""

    def __init__(self) -> None:
        """Say who can change that."""
        super().__init__(
            "您的角色不能办这一项。需要的话, 由两位管理员授权(docs/access.md)",
            "your role may not do this; two administrators can grant it (docs/access.md)",
        )


class NotThereError(SanquanError):
    """Raised when there is no such thing, or it is none of the asker's; which of the two is not told."""

    def __init__(self) -> None:
        """The same for both."""
        super().__init__("没有, 或者不归您看: 核对编号", "there is none, or it is not yours to see: check the id")


class AccountExistsError(SanquanError):
    """Raised when a login is taken."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__("这个登录名已经有人用: 换一个", "the login is taken: choose another")


class NoSuchAccountError(SanquanError):
    """Raised when an account, a grant or a secret is named that is not there, or no longer open."""

    def __init__(self) -> None:
        """Where they are listed."""
        super().__init__(
            "没有这个账号、授权或钥匙, 或者已经了结: sanquan account list 列出",
            "no such account, grant or secret, or it is over: sanquan account list shows them",
        )


class WeakSecretError(SanquanError):
    """Raised when a password, a PIN or a login is not fit to be one. It is not repeated."""

    def __init__(self, least: int) -> None:
        """What fits."""
        super().__init__(
            f"登录名 2 到 40 个字母或数字; 口令至少 {least} 个字, 不含登录名; PIN 6 位数字, 不全同、不连号, 不在证件号里",
            f"a login has 2 to 40 letters or digits; a password at least {least} characters without the login; a PIN 6 digits, "
            "not all alike, no run, none that stand in the ID number",
        )


class SecondPersonError(SanquanError):
    """Raised when whoever proposed would confirm, or somebody who stands to gain would."""

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(
            "提出的人和得到授权的人都不能自己确认: 请另一位确认",
            "neither who proposed it nor whose account it is may confirm it: ask another",
        )


class GrantFormError(SanquanError):
    """Raised when a grant lacks what its role needs."""

    def __init__(self) -> None:
        """What each role needs."""
        super().__init__(
            "授权要写明理由; 苏木(镇)要有 --town 代码; 嘎查、测绘任务、亲情代办和律师要有 --about(村代码或人的编号); "
            "测绘和律师要有截止日 --until; 本人和公众不用授权",
            "a grant says why; a town's needs --town; a village, a job, a relative and counsel need --about (a code or a person's "
            "id); a job and counsel need --until; nobody is granted what the person or the public has",
        )


class FoundedError(SanquanError):
    """Raised when the console would make an administrator although two are in office."""

    def __init__(self) -> None:
        """The way from now on."""
        super().__init__(
            "已经有两位管理员: 以后的账号和授权由他们提出和确认(sanquan account propose / confirm)",
            "there are two administrators: from now on they propose and confirm (sanquan account propose, confirm)",
        )


class KeyScopeError(SanquanError):
    """Raised when a key would reach for nothing known, or last too long."""

    def __init__(self, days: int) -> None:
        """A valid example."""
        super().__init__(
            f"钥匙的范围写成 household-event:yes-no 这样(栏目:动作), 期限 1 到 {days} 天",
            f"the scope of a key is written as household-event:yes-no (noun:action), its term 1 to {days} days",
        )
