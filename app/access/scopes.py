"""SMART App Launch scopes, version 2: what a client was allowed to do with which type.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

LETTERS = "cruds"
"""Create, read, update, delete, search: a scope names some of them, in this order."""

_PATIENT_MAY = frozenset("rs")
_SCOPE = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?)")


class Context(StrEnum):
    """For whom a scope speaks: one patient, the user at the keyboard, or the client system itself."""

    PATIENT = "patient"
    USER = "user"
    SYSTEM = "system"


class Scope(Struct, frozen=True):
    """One scope: `letters` on resources of `type`, or of every type where that is `*`."""

    context: Context
    type: str
    letters: frozenset[str]

    def covers(self, other: Scope) -> bool:
        """Whether everything that `other` allows is allowed by this scope."""
        return self.context is other.context and self.type in ("*", other.type) and other.letters <= self.letters


@lru_cache(maxsize=512)
def parse(text: str) -> Scope:
    """Read a scope such as `system/Claim.crs`.

    Granular scopes (`?status=active`) and the older `.read` and `.write` are refused: a scope that is granted and
    cannot be kept is a hole. Raises ValueError with a sentence that says what is accepted.
    """
    match = _SCOPE.fullmatch(text)
    if match is None or not match[3]:
        raise ValueError(
            "A scope is patient/, user/ or system/, then a resource type or *, a dot, and some of the letters cruds "
            "in that order: system/Claim.crs"
        )
    return Scope(Context(match[1]), match[2], frozenset(match[3]))


def allows(scopes: Iterable[str], type_: str, letter: str) -> bool:
    """Whether one of the scopes allows `letter` on `type_`.

    Nothing here is written by patients: a `patient/` scope allows reading and searching only, whatever its letters are.
    Scopes of another grammar (`openid`, `launch`) allow nothing.
    """
    return any(_allows(scope, type_, letter) for scope in scopes)


def within(requested: Iterable[str], allowed: Collection[str]) -> bool:
    """Whether each requested scope is covered by one of the allowed ones. Raises ValueError for a bad scope."""
    return all(any(parse(wide).covers(parse(narrow)) for wide in allowed) for narrow in requested)


@lru_cache(maxsize=4096)
def _allows(text: str, type_: str, letter: str) -> bool:
    try:
        scope = parse(text)
    except ValueError:
        return False
    if scope.context is Context.PATIENT and letter not in _PATIENT_MAY:
        return False
    return letter in scope.letters and scope.type in ("*", type_)
