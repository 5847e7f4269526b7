"""What does each kind of case ask for, whom does it touch, and which acts does its registration write?

A *writer* is the only way in which a case writes. One module a family of kinds; this is the menu of all of them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from registry.cases.writing.allotments import SharesAllotted, SharesRequantified, ShareTransferred
from registry.cases.writing.benefits import BenefitAdjusted, BenefitEnded, BenefitGranted
from registry.cases.writing.boundaries import BoundarySigned
from registry.cases.writing.buildings import BuildingRecorded
from registry.cases.writing.burdens import Leased, Lifted, Objected, OperatingEnded, Secured
from registry.cases.writing.certificates import Cancelled, Issued, Reissued
from registry.cases.writing.corrections import ClericalSlip, RecordCorrected
from registry.cases.writing.duties import DutyChanged, DutySet
from registry.cases.writing.endings import EndedBefore2019, HouseholdExtinct, LeftWithoutHeir
from registry.cases.writing.exchanges import Exchanged
from registry.cases.writing.exits import Exited, ExitVoided
from registry.cases.writing.extension import Extension
from registry.cases.writing.first import FirstRegistered, HouseholdEntered
from registry.cases.writing.households import ContractDivided, ContractsMerged, Inherited
from registry.cases.writing.lists import Entered, MemberDeceased, RepresentativeChanged
from registry.cases.writing.locks import DisputeClosed, Disputed, Seized, SeizureLifted
from registry.cases.writing.memberships import MembershipExited, MembershipLost, TakenIn
from registry.cases.writing.orders import Ordered
from registry.cases.writing.recodings import Recoded
from registry.cases.writing.shapes import Reshaped, SurveyCorrected
from registry.cases.writing.shares import ShareInherited
from registry.cases.writing.takings import LandGone, Readjusted
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
        "building-recorded": BuildingRecorded(),
        "certificate-cancelled": Cancelled(),
        "certificate-issued": Issued(),
        "certificate-renewed": Reissued(("damaged", "changed")),
        "certificate-replaced": Reissued(("lost",)),
        "clerical-slip": ClericalSlip(),
        "contract-divided": ContractDivided(),
        "contract-exited": Exited(),
        "contracts-merged": ContractsMerged(),
        "contract-registered": FirstRegistered(("arable", "grass", "other")),
        "contributed": Leased("contributed"),
        "delivery-withdrawn": DeliveryWithdrawn(),
        "dispute-closed": DisputeClosed(),
        "disputed": Disputed(),
        "duty-changed": DutyChanged(),
        "duty-set": DutySet(),
        "exchanged": Exchanged(),
        "exit-voided": ExitVoided(),
        "expropriated": LandGone("expropriated"),
        "extension": Extension(),
        "extinct": HouseholdExtinct(),
        "forest-registered": FirstRegistered(("forest",)),
        "handed-back-before-2019": EndedBefore2019("handed-back-before-2019"),
        "homestead-exited": Exited(),
        "homestead-registered": FirstRegistered(("homestead",)),
        "household-registered": HouseholdEntered(),
        "inherited": Inherited(),
        "judgment-registered": Ordered("court-ordered"),
        "land-lost": LandGone("land-lost"),
        "leased": Leased("leased"),
        "left-without-heir": LeftWithoutHeir(),
        "member-added": Entered("member-added"),
        "member-deceased": MemberDeceased(),
        "membership-confirmed": TakenIn("membership-confirmed", ("member", "returned", "migrated")),
        "membership-exited": MembershipExited(),
        "membership-gained": TakenIn("membership-gained", ("birth", "marriage", "adoption")),
        "membership-lost": MembershipLost(),
        "mortgage-discharged": Lifted("mortgage-discharged", "mortgage", by_lender=True),
        "mortgaged": Secured("mortgaged", "mortgage"),
        "objected": Objected(),
        "objection-closed": Lifted("objection-closed", "objection", by_lender=False),
        "omission-corrected": Entered("omission-corrected"),
        "operating-ended": OperatingEnded(),
        "parcel-merged": Reshaped("parcel-merged"),
        "parcel-split": Reshaped("parcel-split"),
        "pledge-discharged": Lifted("pledge-discharged", "pledge", by_lender=True),
        "pledged": Secured("pledged", "pledge"),
        "readjusted": Readjusted(),
        "record-corrected": RecordCorrected(),
        "recoded": Recoded(),
        "representative-changed": RepresentativeChanged(),
        "seized": Seized(),
        "seizure-lifted": SeizureLifted(),
        "share-exited": Exited(),
        "share-inherited": ShareInherited(),
        "share-transferred": ShareTransferred(),
        "shares-allotted": SharesAllotted(),
        "shares-requantified": SharesRequantified(),
        "subleased": Leased("subleased"),
        "survey-corrected": SurveyCorrected(),
        "taken-back-before-2019": EndedBefore2019("taken-back-before-2019"),
    }
)
"""By the kind of case; a test holds them to the kinds of kinds.toml that write."""
READERS: Mapping[str, Reader] = MappingProxyType({**WRITERS, "boundary-signed": BoundarySigned()})
"""Every kind that touches people, those that write nothing among them."""
