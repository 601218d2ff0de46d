"""Randomness from the operating system."""

from __future__ import annotations

import os
import time

_VARIANT = {f"{drawn:x}": f"{0b1000 | drawn & 0b11:x}" for drawn in range(16)}
"""The digit that names the layout, by the one that was drawn in its place: two of its bits stay as they were drawn."""


class RandomIds:
    """Draws ids and characters that nobody can guess from the ones they know."""

    def new(self) -> str:
        """Return a fresh id: a lower-case UUID, version 7, of which 74 bits are random (RFC 9562, section 5.7).

        The ids of what is stored together begin alike, so a database keeps them on one page instead of on many.
        """
        milliseconds = time.time_ns() // 1_000_000
        text = (milliseconds.to_bytes(6, "big") + os.urandom(10)).hex()
        return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:]}"

    def characters(self, count: int, alphabet: str) -> str:
        """Return that many characters, each drawn evenly from `alphabet`, which is ASCII."""
        size = len(alphabet)
        even = 256 - 256 % size
        letters, uneven = (alphabet.encode("ascii") * 256)[:256], bytes(range(even, 256))
        drawn = os.urandom(count).translate(letters, uneven)
        while len(drawn) < count:
            drawn += os.urandom(count).translate(letters, uneven)
        return drawn[:count].decode("ascii")
