"""Read which Claim an update follows.

https://hl7.org/fhir/us/davinci-pas/specification.html (updating authorization requests)
"""

from __future__ import annotations

from app.codes import pas
from app.domain.datatypes import Identifier
from app.domain.request import PriorClaim
from app.fhir.bundle import absolute
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import extensions_of
from app.pas.parts.read_types import codings, identifiers

_PRIOR = "prior"
_NUMBERS = (pas("extension-authorizationNumber"), pas("extension-administrationReferenceNumber"))


def read_prior(entries: Entries, claim: ResourceElement) -> PriorClaim | None:
    """Read the related Claim of relationship `prior`; None for a first request. The Claim may be outside the Bundle."""
    related = next(filter(_is_prior, claim.resource.many("related")), None)
    reference = None if related is None else related.one("claim")
    if reference is None:
        return None
    sent = reference.text("reference") or ""
    entry = entries.resolve(sent, claim) if sent else None
    named = reference.one("identifier")
    return PriorClaim(
        url=absolute(sent, claim.entry) or sent,
        identifiers=_identifiers(entry) + identifiers([] if named is None else [named]),
        numbers=_numbers(claim.resource),
        services=frozenset() if entry is None else _services(entry.resource),
    )


def read_numbers(claim: ResourceElement) -> tuple[str, ...]:
    """Read the payer's numbers of earlier requests, of the Claim and of its items, each once."""
    places = (claim.resource, *claim.resource.many("item"))
    return tuple(dict.fromkeys(number for place in places for number in _numbers(place)))


def _numbers(place: Element) -> tuple[str, ...]:
    extensions = extensions_of(place)
    numbers = (extensions.text(url) for url in _NUMBERS)
    return tuple(number for number in numbers if number is not None)


def _is_prior(related: Element) -> bool:
    """Return whether a related Claim is the preceding one. PAS has no other relationship, so none given means this."""
    relationship = codings(related, "relationship")
    return not relationship or any(coding.code == _PRIOR for coding in relationship)


def _identifiers(entry: ResourceElement | None) -> tuple[Identifier, ...]:
    return () if entry is None or entry.type != "Claim" else identifiers(entry.resource.many("identifier"))


def _services(claim: Element) -> frozenset[tuple[int, str]]:
    """Read the sequence and the first code of each item."""
    items = claim.many("item") if claim.fields.get("resourceType") == "Claim" else []
    return frozenset(
        (item.integer("sequence") or 0, next((code.code for code in codings(item, "productOrService")), ""))
        for item in items
    )
