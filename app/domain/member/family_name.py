"""Compare family names as people and files write them.

X12's character set has neither accents nor typographic marks, so a payer's file holds MUNOZ, OBRIEN and SMITHJONES for
Muñoz, O'Brien and Smith-Jones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_LONGEST_NAME = 256
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_APOSTROPHES = str.maketrans("", "", "'`\u02bb\u02bc\u02b9\u2018\u2019\u2032\u00b4")
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"})
"""Letters that Unicode does not decompose into a base letter and a mark."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """Return a family name without case, accents, apostrophes, hyphens, spaces and a suffix such as Jr or III.

    The first 256 characters count. The limit bounds the time: normalizing takes the square of the number of combining
    marks, and clients choose them.
    """
    letters = unicodedata.normalize("NFKD", name[:_LONGEST_NAME].translate(_APOSTROPHES)).casefold()
    plain = "".join(letter for letter in letters.translate(_LETTERS) if not unicodedata.combining(letter))
    words = [word for word in _BETWEEN_WORDS.split(plain) if word]
    return "".join(words[:-1] if len(words) > 1 and words[-1] in _SUFFIXES else words)


def same_name(some: Collection[str], others: Collection[str]) -> bool:
    """Return whether a name of the one list is a name of the other."""
    return not set(some).isdisjoint(others) or not set(map(folded, some)).isdisjoint(map(folded, others))
