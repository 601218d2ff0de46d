"""Offer the includes of a search: `_include` and `_revinclude`, from a fixed list.

http://hl7.org/fhir/R4/search.html#include
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Include(Struct, frozen=True):
    """The resources that a match refers to through the search parameter `name`; `reverse`: that refer to the match."""

    source: str
    name: str
    target: str
    reverse: bool = False

    @property
    def type(self) -> str:
        """The type of the included resources."""
        return self.source if self.reverse else self.target

    def __str__(self) -> str:
        """Write the include as a parameter value."""
        return f"{self.source}:{self.name}"


INCLUDES: Mapping[str, tuple[Include, ...]] = {
    "Claim": (Include("Claim", "patient", "Patient"), Include("Claim", "coverage", "Coverage")),
    "ClaimResponse": (
        Include("ClaimResponse", "request", "Claim"),
        Include("ClaimResponse", "patient", "Patient"),
        Include("ClaimResponse", "authorization", "ClaimResponse"),
    ),
    "ExplanationOfBenefit": (Include("ExplanationOfBenefit", "patient", "Patient"),),
    "Coverage": (Include("Coverage", "beneficiary", "Patient"),),
}
"""By the type searched, the includes of resources that a match refers to."""

REVINCLUDES: Mapping[str, tuple[Include, ...]] = {
    "Claim": (Include("ClaimResponse", "request", "Claim", reverse=True),),
    "ClaimResponse": (Include("ClaimResponse", "authorization", "ClaimResponse", reverse=True),),
}
"""By the type searched, the includes of resources that refer to a match."""

CONTROLS = {"_include": INCLUDES, "_revinclude": REVINCLUDES}


def included(type_: str, control: str, raw: str) -> tuple[Include, ...]:
    """Return the includes that a value of `_include` or `_revinclude` names; none if the type does not offer it.

    `*` names all includes of the type. The value may end with the type of the target.
    """
    offered = CONTROLS[control].get(type_, ())
    return tuple(row for row in offered if raw in ("*", f"{row.source}:*", str(row), f"{row}:{row.target}"))


def includes_text(type_: str, control: str) -> str:
    """Return the text that lists the includes of a type."""
    offered = ", ".join(map(str, CONTROLS[control].get(type_, ())))
    if offered:
        return f"{control}: The value must be one of {offered}, *."
    return f"{control}: A search of {type_} does not support this parameter."
