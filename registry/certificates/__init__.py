"""农村土地承包经营权证: numbered, issued, reissued, cancelled, handed over, printed; found by any number it ever had."""

from registry.certificates.issuing import RECEIPT, Issued, Reason, receive
from registry.certificates.paper import is_a_paper
from registry.certificates.printed import certificate_sheet, register_sheet, village_certificates
from registry.certificates.read import (
    FOREST,
    Certificate,
    OfContract,
    contracts_without,
    find,
    of_contracts,
    received_on,
    spoiled,
)
from registry.certificates.refusals import CertificateError

__all__ = [
    "FOREST",
    "RECEIPT",
    "Certificate",
    "CertificateError",
    "Issued",
    "OfContract",
    "Reason",
    "certificate_sheet",
    "contracts_without",
    "find",
    "is_a_paper",
    "of_contracts",
    "receive",
    "received_on",
    "register_sheet",
    "spoiled",
    "village_certificates",
]
