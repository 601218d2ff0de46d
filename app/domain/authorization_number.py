"""Authorization numbers: make one, normalize a typed one, check its shape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from string import ascii_uppercase, digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O and U, which readers confuse with 1, 0 and V."""

RANDOM_CHARACTERS = 8

_CHECK_ALPHABET = digits + ascii_uppercase
_MODULUS = len(_CHECK_ALPHABET)
_SHAPE = re.compile(rf"[A-Z]{{2,4}}[{ALPHABET}]{{{RANDOM_CHARACTERS}}}[0-9A-Z]")
_LONGEST_TYPED = 256
"""Longer texts are not normalized: the time for that grows with the square of the length."""

_SEPARATORS = "./\\\N{MINUS SIGN}"
_IGNORED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
"""Unicode categories of spaces, invisible characters, hyphens and dashes."""


def mint(prefix: str, characters: Callable[[int, str], str]) -> str:
    """Make a number: the payer's prefix, random characters and a check character.

    `characters(count, alphabet)` draws evenly, as `ports.Ids.characters` does. The number names an authorization; it is
    not a credential. Raises ValueError unless the prefix is two to four capital letters.
    """
    number = prefix + characters(RANDOM_CHARACTERS, ALPHABET)
    number += _check_character(number)
    if _SHAPE.fullmatch(number) is None:
        raise ValueError(f"The prefix of an authorization number must be two to four letters A to Z, not {prefix!r}.")
    return number


def prefix_of(number: str) -> str:
    """Return the payer's prefix of a minted number."""
    return number[: -RANDOM_CHARACTERS - 1]


def canonical(typed: str) -> str:
    """Return a typed number in the form that `mint` gives it: upper case, no spaces, hyphens, dots or slashes.

    Return a text that is too long to be a number unchanged.
    """
    if len(typed) > _LONGEST_TYPED:
        return typed
    if typed.isascii() and typed.isalnum():
        return typed.upper()
    letters = unicodedata.normalize("NFKC", typed).upper()
    return "".join(
        letter for letter in letters if letter not in _SEPARATORS and unicodedata.category(letter) not in _IGNORED
    )


def well_formed(canonical: str) -> bool:
    """Return whether a canonical number has the shape and the check character of a minted number."""
    return _SHAPE.fullmatch(canonical) is not None and _check_character(canonical[:-1]) == canonical[-1]


def _check_character(number: str) -> str:
    """Return the check character of the hybrid system MOD 37,36 (ISO 7064)."""
    product = _MODULUS
    for letter in number:
        total = (product + _CHECK_ALPHABET.find(letter)) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return _CHECK_ALPHABET[(_MODULUS + 1 - product) % _MODULUS]
