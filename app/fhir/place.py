"""Name places in a body: a chain of steps, written as FHIRPath only for an issue."""

from __future__ import annotations

from typing import TypeAlias

Place: TypeAlias = "str | tuple[Place, str | int]"
"""The type of the body, or the place of the parent and the name or index of the value in it."""


def fhirpath(place: Place) -> str:
    """Write a place as FHIRPath from the body's root: `Bundle.entry[0].resource.item[1].quantity`."""
    steps: list[str] = []
    while isinstance(place, tuple):
        place, step = place
        steps.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return place + "".join(reversed(steps))
