"""Which refusal is which problem (RFC 9457), with which status? The one table, and how a problem is written.

A problem says in Chinese, then in English what is wrong and what to do. It never repeats what was sent: that could be
an ID number in the wrong place. What is not in the table is a problem of ours: status 500 without any detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api import plain
from api.access import CsrfError
from api.answers.events import KeyReusedError, NamedTwiceError, NewcomerError
from api.answers.exports import ExportNotFoundError, ExportNotReadyError, TooManyExportsError
from api.answers.filings import NobodyThereError, UnknownPaperError
from api.answers.parcels import ParcelNotFoundError
from api.answers.persons import EventNotFoundError, NoEventError
from api.answers.reshapings import HowManyError
from api.asked import FIELDS, InputError
from api.desk.pasted import NoTableError
from api.doors import BodyTooLargeError, ForeignHostError, ForeignOriginError
from api.intakes import IntakeNotFoundError, NothingDroppedError, TooManyIntakesError
from api.limiting import TooOftenError
from api.offices import offices
from api.oidc import NoProviderError, ProviderError
from api.published_ledger import NotPublishedError
from api.v1.token import TokenError
from api.v1.uploads import OneFileError, UploadError
from gis.errors import GisError
from gis.formats.dbf_writing import ValueDoesNotFit
from gis.formats.refusals import TargetUnwritable
from gis.lineage import CutError
from gis.sheets import BoundaryTooSmall, ShiftTooLarge, TooLargeForASheet
from registry.accounts.refusals import (
    AccountExistsError,
    FoundedError,
    GrantFormError,
    KeyScopeError,
    NoSuchAccountError,
    NotAllowedError,
    NotSignedInError,
    NotThereError,
    SecondPersonError,
    SignInLockedError,
    SignInRefusedError,
    WeakSecretError,
)
from registry.accounts.roles import DutiesMixedError, NoSuchRoleError
from registry.assembly import AttendanceRefusedError, NoSuchCollectiveError
from registry.blank_tables import NoSuchBlankError
from registry.breaches import NoSuchBreachError
from registry.bureaus import AggregatesOnlyError, NoSuchBureauError, UnknownPersonAskedError
from registry.cases.refusals import (
    ActRefusedError,
    CaseMovedError,
    NoSuchCaseError,
    NoSuchKindError,
    NotByYouError,
    SaidMalformedError,
    StepNotOpenError,
)
from registry.cases.roster import NobodyDueError, RosterReadsHukouError
from registry.certificates import CertificateError
from registry.certificates.refusals import NoSuchCertificate, NoSuchContract
from registry.comparison import ComparisonNotFoundError, DumpRefusedError
from registry.decisions.asking import FACTS
from registry.decisions.further import FURTHER_FACTS
from registry.decisions.land.asking import LAND_FACTS
from registry.decisions.may_i import UnknownAnswerError
from registry.delivery.decisions import AlreadyDecidedError, DecisionReasonError, ExplanationNotFoundError
from registry.delivery.job import JobRulesDifferError, JobUnreadableError
from registry.delivery.register import VillageNotDeliveredError
from registry.delivery.sheets import LastVerdictUnreadableError, NothingToReceiveError
from registry.errors import SanquanError
from registry.evidence.apart import EvidenceRefused
from registry.evidence.keeping import EvidenceUndescribedError
from registry.exports.scope import VillageNotFoundError
from registry.exports.write import NothingToExportError
from registry.guarantee.compare import EventNotKnownError
from registry.handin import NothingToHandInError
from registry.law.book import RuleNotInForceError, UnknownPlaceError, UnknownRuleError
from registry.ledger.act import ConsentMissingError, NothingToActOnError
from registry.ledger.log import InstantMalformedError
from registry.ledger.publishing import DatabaseBehindError, DatabaseForkedError, HeadUnreadableError, PublisherBusyError
from registry.listings.refusals import NothingListedError
from registry.looks.keeping import LookNotKeptError
from registry.notices.fit import UnfitWordsError
from registry.notices.parcels import NoticeParcelsError
from registry.notices.posting import NoSuchNoticeError, NoticeTakenDownError
from registry.papers import PurposeMissingError
from registry.parcels.box import BoxMalformedError
from registry.particulars import UnknownParticularError
from registry.police import EventTableRefusedError
from registry.printing import KeptElsewhereError
from registry.proofs.entries import EntryNotPublishedError
from registry.proofs.making import NothingProvableYetError, NothingToProveError, TooMuchForOneError
from registry.reshaping import ReshapingError
from registry.school_districts import DistrictFileError
from registry.service_reports.handing_in import NotReportingError
from registry.service_reports.reading import ReportRefusedError
from registry.settlement import NotCancellableError, UnknownEventError, UnknownPersonError
from registry.settlement.filing import MixedFilingError
from registry.settlement.life import NotDecidedError
from registry.settlement.membership_answers import AnswerUngroundedError, NoSuchQuestionError
from registry.settlement.queue import ApplicationNotFoundError, UnknownClassError, UnknownQuestionError
from registry.settlement.wills import (
    AppliedForAnotherError,
    GuardianMissingError,
    GuardianNotShownError,
    NoApplicationError,
)
from registry.sheets import SheetError
from registry.sheets.filing import NotOurSheet, ScanUnreadable
from registry.sources import SourceMissingError, SourceTooLargeError
from registry.statement import PersonNotFoundError
from registry.statistics import NoSuchFigureError
from registry.statistics.quarter import NoSuchQuarterError
from registry.store.engines import JournalError, StoreBusyError
from registry.subsidies import HukouColumnError, ListRefusedError
from registry.subsidies.payments import YearMalformedError
from registry.supervision.refusals import SampleRefusedError
from registry.withdrawal import (
    DeliveryNotRegistered,
    VillageNotInDelivery,
    WithdrawalError,
)
from registry.witnessing import CosignatureRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI, Request

    from registry.delivery.faults import Fault

MEDIA_TYPE = "application/problem+json"
_WHO_KNOWS = ("农牧局", "自然资源局", "公安局")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem: the last part of its type, its status and its title."""

    name: str
    status: int
    zh: str
    en: str

    @property
    def type(self) -> str:
        """The type, a name and not an address: nothing is fetched to read it."""
        return f"urn:sanquan:problem:{self.name}"


INVALID = Kind("invalid-input", 422, "填写有误", "invalid input")
_UNAUTHORIZED = 401
INTERNAL = Kind("internal", 500, "系统出错", "internal error")
_NOT_FOUND = Kind("not-found", 404, "没有这一页", "no such page")
_NOT_WRITTEN = Kind("not-writable", 503, "登记库不能写", "the register takes no writes")
_OF_STATUS = {
    404: _NOT_FOUND,
    405: Kind("method-not-allowed", 405, "不能这样访问", "method not allowed"),
}
KINDS: dict[type[Exception], Kind] = {
    InputError: INVALID,
    BoxMalformedError: INVALID,
    InstantMalformedError: INVALID,
    UnknownEventError: Kind("unknown-event-kind", 422, "没有这种户籍事件", "unknown kind of household event"),
    UnknownPersonError: Kind("unknown-person", 422, "登记库里没有这个人", "unknown person"),
    NewcomerError: INVALID,
    NamedTwiceError: INVALID,
    UnknownParticularError: INVALID,
    NotCancellableError: Kind("not-cancellable", 409, "不能撤销", "nothing to cancel"),
    UnknownPaperError: INVALID,
    NobodyThereError: INVALID,
    UnknownQuestionError: INVALID,
    MixedFilingError: INVALID,
    AppliedForAnotherError: Kind("applied-for-another", 422, "替别人申请", "applied for another"),
    GuardianMissingError: Kind("guardian-missing", 422, "缺监护人签字", "a guardian is missing"),
    NoSuchQuestionError: Kind("no-such-question", 422, "没有问过集体", "the collective was not asked"),
    AnswerUngroundedError: Kind("answer-ungrounded", 422, "答复没有写理由", "the answer gives no reason"),
    GuardianNotShownError: Kind("guardian-not-shown", 422, "监护人的判决书不够", "the guardian's court decision does not bear it"),
    NoApplicationError: Kind("no-application", 422, "没有本人申请", "no application of their own"),
    NotDecidedError: Kind("not-decided", 409, "还不能这样定", "not decided in favour"),
    ApplicationNotFoundError: Kind("application-not-found", 404, "没有这份申请", "no such application"),
    EventTableRefusedError: Kind("events-refused", 422, "事件表读不了", "the table of events can't be read"),
    KeyReusedError: Kind("key-reused", 409, "键已用过", "idempotency key reused"),
    PersonNotFoundError: Kind("person-not-found", 404, "查无此人", "no such person"),
    ParcelNotFoundError: Kind("parcel-not-found", 404, "查无此地", "no such parcel"),
    VillageNotFoundError: Kind("village-not-found", 404, "没有这个村", "no such village"),
    NothingToExportError: Kind("nothing-to-export", 422, "没有可导出的地块", "nothing to export"),
    NothingToHandInError: Kind("nothing-to-hand-in", 422, "没有可汇交的", "nothing to hand in"),
    ExportNotFoundError: Kind("export-not-found", 404, "没有这个导出任务", "no such export"),
    IntakeNotFoundError: Kind("intake-not-found", 404, "没有这份收件", "no such delivery at the desk"),
    ExportNotReadyError: Kind("export-not-ready", 409, "文件没有写好", "the file is not there"),
    NothingDroppedError: INVALID,
    NoTableError: INVALID,
    TooManyIntakesError: Kind("too-many-intakes", 429, "收件太多", "too many deliveries at the desk"),
    TooManyExportsError: Kind("too-many-exports", 429, "导出任务太多", "too many exports"),
    ValueDoesNotFit: Kind("value-does-not-fit", 422, "有值写不进这种格式", "a value does not fit the format"),
    TargetUnwritable: Kind("not-written", 507, "文件没有写成", "the file could not be written"),
    EventNotFoundError: Kind("event-not-found", 404, "没有这件户籍事件", "no such household event"),
    EventNotKnownError: Kind("event-not-found", 404, "没有这件户籍事件", "no such household event"),
    NoEventError: Kind("no-event", 404, "没有户籍变动", "no household event"),
    ReshapingError: Kind("not-reshapable", 422, "不能这样改地块", "the parcel cannot be reshaped so"),
    CutError: Kind("not-reshapable", 422, "不能这样改地块", "the parcel cannot be reshaped so"),
    HowManyError: INVALID,
    ConsentMissingError: Kind("consent-missing", 422, "缺少签字", "a will is missing"),
    NothingToActOnError: Kind("nothing-there", 404, "那天没有这项登记", "nothing of this id stood on that day"),
    ExplanationNotFoundError: Kind("exception-not-found", 404, "没有这条例外说明", "no such exception"),
    AlreadyDecidedError: Kind("already-decided", 409, "已经审批过", "decided before"),
    DecisionReasonError: INVALID,
    JobRulesDifferError: Kind("rules-differ", 409, "规则版本不同", "the rules are not the job's"),
    JobUnreadableError: Kind("job-unreadable", 422, "任务包不完整", "no whole job package"),
    NothingToReceiveError: Kind("nothing-to-receive", 422, "读不出成果", "no delivery was read"),
    VillageNotDeliveredError: Kind("village-not-delivered", 422, "成果里没有这个村", "the delivery has no such village"),
    LastVerdictUnreadableError: Kind("verdict-unreadable", 422, "不是上次的判定", "no verdict of an earlier time"),
    WithdrawalError: Kind("not-withdrawable", 409, "成果不能这样撤回", "the delivery cannot be withdrawn so"),
    DeliveryNotRegistered: Kind("delivery-not-registered", 404, "没有登记过这份成果", "no such delivery was registered"),
    VillageNotInDelivery: Kind("delivery-not-registered", 404, "没有登记过这份成果", "no such delivery was registered"),
    SourceMissingError: Kind("paper-missing", 422, "没有这份材料", "a paper is not kept here"),
    DumpRefusedError: Kind("dump-refused", 422, "导出有错误", "the export has faults"),
    NoSuchBlankError: Kind("blank-not-found", 404, "没有这张空表", "no such blank table"),
    ComparisonNotFoundError: Kind("comparison-not-found", 404, "没有这次核对", "no such comparison"),
    ListRefusedError: Kind("list-refused", 422, "名单有错误", "the list has faults"),
    RosterReadsHukouError: Kind("hukou-column", 422, "名单里有户口列", "the list has a column about the registration"),
    NobodyDueError: Kind("nobody-due", 422, "没有要延的承包", "no contract ends by then"),
    HukouColumnError: Kind("hukou-column", 422, "名单里有户口列", "the list has a column about the registration"),
    UploadError: INVALID,
    OneFileError: INVALID,
    EvidenceRefused: Kind("evidence-refused", 422, "这份材料不能收", "the file is not taken as evidence"),
    EvidenceUndescribedError: INVALID,
    SourceTooLargeError: Kind("too-large", 413, "内容太大", "content too large"),
    LookNotKeptError: Kind("look-not-kept", 503, "记不下是谁在看", "who looks can't be written down"),
    UnfitWordsError: Kind("unfit-words", 422, "这些话不能公示", "these words may not stand there"),
    NoticeParcelsError: Kind("no-parcel-of-the-village", 422, "不是这个村的地块", "no parcel of the village"),
    NoSuchNoticeError: Kind("no-such-notice", 404, "没有这张公示", "no such notice"),
    NoticeTakenDownError: Kind("taken-down", 409, "已经撤下", "taken down before"),
    UnknownRuleError: Kind("no-such-rule", 404, "没有这条规则", "no such rule"),
    RuleNotInForceError: Kind("not-in-force", 404, "那天没有效力", "not in force on that day"),
    UnknownPlaceError: INVALID,
    UnknownAnswerError: INVALID,
    ScanUnreadable: Kind("scan-unreadable", 422, "扫描件读不出来", "no scan of a sheet"),
    NotOurSheet: Kind("not-our-sheet", 422, "不是本登记库的图表", "not a sheet of this register"),
    KeptElsewhereError: Kind("not-yours", 403, "不能由您办", "not yours to take"),
    SheetError: Kind("nothing-to-draw", 404, "没有可制图的内容", "nothing to draw"),
    BoundaryTooSmall: Kind("not-drawable", 422, "画不成图", "it cannot be drawn"),
    TooLargeForASheet: Kind("not-drawable", 422, "画不成图", "it cannot be drawn"),
    CertificateError: Kind("certificate-refused", 409, "权证不能这样办", "not possible with this certificate"),
    NoSuchCertificate: Kind("no-such-certificate", 404, "没有这本权证", "no such certificate"),
    NoSuchContract: Kind("no-such-contract", 404, "没有这份合同", "no such contract"),
    TokenError: Kind("token-required", 401, "需要令牌", "token required"),
    ForeignHostError: Kind("foreign-host", 421, "不是本机地址", "not this machine"),
    ForeignOriginError: Kind("foreign-origin", 403, "别的网站发来的请求", "request from another site"),
    BodyTooLargeError: Kind("too-large", 413, "内容太大", "content too large"),
    NoSuchFigureError: INVALID,
    YearMalformedError: INVALID,
    PurposeMissingError: INVALID,
    ShiftTooLarge: INVALID,
    AttendanceRefusedError: Kind("list-refused", 422, "名单有错误", "the list has faults"),
    NoSuchCollectiveError: Kind("no-such-collective", 404, "没有这个集体", "no such collective"),
    NoSuchBreachError: Kind("no-such-breach", 404, "没有这条未结的记录", "no such open breach"),
    NoSuchBureauError: Kind("no-such-bureau", 404, "没有这个部门", "no such bureau"),
    AggregatesOnlyError: Kind("aggregates-only", 422, "只看汇总数", "aggregates only"),
    UnknownPersonAskedError: Kind("person-not-found", 404, "查无此人", "no such person"),
    NoSuchQuarterError: INVALID,
    DistrictFileError: Kind("districts-unreadable", 503, "学区文件读不了", "the file of school districts can't be read"),
    NotReportingError: Kind("not-reporting", 404, "这个部门没有要报的服务", "the bureau reports no service"),
    ReportRefusedError: Kind("report-refused", 422, "报表有错误", "the report has faults"),
    UnknownClassError: INVALID,
    NotPublishedError: Kind("not-published", 404, "没有公布", "not published"),
    SampleRefusedError: Kind("sample-refused", 422, "不能封存或抽签", "the sample can't be sealed or drawn"),
    CosignatureRefusedError: Kind("cosignature-refused", 422, "监督签名不能用", "the cosignature can't be taken"),
    PublisherBusyError: Kind("publishing", 503, "账本正在公布", "the log is being published"),
    DatabaseBehindError: _NOT_WRITTEN,
    DatabaseForkedError: _NOT_WRITTEN,
    HeadUnreadableError: _NOT_WRITTEN,
    NothingProvableYetError: Kind("log-not-published", 409, "账本还没有公布到这一步", "the log is not published so far"),
    EntryNotPublishedError: Kind("entry-not-published", 404, "账目还没有公布", "the entry is not published"),
    TooMuchForOneError: Kind("too-much-for-one", 422, "一份证明装不下", "too much for one certificate"),
    NothingListedError: Kind("nothing-listed", 404, "名单上没有查到", "on no list"),
    NothingToProveError: Kind("nothing-to-prove", 404, "当时没有查到这项登记", "it was not registered then"),
    NoSuchKindError: Kind("unknown-case-kind", 422, "没有这种案件", "unknown kind of case"),
    NoSuchCaseError: Kind("case-not-found", 404, "没有这个案件", "no such case"),
    SaidMalformedError: INVALID,
    CaseMovedError: Kind("moved-on", 409, "别人先办了一件", "somebody else came first"),
    StepNotOpenError: Kind("step-not-open", 409, "现在不能办这一步", "the step is not open now"),
    NotByYouError: Kind("not-yours", 403, "不能由您办", "not yours to take"),
    ActRefusedError: Kind("act-refused", 409, "登记不成", "the register refuses the act"),
    SignInRefusedError: Kind("sign-in-refused", 401, "登录不成", "not signed in"),
    SignInLockedError: Kind("too-often", 429, "太频繁", "too often"),
    TooOftenError: Kind("too-often", 429, "太频繁", "too often"),
    NotSignedInError: Kind("sign-in-first", 401, "要先登录", "sign in first"),
    NotAllowedError: Kind("not-allowed", 403, "没有这个权限", "not allowed"),
    NotThereError: Kind("not-there", 404, "没有", "there is none"),
    CsrfError: Kind("csrf", 403, "缺少防伪字", "the word against forgery is missing"),
    AccountExistsError: Kind("account-exists", 409, "登录名已有人用", "the login is taken"),
    NoSuchAccountError: Kind("no-such-account", 404, "没有这个账号或授权", "no such account or grant"),
    SecondPersonError: Kind("second-person", 409, "要另一个人确认", "another person must confirm"),
    DutiesMixedError: Kind("duties-mixed", 409, "职责不能合在一个账号", "duties that must be apart"),
    FoundedError: Kind("founded", 409, "已经有管理员", "there are administrators"),
    NoProviderError: Kind("no-provider", 404, "没有设统一登录", "no provider"),
    ProviderError: Kind("provider", 502, "统一登录用不了", "the provider can't be used"),
    WeakSecretError: INVALID,
    GrantFormError: INVALID,
    KeyScopeError: INVALID,
    NoSuchRoleError: INVALID,
    JournalError: Kind("busy", 503, "登记库被占用", "the register is held by another program"),
    StoreBusyError: Kind("busy", 503, "登记库被占用", "the register is held by another program"),
}
_HINTS = {
    "missing": ("缺少这一项", "this is missing"),
    "extra_forbidden": ("没有这一项", "there is no such field"),
    "one_of": ("village、bbox、person 三种选一种", "exactly one of village, bbox and person"),
    "json_invalid": ("不是 JSON", "not JSON"),
}


def kind_of(error: Exception) -> Kind:
    """The type of problem of an error, by its class or the nearest class above it in the table."""
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), INTERNAL)


def problem(
    kind: Kind, zh: str, en: str, errors: Sequence[dict[str, Any]] = (), headers: dict[str, str] | None = None
) -> Response:
    """A problem document: type, title, status, detail (中文 / English), both apart, and the single errors."""
    body: dict[str, Any] = {
        "type": kind.type,
        "title": f"{kind.zh} / {kind.en}",
        "status": kind.status,
        "detail": f"{zh} / {en}",
        "zh": zh,
        "en": en,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(orjson.dumps(body), kind.status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


def problem_of(error: Exception) -> Response:
    """The problem of a refusal; of anything else the one that tells nothing."""
    kind = kind_of(error)
    if kind is INTERNAL or not isinstance(error, SanquanError | GisError):
        return problem(
            INTERNAL,
            "系统出错, 什么都没有改动。请告诉管理员",
            "something failed on our side, nothing was changed: tell the administrator",
        )
    errors = []
    if isinstance(error, BoxMalformedError):
        errors = [{"field": "bbox", "zh": error.zh, "en": error.en, "example": FIELDS["bbox"].example}]
    if isinstance(error, InputError):
        errors = [{"field": error.field.name, "zh": error.zh, "en": error.en, "example": error.field.example}]
    if isinstance(error, DumpRefusedError | EventTableRefusedError | ListRefusedError):
        errors = [_of_table(fault) for fault in error.faults]
    if isinstance(error, ReportRefusedError):
        errors = [{"field": fault.where or "rows", "zh": fault.zh, "en": fault.en} for fault in error.faults]
    headers = {"WWW-Authenticate": "Bearer"} if kind.status == _UNAUTHORIZED else None
    if isinstance(error, TooManyExportsError):
        headers = {"Retry-After": "10"}
    if isinstance(error, SignInLockedError | TooOftenError):
        headers = {"Retry-After": str(error.wait_s)}
    return problem(kind, error.zh, error.en, errors, headers)


def _of_table(fault: Fault) -> dict[str, Any]:
    """A fault of an uploaded table: file, row and column stand in for the field."""
    where = " ".join(str(part) for part in (fault.file, fault.row, fault.field) if part not in (None, ""))
    return {
        "field": where or fault.layer or "files",
        "zh": f"{fault.zh} {fault.hint_zh}",
        "en": f"{fault.en} {fault.hint_en}",
    }


def install(app: FastAPI) -> None:
    """Let the app answer its refusals with problems."""
    app.add_exception_handler(SanquanError, _refused)
    app.add_exception_handler(GisError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _refused)  # the doors log it, and answer where this fails too


def _told(request: Request, answer: Response) -> Response:
    """The problem as it is; to a person with a browser, as a page in words."""
    if request.url.path.startswith("/v1/") or "text/html" not in request.headers.get("accept", ""):
        return answer
    said = orjson.loads(answer.body)
    page = plain.page(
        request,
        "problem.html",
        answer.status_code,
        title=said["title"].split(" / ", 1),
        told=said,
        offices=offices(request.app.state.settings.registry, _WHO_KNOWS),
    )
    page.headers.update({name: answer.headers[name] for name in ("www-authenticate", "retry-after") if name in answer.headers})
    return page


async def _refused(request: Request, error: Exception) -> Response:
    return _told(request, problem_of(error))


async def _invalid(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [_single(list(each["loc"]), each["type"]) for each in found]
    names = ", ".join(dict.fromkeys(each["field"] for each in errors))
    answer = problem(INVALID, f"这些项不合规定: {names}", f"these fields are not as they must be: {names}", errors)
    return _told(request, answer)


def _single(place: list[str | int], sort: str) -> dict[str, Any]:
    # The names of the document are ours; a key that somebody made up is not repeated.
    where = (
        ".".join(str(part) if isinstance(part, int) or part in _known_names() else "…" for part in place[1:])
        or "body"
    )
    named = FIELDS.get(str(place[-1]))
    zh, en = _HINTS.get(
        sort, (named.zh, named.en) if named else ("不合规定, 见 /v1/openapi.json", "not as /v1/openapi.json asks")
    )
    out: dict[str, Any] = {"field": where, "zh": zh, "en": en}
    if named:
        out["example"] = named.example
    return out


def _known_names() -> frozenset[str]:
    from api.answers import cases, deadlines, events, evidence, filings, old_law, waiting
    from api.answers.facts import form_of

    modules = (cases, deadlines, events, evidence, filings, old_law, waiting)
    models: list[type[BaseModel]] = [form for module in modules for form in _forms_in(module)]
    models += [form_of(facts) for facts in (*FACTS, *LAND_FACTS, *FURTHER_FACTS)]
    return frozenset(FIELDS) | {name for model in models for name in model.model_fields}


def _forms_in(module: ModuleType) -> list[type[BaseModel]]:
    return [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, BaseModel)]


async def _http(request: Request, error: Exception) -> Response:
    return _told(request, _of_http(error))


def _of_http(error: Exception) -> Response:
    if isinstance(error.__cause__, SanquanError):  # raised while the body was read, which FastAPI calls a 400
        return problem_of(error.__cause__)
    status = error.status_code if isinstance(error, HTTPException) else INTERNAL.status
    if status == 400:  # noqa: PLR2004  (FastAPI's word for a body that is no text or no JSON)
        return problem(
            INVALID, "发来的内容读不懂: 要 UTF-8 的 JSON", "the body can't be read: JSON in UTF-8 is wanted"
        )
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    kind = _OF_STATUS.get(status, Kind("refused", status, "请求被拒", "refused"))
    return problem(kind, f"{kind.zh}; 见 /v1/openapi.json", f"{kind.en}; see /v1/openapi.json", headers=headers)
