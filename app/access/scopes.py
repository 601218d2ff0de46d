"""Read SMART App Launch scopes, version 2 and version 1, and decide what they allow.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

_PATIENT_MAY = frozenset("rs")
_GRANULAR_MAY = frozenset("rs")
_VERSION_1 = {"read": "rs", "write": "cud", "*": "cruds"}
_SCOPE = re.compile(
    r"(?P<context>patient|user|system)/(?P<type>\*|[A-Z][A-Za-z]{1,63})\."
    r"(?:(?P<letters>c?r?u?d?s?)(?:\?(?P<filters>[!#-\[\]-~]{1,512}))?|(?P<old>read|write|\*))"
)
_FILTER = re.compile(r"(?P<name>_?[a-z][a-z\-]{0,63})=(?P<value>[^=%]+)")

NEVER_OF_A_PATIENT = frozenset({"Subscription", "Task"})
"""Types that no scope of a patient allows."""

NEVER_BY_STAR = frozenset({"AuditEvent"})
"""Types that a scope must name: `*` does not include them."""

Filters = tuple[tuple[str, str], ...]
"""Conditions of a granular scope, each a search parameter and a value."""


class Context(StrEnum):
    """The context of a scope: one patient, the user of the client, or the client system itself."""

    PATIENT = "patient"
    USER = "user"
    SYSTEM = "system"


class Scope(Struct, frozen=True):
    """A scope that allows `letters` on the resources of `type` that meet all `filters`; `*` means every type."""

    context: Context
    type: str
    letters: frozenset[str]
    filters: Filters = ()

    def includes(self, type_: str) -> bool:
        """Return whether the scope is about a type."""
        return self.type == type_ or (self.type == "*" and type_ not in NEVER_BY_STAR)

    def allows(self, type_: str, letter: str) -> bool:
        """Return whether the scope allows `letter` on a type. Patients neither write nor subscribe nor review here."""
        if self.context is Context.PATIENT and (letter not in _PATIENT_MAY or type_ in NEVER_OF_A_PATIENT):
            return False
        return letter in self.letters and self.includes(type_)

    def covers(self, other: Scope) -> bool:
        """Return whether this scope allows at least as much as another scope."""
        return (
            self.context is other.context
            and self.includes(other.type)
            and other.letters <= self.letters
            and set(self.filters) <= set(other.filters)
        )


@lru_cache(maxsize=512)
def parse(text: str) -> Scope:
    """Read a scope such as `system/Claim.crs`, `system/Claim.read` or `patient/ClaimResponse.rs?status=active`.

    The letters are create, read, update, delete and search, in this order. `search.granular.check_scopes` checks that
    the server can enforce the conditions of a granular scope. Raises ValueError with a text for the client.
    """
    match = _SCOPE.fullmatch(text)
    letters = match and (match["letters"] or _VERSION_1.get(match["old"]))
    if match is None or not letters:
        raise ValueError(
            "A scope must be patient/, user/ or system/, a resource type or *, a dot, and some of the letters cruds in "
            "that order, for example system/Claim.crs"
        )
    scope = Scope(Context(match["context"]), match["type"], frozenset(letters), _filters(match["filters"]))
    if scope.filters and (scope.type == "*" or not scope.letters <= _GRANULAR_MAY):
        raise ValueError("A scope with conditions must name one resource type, and only the letters r and s")
    return scope


def _filters(text: str | None) -> Filters:
    if text is None:
        return ()
    matches = [_FILTER.fullmatch(part) for part in text.split("&")]
    filters = tuple((match["name"], match["value"]) for match in matches if match is not None)
    if len(filters) < len(matches):
        raise ValueError(
            "A condition of a scope must be a search parameter without modifier, = and a value, for example "
            "patient/ClaimResponse.rs?status=active"
        )
    return filters


def allowing(scopes: Iterable[str], type_: str, letter: str) -> Iterator[Scope]:
    """Yield the scopes that allow `letter` on a type, at least on some resources of it.

    Scopes of another grammar (`openid`, `launch`) allow nothing.
    """
    return (scope for text in scopes if (scope := _parsed(text)) is not None and scope.allows(type_, letter))


def allows(scopes: Iterable[str], type_: str, letter: str) -> bool:
    """Return whether one of the scopes allows `letter` on a type, at least on some resources of it."""
    return any(True for _ in allowing(scopes, type_, letter))


def allows_operation(scopes: Iterable[str], type_: str, letter: str) -> bool:
    """Return whether a scope of a user or a system allows `letter` on every resource of a type, for an operation.

    Such an operation serves no patient's app, and applies no conditions of granular scopes.
    """
    granted = allowing(scopes, type_, letter)
    return any(scope.context is not Context.PATIENT and not scope.filters for scope in granted)


def within(requested: Iterable[str], allowed: Collection[str]) -> bool:
    """Return whether an allowed scope covers each requested scope. Raises ValueError for a malformed requested scope.

    Allowed scopes without a resource, such as `openid`, cover none.
    """
    wide_ones = [wide for text in allowed if (wide := _parsed(text)) is not None]
    return all(any(wide.covers(parse(narrow)) for wide in wide_ones) for narrow in requested)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Scope | None:
    try:
        return parse(text)
    except ValueError:
        return None
