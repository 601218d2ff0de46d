"""Compare the component: professional (modifier 26), technical (TC) or the whole service."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.parts.matching_terms import SplitComponents

COMPONENTS = {"26": "the professional component (26)", "TC": "the technical component (TC)"}
WHOLE = "the whole service"


class Component(Attribute):
    """The component, which must be the same. A whole service covers its components only under the tolerance."""

    name = "component"
    missing_on_bill = "The bill is for the whole service."
    missing_on_authorization = "The authorization is for the whole service."
    tolerances = (SplitComponents,)
    reasons = (AdjustmentKey.COMPONENT_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless both components are equal."""
        claimed, authorized = components(sides.line.modifiers), components(sides.item.requested.modifiers)
        if claimed == authorized:
            return None
        accepted = sides.tolerated_by(SplitComponents) if len(claimed) == 1 and not authorized else []
        return self.differs(_in_words(claimed), _in_words(authorized), AdjustmentKey.COMPONENT_DIFFERS, accepted)


def split_component(line: BilledLine, item: AuthorizedItem) -> str:
    """Return the component that a matching line bills of an authorized whole service; empty for the whole."""
    claimed = components(line.modifiers)
    return next(iter(claimed)) if len(claimed) == 1 and not components(item.requested.modifiers) else ""


def components(modifiers: Iterable[str]) -> frozenset[str]:
    """Return the modifiers that name a component."""
    return frozenset(COMPONENTS).intersection(modifier.upper() for modifier in modifiers)


def _in_words(named: frozenset[str]) -> str:
    return " and ".join(COMPONENTS[component] for component in sorted(named)) or WHOLE
