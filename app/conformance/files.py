"""Find the conformance files: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "_shipped", _PACKAGE.parent)


def folder(name: str) -> Path:
    """Return the folder `capability` or `profiles`. Raises FileNotFoundError."""
    for place in _PLACES:
        if (place / name).is_dir():
            return place / name
    raise FileNotFoundError(f"The installation has no folder {name}.")
