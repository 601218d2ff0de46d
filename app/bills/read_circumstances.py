"""Read the referral of a billing claim, and the type of its admission."""

from __future__ import annotations

from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.limits import MOST_IDENTIFIERS, up_to
from app.pas.parts.read_types import codings, distinct

_ADMISSION_TYPE = "admtype"
"""The CARIN category of supporting information for NUBC's priority of the admission."""


def read_referrals(entries: Entries, claim: ResourceElement) -> tuple[str, ...]:
    """Read the numbers of the referral: those of the reference, and those of the ServiceRequest that it refers to."""
    reference = claim.resource.one("referral")
    if reference is None:
        return ()
    identifier = reference.one("identifier")
    identifiers = [] if identifier is None else [identifier]
    order = entries.optional(claim, claim.resource, "referral", ("ServiceRequest",))
    if order is not None:
        identifiers += up_to(MOST_IDENTIFIERS, order.resource, "identifier")
    return distinct([value for each in identifiers if (value := each.text("value")) is not None])


def read_admission_type(claim: Element) -> str | None:
    """Read the type of the admission, such as 1 for an emergency."""
    for information in claim.many("supportingInfo"):
        if any(coding.code == _ADMISSION_TYPE for coding in codings(information, "category")):
            return next((coding.code for coding in codings(information, "code")), information.text("valueString"))
    return None
