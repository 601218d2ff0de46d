"""What a caller may see: one table, asked by every read. A type without a row is denied to everybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from app.access.grant import Grant, Role

PAYER = "reach:payer"
OWNER = "reach:owner"
PATIENT = "reach:patient"

HISTORY = "/history"
"""What the kind of a resource's earlier versions ends with; they are seen by whoever sees the resource."""

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""Conditions that all hold: the document has a term of that name with one of those values. None at all: everything."""

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
"""For each type and role, the term that ties a document to the caller. A role that a row leaves out is denied."""


SHOWN: Mapping[str, Mapping[Role, frozenset[str]]] = {
    "Patient": {Role.PROVIDER: frozenset({"identifier", "name", "birthDate", "gender"})},
}
"""For each type and role, the elements of a document in reach that the caller sees. Without a row it sees all of it.

A provider must know who a member is. Where the member lives and whom to call is the payer's record alone.
"""


_TIES = {role: {type_: row[role] for type_, row in REACH.items() if role in row} for role in Role}
_SHOWN = {role: {type_: row[role] for type_, row in SHOWN.items() if role in row} for role in Role}


class Reach(Struct, frozen=True):
    """What one caller may see, as conditions on terms. A document outside it is, to this caller, not there.

    `ties` are the caller's role's of `REACH`, by type, and `own` the values that a tie must have. `shown` are its
    role's of `SHOWN`.
    """

    ties: Mapping[str, str | None]
    own: tuple[str, ...] = ()
    shown: Mapping[str, frozenset[str]] = {}

    def elements(self, kind: str) -> frozenset[str] | None:
        """Return the elements of a document of `kind` that the caller sees; None for all of them."""
        return self.shown.get(kind.removesuffix(HISTORY))

    def terms(self, kind: str) -> Terms | None:
        """Return the conditions to find documents of `kind` by, before any limit or count; None where denied."""
        type_ = kind.removesuffix(HISTORY)
        if type_ not in self.ties:
            return None
        tie = self.ties[type_]
        return () if tie is _EVERYTHING else ((tie, self.own),)

    def sees(self, kind: str, terms: Collection[tuple[str, str]]) -> bool:
        """Whether a document of `kind` that carries `terms` is one that `terms(kind)` would find."""
        conditions = self.terms(kind)
        if conditions is None:
            return False
        return all(any((name, value) in terms for value in values) for name, values in conditions)


def reach_of(grant: Grant) -> Reach:
    """Return what the grant's principal may see; nothing where the grant does not say who that is."""
    own = _own_terms(grant)
    return Reach(_TIES[grant.role], own, _SHOWN[grant.role]) if own else Reach({})


def _own_terms(grant: Grant) -> tuple[str, ...]:
    """Return the values by which the principal's own documents are known."""
    if grant.role is Role.PROVIDER:
        return (grant.organization,) if grant.organization else ()
    if grant.role is Role.PATIENT:
        return (grant.patient,) if grant.patient else ()
    return tuple(sorted(grant.payers))
