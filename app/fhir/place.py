"""Where in a body a value is: a chain of steps, written out as FHIRPath only when something is wrong there."""

from __future__ import annotations

from typing import TypeAlias

Place: TypeAlias = "str | tuple[Place, str | int]"
"""The body's type, or the place of what holds the value and the value's name or index in it."""


def fhirpath(place: Place) -> str:
    """Write a place as FHIRPath from the body's root: `Bundle.entry[0].resource.item[1].quantity`."""
    steps: list[str] = []
    while isinstance(place, tuple):
        place, step = place
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return place + "".join(reversed(steps))
