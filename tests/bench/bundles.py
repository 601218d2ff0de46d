"""Request Bundles of the size that providers send: about 24 kB of compact JSON, no two of them alike."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from tests.support.samples import PAS, Json, concept, entry, extension, request_bundle, request_item, x12

ITEMS = 5
REQUESTS_A_MEMBER = 10
MEMBERS_AT_A_TIME = 100
_SERIAL, _MEMBER = "SERIAL", "MEMBER"
_PARAGRAPH = (
    "<p>Low back pain for six weeks, radiating to the left leg; conservative treatment with rest and medication has "
    "brought no lasting relief. Supervised exercise twice a week is planned, with a review of function after each "
    "fourth visit and a home programme between the visits.</p>"
)


def request_body(serial: int) -> bytes:
    """Return the request with this number; each member has ten, a hundred numbers apart."""
    rounds, place = divmod(serial, MEMBERS_AT_A_TIME)
    member = rounds // REQUESTS_A_MEMBER * MEMBERS_AT_A_TIME + place
    return _template().replace(_SERIAL, f"{serial:08d}").replace(_MEMBER, f"B{member:06d}").encode()


@cache
def _template() -> str:
    items = [request_item(number) for number in range(1, ITEMS + 1)]
    claim = {"supportingInfo": [_information()]}
    bundle = request_bundle(member=_MEMBER, identifier=_SERIAL, items=items, claim=claim, entries=[_referral()])
    bundle["identifier"]["value"] = f"T-{_SERIAL}"
    for one in bundle["entry"]:
        one["resource"]["text"] = _narrative()
    return json.dumps(bundle, separators=(",", ":"))


def _narrative() -> Json:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_PARAGRAPH * 4}</div>'}


def _information() -> Json:
    """Refer to the letter from the Claim."""
    kind = {"url": "reportTypeCode", "valueCodeableConcept": x12("755", "03")}
    return {
        "extension": [extension("extension-documentInformation", extension=[kind])],
        "sequence": 1,
        "category": concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "additionalInformation"),
        "valueReference": {"reference": "DocumentReference/referral-1"},
    }


def _referral() -> Json:
    """Attach a letter of 3 kB."""
    letter = base64.b64encode(bytes(range(256)) * 12).decode()
    resource: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [PAS + "profile-documentreference"]},
        "status": "current",
        "type": concept("http://loinc.org", "57133-1"),
        "category": [concept("http://loinc.org", "57133-1")],
        "subject": {"reference": "Patient/patient-1"},
        "date": "2026-11-19T10:00:00-05:00",
        "content": [{"attachment": {"contentType": "application/pdf", "data": letter}}],
    }
    return entry("DocumentReference/referral-1", resource)
