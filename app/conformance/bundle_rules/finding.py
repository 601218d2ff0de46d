"""A fault that a rule found; the level of strictness decides its severity later."""

from __future__ import annotations

from msgspec import Struct

from app.conformance.checks.rule import Family
from app.fhir.place import Place


class Finding(Struct, frozen=True):
    """A fault: its place, its issue code, a text for the client, and the rule that was broken."""

    place: Place
    family: Family
    code: str
    text: str
    rule: str
    source: str
