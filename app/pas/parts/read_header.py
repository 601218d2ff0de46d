"""What the items of a Claim point to by sequence: care team and diagnoses; and what counts for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from app.domain.request import Coding, Period
from app.fhir import systems
from app.fhir.bundle import Entries, Entry
from app.fhir.element import Element
from app.fhir.extension import Extensions
from app.pas.parts.limits import MOST_CARE_TEAM, MOST_DIAGNOSES, up_to
from app.pas.parts.read_parties import identified, party, party_of
from app.pas.parts.read_types import codings, first_code, identifiers, timing

Value = TypeVar("Value")

_SERVICE_DATES = ("admissionDates", "patientEvent")


class CareTeamMember(Struct, frozen=True):
    """A provider on the care team: NPI, role, and whether of the whole claim; `entry` is the one that has the NPI."""

    npi: str
    role: str | None
    overall: bool
    entry: Entry | None


def read_care_team(entries: Entries, claim: Entry, npi_severity: str) -> dict[int, CareTeamMember]:
    """Read the care team by sequence: those who have an NPI, on the resource referred to or on the reference."""
    team: dict[int, CareTeamMember] = {}
    for element in up_to(MOST_CARE_TEAM, claim.resource, "careTeam"):
        sequence = element.integer("sequence")
        provider = entries.optional(claim, element, "provider")
        npi = _reference_npi(element, npi_severity) if provider is None else party(entries, provider, npi_severity).npi
        if sequence is not None and npi is not None:
            scope = Extensions(element).first(_SCOPE)
            overall = scope is None or scope.flag("valueBoolean") is not False
            known = None if provider is None else _behind(entries, provider, npi)
            team[sequence] = CareTeamMember(npi, first_code(element.one("role")), overall, known)
    return team


def read_diagnoses(entries: Entries, claim: Entry) -> dict[int, tuple[Coding, ...]]:
    """Read the diagnoses by sequence, as codes or from the Condition that one refers to."""
    diagnoses: dict[int, tuple[Coding, ...]] = {}
    for element in up_to(MOST_DIAGNOSES, claim.resource, "diagnosis"):
        sequence = element.integer("sequence")
        found = codings(element.one("diagnosisCodeableConcept"))
        condition = entries.optional(claim, element, "diagnosisReference")
        if condition is not None:
            found += codings(condition.resource.one("code"))
        if sequence is not None and found:
            diagnoses[sequence] = found
    return diagnoses


def read_event_period(claim: Element) -> Period | None:
    """Read when it happens, where that is told for the whole claim: the admission's dates, or the patient event's."""
    found: dict[str, Period] = {}
    for information in claim.many("supportingInfo"):
        for category in codings(information.one("category")):
            if category.system == systems.PAS_TEMP_CODES and category.code in _SERVICE_DATES:
                period = timing(information, "timing")
                if period is not None:
                    found.setdefault(category.code, period)
    return next((found[code] for code in _SERVICE_DATES if code in found), None)


def pointed(item: Element, name: str, by_sequence: Mapping[int, Value]) -> list[Value]:
    """Return what an item points to by sequence; the first pointer to nothing is warned of."""
    numbers = item.integers(name)
    astray = next((place for place, number in enumerate(numbers) if number not in by_sequence), None)
    if astray is not None:
        item.note(f"{name} points to nothing that is understood here.", f"{name}[{astray}]", severity="warning")
    return [by_sequence[number] for number in numbers if number in by_sequence]


def _reference_npi(element: Element, npi_severity: str) -> str | None:
    reference = element.one("provider")
    identifier = None if reference is None else reference.one("identifier")
    return None if identifier is None else party_of(identified([identifier], npi_severity), None).npi


def _behind(entries: Entries, provider: Entry, npi: str) -> Entry:
    """Return the practitioner or organization that has the NPI, where the care team names a role."""
    if provider.type == "PractitionerRole":
        for name in ("practitioner", "organization"):
            behind = entries.optional(provider, provider.resource, name)
            if behind is not None and any(one.value == npi for one in identifiers(behind.resource.many("identifier"))):
                return behind
    return provider


_SCOPE = systems.pas("extension-careTeamClaimScope")
