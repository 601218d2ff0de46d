"""What a resource is checked by where nobody says: what it declares, and of a PAS Bundle what it begins with."""

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
_UNKNOWN = "A profile that is declared is not known here: by it, nothing was checked."


def checked(engine: Validator, resource: Json, profile: str | None, level: Level) -> tuple[Issue, ...]:
    """Return what is wrong with a resource by a profile, or else by what it is; errors first.

    A profile that it declares and that is not known is told. Raises UnknownProfile for a `profile` that is not known.
    """
    issues = engine.validate(resource, profile or bundle_profile(resource), level=level)
    return (*issues, *_not_known(engine, resource))[:MOST_ISSUES]


def bundle_profile(resource: Json) -> str | None:
    """Choose the profile of a PAS Bundle that declares none; None for anything else, a bill and its answer too."""
    if resource.get("resourceType") != "Bundle" or any(declared(resource)):
        return None
    index, entry = next(iter(objects(resource, "entry")), (-1, {}))
    first = entry.get("resource")
    if index != 0 or not isinstance(first, dict) or first.get("use") == "claim":
        return None
    if first.get("resourceType") == "Claim":
        return (Kind.INQUIRY if _inquires(first) else Kind.REQUEST).profile
    if first.get("resourceType") == "ClaimResponse":
        return (Kind.INQUIRY_RESPONSE if _INQUIRED in declared(first) else Kind.RESPONSE).profile
    return None


def declared(resource: Json) -> Iterator[str]:
    """Give the profiles that a resource says it conforms to, without their versions."""
    return (unversioned(one) for one in _profiles(resource) if isinstance(one, str))


def _profiles(resource: Json) -> list[Any]:
    meta = resource.get("meta")
    listed = meta.get("profile") if isinstance(meta, dict) else None
    return listed if isinstance(listed, list) else []


def _inquires(claim: Json) -> bool:
    """Whether a Claim asks for what was answered: by what it declares, or by criteria that only an inquiry has.

    Without items, it is an inquiry unless it updates another.
    """
    named = set(declared(claim))
    if _INQUIRING in named or named & _REQUESTING:
        return _INQUIRING in named
    items = [item for _, item in objects(claim, "item")]
    given = {str(one.get("url")) for item in items for _, one in objects(item, "extension")}
    if items:
        return bool(given & _CRITERIA) or ("billablePeriod" in claim and _OF_REQUESTS not in given)
    return not claim.get("related")


def _not_known(engine: Validator, resource: Json) -> Iterator[Issue]:
    for index, profile in enumerate(_profiles(resource)[:MOST_ISSUES]):
        if isinstance(profile, str) and not engine.knows(profile):
            place = f"{resource.get('resourceType')}.meta.profile[{index}]"
            yield Issue(_UNKNOWN, place, "not-found", "information")
