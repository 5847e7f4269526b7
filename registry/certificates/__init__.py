"""农村土地承包经营权证: numbered, issued, reissued, cancelled, handed over, printed; found by any number it ever had."""

from registry.certificates.issuing import REASONS, Issued, Reason, cancel, issue, receive, reissue
from registry.certificates.printed import certificate_sheet, register_sheet, village_certificates
from registry.certificates.read import Certificate, contracts_without, find, received_on
from registry.certificates.refusals import CertificateError

__all__ = [
    "REASONS",
    "Certificate",
    "CertificateError",
    "Issued",
    "Reason",
    "cancel",
    "certificate_sheet",
    "contracts_without",
    "find",
    "issue",
    "receive",
    "received_on",
    "register_sheet",
    "reissue",
    "village_certificates",
]
