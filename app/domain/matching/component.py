"""Compare the component: professional (modifier 26), technical (TC) or the whole service."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome

COMPONENTS = {"26": "the professional component (26)", "TC": "the technical component (TC)"}
WHOLE = "the whole service"


class Component(Attribute):
    """The component, which must be the same. A whole service does not cover its components."""

    name = "component"
    missing_on_bill = "The bill is for the whole service."
    missing_on_authorization = "The authorization is for the whole service."
    reasons = (AdjustmentKey.COMPONENT_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless both components are equal."""
        claimed, authorized = components(sides.line.modifiers), components(sides.item.requested.modifiers)
        if claimed == authorized:
            return None
        return self.differs(_in_words(claimed), _in_words(authorized), AdjustmentKey.COMPONENT_DIFFERS)


def components(modifiers: Iterable[str]) -> frozenset[str]:
    """Return the modifiers that name a component."""
    return frozenset(COMPONENTS).intersection(modifier.upper() for modifier in modifiers)


def _in_words(named: frozenset[str]) -> str:
    return " and ".join(COMPONENTS[component] for component in sorted(named)) or WHOLE
