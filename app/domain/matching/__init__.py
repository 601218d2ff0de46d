"""Compare a billed line with an authorized item: one class and one file for each attribute, all listed below.

May import: what `domain` may import.
Start with `attribute`, then any attribute, such as `dates`, then `candidate`.
"""

from __future__ import annotations

from app.domain.matching.attribute import Attribute
from app.domain.matching.billing_provider import BillingProvider
from app.domain.matching.claim_type import ClaimType
from app.domain.matching.component import Component
from app.domain.matching.dates import ServiceDates
from app.domain.matching.diagnosis import Diagnosis
from app.domain.matching.facility import Facility
from app.domain.matching.level_of_care import LevelOfCare
from app.domain.matching.modifiers import Modifiers
from app.domain.matching.place import Place
from app.domain.matching.procedure import Procedure
from app.domain.matching.rendering_provider import RenderingProvider
from app.domain.matching.status import Status
from app.domain.matching.units import Units

ATTRIBUTES: tuple[Attribute, ...] = (
    Status(),
    LevelOfCare(),
    Procedure(),
    Modifiers(),
    Component(),
    ClaimType(),
    RenderingProvider(),
    BillingProvider(),
    Facility(),
    Place(),
    Diagnosis(),
    ServiceDates(),
    Units(),
)
"""In order of precedence: the first mismatch gives the reason of a denial, and the notes list all mismatches."""

SERVICE_ATTRIBUTES: tuple[Attribute, ...] = (Procedure(), Modifiers(), Component())
"""The attributes that tell services apart. A denial counts for the service at any place, by any provider."""
