"""Choose the profile of a resource without one: a PAS Bundle has a profile by its first entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.codes import pas
from app.conformance.bundle_rules.kinds import Kind
from app.conformance.bundle_rules.readers import Json, objects
from app.conformance.definitions.element_definition import unversioned
from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.outcome import MOST_ISSUES, Issue

_INQUIRING = pas("profile-claim-inquiry")
_REQUESTING = frozenset({pas("profile-claim"), pas("profile-claim-update")})
_INQUIRED = pas("profile-claiminquiryresponse")
_CRITERIA = frozenset(
    {
        pas("extension-itemCertificationIssueDate"),
        pas("extension-itemCertificationExpirationDate"),
        pas("extension-itemCertificationEffectiveDate"),
        pas("extension-reviewActionCode"),
    }
)
_OF_REQUESTS = pas("extension-serviceItemRequestType")
_UNKNOWN = "Unknown profile: the resource was not validated against it."


def issues_of(engine: Validator, resource: Json, profile: str | None, level: Level) -> tuple[Issue, ...]:
    """Return the issues of a resource by a profile, or by the profile that its content shows; errors first.

    Unknown declared profiles give an issue each. Raises UnknownProfile for an unknown `profile`.
    """
    issues = engine.validate(resource, profile or bundle_profile(resource), level=level)
    return (*issues, *_unknown_profiles(engine, resource))[:MOST_ISSUES]


def bundle_profile(resource: Json) -> str | None:
    """Return the profile of a PAS Bundle that declares none; None for other resources and for billing claims."""
    if resource.get("resourceType") != "Bundle" or any(declared(resource)):
        return None
    index, entry = next(iter(objects(resource, "entry")), (-1, {}))
    first = entry.get("resource")
    if index != 0 or not isinstance(first, dict) or first.get("use") in {"claim", "predetermination"}:
        return None
    if first.get("resourceType") == "Claim":
        return (Kind.INQUIRY if _is_inquiry(first) else Kind.REQUEST).profile
    if first.get("resourceType") == "ClaimResponse":
        return (Kind.INQUIRY_RESPONSE if _INQUIRED in declared(first) else Kind.RESPONSE).profile
    return None


def declared(resource: Json) -> Iterator[str]:
    """Yield the declared profiles of a resource without their versions."""
    return (unversioned(profile) for profile in _profiles(resource) if isinstance(profile, str))


def _profiles(resource: Json) -> list[Any]:
    meta = resource.get("meta")
    listed = meta.get("profile") if isinstance(meta, dict) else None
    return listed if isinstance(listed, list) else []


def _is_inquiry(claim: Json) -> bool:
    """Return whether a Claim is an inquiry: by its profile, or by criteria that only an inquiry has.

    A Claim without items is an inquiry unless it updates another Claim.
    """
    profiles = set(declared(claim))
    if _INQUIRING in profiles or profiles & _REQUESTING:
        return _INQUIRING in profiles
    items = [item for _, item in objects(claim, "item")]
    urls = {str(extension.get("url")) for item in items for _, extension in objects(item, "extension")}
    if items:
        return bool(urls & _CRITERIA) or ("billablePeriod" in claim and _OF_REQUESTS not in urls)
    return not claim.get("related")


def _unknown_profiles(engine: Validator, resource: Json) -> Iterator[Issue]:
    for index, profile in enumerate(_profiles(resource)[:MOST_ISSUES]):
        if isinstance(profile, str) and not engine.knows(profile):
            place = f"{resource.get('resourceType')}.meta.profile[{index}]"
            yield Issue(_UNKNOWN, place, "not-found", "information")
