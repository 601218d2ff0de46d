"""Read the care team, the diagnoses and the supporting information that the items of a Claim point to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from msgspec import Struct

from app.codes import PAS_TEMP_CODES, TAXONOMY, canonical, pas
from app.domain.datatypes import Coding, Period
from app.domain.parts.statements import Stay
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import extensions_of
from app.pas.parts.current import claim_created
from app.pas.parts.limits import MOST_CARE_TEAM, MOST_DIAGNOSES, has_too_many, up_to
from app.pas.parts.read_cancellation import withdrawn
from app.pas.parts.read_parties import PROVIDERS, RoleTarget, checked_identifiers, party_and_role_targets, party_of
from app.pas.parts.read_types import codings, first_coding, possible_codings, timing
from app.pas.parts.same_patient import doubt_about

Value = TypeVar("Value")

_ADDITIONAL = "additionalInformation"
_ADMISSION = "admissionDates"
_DISCHARGE = "dischargeDates"
_SERVICE_DATES = (_ADMISSION, "patientEvent")


_RANKS = {"rendering": 0, "primary": 1, None: 2}
_LAST_RANK = 3
_NOT_PERFORMING = frozenset({"supervisor", "assist", "DK", "DN", "DQ", "P3"})
"""Care team roles of HL7 and X12 98 that do not perform a service: supervisor, assistant, ordering, referring, PCP."""


class CareTeamMember(Struct, frozen=True):
    """A provider on the care team. `overall` providers serve the whole claim; `entry` is the resource with the NPI.

    `specialties`: the taxonomy codes of its qualification.
    """

    npi: str
    role: Coding | None
    overall: bool
    entry: ResourceElement | None
    specialties: tuple[str, ...] = ()

    @property
    def role_code(self) -> str | None:
        """The code of the role."""
        return None if self.role is None else self.role.code


class Supporting(Struct, frozen=True):
    """Supporting information: the `attached` elements, the service `period` of the whole claim, and the stay.

    The `period` is that of the admission, else that of the patient event.
    """

    attached: list[Element]
    period: Period | None
    stay: Stay | None


def read_care_team(entries: Entries, claim: ResourceElement, npi_severity: str) -> dict[int, CareTeamMember]:
    """Read the care team by sequence. A member without an NPI, on the resource or on the reference, is left out."""
    team: dict[int, CareTeamMember] = {}
    created = claim_created(claim.resource)
    for element in up_to(MOST_CARE_TEAM, claim.resource, "careTeam"):
        sequence = element.integer("sequence")
        provider = entries.optional(claim, element, "provider", PROVIDERS)
        targets: list[RoleTarget] = []
        if provider is None:
            npi = _reference_npi(element, npi_severity, created)
        else:
            provider_party, targets = party_and_role_targets(entries, provider, npi_severity, created)
            npi = provider_party.npi
        if sequence is not None and npi is not None:
            scope = extensions_of(element).first(_SCOPE)
            overall = scope is None or scope.flag("valueBoolean") is not False
            team[sequence] = CareTeamMember(
                npi, first_coding(element, "role"), overall, _with_npi(targets, npi) or provider, _specialties(element)
            )
    return team


def performing(members: list[CareTeamMember]) -> list[CareTeamMember]:
    """Return the members who perform the service, the most specific role first."""
    performers = [member for member in members if member.role_code not in _NOT_PERFORMING]
    return sorted(performers, key=lambda member: _RANKS.get(member.role_code, _LAST_RANK))


def _specialties(element: Element) -> tuple[str, ...]:
    qualifications = codings(element, "qualification")
    return tuple([coding.code.upper() for coding in qualifications if canonical(coding.system) == TAXONOMY])


def read_diagnoses(
    entries: Entries, claim: ResourceElement, *, requested: bool = False
) -> dict[int, tuple[Coding, ...]]:
    """Read the diagnoses by sequence: their codes, and those of the valid Conditions that they refer to.

    A code that cannot be one of its system is an issue of a request. On a bill, it is a fault of the lines.
    """
    read = possible_codings if requested else codings
    diagnoses: dict[int, tuple[Coding, ...]] = {}
    named = 0
    for element in up_to(MOST_DIAGNOSES, claim.resource, "diagnosis"):
        sequence = element.integer("sequence")
        codes = read(element, "diagnosisCodeableConcept")
        condition = entries.optional(claim, element, "diagnosisReference", ("Condition",))
        if condition is not None and _counts(entries, claim, condition):
            codes += read(condition.resource, "code")
        if sequence is not None and codes:
            diagnoses[sequence] = codes
        named += len(codes)
        if has_too_many(named, claim.resource, "diagnosis"):
            break
    return diagnoses


def _counts(entries: Entries, claim: ResourceElement, condition: ResourceElement) -> bool:
    """Return whether a Condition is a diagnosis of the patient. One that is not is a warning."""
    doubt = doubt_about(entries, claim, condition)
    if doubt is not None:
        text = f"The Condition is not read as a diagnosis, because {doubt.text}. Send a valid Condition of the patient."
        condition.resource.note(text, doubt.element, severity="warning")
    return doubt is None


def read_supporting(claim: Element) -> Supporting:
    """Read the supporting information of the PAS categories that the review uses, and that no update has withdrawn."""
    attached: list[Element] = []
    periods: dict[str, Period] = {}
    for information in claim.many("supportingInfo"):
        if withdrawn(information):
            continue
        categories = [coding.code for coding in codings(information, "category") if coding.system == PAS_TEMP_CODES]
        if _ADDITIONAL in categories:
            attached.append(information)
        for code in (*_SERVICE_DATES, _DISCHARGE):
            if code in categories:
                period = timing(information, "timingDate", "timingPeriod")
                if period is not None:
                    periods.setdefault(code, period)
    period = next((periods[code] for code in _SERVICE_DATES if code in periods), None)
    return Supporting(attached, period, _stay(periods.get(_ADMISSION), periods.get(_DISCHARGE)))


def _stay(admission: Period | None, discharge: Period | None) -> Stay | None:
    left = None if discharge is None else discharge.end or discharge.start
    return None if admission is None and left is None else Stay(admission, left)


def pointed(item: Element, name: str, by_sequence: Mapping[int, Value]) -> list[Value]:
    """Return the values that an item points to by sequence, each once. The first dangling pointer is a warning."""
    values: dict[int, Value] = {}
    dangling: int | None = None
    for place, number in enumerate(item.integers(name)):
        if number is None:
            continue
        if number in by_sequence:
            values[number] = by_sequence[number]
        elif dangling is None:
            dangling = place
    if dangling is not None:
        text = f"`{name}` points to an element that is missing or has no usable code or NPI; it was ignored."
        item.note(text, f"{name}[{dangling}]", severity="warning")
    return list(values.values())


def _reference_npi(element: Element, npi_severity: str, created: date) -> str | None:
    reference = element.one("provider")
    identifier = None if reference is None else reference.one("identifier")
    return None if identifier is None else party_of(checked_identifiers([identifier], npi_severity, created), None).npi


def _with_npi(targets: list[RoleTarget], npi: str) -> ResourceElement | None:
    """Return the practitioner or organization with the NPI, if the care team names a PractitionerRole."""
    return next(
        (entry for entry, identifiers in targets if any(identifier.value == npi for identifier in identifiers)), None
    )


_SCOPE = pas("extension-careTeamClaimScope")
