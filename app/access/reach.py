"""Decide which documents a caller may see, from one table. A type without a row is denied to every caller."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import OF_PROVIDERS, REVIEWERS, STAFF, Grant, Role

PAYER = "reach:payer"
OWNER = "reach:owner"
PATIENT = "reach:patient"
CLIENT = "reach:client"

ANY_PAYER = "*"
"""The payer of an AuditEvent that any payer may be meant by. No payer can have this name."""

HISTORY = "/history"
"""The suffix of the kind of earlier versions. A caller who may see a resource may see its earlier versions."""

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""Conditions that a document must meet: for each, it must have a term of that name with one of these values.

Without conditions, every document matches.
"""

_EVERYTHING = None
_STAFF = dict.fromkeys(STAFF, PAYER)
_CASE_FILE: Mapping[Role, str | None] = {**dict.fromkeys(OF_PROVIDERS, OWNER), Role.PATIENT: PATIENT, **_STAFF}
_DIRECTORY: Mapping[Role, str | None] = {**dict.fromkeys((*OF_PROVIDERS, Role.PATIENT), _EVERYTHING), **_STAFF}

_CLINICAL = (
    *("ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder", "Encounter", "Condition"),
    *("Observation", "Communication", "CommunicationRequest", "DocumentReference", "QuestionnaireResponse"),
    *("Consent", "Provenance"),
)

REACH: Mapping[str, Mapping[Role, str | None]] = {
    "Claim": _CASE_FILE,
    "ClaimResponse": _CASE_FILE,
    "Coverage": _CASE_FILE,
    "Patient": _CASE_FILE,
    "ExplanationOfBenefit": _CASE_FILE,
    "CoverageEligibilityRequest": _CASE_FILE,
    "CoverageEligibilityResponse": _CASE_FILE,
    **dict.fromkeys(_CLINICAL, _CASE_FILE),
    "Organization": _DIRECTORY,
    "Practitioner": _DIRECTORY,
    "PractitionerRole": _DIRECTORY,
    "Location": _DIRECTORY,
    "Task": {**dict.fromkeys(OF_PROVIDERS, OWNER), **_STAFF},
    "Subscription": dict.fromkeys((*OF_PROVIDERS, *REVIEWERS), CLIENT),
    "Group": {},
    "Bundle": {},
    "Binary": {**dict.fromkeys(OF_PROVIDERS, OWNER), **_STAFF},
    "AuditEvent": {Role.AUDITOR: PAYER, Role.PATIENT: PATIENT},
}
"""By type and role, the term that ties a document to the caller. A role that is not in the row is denied.

The patient of a document is its `patient`, `subject` or `beneficiary`. A payee, a subscriber or a linked Patient is not
tied to it: that would show the care of one person to another.
"""

DIRECTORY = frozenset(type_ for type_, row in REACH.items() if row.get(Role.PATIENT, PATIENT) is _EVERYTHING)
"""The types of the payers' public directories, which belong to no patient."""


def check_rows(types: Iterable[str]) -> None:
    """Raise RuntimeError, with a sentence for the operator, if a type has no row in REACH."""
    without = [type_ for type_ in types if type_ not in REACH]
    if without:
        raise RuntimeError(f"The server must not serve types without a row in the reach table: {', '.join(without)}.")


_TALK = frozenset(
    {
        *("identifier", "basedOn", "status", "intent", "priority", "code", "focus", "for", "executionPeriod"),
        *("authoredOn", "lastModified", "requester", "insurance", "restriction", "input", "output"),
    }
)

SHOWN: Mapping[str, Mapping[Role, frozenset[str]]] = {
    "Patient": dict.fromkeys(OF_PROVIDERS, frozenset({"identifier", "name", "birthDate", "gender"})),
    "Task": dict.fromkeys(OF_PROVIDERS, _TALK),
}
"""By type and role, the elements that the caller sees of a document in reach. Without a row, the caller sees all.

A provider must be able to identify a member. The member's address and contacts belong to the payer's record. Of a talk
between clinicians, a provider does not see which of the payer's staff has it.
"""

HIDDEN: Mapping[str, Mapping[Role, tuple[str, str]]] = {"AuditEvent": {Role.PATIENT: ("entity", "query")}}
"""By type and role, an element and its inner element that the caller does not see.

A patient sees who looked at its data, without the search, which may name other members.
"""

SHARED: Mapping[str, Mapping[Role, tuple[str, tuple[str, str]]]] = {
    "AuditEvent": {Role.AUDITOR: (ANY_PAYER, ("entity", "query"))}
}
"""By type and role, a value of the tie that all callers of the role share, and an element that it hides from them.

The auditors of all payers see a refused access that names no payer, without the search: it may name any payer's member.
"""


_TIES = {role: {type_: row[role] for type_, row in REACH.items() if role in row} for role in Role}
_HIDDEN = {role: {type_: row[role] for type_, row in HIDDEN.items() if role in row} for role in Role}
_SHOWN = {role: {type_: row[role] for type_, row in SHOWN.items() if role in row} for role in Role}
_SHARED = {role: {type_: row[role] for type_, row in SHARED.items() if role in row} for role in Role}


class Reach(Struct, frozen=True):
    """The documents that a caller may see, as conditions on terms. Other documents do not exist for this caller.

    `ties` is REACH for the caller's role, by type; `own` are the values that a tie must have, `client` is that of
    CLIENT: the client itself. A person who signed in has none, as an app may serve persons of many organizations.
    `shown` is SHOWN, `hidden` is HIDDEN and `shared` is SHARED for the caller's role, by type. `limits` are more
    conditions, by type and letter: `r` for reads, `s` for searches. None instead of conditions denies the type.
    """

    ties: Mapping[str, str | None]
    own: tuple[str, ...] = ()
    shown: Mapping[str, frozenset[str]] = {}
    hidden: Mapping[str, tuple[str, str]] = {}
    shared: Mapping[str, tuple[str, tuple[str, str]]] = {}
    limits: Mapping[tuple[str, str], Terms | None] = {}
    client: str = ""

    def limited(self, limits: Mapping[tuple[str, str], Terms | None]) -> Reach:
        """Return the reach with more conditions, by type and letter."""
        return replace(self, limits=limits)

    def standing_for(self, type_: str, source: str, names: Mapping[str, str]) -> Reach:
        """Return the reach of `source` that the caller has of `type_`, for documents that are made from it.

        `names` are the terms of `source` for terms of `type_` with other names.
        """
        ties = {**self.ties, source: self.ties.get(type_)} if type_ in self.ties else {}
        limits = {key: terms for key, terms in self.limits.items() if key[0] != source}
        for letter in "rs":
            own = self.limits.get((type_, letter), ())
            limits[source, letter] = (
                None if own is None else tuple((names.get(name, name), values) for name, values in own)
            )
        return replace(self, ties=ties, limits=limits)

    def elements(self, kind: str) -> frozenset[str] | None:
        """Return the elements that the caller sees of a document of `kind`; None means all elements."""
        return self.shown.get(kind.removesuffix(HISTORY))

    def hides(self, kind: str, terms: Collection[tuple[str, str]]) -> tuple[str, str] | None:
        """Return the element, and its inner element, that the caller does not see of a document; None: none."""
        type_ = kind.removesuffix(HISTORY)
        if type_ in self.shared and not any((self.ties[type_], value) in terms for value in self.own):
            return self.shared[type_][1]
        return self.hidden.get(type_)

    def terms(self, kind: str) -> Terms | None:
        """Return the conditions of a query for `kind`, to apply before a limit or count; None if the kind is denied."""
        return self._conditions(kind, "s")

    def sees(self, kind: str, terms: Collection[tuple[str, str]]) -> bool:
        """Return whether the caller may read a document of `kind` with `terms`.

        Without limits, it may read what a query with `terms(kind)` finds.
        """
        conditions = self._conditions(kind, "r")
        if conditions is None:
            return False
        return all(any((name, value) in terms for value in values) for name, values in conditions)

    def _conditions(self, kind: str, letter: str) -> Terms | None:
        """Return the conditions of the tie and of the limits. Earlier versions have no search terms to meet limits."""
        type_ = kind.removesuffix(HISTORY)
        limit = self.limits.get((type_, letter), ())
        if type_ not in self.ties or limit is None:
            return None
        tie = self.ties[type_]
        own = (*self.own, self.shared[type_][0]) if type_ in self.shared else self.own
        if tie == CLIENT:
            own = (self.client,)
        return limit if tie is _EVERYTHING else ((tie, own), *limit)


def reach_of(grant: Grant) -> Reach:
    """Return the reach of a grant; it is empty if the grant does not identify the caller."""
    own = _own_terms(grant)
    role = grant.role
    if not own:
        return Reach({})
    system = "" if grant.user else grant.client
    return Reach(_TIES[role], own, _SHOWN[role], _HIDDEN[role], _SHARED[role], client=system)


def _own_terms(grant: Grant) -> tuple[str, ...]:
    """Return the term values of the caller's own documents."""
    if grant.role in OF_PROVIDERS:
        return grant.organizations
    if grant.role is Role.PATIENT:
        return (grant.patient,) if grant.patient else ()
    return tuple(sorted(grant.payers))
