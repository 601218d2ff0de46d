"""Read SMART App Launch scopes, version 2, and decide what they allow.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

_PATIENT_MAY = frozenset("rs")
_SCOPE = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?)")


class Context(StrEnum):
    """The context of a scope: one patient, the user of the client, or the client system itself."""

    PATIENT = "patient"
    USER = "user"
    SYSTEM = "system"


class Scope(Struct, frozen=True):
    """A scope that allows `letters` on resources of `type`; `*` means every type."""

    context: Context
    type: str
    letters: frozenset[str]

    def covers(self, other: Scope) -> bool:
        """Return whether this scope allows at least as much as another scope."""
        return self.context is other.context and self.type in ("*", other.type) and other.letters <= self.letters


@lru_cache(maxsize=512)
def parse(text: str) -> Scope:
    """Read a scope such as `system/Claim.crs`: create, read, update, delete and search, in this order.

    Granular scopes (`?status=active`) and the older `.read` and `.write` are rejected, because the server does not
    enforce them. Raises ValueError with a text for the client.
    """
    match = _SCOPE.fullmatch(text)
    if match is None or not match[3]:
        raise ValueError(
            "A scope must be patient/, user/ or system/, a resource type or *, a dot, and some of the letters cruds in "
            "that order, for example system/Claim.crs"
        )
    return Scope(Context(match[1]), match[2], frozenset(match[3]))


def allows(scopes: Iterable[str], type_: str, letter: str) -> bool:
    """Return whether one of the scopes allows `letter` on `type_`.

    A `patient/` scope allows only read and search, because patients write nothing here. Scopes of another grammar
    (`openid`, `launch`) allow nothing.
    """
    return any(_allows(scope, type_, letter) for scope in scopes)


def within(requested: Iterable[str], allowed: Collection[str]) -> bool:
    """Return whether an allowed scope covers each requested scope. Raises ValueError for a malformed scope."""
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
