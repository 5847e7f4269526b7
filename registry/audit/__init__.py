"""Names each row of the register that disagrees with its log."""

from registry.audit.report import AuditReport, audit

__all__ = ["AuditReport", "audit"]
