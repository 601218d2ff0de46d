"""Where the guide's text asks for what its profiles refuse, the text is followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.codes import pas
from app.conformance.invariants.invariant import codes

_CANCEL = "3"


def _cancels_all(claim: Any) -> bool:
    """Whether an update cancels the whole request, which it may do without listing items."""
    try:
        return any(
            _CANCEL in codes(extension, "valueCodeableConcept")
            for extension in claim.get("extension", ())
            if extension.get("url") == pas("extension-certificationType")
        )
    except (AttributeError, TypeError):  # malformed extensions, which are found as such, cancel nothing
        return False


_DEPARTURES: dict[tuple[str, str, str], Callable[[Any], bool]] = {
    (pas("profile-claim-update"), "Claim", "item"): _cancels_all,
}


def departure(source: str, type_: str, element: str) -> Callable[[Any], bool] | None:
    """Return when an element that a profile requires need not be there."""
    return _DEPARTURES.get((source, type_, element))
