"""How much one Claim may hold, so that no answer costs more than a claim of this kind is worth.

X12's 837 carries up to 50 service lines and its 278 far fewer; the bounds are wide of what is sent.
"""

from __future__ import annotations

from app.fhir.element import Element

MOST_ITEMS = 999
"""Items of a request, lines of a bill."""

MOST_CARE_TEAM = 200
MOST_DIAGNOSES = 200

MOST_NUMBERS = 200
"""Different authorization numbers on a bill: each is looked up."""

MOST_NAMED = 20_000
"""Performing providers and diagnoses of all items together: each item's answer repeats its own."""


def up_to(most: int, claim: Element, name: str) -> list[Element]:
    """Read an element that repeats; more than `most` are an issue, and those beyond are not looked at."""
    found = claim.many(name)
    if len(found) > most:
        claim.note(f"A Claim has at most {most} elements {name}.", name, code="too-costly")
    return found[:most]
