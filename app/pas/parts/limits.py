"""Limits on the size of one Claim. They bound the cost of its answer.

An X12 837 carries up to 50 service lines, a 278 far fewer: the limits are far above real claims.
"""

from __future__ import annotations

from app.fhir.element import Element

MOST_ITEMS = 999
"""Items of a request, or lines of a billing claim."""

MOST_CARE_TEAM = 200
MOST_DIAGNOSES = 200

MOST_INSURANCES = 20
"""Insurances of a Claim. The server reads the answer of each earlier payer; an X12 837 names up to 11 payers."""

MOST_NUMBERS = 200
"""Different authorization numbers on a billing claim. The server looks up each."""

MOST_NAMED = 20_000
"""Performers, diagnosis codes and service codes of all items in total. Many items may point to the same values.

The answer to an item repeats its own.
"""

MOST_IDENTIFIERS = 200
"""Identifiers of a provider. Each member of the care team may refer to the same provider."""


def up_to(most: int, owner: Element, name: str) -> list[Element]:
    """Read at most `most` values of an element that repeats. Note an issue if there are more."""
    elements = owner.many(name)
    if len(elements) > most:
        owner.note(f"`{name}` must not have more than {most} values.", name, code="too-costly")
    return elements[:most]


def has_too_many(named: int, claim: Element, name: str) -> bool:
    """Return whether the `named` codes and performers of the elements `name` are too many; if so, note it."""
    if named <= MOST_NAMED:
        return False
    text = f"`{name}` must not lead to more than {MOST_NAMED:,} performers and codes in total."
    claim.note(text, name, code="too-costly")
    return True
