"""Write a number with its noun: `1 warning`, `2 warnings`."""

from __future__ import annotations


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return the number and the noun, in the plural unless the number is 1. `plural` is for nouns that take no s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
