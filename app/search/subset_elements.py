"""The elements of the served types that a part of a resource must have, and those that are in its summary.

http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.isSummary
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})
"""What stays in every part of every type: what it is, and whatever may change the meaning of the rest."""

_EVERY_TYPE = ALWAYS | {"language", "text", "contained", "extension"}


class TypeElements(Struct, frozen=True):
    """The elements of a type by their names in JSON, beside those that every type has.

    `kept` are mandatory or may change the meaning of others, and stay in every part; `summary` are shown in the summary
    beside them; `others` are the rest. `within` says which elements of an element are in the summary, where not all
    are.
    """

    mandatory: frozenset[str]
    modifiers: frozenset[str]
    summary: frozenset[str]
    others: frozenset[str]
    within: Mapping[str, frozenset[str]]

    @property
    def kept(self) -> frozenset[str]:
        """What stays in every part of a resource of this type."""
        return ALWAYS | self.mandatory | self.modifiers

    @property
    def names(self) -> frozenset[str]:
        """Every element that a resource of this type may have."""
        return _EVERY_TYPE | self.mandatory | self.modifiers | self.summary | self.others


def _type(
    mandatory: str, modifiers: str, summary: str, others: str, within: Mapping[str, frozenset[str]] | None = None
) -> TypeElements:
    return TypeElements(
        frozenset(mandatory.split()),
        frozenset(modifiers.split()),
        frozenset(summary.split()),
        frozenset(others.split()),
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
    "Practitioner": _type(
        "", "", "identifier active name telecom address gender birthDate", "photo qualification communication"
    ),
}
