"""Read a file with a client's public keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.registry.values import checked_jwks

LARGEST = 65_536
"""The most bytes of a key file."""


def read_jwks_file(path: Path) -> dict[str, Any]:
    """Return the key set of a file. Raises ValueError, as the end of a sentence, for an unusable file."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
    except OSError as unreadable:
        raise ValueError(f"must name a readable file: {path}: {unreadable.strerror}") from None
    if len(text) > LARGEST:
        raise ValueError(f"must name a file of at most {LARGEST} bytes")
    try:
        return checked_jwks(json.loads(text))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValueError("must name a file with a JSON Web Key Set") from None
