"""Which urban services does a person now have, from which bureau, on which rule, since when? Land is out of reach here."""

from __future__ import annotations

from registry.entitlements.services import Entitled, Service, entitled, services
from registry.entitlements.status import Status, status_of

__all__ = ["Entitled", "Service", "Status", "entitled", "services", "status_of"]
