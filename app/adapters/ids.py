"""Randomness from the operating system."""

from __future__ import annotations

import os
import time

_VARIANT = {f"{drawn:x}": f"{0b1000 | drawn & 0b11:x}" for drawn in range(16)}
"""The variant digit by the random digit in its place: its two low bits stay random."""


class RandomIds:
    """Draw unguessable ids and characters: known ones reveal nothing about others."""

    def new(self) -> str:
        """Return a new id: a lower-case UUID version 7 with 74 random bits (RFC 9562, section 5.7).

        Ids of one moment share a prefix, so a database keeps their rows on few pages.
        """
        milliseconds = time.time_ns() // 1_000_000
        text = (milliseconds.to_bytes(6, "big") + os.urandom(10)).hex()
        return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:]}"

    def characters(self, count: int, alphabet: str) -> str:
        """Return `count` random characters of the ASCII `alphabet`, all equally likely."""
        size = len(alphabet)
        even = 256 - 256 % size
        letters, uneven = (alphabet.encode("ascii") * 256)[:256], bytes(range(even, 256))
        drawn = os.urandom(count).translate(letters, uneven)
        while len(drawn) < count:
            drawn += os.urandom(count).translate(letters, uneven)
        return drawn[:count].decode("ascii")
