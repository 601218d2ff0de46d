"""The National Provider Identifier: ten digits, the last of which checks the others."""

from __future__ import annotations

from functools import lru_cache

LENGTH = 10
_NUMBERS_REMEMBERED = 1024
_PREFIX_SUM = 24
"""What the card issuer prefix 80840 adds to the Luhn sum."""


def valid_npi(value: str) -> bool:
    """Whether the check digit fits: Luhn over 80840 and the ten digits (45 CFR 162.406)."""
    return len(value) == LENGTH and value.isascii() and value.isdigit() and _adds_up(value)


@lru_cache(_NUMBERS_REMEMBERED)
def _adds_up(value: str) -> bool:
    total = _PREFIX_SUM
    for place, digit in enumerate(map(int, reversed(value))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the digit sum of a two-digit number
    return total % 10 == 0
