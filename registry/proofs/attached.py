"""Where is the certificate in a file that somebody hands in: the attachment of a PDF, or the file itself?"""

from __future__ import annotations

import io
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from registry.errors import SanquanError
from registry.ledger.verify.strict import MAX_JSON_BYTES
from registry.proofs.paper import FILE

_PDF: Final = b"%PDF-"
_LARGEST_PDF: Final = 32 << 20


class NoCertificateInsideError(SanquanError):
    """Raised when a PDF has no certificate attached, has several, or can't be read."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "这个 PDF 里没有证明(可能是打印后扫描的): 要原来的 PDF 或 .json 文件",
            "no certificate is attached to this PDF (a scan of a print?): ask for the original PDF or the .json",
        )


def certificate_in(raw: bytes) -> bytes:
    """The bytes of the certificate in a PDF; what is no PDF as it is. NoCertificateInsideError."""
    if not raw.startswith(_PDF):
        return raw
    if len(raw) > _LARGEST_PDF:
        raise NoCertificateInsideError
    try:
        found = PdfReader(io.BytesIO(raw)).attachments.get(FILE, [])
    # A damaged PDF makes pypdf stumble in many ways; all of them mean the same here.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as damaged:
        raise NoCertificateInsideError from damaged
    if len(found) != 1 or len(found[0]) > MAX_JSON_BYTES:
        raise NoCertificateInsideError
    return bytes(found[0])
