"""List the invariants that the engine checks, and give the reason for each one that it skips."""

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

KNOWN = {
    (invariant.key, expression): invariant
    for invariant in INVARIANTS
    for expression in (invariant.expression, *invariant.also)
}
"""The invariants by key and expression, because some keys are not unique (us-core-6, inv-1)."""

_CRD = "belongs to the coverage-information extension of CRD, which these profiles do not have"

LEFT_OUT = {
    "ele-1": "covered by the check for empty objects",
    "txt-1": "covered by the check of xhtml",
    "txt-2": "covered by the check of xhtml",
    "ref-1": "covered by the check of references",
    "dom-6": "a recommendation that fails on every resource without narrative",
    "dom-r4b": "applies to types that R4 does not have",
    "ImmediateLevelOfCare": "cannot fail as published: it reads `code` of a CodeableConcept; a bundle rule warns",
    **{f"crd-ci-q{number}": _CRD for number in range(1, 10)},
}
"""The keys of skipped invariants, with the reason."""

_BY_PLACE = {
    place: tuple(invariant for invariant in INVARIANTS if place in invariant.on)
    for place in dict.fromkeys(place for invariant in INVARIANTS for place in invariant.on)
}


@cache
def of_type(type_: str) -> tuple[Invariant, ...]:
    """Return the invariants that R4 defines for a type and its ancestors."""
    types = ancestors(type_)
    return tuple(invariant for invariant in INVARIANTS if not set(types).isdisjoint(invariant.on))


def of_element(place: str) -> tuple[Invariant, ...]:
    """Return the invariants that R4 defines for an element, such as `Organization.address`."""
    return _BY_PLACE.get(place, ())
