"""Read the patient, insurer, provider and coverage of a billing claim.

Each is a resource of the Bundle, a contained resource, a resource of this server, or only an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from app.domain.request import Member, Party
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement, standing_alone
from app.fhir.issues import Issues
from app.pas.face import Reference, member_reference, party_reference
from app.pas.parts.modifier_elements import doubt_of
from app.pas.parts.read_member import member
from app.pas.parts.read_parties import checked_identifiers, party, party_of

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
    """A Reference as sent, and the resource that it leads to; None if the Reference has only an identifier."""

    reference: Element
    entry: ResourceElement | None = None

    @property
    def quotable(self) -> Reference | None:
        """The Reference for an answer: the client's own, or None if it is valid only inside the Claim."""
        fields = self.reference.fields
        if self.entry is not None and self.entry.full_url:
            return {"reference": self.entry.full_url}
        return None if str(fields.get("reference", "")).startswith("#") else fields


def read_role(entries: Entries, claim: ResourceElement, place: Element, name: str, resources: Resources) -> Role | None:
    """Read the participant that `place`, a part of the Claim, refers to as `name`. Note an issue if there is none."""
    reference = place.one(name)
    if reference is None:
        place.missing(name)
        return None
    url = reference.text("reference")
    if url is None:
        if reference.one("identifier") is None:
            reference.note(f"`{name}` must have a reference or an identifier.", code="required")
        return Role(reference)
    sent = entries.resolve(url, claim)
    entry = sent or of_this_server(url, resources)
    if entry is None:
        reference.note(
            f"`{name}` must resolve to a resource that was sent with the Claim or is stored on this server.",
            code="not-found",
        )
    elif entry.type not in _TYPES[name]:
        reference.note(f"`{name}` must refer to a resource of type {' or '.join(_TYPES[name])}.")
    elif sent is None and (doubt := doubt_of(entry.type, entry.resource.fields)) is not None and doubt.certain:
        reference.note(f"`{name}` must refer to a resource that is valid: {doubt.text}.", code="business-rule")
    return Role(reference, entry)


def server_reference(place: Element, name: str) -> str | None:
    """Return the reference that `place` carries as `name`, if it is relative, such as `Patient/<id>`."""
    reference = place.one(name)
    url = None if reference is None else reference.text("reference")
    return url if url is not None and _RELATIVE.fullmatch(url) else None


def role_party(entries: Entries, role: Role | None, created: date) -> Party:
    """Read a provider or an insurer. Only identifiers that are current on the day of the Claim count."""
    if role is None:
        return Party()
    if role.entry is not None:
        return party(entries, role.entry, "error", created)
    identifier = role.reference.one("identifier")
    identifiers = checked_identifiers([identifier] if identifier is not None else [], "error", created)
    return party_of(identifiers, role.reference.text("display"))


def role_member(patient: Role | None, coverage: Role | None, created: date) -> Member:
    """Read the member. The member number may also come from the identifier of a Reference."""
    return member(
        patient.entry if patient else None,
        coverage.entry if coverage else None,
        created,
        patient.reference.one("identifier") if patient else None,
        coverage.reference.one("identifier") if coverage else None,
    )


def answer_reference(role: Role | None, participant: Member | Party) -> Reference:
    """Refer to a participant: by the client's Reference, or by identifier if that is valid only inside the Claim."""
    quoted = role.quotable if role is not None else None
    if quoted is not None:
        return quoted
    return member_reference(participant) if isinstance(participant, Member) else party_reference(participant)


def of_this_server(url: str, resources: Resources) -> ResourceElement | None:
    """Return a resource of this server. Its issues are not those of the client, so they are dropped."""
    fields = resources.get(url)
    if fields is None:
        return None
    resource = Element(fields, Issues(), url.partition("/")[0])
    return standing_alone(resource)
