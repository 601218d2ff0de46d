"""Randomness from the operating system."""

from __future__ import annotations

import os
import time

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_LOW = (1 << 62) - 1
_HIGH = 0xFFF << 64


class RandomIds:
    """Draws ids and characters that nobody can guess from the ones they know."""

    def new(self) -> str:
        """Return a fresh id: a lower-case UUID, version 7, of which 74 bits are random (RFC 9562, section 5.7).

        The ids of what is stored together begin alike, so a database keeps them on one page instead of on many.
        """
        milliseconds = time.time_ns() // 1_000_000
        drawn = int.from_bytes(os.urandom(10), "big")
        text = f"{milliseconds << 80 | _VERSION | drawn & _HIGH | _VARIANT | drawn & _LOW:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def characters(self, count: int, alphabet: str) -> str:
        """Return that many characters, each drawn evenly from `alphabet`."""
        size = len(alphabet)
        even = 256 - 256 % size
        drawn = [byte for byte in os.urandom(count) if byte < even]
        while len(drawn) < count:
            drawn += [byte for byte in os.urandom(count) if byte < even]
        return "".join([alphabet[byte % size] for byte in drawn[:count]])
