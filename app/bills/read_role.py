"""Who a billing Claim means by its patient, insurer, provider or coverage, wherever that is told.

A resource in the Bundle or contained in the Claim, an identifier, or a resource that this server keeps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.domain.request import Member, Party
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement, standing_alone
from app.fhir.issues import Issues
from app.pas.face import Reference, member_reference, party_reference
from app.pas.parts.read_parties import identified, member, party, party_of

Resources = Mapping[str, dict[str, Any]]
"""Resources of this server by their relative reference."""

_TYPES = {
    "patient": ("Patient",),
    "insurer": ("Organization",),
    "provider": ("Organization", "Practitioner", "PractitionerRole"),
    "coverage": ("Coverage",),
}
_RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64}")


class Role(Struct, frozen=True):
    """A Reference as sent, and the resource it leads to; None where it names somebody by identifier only."""

    reference: Element
    entry: ResourceElement | None = None

    @property
    def quotable(self) -> Reference | None:
        """How an answer refers to it: as the sender did, unless that only has a meaning inside the Claim."""
        fields = self.reference.fields
        if self.entry is not None and self.entry.full_url:
            return {"reference": self.entry.full_url}
        return None if str(fields.get("reference", "")).startswith("#") else fields


def read_role(entries: Entries, claim: ResourceElement, place: Element, name: str, resources: Resources) -> Role | None:
    """Read whom the Claim names as `name` in `place`, a part of it; where that is nobody, note an issue."""
    reference = place.one(name)
    if reference is None:
        if name not in place.fields:
            place.missing(name)
        return None
    url = reference.text("reference")
    if url is None:
        if reference.one("identifier") is None:
            reference.note(f"{name} needs a reference or an identifier.", code="required")
        return Role(reference)
    entry = entries.resolve(url, claim) or _kept(url, resources)
    if entry is None:
        reference.note(f"{name} refers to nothing that came with the Claim or is kept here.", code="not-found")
    elif entry.type not in _TYPES[name]:
        reference.note(f"{name} must refer to a resource of type {' or '.join(_TYPES[name])}.")
    return Role(reference, entry)


def kept_here(place: Element, name: str) -> str | None:
    """Return the reference that `place` carries as `name`, where it may lead to a resource of this server."""
    reference = place.one(name)
    url = None if reference is None else reference.text("reference")
    return url if url is not None and _RELATIVE.fullmatch(url) else None


def role_party(entries: Entries, role: Role | None) -> Party:
    """Read a provider or an insurer."""
    if role is None:
        return Party()
    if role.entry is not None:
        return party(entries, role.entry, "error")
    identifier = role.reference.one("identifier")
    found = identified([identifier] if identifier is not None else [], "error")
    return party_of(found, role.reference.text("display"))


def role_member(patient: Role | None, coverage: Role | None) -> Member:
    """Read the member; the id also from the identifier that a reference carries."""
    return member(
        patient.entry if patient else None,
        coverage.entry if coverage else None,
        patient.reference.one("identifier") if patient else None,
        coverage.reference.one("identifier") if coverage else None,
    )


def answer_reference(role: Role | None, named: Member | Party) -> Reference:
    """Refer to a role in an answer, by identifier where the sender's reference has no meaning outside of the Claim."""
    quoted = role.quotable if role is not None else None
    if quoted is not None:
        return quoted
    return member_reference(named) if isinstance(named, Member) else party_reference(named)


def _kept(url: str, resources: Resources) -> ResourceElement | None:
    """Return a resource of this server; it is not the sender's fault if something is wrong with it."""
    fields = resources.get(url)
    if fields is None:
        return None
    resource = Element(fields, Issues(), url.partition("/")[0])
    return standing_alone(resource)
