"""Randomness from the operating system."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


class RandomIds:
    """Draws ids and characters that nobody can guess from the ones they know."""

    def new(self) -> str:
        """Return a fresh id: a lower-case UUID, version 7, of which 74 bits are random (RFC 9562, section 5.7).

        The ids of what is stored together begin alike, so a database keeps them on one page instead of on many.
        """
        milliseconds = time.time_ns() // 1_000_000
        high, low = secrets.randbits(12) << 64, secrets.randbits(62)
        return str(UUID(int=milliseconds << 80 | _VERSION | high | _VARIANT | low))

    def characters(self, count: int, alphabet: str) -> str:
        """Return that many characters, each drawn evenly from `alphabet`."""
        even = 256 - 256 % len(alphabet)
        drawn = [byte for byte in secrets.token_bytes(count) if byte < even]
        while len(drawn) < count:
            drawn += [byte for byte in secrets.token_bytes(count) if byte < even]
        return "".join([alphabet[byte % len(alphabet)] for byte in drawn[:count]])
