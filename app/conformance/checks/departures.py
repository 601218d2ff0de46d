"""Elements that a PAS profile requires and the text of the guide makes optional; the text wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.codes import pas
from app.conformance.invariants.invariant import codes

_CANCEL = "3"


def _cancels_all(claim: Any) -> bool:
    """Return whether an update cancels the whole request; such an update may omit the items."""
    try:
        return any(
            _CANCEL in codes(extension, "valueCodeableConcept")
            for extension in claim.get("extension", ())
            if extension.get("url") == pas("extension-certificationType")
        )
    except (AttributeError, TypeError):  # other checks report malformed extensions
        return False


_DEPARTURES: dict[tuple[str, str, str], Callable[[Any], bool]] = {
    (pas("profile-claim-update"), "Claim", "item"): _cancels_all,
}


def departure(source: str, type_: str, element: str) -> Callable[[Any], bool] | None:
    """Return the predicate that exempts an object from an element that a profile requires; None if there is none."""
    return _DEPARTURES.get((source, type_, element))
