"""What does each kind of case ask for, whom does it touch, and which acts does its registration write?

A *writer* is the only way in which a case writes. One module a family of kinds; this is the menu of all of them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from registry.cases.writing.benefits import BenefitAdjusted, BenefitEnded, BenefitGranted
from registry.cases.writing.boundaries import BoundarySigned
from registry.cases.writing.burdens import Leased, Lifted, Mortgaged, Objected, OperatingEnded
from registry.cases.writing.certificates import Cancelled, Issued, Reissued
from registry.cases.writing.corrections import ClericalSlip, RecordCorrected
from registry.cases.writing.duties import DutyChanged, DutySet
from registry.cases.writing.exchanges import Exchanged
from registry.cases.writing.exits import Exited, ExitVoided
from registry.cases.writing.extension import Extension
from registry.cases.writing.first import FirstRegistered
from registry.cases.writing.households import ContractDivided, ContractsMerged, Inherited
from registry.cases.writing.lists import Entered, MemberDeceased, RepresentativeChanged
from registry.cases.writing.locks import DisputeClosed, Disputed, Seized, SeizureLifted
from registry.cases.writing.memberships import MembershipExited, TakenIn
from registry.cases.writing.orders import Ordered
from registry.cases.writing.recodings import Recoded
from registry.cases.writing.shapes import Reshaped, SurveyCorrected
from registry.cases.writing.shares import ShareInherited
from registry.cases.writing.withdrawals import DeliveryWithdrawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.cases.writing.writer import Reader, Writer

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "award-registered": Ordered("arbitrated"),
        "benefit-adjusted": BenefitAdjusted(),
        "benefit-ended": BenefitEnded(),
        "benefit-granted": BenefitGranted(),
        "boundary-adjusted": Reshaped("boundary-adjusted"),
        "certificate-cancelled": Cancelled(),
        "certificate-issued": Issued(),
        "certificate-renewed": Reissued(("damaged", "changed")),
        "certificate-replaced": Reissued(("lost",)),
        "clerical-slip": ClericalSlip(),
        "contract-divided": ContractDivided(),
        "contract-exited": Exited(),
        "contracts-merged": ContractsMerged(),
        "contract-registered": FirstRegistered(("arable", "grass", "other")),
        "delivery-withdrawn": DeliveryWithdrawn(),
        "dispute-closed": DisputeClosed(),
        "disputed": Disputed(),
        "duty-changed": DutyChanged(),
        "duty-set": DutySet(),
        "exchanged": Exchanged(),
        "exit-voided": ExitVoided(),
        "extension": Extension(),
        "forest-registered": FirstRegistered(("forest",)),
        "homestead-exited": Exited(),
        "homestead-registered": FirstRegistered(("homestead",)),
        "inherited": Inherited(),
        "judgment-registered": Ordered("court-ordered"),
        "leased": Leased("leased"),
        "member-added": Entered("member-added"),
        "member-deceased": MemberDeceased(),
        "membership-confirmed": TakenIn("membership-confirmed", ("member", "returned", "migrated")),
        "membership-exited": MembershipExited(),
        "membership-gained": TakenIn("membership-gained", ("birth", "marriage", "adoption")),
        "mortgage-discharged": Lifted("mortgage-discharged", "mortgage", by_lender=True),
        "mortgaged": Mortgaged(),
        "objected": Objected(),
        "objection-closed": Lifted("objection-closed", "objection", by_lender=False),
        "omission-corrected": Entered("omission-corrected"),
        "operating-ended": OperatingEnded(),
        "parcel-merged": Reshaped("parcel-merged"),
        "parcel-split": Reshaped("parcel-split"),
        "record-corrected": RecordCorrected(),
        "recoded": Recoded(),
        "representative-changed": RepresentativeChanged(),
        "seized": Seized(),
        "seizure-lifted": SeizureLifted(),
        "share-exited": Exited(),
        "share-inherited": ShareInherited(),
        "subleased": Leased("subleased"),
        "survey-corrected": SurveyCorrected(),
    }
)
"""By the kind of case; a test holds them to the kinds of kinds.toml that write."""
READERS: Mapping[str, Reader] = MappingProxyType({**WRITERS, "boundary-signed": BoundarySigned()})
"""Every kind that touches people, those that write nothing among them."""
