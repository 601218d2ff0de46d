"""What a rule over several resources found, before a level of strictness says how bad it is."""

from __future__ import annotations

from dataclasses import dataclass

from app.conformance.checks.rule import Family
from app.conformance.place import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where, which rule asks for it, which issue code it has, and what is accepted."""

    place: Place
    family: Family
    code: str
    text: str
    rule: str
    source: str
