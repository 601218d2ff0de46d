"""All invariants that are checked, and those that are not, each with the reason."""

from __future__ import annotations

from functools import cache

from app.conformance.base.table import ancestors
from app.conformance.invariants.bundles import BUNDLES
from app.conformance.invariants.contained import CONTAINED
from app.conformance.invariants.datatypes import DATATYPES
from app.conformance.invariants.invariant import Invariant
from app.conformance.invariants.pas import PAS_RULES
from app.conformance.invariants.questionnaires import QUESTIONNAIRES
from app.conformance.invariants.resources import RESOURCES
from app.conformance.invariants.timing import TIMING
from app.conformance.invariants.us_core import US_CORE

INVARIANTS = (*DATATYPES, *TIMING, *BUNDLES, *CONTAINED, *RESOURCES, *QUESTIONNAIRES, *US_CORE, *PAS_RULES)

KNOWN = {(one.key, expression): one for one in INVARIANTS for expression in (one.expression, *one.also)}
"""The invariants by key and expression: a key alone names several (us-core-6, inv-1)."""

_CRD = "belongs to the coverage-information extension of CRD; that extension is not one of these profiles"

LEFT_OUT = {
    "ele-1": "said of every element: an empty object is refused as such",
    "txt-1": "part of the form of xhtml",
    "txt-2": "part of the form of xhtml",
    "ref-1": "references are followed, into contained resources too",
    "dom-6": "a recommendation to readers, said of every resource without narrative",
    "dom-r4b": "about types that R4 does not have",
    "ImmediateLevelOfCare": "as published it cannot fail, for it reads `code` of a CodeableConcept; a rule warns",
    **{f"crd-ci-q{number}": _CRD for number in range(1, 10)},
}
"""Keys of invariants that are left out, and why."""

_BY_PLACE = {
    place: tuple(one for one in INVARIANTS if place in one.on)
    for place in dict.fromkeys(place for one in INVARIANTS for place in one.on)
}


@cache
def of_type(type_: str) -> tuple[Invariant, ...]:
    """Return the invariants that R4 itself has for a type, with those of what it specializes."""
    types = ancestors(type_)
    return tuple(one for one in INVARIANTS if not set(types).isdisjoint(one.on))


def of_element(place: str) -> tuple[Invariant, ...]:
    """Return the invariants that R4 has for an element of a type, such as `Organization.address`."""
    return _BY_PLACE.get(place, ())
