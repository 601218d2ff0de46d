"""The elements at the head of a Claim, whatever its use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.codes import pas
from app.domain.request import Coding, Identifier
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.read_header import CareTeamMember
from app.pas.parts.read_types import CONCEPT, first_code, first_coding, identifiers

_REQUIRED = ("status", "type", "use", "created", "priority", "insurance")
_MOST_IDENTIFIERS = 20
_NO_CODE = Coding("", "")
_NO_DAY = date.min
_LEVEL_OF_SERVICE = pas("extension-levelOfServiceCode")


def check_head(claim: Element, use: str) -> None:
    """Note what every Claim must have and this one has not, a use or status not wanted, and too many identifiers."""
    for name in _REQUIRED:
        if not claim.fields.get(name):
            claim.missing(name)
    claim.many("contained")  # whether or not anything refers to them
    for name, wanted in (("use", use), ("status", "active")):
        found = claim.text(name)
        if found is not None and found != wanted:
            claim.note(f"The {name} of the Claim must be {wanted}.", name)
    known_by = claim.fields.get("identifier")
    if isinstance(known_by, list) and len(known_by) > _MOST_IDENTIFIERS:
        claim.note(f"A Claim has at most {_MOST_IDENTIFIERS} elements identifier.", "identifier")


def focal_insurance(claim: Element) -> Element | None:
    """Return the one insurance that is focal; several, or none where there are insurances, are an issue."""
    insurances = claim.many("insurance")
    focal = [one for one in insurances if one.flag("focal")]
    if len(focal) != 1 and insurances:
        text = "Exactly one insurance must be focal: the one that is asked or billed."
        claim.note(text, "insurance" if focal else "insurance[0].focal")
    return focal[0] if focal else None


def claim_identifier(claim: Element) -> Identifier:
    """Read the first identifier that has a value; a Claim that has an identifier without one is an issue."""
    elements = claim.many("identifier")
    found = identifiers(elements)
    if elements and not found:
        elements[0].missing("value", "The identifier of the Claim needs a value.")
    return found[0] if found else Identifier("", "")


def claim_type(claim: Element) -> Coding:
    """Read the type: professional, institutional or another, as a code."""
    coding = first_coding(claim, "type")
    if coding is None:
        found = claim.one("type")
        if found is not None:
            found.missing("coding", "The type of the Claim needs a code.")
    return coding or _NO_CODE


def claim_created(claim: Element) -> date:
    """Read the day on which the Claim was made."""
    created = claim.days("created")
    return created[0] if created else _NO_DAY


def claim_urgency(claim: Element) -> str | None:
    """Read how soon an answer is needed: the level of service, or else the priority."""
    level = first_code(extensions_of(claim).first(_LEVEL_OF_SERVICE), CONCEPT)
    return level or first_code(claim, "priority")


def provider_references(team: Iterable[CareTeamMember]) -> dict[str, dict[str, Any]]:
    """Refer to the care team's practitioners and organizations, by NPI."""
    known = ((one.npi, one.entry) for one in team)
    return {npi: {"reference": entry.full_url} for npi, entry in known if entry is not None and entry.full_url}
