"""Read the header of a Claim: a request, an inquiry or a billing claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.codes import pas
from app.domain.datatypes import Coding, Identifier
from app.fhir.element import Element
from app.fhir.extension import Extensions, extensions_of
from app.pas.parts.limits import MOST_INSURANCES, up_to
from app.pas.parts.read_header import CareTeamMember
from app.pas.parts.read_types import CONCEPT, first_code, first_coding, identifiers

_REQUIRED = ("status", "use", "created")
"""Primitives that R4 requires. R4 also allows an extension in place of the value, which the readers cannot use."""

_MOST_IDENTIFIERS = 20
_NO_CODE = Coding("", "")
_LEVEL_OF_SERVICE = pas("extension-levelOfServiceCode")


def check_head(claim: Element, use: str, statuses: Sequence[str] = ("active",)) -> None:
    """Note missing values, a wrong use or status, and too many identifiers."""
    for name in _REQUIRED:
        if name not in claim.fields:
            claim.missing(name)
    for name, required in (("use", (use,)), ("status", statuses)):
        if claim.text(name) not in (None, *required):
            claim.note(f"The {name} of the Claim must be {' or '.join(required)}.", name)
    if len(claim.many("identifier")) > _MOST_IDENTIFIERS:
        claim.note(f"A Claim must not have more than {_MOST_IDENTIFIERS} identifiers.", "identifier")


def focal_insurance(claim: Element) -> Element | None:
    """Return the focal insurance. Note an issue unless exactly one is focal, and for too many insurances."""
    insurances = up_to(MOST_INSURANCES, claim, "insurance")
    focal = [insurance for insurance in insurances if insurance.flag("focal")]
    if len(focal) != 1 and insurances:
        text = "Exactly one insurance must be focal: the coverage under which the Claim is sent."
        claim.note(text, "insurance" if focal else "insurance[0].focal")
    return focal[0] if focal else None


def claim_identifier(claim: Element) -> Identifier:
    """Read the first identifier that has a value. Note an issue if no identifier has one."""
    elements = claim.many("identifier")
    with_value = identifiers(elements)
    if elements and not with_value:
        elements[0].missing("value", "The identifier of the Claim must have a value.")
    return with_value[0] if with_value else Identifier("", "")


def claim_type(claim: Element) -> Coding:
    """Read the code of the type, such as professional or institutional."""
    coding = first_coding(claim, "type")
    if coding is None:
        concept = claim.one("type")
        if concept is not None:
            concept.missing("coding", "The type of the Claim must have a code.")
    return coding or _NO_CODE


def claim_urgency(claim: Element) -> str | None:
    """Read the urgency: the level of service, else the priority."""
    return level_of_service(extensions_of(claim)) or first_code(claim, "priority")


def level_of_service(extensions: Extensions) -> str | None:
    """Read the X12 1338 level of service from the extensions of a Claim."""
    return first_code(extensions.first(_LEVEL_OF_SERVICE), CONCEPT)


def provider_references(team: Iterable[CareTeamMember]) -> dict[str, dict[str, Any]]:
    """Return References to the practitioners and organizations of the care team, by NPI."""
    entries = ((member.npi, member.entry) for member in team)
    return {npi: {"reference": entry.full_url} for npi, entry in entries if entry is not None and entry.full_url}
