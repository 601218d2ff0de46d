"""Resources that come with the matches of a search: `_include` and `_revinclude`, for a fixed handful.

http://hl7.org/fhir/R4/search.html#include
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Include(Struct, frozen=True):
    """The resources of `type` that a match refers to by the search parameter `name`; `reverse`: that refer to it."""

    source: str
    name: str
    target: str
    reverse: bool = False

    @property
    def type(self) -> str:
        """The type of what comes with the matches."""
        return self.source if self.reverse else self.target

    def __str__(self) -> str:
        """Write it as it is asked for."""
        return f"{self.source}:{self.name}"


INCLUDES: Mapping[str, tuple[Include, ...]] = {
    "Claim": (Include("Claim", "patient", "Patient"), Include("Claim", "coverage", "Coverage")),
    "ClaimResponse": (Include("ClaimResponse", "request", "Claim"), Include("ClaimResponse", "patient", "Patient")),
    "Coverage": (Include("Coverage", "beneficiary", "Patient"),),
}
"""For each type searched, what it refers to that may come with it."""

REVINCLUDES: Mapping[str, tuple[Include, ...]] = {
    "Claim": (Include("ClaimResponse", "request", "Claim", reverse=True),),
}
"""For each type searched, what refers to it that may come with it."""

CONTROLS = {"_include": INCLUDES, "_revinclude": REVINCLUDES}


def included(type_: str, control: str, raw: str) -> tuple[Include, ...]:
    """Return the includes that `_include` or `_revinclude` names in a search of the type; none if it is not offered.

    `*` names all of them. The type of the target may follow the name.
    """
    offered = CONTROLS[control].get(type_, ())
    return tuple(one for one in offered if raw in ("*", f"{one.source}:*", str(one), f"{one}:{one.target}"))


def accepted(type_: str, control: str) -> str:
    """Say what the parameter takes with a search of the type."""
    offered = ", ".join(map(str, CONTROLS[control].get(type_, ())))
    return f"{control}: These are accepted: {offered}, *." if offered else f"{control}: A search of {type_} takes none."
