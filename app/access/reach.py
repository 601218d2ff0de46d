"""Decide which documents a caller may see, from one table. A type without a row is denied to every caller."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from app.access.grant import Grant, Role

PAYER = "reach:payer"
OWNER = "reach:owner"
PATIENT = "reach:patient"

HISTORY = "/history"
"""The suffix of the kind of earlier versions. A caller who may see a resource may see its earlier versions."""

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""Conditions that a document must meet: for each, it must have a term of that name with one of these values.

Without conditions, every document matches.
"""

_EVERYTHING = None
_STAFF = {Role.REVIEWER: PAYER, Role.ADMIN: PAYER}
_CASE_FILE: Mapping[Role, str | None] = {Role.PROVIDER: OWNER, Role.PATIENT: PATIENT, **_STAFF}
_DIRECTORY: Mapping[Role, str | None] = {Role.PROVIDER: _EVERYTHING, Role.PATIENT: _EVERYTHING, **_STAFF}

REACH: Mapping[str, Mapping[Role, str | None]] = {
    "Claim": _CASE_FILE,
    "ClaimResponse": _CASE_FILE,
    "Coverage": _CASE_FILE,
    "Patient": _CASE_FILE,
    "Organization": _DIRECTORY,
    "Practitioner": _DIRECTORY,
}
"""By type and role, the term that ties a document to the caller. A role that is not in the row is denied."""


SHOWN: Mapping[str, Mapping[Role, frozenset[str]]] = {
    "Patient": {Role.PROVIDER: frozenset({"identifier", "name", "birthDate", "gender"})},
}
"""By type and role, the elements that the caller sees of a document in reach. Without a row, the caller sees all.

A provider must be able to identify a member. The member's address and contacts belong to the payer's record.
"""


_TIES = {role: {type_: row[role] for type_, row in REACH.items() if role in row} for role in Role}
_SHOWN = {role: {type_: row[role] for type_, row in SHOWN.items() if role in row} for role in Role}


class Reach(Struct, frozen=True):
    """The documents that a caller may see, as conditions on terms. Other documents do not exist for this caller.

    `ties` is REACH for the caller's role, by type; `own` are the values that a tie must have. `shown` is SHOWN for the
    caller's role, by type.
    """

    ties: Mapping[str, str | None]
    own: tuple[str, ...] = ()
    shown: Mapping[str, frozenset[str]] = {}

    def elements(self, kind: str) -> frozenset[str] | None:
        """Return the elements that the caller sees of a document of `kind`; None means all elements."""
        return self.shown.get(kind.removesuffix(HISTORY))

    def terms(self, kind: str) -> Terms | None:
        """Return the conditions of a query for `kind`, to apply before a limit or count; None if the kind is denied."""
        type_ = kind.removesuffix(HISTORY)
        if type_ not in self.ties:
            return None
        tie = self.ties[type_]
        return () if tie is _EVERYTHING else ((tie, self.own),)

    def sees(self, kind: str, terms: Collection[tuple[str, str]]) -> bool:
        """Return whether a document of `kind` with `terms` meets the conditions of `terms(kind)`."""
        conditions = self.terms(kind)
        if conditions is None:
            return False
        return all(any((name, value) in terms for value in values) for name, values in conditions)


def reach_of(grant: Grant) -> Reach:
    """Return the reach of a grant; it is empty if the grant does not identify the caller."""
    own = _own_terms(grant)
    return Reach(_TIES[grant.role], own, _SHOWN[grant.role]) if own else Reach({})


def _own_terms(grant: Grant) -> tuple[str, ...]:
    """Return the term values of the caller's own documents."""
    if grant.role is Role.PROVIDER:
        return (grant.organization,) if grant.organization else ()
    if grant.role is Role.PATIENT:
        return (grant.patient,) if grant.patient else ()
    return tuple(sorted(grant.payers))
