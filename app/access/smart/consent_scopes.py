"""Decide which scopes a client may ask a user for, and say in plain words what each allows.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from app.access.grant import Role
from app.access.scope_intersection import common_scope
from app.access.scopes import Context, Scope, parse, within
from app.access.smart.authorization import SignInRefused

LAUNCH = "launch"
LAUNCH_PATIENT = "launch/patient"
OPENID = "openid"
FHIR_USER = "fhirUser"
PROFILE = "profile"
OFFLINE = "offline_access"
ONLINE = "online_access"

CONTEXT_SCOPES: Mapping[str, str] = {
    LAUNCH: "Open with the patient that you have chosen in your portal",
    LAUNCH_PATIENT: "Know which patient it works for",
    OPENID: "Know your account at this server",
    FHIR_USER: "Know who you are",
    PROFILE: "Know your name",
    OFFLINE: "Keep this access after you sign out",
    ONLINE: "Keep this access while you are signed in",
}
"""The scopes that name no resources, each in plain words."""

_RECORDS: Mapping[str, str] = {
    "*": "the whole record",
    "AuditEvent": "who has seen the record",
    "Claim": "prior authorization requests and bills",
    "ClaimResponse": "decisions and payments",
    "Coverage": "insurance coverage",
    "ExplanationOfBenefit": "explanations of benefits",
    "Organization": "organizations",
    "Patient": "name, birth date, address and contacts",
    "Practitioner": "doctors and other practitioners",
    "Subscription": "notifications",
    "Task": "open tasks",
}
_VERBS = (("rs", "see"), ("c", "add to"), ("u", "change"), ("d", "delete"))
_READING = frozenset("rs")


def grantable(requested: Collection[str], allowed: Collection[str], role: Role) -> tuple[str, ...]:
    """Return the requested scopes that the client and a user in this role may have; wider ones are narrowed.

    Unknown scopes without a resource are left out. Raises SignInRefused for a malformed scope, or if none is left.
    """
    kept = tuple(dict.fromkeys(scope for text in requested for scope in _grantable(text, allowed, role)))
    if not any("/" in scope and scope != LAUNCH_PATIENT for scope in kept) and OPENID not in kept:
        raise SignInRefused("invalid_scope", "None of the scopes can be granted to this client.")
    return kept


def still_granted(scopes: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """Return the scopes of a consent that the client is still registered for."""
    return tuple(scope for scope in scopes if _is_within(scope, allowed))


def are_narrower(requested: Collection[str], granted: Collection[str]) -> bool:
    """Return whether the requested scopes allow no more than the granted ones."""
    return bool(requested) and all(_is_within(scope, granted) for scope in requested)


def needs_patient(scopes: Collection[str]) -> bool:
    """Return whether a patient must be in context: for a `patient/` scope too, which would mean nothing else."""
    return any(scope in (LAUNCH, LAUNCH_PATIENT) or scope.startswith("patient/") for scope in scopes)


def is_refreshable(scopes: Collection[str]) -> bool:
    """Return whether the client gets a refresh token."""
    return OFFLINE in scopes or ONLINE in scopes


def in_words(scope: str) -> str:
    """Say in plain words what a grantable scope allows."""
    if scope in CONTEXT_SCOPES:
        return CONTEXT_SCOPES[scope]
    read = parse(scope)
    letters = read.letters & _READING if read.context is Context.PATIENT else read.letters
    verbs = [verb for some, verb in _VERBS if letters & frozenset(some)] or ["know of"]
    if len(verbs) > 1:
        verbs[-2:] = [f"{verbs[-2]} and {verbs[-1]}"]
    records = _RECORDS.get(read.type, f"records of type {read.type}")
    only = " and ".join(f"{name} {value}" for name, value in read.filters)
    whose = " of every patient that you may see" if read.context is Context.USER else ""
    return f"{', '.join(verbs).capitalize()} {records}{whose}{only and f' (only with {only})'}"


def _grantable(text: str, allowed: Collection[str], role: Role) -> Iterator[str]:
    if text in CONTEXT_SCOPES or "/" not in text:
        if text in CONTEXT_SCOPES and text in allowed:
            yield text
        return
    wanted = _scope(text)
    if wanted.context is Context.SYSTEM or (role is Role.PATIENT and wanted.context is not Context.PATIENT):
        return
    for limit in (parse(scope) for scope in allowed if scope not in CONTEXT_SCOPES):
        if limit.covers(wanted):
            yield text
            return
        if (narrow := common_scope(limit, wanted)) is not None:
            yield narrow


def _is_within(scope: str, allowed: Collection[str]) -> bool:
    if scope in CONTEXT_SCOPES:
        return scope in allowed
    try:
        return within([scope], [text for text in allowed if text not in CONTEXT_SCOPES])
    except ValueError:
        return False


def _scope(text: str) -> Scope:
    try:
        return parse(text)
    except ValueError as malformed:
        raise SignInRefused("invalid_scope", "A scope must be of SMART's grammar: patient/Claim.rs.") from malformed
