"""What a rule over several resources found, before a level of strictness says how bad it is."""

from __future__ import annotations

from msgspec import Struct

from app.conformance.checks.rule import Family
from app.fhir.place import Place


class Finding(Struct, frozen=True):
    """One thing wrong: where, which rule asks for it, which issue code it has, and what is accepted."""

    place: Place
    family: Family
    code: str
    text: str
    rule: str
    source: str
