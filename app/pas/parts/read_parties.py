"""The parties of a claim: who provides, who pays, and who is the patient, as the payer's member."""

from __future__ import annotations

from app.codes import EIN, NPI, valid_npi
from app.domain.request import Identifier, Member, Party
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.instants import day
from app.pas.parts.read_types import codings, distinct, identifiers

PROVIDERS = ("Organization", "Practitioner", "PractitionerRole")
"""The resource types of a provider."""

Behind = tuple[ResourceElement, tuple[Identifier, ...]]
"""A practitioner or an organization that a role stands for, and the identifiers of that resource."""


def party(entries: Entries, entry: ResourceElement, npi_severity: str) -> Party:
    """Read an Organization, Practitioner, Location or PractitionerRole.

    A role speaks with its own identifiers, and behind them those of its practitioner and its organization. An NPI whose
    check digit does not fit is an issue of `npi_severity`.
    """
    return party_and_behind(entries, entry, npi_severity)[0]


def party_and_behind(entries: Entries, entry: ResourceElement, npi_severity: str) -> tuple[Party, list[Behind]]:
    """Read a party, and who is behind it where it is a role."""
    found = identified(entry.resource.many("identifier"), npi_severity)
    name = _name(entry)
    others: list[Behind] = []
    if entry.type == "PractitionerRole":
        for role, type_ in (("practitioner", "Practitioner"), ("organization", "Organization")):
            behind = entries.optional(entry, entry.resource, role, (type_,))
            if behind is not None:
                own = identified(behind.resource.many("identifier"), npi_severity)
                others.append((behind, own))
                found += own
                name = name or _name(behind)
    return party_of(found, name), others


def party_of(found: tuple[Identifier, ...], name: str | None) -> Party:
    """Make a party of its identifiers and its name."""
    npi = tax_id = None
    for one in found:
        if npi is None and one.system == NPI:
            npi = one.value
        elif tax_id is None and one.system == EIN:
            tax_id = one.value.replace("-", "")
    return Party(found, npi, tax_id, name)


def identified(elements: list[Element], npi_severity: str) -> tuple[Identifier, ...]:
    """Read identifiers, and check the check digit of those that are NPIs."""
    for element in elements:
        if element.fields.get("system") == NPI:
            value = element.text("value")
            if value is not None and not valid_npi(value):
                text = "An NPI is ten digits, the last of which is a check digit that must fit."
                element.note(text, severity=npi_severity)
    return identifiers(elements)


def member(
    patient: ResourceElement | None,
    coverage: ResourceElement | None,
    on_patient: Element | None = None,
    on_coverage: Element | None = None,
) -> Member:
    """Read the patient as a member of the plan that the Coverage is of; what is not there is left empty.

    `on_patient` and `on_coverage` are the identifiers that the references to them carry.
    """
    name = _first(patient, "name")
    given = name.texts("given") if name is not None else []
    person = None if patient is None else patient.resource
    return Member(
        member_id=_member_id(_numbers(patient, on_patient), _numbers(coverage, on_coverage), coverage, on_coverage),
        family=None if name is None else name.text("family"),
        given=given[0] if given else None,
        birth_date=None if person is None else day(person.text("birthDate") or ""),
        gender=None if person is None else person.text("gender"),
        plans=_plans(coverage),
    )


def member_number(elements: list[Element]) -> str | None:
    """Read the identifier of type MB."""
    for element in elements:
        for coding in codings(element, "type"):
            if coding.code == "MB":
                value = element.text("value")
                if value is not None:
                    return value
    return None


def _numbers(entry: ResourceElement | None, on_reference: Element | None) -> list[Element]:
    own = [] if entry is None else entry.resource.many("identifier")
    return own if on_reference is None else [*own, on_reference]


def _member_id(
    patient: list[Element], coverage: list[Element], card: ResourceElement | None, on_coverage: Element | None
) -> str:
    """Read the member id: of type MB, the Patient's before the Coverage's, which people on one card may share.

    Failing that, it is the subscriber's, what the reference to the Coverage says, or the Patient's first identifier.
    """
    number = member_number(patient) or member_number(coverage)
    if number is None and card is not None:
        number = card.resource.text("subscriberId")
    if number is None and on_coverage is not None:
        number = on_coverage.text("value")
    return number or next((one.value for one in identifiers(patient)), "")


def _plans(coverage: ResourceElement | None) -> tuple[str, ...]:
    if coverage is None:
        return ()
    classes = [one.text("value") for one in coverage.resource.many("class")]
    types = [coding.code for coding in codings(coverage.resource, "type")]
    return distinct([plan for plan in (*classes, *types) if plan])


def _name(entry: ResourceElement) -> str | None:
    if entry.type in {"Organization", "Location"}:
        return entry.resource.text("name")
    name = _first(entry, "name") if entry.type == "Practitioner" else None
    if name is None:
        return None
    parts = [*name.texts("given"), name.text("family") or ""]
    return name.text("text") or " ".join(part for part in parts if part) or None


def _first(entry: ResourceElement | None, name: str) -> Element | None:
    found = [] if entry is None else entry.resource.many(name)
    return found[0] if found else None
