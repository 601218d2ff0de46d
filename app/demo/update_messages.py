"""Build the demo's updates: the sample requests with another item, or cancelled as a whole."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from app.codes import X12_CERTIFICATION_TYPE, pas
from app.demo.messages import Json, request

_RELATIONSHIP = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
_CANCEL = {"coding": [{"system": X12_CERTIFICATION_TYPE, "code": "3"}]}


def update(today: date) -> Json:
    """Return the update of the request `approve` that adds one lumbar MRI."""
    bundle = _next_version("approve", today)
    claim = bundle["entry"][0]["resource"]
    added = deepcopy(request("pend", today)["entry"][0]["resource"]["item"][0])
    added["sequence"] = 2
    added["quantity"]["value"] = 1
    added["extension"].append({"url": pas("extension-infoChanged"), "valueCode": "added"})
    claim["item"].append(added)
    return bundle


def cancellation(today: date) -> Json:
    """Return the update of the request `pend` that cancels the whole request."""
    bundle = _next_version("pend", today)
    extension = {"url": pas("extension-certificationType"), "valueCodeableConcept": _CANCEL}
    bundle["entry"][0]["resource"]["extension"] = [extension]
    return bundle


def _next_version(name: str, today: date) -> Json:
    """Return an update with the Claim of a request as the prior one."""
    bundle = request(name, today)
    prior = deepcopy(bundle["entry"][0])
    entry, claim = bundle["entry"][0], bundle["entry"][0]["resource"]
    entry["fullUrl"] += "-update"
    claim["id"] = entry["fullUrl"].rpartition("/")[2]
    claim["meta"] = {"profile": [pas("profile-claim-update")]}
    claim["identifier"][0]["value"] += "-U"
    relationship = {"coding": [{"system": _RELATIONSHIP, "code": "prior"}]}
    claim["related"] = [{"claim": {"reference": prior["fullUrl"]}, "relationship": relationship}]
    bundle["entry"].append(prior)
    return bundle
