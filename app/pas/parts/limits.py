"""Limits on the size of one Claim. They bound the cost of its answer.

An X12 837 carries up to 50 service lines, a 278 far fewer: the limits are far above real claims.
"""

from __future__ import annotations

from app.fhir.element import Element

MOST_ITEMS = 999
"""Items of a request, lines of a billing claim."""

MOST_CARE_TEAM = 200
MOST_DIAGNOSES = 200

MOST_NUMBERS = 200
"""Different authorization numbers on a billing claim. The server looks up each."""

MOST_NAMED = 20_000
"""Performing providers and diagnoses of all items in total. The answer to an item repeats its own."""


def up_to(most: int, claim: Element, name: str) -> list[Element]:
    """Read at most `most` values of an element that repeats. More values are an issue."""
    elements = claim.many(name)
    if len(elements) > most:
        claim.note(f"A Claim must not have more than {most} values of `{name}`.", name, code="too-costly")
    return elements[:most]
