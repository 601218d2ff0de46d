"""Read the providers and the insurer of a claim."""

from __future__ import annotations

import re
from datetime import date

from app.codes import EIN, NPI, canonical, valid_npi
from app.domain.datatypes import Identifier
from app.domain.request import Party
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.pas.parts.current import claim_created, is_current
from app.pas.parts.limits import MOST_IDENTIFIERS, up_to
from app.pas.parts.modifier_elements import doubt_of
from app.pas.parts.read_member import current_names

PROVIDERS = ("Organization", "Practitioner", "PractitionerRole")
"""The resource types of a provider."""

_TAX_ID = re.compile("[0-9]{2}-?[0-9]{7}")

RoleTarget = tuple[ResourceElement, tuple[Identifier, ...]]
"""The practitioner or the organization that a PractitionerRole refers to, and the identifiers of that resource."""


def party(entries: Entries, entry: ResourceElement, npi_severity: str, created: date) -> Party:
    """Read an Organization, Practitioner, Location or PractitionerRole.

    The identifiers of a PractitionerRole come first, then those of its practitioner and its organization. An NPI with a
    wrong check digit is an issue of `npi_severity`. Only identifiers that are current on the day `created` count.
    """
    return party_and_role_targets(entries, entry, npi_severity, created)[0]


def party_and_role_targets(
    entries: Entries, entry: ResourceElement, npi_severity: str, created: date
) -> tuple[Party, list[RoleTarget]]:
    """Read a party, with the practitioner and the organization of a PractitionerRole."""
    _note_doubt(entry)
    party_identifiers = _identifiers(entry, npi_severity, created)
    name = _name(entry, created)
    targets: list[RoleTarget] = []
    if entry.type == "PractitionerRole":
        for role, type_ in (("practitioner", "Practitioner"), ("organization", "Organization")):
            target = entries.optional(entry, entry.resource, role, (type_,))
            if target is not None:
                _note_doubt(target)
                of_target = _identifiers(target, npi_severity, created)
                targets.append((target, of_target))
                party_identifiers += of_target
                name = name or _name(target, created)
    return party_of(party_identifiers, name), targets


def facility_npi(entries: Entries, claim: ResourceElement, owner: Element, name: str, npi_severity: str) -> str | None:
    """Read the NPI of the Location that `owner`, a part of the Claim, refers to: its own, or its organization's."""
    created = claim_created(claim.resource)
    reference, location = owner.one(name), entries.optional(claim, owner, name, ("Location",))
    if reference is None:
        return None
    if location is None:
        identifier = reference.one("identifier")
        return party_of(checked_identifiers([identifier] if identifier else [], npi_severity, created), None).npi
    own = party(entries, location, npi_severity, created).npi
    organization = entries.optional(location, location.resource, "managingOrganization", ("Organization",))
    return own or (None if organization is None else party(entries, organization, npi_severity, created).npi)


def _identifiers(entry: ResourceElement, npi_severity: str, created: date) -> tuple[Identifier, ...]:
    return checked_identifiers(up_to(MOST_IDENTIFIERS, entry.resource, "identifier"), npi_severity, created)


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


def checked_identifiers(elements: list[Element], npi_severity: str, created: date) -> tuple[Identifier, ...]:
    """Read the identifiers that are current on the day `created`, and check the NPIs and tax IDs among them.

    Their systems become the canonical ones. An NPI may begin with any digit: published examples begin with 8.
    """
    listed: list[Identifier] = []
    for element in elements:
        system, value = canonical(element.text("system") or ""), element.text("value")
        if value is None:
            continue
        if system == NPI and not valid_npi(value):
            text = "An NPI must have ten digits, and the last one must be the correct check digit."
            element.note(text, severity=npi_severity)
        if system == EIN and not _TAX_ID.fullmatch(value):
            text = "A tax ID must have nine digits, with or without a hyphen after the second."
            element.note(text, severity=npi_severity)
        if is_current(element.fields, created):
            listed.append(Identifier(system, value))
    return tuple(listed)


def _name(entry: ResourceElement, created: date) -> str | None:
    if entry.type in {"Organization", "Location"}:
        return entry.resource.text("name")
    names = current_names(entry.resource, created) if entry.type == "Practitioner" else []
    if not names:
        return None
    parts = [*names[0].texts("given"), names[0].text("family") or ""]
    return names[0].text("text") or " ".join(part for part in parts if part) or None
