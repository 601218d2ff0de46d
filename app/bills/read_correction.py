"""Read whether a billing claim corrects or voids an earlier one, and which one.

R4 has no element for the claim frequency (NUBC: 1 original, 7 replacement, 8 void). It comes in our extension, or as
the last character of the type of bill. A cancelled Claim is a void.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.bills.read_type_of_bill import types_of_bill
from app.codes import CLAIM_FREQUENCY
from app.domain.billing import CORRECTIONS, ORIGINAL, REPLACEMENT, VOID, ClaimName
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.read_types import codings, identifiers

_FREQUENCIES = frozenset("123456789")
"""1 whole, 2 first, 3 continuing and 4 last bills, 5 late charges, 6 and 9 final ones; 7 and 8 name an earlier bill."""

_RELATED = "associated"
"""The relationship to a claim that this one does not change."""

_REPLACES = "replaces"


def read_frequency(claim: Element) -> str:
    """Read the claim frequency. Note an issue for an unknown one, for contradictions, and for `related` without one."""
    stated = dict.fromkeys(_stated(claim))
    if len(stated) > 1:
        claim.note(f"The Claim states different frequencies: {', '.join(stated)}. It must have one.")
    frequency = next(iter(stated), ORIGINAL)
    earlier = _earlier(claim)
    if frequency not in CORRECTIONS and earlier:
        text = (
            "A Claim that is related to an earlier one must have the frequency 7 (replacement) or 8 (void), in the"
            f" extension {CLAIM_FREQUENCY} or as the last character of the type of bill. Else leave out `related`."
        )
        claim.note(text, "related", code="business-rule")
    if len(earlier) > 1:
        claim.note("A Claim must replace or void one earlier Claim only.", "related")
    return frequency


def read_original(claim: Element) -> ClaimName:
    """Read the names of the earlier claim: from `related`, or else the Claim's own identifier."""
    ids: list[str] = []
    named: list[Element | None] = []
    for related in _earlier(claim)[:1]:
        reference = related.one("claim")
        named = [related.one("reference"), None if reference is None else reference.one("identifier")]
        ids += _ids("" if reference is None else reference.text("reference") or "")
    found = identifiers([element for element in named if element is not None]) or (
        () if ids else identifiers(claim.many("identifier"))[:1]
    )
    return ClaimName((*ids, *(identifier.value for identifier in found)), found)


def _stated(claim: Element) -> Iterator[str]:
    if claim.text("status") == "cancelled":
        yield VOID
    for extension in extensions_of(claim).all(CLAIM_FREQUENCY):
        yield from _known(extension, extension.text("valueCode") or "", "valueCode")
    for information in claim.many("supportingInfo"):
        for bill in types_of_bill(information):
            yield from _known(information, bill[-1:], "code")
    if any(_relationship(related) == _REPLACES for related in claim.many("related")):
        yield REPLACEMENT


def _known(element: Element, frequency: str, name: str) -> Iterator[str]:
    if frequency in _FREQUENCIES:
        yield frequency
    else:
        text = "The claim frequency must be 1 (original), 2, 3 or 4 (interim), 5, 6, 7 (replacement), 8 (void) or 9."
        element.note(text, name)


def _earlier(claim: Element) -> list[Element]:
    return [related for related in claim.many("related") if _relationship(related) != _RELATED]


def _relationship(related: Element) -> str:
    return next((coding.code for coding in codings(related, "relationship")), "")


def _ids(reference: str) -> list[str]:
    """Return the id of a reference to a Claim or a ClaimResponse, relative or absolute."""
    type_, _, id_ = reference.rpartition("/")
    return [id_] if type_.rpartition("/")[2] in {"Claim", "ClaimResponse"} else []
