"""The number a provider carries from an approval to the bill: how it is made, typed and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from string import ascii_uppercase, digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, O, L and U, which are misread for 1, 0 and V."""

RANDOM_CHARACTERS = 8

_CHECK_ALPHABET = digits + ascii_uppercase
_MODULUS = len(_CHECK_ALPHABET)
_SHAPE = re.compile(rf"[A-Z]{{2,4}}[{ALPHABET}]{{{RANDOM_CHARACTERS}}}[0-9A-Z]")
_LONGEST_TYPED = 256
"""Characters of a number with any separators. Normalizing takes time by the square of a longer text."""

_SEPARATORS = "./\\\N{MINUS SIGN}"
_IGNORED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
"""Unicode's categories of spaces, of what is not seen, and of hyphens and dashes."""


def mint(prefix: str, characters: Callable[[int, str], str]) -> str:
    """Make a number: the payer's prefix, random characters so that none can be guessed, and a check character.

    `characters(count, alphabet)` draws evenly, as `ports.Ids.characters` does. The number names an authorization and is
    never a credential. Raises ValueError for a prefix that is not two to four capital letters.
    """
    number = prefix + characters(RANDOM_CHARACTERS, ALPHABET)
    number += _check_character(number)
    if _SHAPE.fullmatch(number) is None:
        raise ValueError(f"The prefix of an authorization number is two to four letters A to Z, not {prefix!r}.")
    return number


def canonical(typed: str) -> str:
    """Return the number as it was minted, however it was typed: spaces, hyphens, dots, slashes, case do not count.

    A text that is too long to be a number is returned as it is.
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
    """Whether it can be one of ours: the shape is right, and so is the check character."""
    return _SHAPE.fullmatch(canonical) is not None and _check_character(canonical[:-1]) == canonical[-1]


def _check_character(number: str) -> str:
    """Return the check character of ISO 7064's hybrid system MOD 37,36."""
    product = _MODULUS
    for letter in number:
        total = (product + _CHECK_ALPHABET.find(letter)) % _MODULUS or _MODULUS
        product = total * 2 % (_MODULUS + 1)
    return _CHECK_ALPHABET[(_MODULUS + 1 - product) % _MODULUS]
