"""What the items of a Claim point to by sequence: care team and diagnoses; and what counts for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

from app.codes import PAS_TEMP_CODES, pas
from app.domain.request import Coding, Period
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import extensions_of
from app.pas.parts.limits import MOST_CARE_TEAM, MOST_DIAGNOSES, up_to
from app.pas.parts.read_parties import PROVIDERS, Behind, identified, party_and_behind, party_of
from app.pas.parts.read_types import codings, first_code, timing

Value = TypeVar("Value")

_ADDITIONAL = "additionalInformation"
_SERVICE_DATES = ("admissionDates", "patientEvent")


class CareTeamMember(Struct, frozen=True):
    """A provider on the care team: NPI, role, and whether of the whole claim; `entry` is the one that has the NPI."""

    npi: str
    role: str | None
    overall: bool
    entry: ResourceElement | None


class Supporting(Struct, frozen=True):
    """What supports a Claim: what is `attached`, and when it happens where that is told for the whole claim.

    The `period` is that of the admission, or else of the patient event.
    """

    attached: list[Element]
    period: Period | None


def read_care_team(entries: Entries, claim: ResourceElement, npi_severity: str) -> dict[int, CareTeamMember]:
    """Read the care team by sequence: those who have an NPI, on the resource referred to or on the reference."""
    team: dict[int, CareTeamMember] = {}
    for element in up_to(MOST_CARE_TEAM, claim.resource, "careTeam"):
        sequence = element.integer("sequence")
        provider = entries.optional(claim, element, "provider", PROVIDERS)
        behind: list[Behind] = []
        if provider is None:
            npi = _reference_npi(element, npi_severity)
        else:
            named, behind = party_and_behind(entries, provider, npi_severity)
            npi = named.npi
        if sequence is not None and npi is not None:
            scope = extensions_of(element).first(_SCOPE)
            overall = scope is None or scope.flag("valueBoolean") is not False
            team[sequence] = CareTeamMember(
                npi, first_code(element, "role"), overall, _with_npi(behind, npi) or provider
            )
    return team


def read_diagnoses(entries: Entries, claim: ResourceElement) -> dict[int, tuple[Coding, ...]]:
    """Read the diagnoses by sequence, as codes or from the Condition that one refers to."""
    diagnoses: dict[int, tuple[Coding, ...]] = {}
    for element in up_to(MOST_DIAGNOSES, claim.resource, "diagnosis"):
        sequence = element.integer("sequence")
        found = codings(element, "diagnosisCodeableConcept")
        condition = entries.optional(claim, element, "diagnosisReference", ("Condition",))
        if condition is not None:
            found += codings(condition.resource, "code")
        if sequence is not None and found:
            diagnoses[sequence] = found
    return diagnoses


def read_supporting(claim: Element) -> Supporting:
    """Read the supporting information, as far as it is of a category of PAS that counts here."""
    attached: list[Element] = []
    periods: dict[str, Period] = {}
    for information in claim.many("supportingInfo"):
        categories = [one.code for one in codings(information, "category") if one.system == PAS_TEMP_CODES]
        if _ADDITIONAL in categories:
            attached.append(information)
        for code in _SERVICE_DATES:
            if code in categories:
                period = timing(information, "timingDate", "timingPeriod")
                if period is not None:
                    periods.setdefault(code, period)
    return Supporting(attached, next((periods[code] for code in _SERVICE_DATES if code in periods), None))


def pointed(item: Element, name: str, by_sequence: Mapping[int, Value]) -> list[Value]:
    """Return what an item points to by sequence; the first pointer to nothing is warned of."""
    found: list[Value] = []
    astray: int | None = None
    for place, number in enumerate(item.integers(name)):
        if number is None:
            continue
        if number in by_sequence:
            found.append(by_sequence[number])
        elif astray is None:
            astray = place
    if astray is not None:
        item.note(f"{name} points to nothing that is understood here.", f"{name}[{astray}]", severity="warning")
    return found


def _reference_npi(element: Element, npi_severity: str) -> str | None:
    reference = element.one("provider")
    identifier = None if reference is None else reference.one("identifier")
    return None if identifier is None else party_of(identified([identifier], npi_severity), None).npi


def _with_npi(behind: list[Behind], npi: str) -> ResourceElement | None:
    """Return the practitioner or organization that has the NPI, where the care team names a role."""
    for entry, own in behind:
        for one in own:
            if one.value == npi:
                return entry
    return None


_SCOPE = pas("extension-careTeamClaimScope")
