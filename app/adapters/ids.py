"""Randomness from the operating system."""

from __future__ import annotations

import secrets
from uuid import uuid4


class RandomIds:
    """Draws ids and characters that nobody can guess from the ones they know."""

    def new(self) -> str:
        """Return a fresh id: a lower-case UUID, version 4."""
        return str(uuid4())

    def characters(self, count: int, alphabet: str) -> str:
        """Return that many characters, each drawn evenly from `alphabet`."""
        return "".join(secrets.choice(alphabet) for _ in range(count))
