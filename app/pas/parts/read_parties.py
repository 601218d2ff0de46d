"""Read the parties of a claim: the provider, the insurer, and the patient as a member of the payer."""

from __future__ import annotations

from app.codes import EIN, MEMBER_NUMBER, NPI, canonical, valid_npi
from app.domain.datatypes import Identifier
from app.domain.request import Member, Party
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.instants import day
from app.pas.parts.limits import MOST_IDENTIFIERS, up_to
from app.pas.parts.modifier_elements import doubt_of
from app.pas.parts.read_types import codings, distinct, identifiers

PROVIDERS = ("Organization", "Practitioner", "PractitionerRole")
"""The resource types of a provider."""

RoleTarget = tuple[ResourceElement, tuple[Identifier, ...]]
"""The practitioner or the organization that a PractitionerRole refers to, and the identifiers of that resource."""


def party(entries: Entries, entry: ResourceElement, npi_severity: str) -> Party:
    """Read an Organization, Practitioner, Location or PractitionerRole.

    The identifiers of a PractitionerRole come first, then those of its practitioner and its organization. An NPI with a
    wrong check digit is an issue of `npi_severity`.
    """
    return party_and_role_targets(entries, entry, npi_severity)[0]


def party_and_role_targets(
    entries: Entries, entry: ResourceElement, npi_severity: str
) -> tuple[Party, list[RoleTarget]]:
    """Read a party, with the practitioner and the organization of a PractitionerRole."""
    _note_doubt(entry)
    party_identifiers = checked_identifiers(up_to(MOST_IDENTIFIERS, entry.resource, "identifier"), npi_severity)
    name = _name(entry)
    targets: list[RoleTarget] = []
    if entry.type == "PractitionerRole":
        for role, type_ in (("practitioner", "Practitioner"), ("organization", "Organization")):
            target = entries.optional(entry, entry.resource, role, (type_,))
            if target is not None:
                _note_doubt(target)
                of_target = checked_identifiers(up_to(MOST_IDENTIFIERS, target.resource, "identifier"), npi_severity)
                targets.append((target, of_target))
                party_identifiers += of_target
                name = name or _name(target)
    return party_of(party_identifiers, name), targets


def _note_doubt(entry: ResourceElement) -> None:
    """Note an issue for an organization that is not valid, and a warning for a practitioner that is not in use."""
    doubt = doubt_of(entry.type, entry.resource.fields)
    if doubt is not None and doubt.certain:
        text = f"A party of the Claim must be valid: {doubt.text}. Send the record of the organization that is in use."
        entry.resource.note(text, doubt.element, code="business-rule")
    elif doubt is not None:
        entry.resource.note(f"The provider may be out of use: {doubt.text}.", doubt.element, severity="warning")


def party_of(listed: tuple[Identifier, ...], name: str | None) -> Party:
    """Return the party with these identifiers and this name."""
    npi = tax_id = None
    for identifier in listed:
        if npi is None and identifier.system == NPI:
            npi = identifier.value
        elif tax_id is None and identifier.system == EIN:
            tax_id = identifier.value.replace("-", "")
    return Party(listed, npi, tax_id, name)


def checked_identifiers(elements: list[Element], npi_severity: str) -> tuple[Identifier, ...]:
    """Read the identifiers of a party under their canonical systems, and check the check digit of each NPI."""
    for element in elements:
        if canonical(element.fields.get("system", "")) == NPI:
            value = element.text("value")
            if value is not None and not valid_npi(value):
                text = "An NPI must have ten digits, and the last one must be the correct check digit."
                element.note(text, severity=npi_severity)
    return tuple([Identifier(canonical(sent.system), sent.value) for sent in identifiers(elements)])


def member(
    patient: ResourceElement | None,
    coverage: ResourceElement | None,
    on_patient: Element | None = None,
    on_coverage: Element | None = None,
) -> Member:
    """Read the patient as a member of the plan of the Coverage. Absent data stays empty.

    `on_patient` and `on_coverage` are the identifiers on the References to them.
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
    """Return the member id: the value of the first identifier of type MB that has one."""
    for element in elements:
        value = element.text("value")
        if value is not None and any(coding.code == MEMBER_NUMBER for coding in codings(element, "type")):
            return value
    return None


def _numbers(entry: ResourceElement | None, on_reference: Element | None) -> list[Element]:
    own = [] if entry is None else entry.resource.many("identifier")
    return own if on_reference is None else [*own, on_reference]


def _member_id(
    patient: list[Element], coverage: list[Element], coverage_entry: ResourceElement | None, on_coverage: Element | None
) -> str:
    """Read the member id: the identifier of type MB, first of the Patient, then of the Coverage.

    Several members may share one Coverage. Without type MB, the member id is the subscriberId, else the identifier on
    the Reference to the Coverage, else the first identifier of the Patient.
    """
    number = member_number(patient) or member_number(coverage)
    if number is None and coverage_entry is not None:
        number = coverage_entry.resource.text("subscriberId")
    if number is None and on_coverage is not None:
        number = on_coverage.text("value")
    return number or next((identifier.value for identifier in identifiers(patient)), "")


def _plans(coverage: ResourceElement | None) -> tuple[str, ...]:
    if coverage is None:
        return ()
    classes = [coverage_class.text("value") for coverage_class in coverage.resource.many("class")]
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
    elements = [] if entry is None else entry.resource.many(name)
    return elements[0] if elements else None
