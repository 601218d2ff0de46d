"""List the elements of each type: those that every subset keeps, and those of the summary.

http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.isSummary
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})
"""The elements that every subset of every type keeps: identity, and elements that can change the meaning of others."""

_EVERY_TYPE = ALWAYS | {"language", "text", "contained", "extension"}


class TypeElements(Struct, frozen=True):
    """The elements of a type by JSON name, without the elements that every type has.

    Every subset keeps the mandatory elements and the modifiers; the summary adds `summary`. `remaining` are in neither.
    `within` lists the inner elements of an element that the summary shows only in part.
    """

    mandatory: frozenset[str]
    modifiers: frozenset[str]
    summary: frozenset[str]
    remaining: frozenset[str]
    within: Mapping[str, frozenset[str]]

    @property
    def kept(self) -> frozenset[str]:
        """The elements that every subset of this type keeps."""
        return ALWAYS | self.mandatory | self.modifiers

    @property
    def names(self) -> frozenset[str]:
        """All elements of this type."""
        return _EVERY_TYPE | self.mandatory | self.modifiers | self.summary | self.remaining


def _type(
    mandatory: str, modifiers: str, summary: str, remaining: str, within: Mapping[str, frozenset[str]] | None = None
) -> TypeElements:
    return TypeElements(
        frozenset(mandatory.split()),
        frozenset(modifiers.split()),
        frozenset(summary.split()),
        frozenset(remaining.split()),
        within or {},
    )


ELEMENTS: Mapping[str, TypeElements] = {
    "Claim": _type(
        "status type use patient created provider priority insurance",
        "",
        "billablePeriod insurer",
        "identifier subType enterer fundsReserve related prescription originalPrescription payee referral facility"
        " careTeam supportingInfo diagnosis procedure accident item total",
        {"insurance": frozenset({"id", "modifierExtension", "sequence", "focal", "coverage"})},
    ),
    "ClaimResponse": _type(
        "status type use patient created insurer outcome",
        "",
        "request total",
        "identifier subType requestor disposition preAuthRef preAuthPeriod payeeType item addItem adjudication payment"
        " fundsReserve formCode form processNote communicationRequest insurance error",
    ),
    "ExplanationOfBenefit": _type(
        "status type use patient created insurer provider outcome insurance",
        "",
        "billablePeriod total",
        "identifier subType enterer priority fundsReserveRequested fundsReserve related prescription"
        " originalPrescription payee referral facility claim claimResponse disposition preAuthRef"
        " preAuthRefPeriod careTeam supportingInfo diagnosis procedure precedence accident item addItem"
        " adjudication payment formCode form processNote benefitPeriod benefitBalance",
        {"insurance": frozenset({"id", "modifierExtension", "focal", "coverage"})},
    ),
    "Coverage": _type(
        "status beneficiary payor",
        "",
        "identifier type policyHolder subscriber subscriberId dependent period order network",
        "relationship class costToBeneficiary subrogation contract",
    ),
    "Patient": _type(
        "",
        "active deceasedBoolean deceasedDateTime link",
        "identifier name telecom gender birthDate address managingOrganization",
        "maritalStatus multipleBirthBoolean multipleBirthInteger photo contact communication generalPractitioner",
    ),
    "Organization": _type("", "active", "identifier type name partOf", "alias telecom address contact endpoint"),
    "AuditEvent": _type(
        "type recorded agent source", "", "subtype action outcome outcomeDesc purposeOfEvent", "period entity"
    ),
    "Task": _type(
        "status intent",
        "",
        "basedOn groupIdentifier instantiatesCanonical instantiatesUri partOf statusReason businessStatus code"
        " description focus for encounter executionPeriod lastModified requester owner location",
        "identifier priority authoredOn performerType reasonCode reasonReference insurance note relevantHistory"
        " restriction input output",
    ),
    "Subscription": _type("status reason criteria channel", "", "contact end error", ""),
    "Practitioner": _type(
        "", "", "identifier active name telecom address gender birthDate", "photo qualification communication"
    ),
}
