"""Build the messages of the demo from the sample documents in `samples/`, dated from today."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.codes import CLAIM_FREQUENCY, CPT, HCPCS, pas

Json = dict[str, Any]

SAMPLES = Path(__file__).parent / "samples"
COURSE_OF_TREATMENT = timedelta(days=89)

NPIS = ("1987654328", "1777777776")
"""The organization and the practitioner of the samples. They belong to the demo's first organization."""

SLIPS = {
    "Bundle.entry[0].resource.insurer": "no insurer",
    "Bundle.entry[0].resource.provider.reference": "a provider that is not in the Bundle",
    "Bundle.entry[0].resource.item[0].quantity": "a quantity of zero",
}
"""Each mistake of `careless_request`, by the FHIRPath expression of its issue."""


def request(name: str, today: date) -> Json:
    """Return the request Bundle `request-{name}.json` for a treatment that begins today."""
    bundle = _dated(_sample(f"request-{name}"), today)
    item = _claim(bundle)["item"][0]
    item["servicedPeriod"] = {"start": today.isoformat(), "end": (today + COURSE_OF_TREATMENT).isoformat()}
    return bundle


def request_of(organization_npi: str, practitioner_npi: str, today: date) -> Json:
    """Return the request `approve` of another organization and another practitioner."""
    text = json.dumps(request("approve", today))
    for own, other in zip(NPIS, (organization_npi, practitioner_npi), strict=True):
        text = text.replace(f'"{own}"', f'"{other}"')
    bundle: Json = json.loads(text)
    return bundle


def attachment(control_number: str) -> Json:
    """Return the attachment of the document with this control number."""
    parameters = _sample("attachment")
    parameters["parameter"][0]["valueIdentifier"]["value"] = control_number
    return parameters


def careless_request(today: date) -> Json:
    """Return a request Bundle with the mistakes of `SLIPS`."""
    bundle = request("approve", today)
    claim = _claim(bundle)
    del claim["insurer"]
    claim["provider"] = {"reference": "Organization/somewhere-else"}
    claim["item"][0]["quantity"]["value"] = 0
    return bundle


def range_request(today: date) -> Json:
    """Return a request for all codes from 97110 to 99499, which several rules of the policy cover."""
    bundle = request("approve", today)
    item = _claim(bundle)["item"][0]
    end = {"coding": [{"system": CPT, "code": "99499"}]}
    url = pas("extension-productOrServiceCodeEnd")
    item["extension"] = [*item["extension"], {"url": url, "valueCodeableConcept": end}]
    return bundle


def inquiry(today: date, reference: str = "") -> Json:
    """Return an inquiry Bundle about all requests of the patient, or about the request with a reference number."""
    bundle = _dated(_sample("inquiry"), today)
    if reference:
        url = pas("extension-administrationReferenceNumber")
        _claim(bundle)["extension"] = [{"url": url, "valueString": reference}]
    return bundle


def bill(name: str, units: int, serviced: str, number: str = "") -> Json:
    """Return a billing claim for units of physical therapy on a day, with `number` exactly as given."""
    claim = _sample("bill")
    claim["identifier"][0]["value"] = name
    claim["created"] = serviced
    item = claim["item"][0]
    item["servicedDate"] = serviced
    item["quantity"]["value"] = units
    insurance = claim["insurance"][0]
    del insurance["preAuthRef"]
    if number:
        insurance["preAuthRef"] = [number]
    return claim


def repeated(claim: Json) -> Json:
    """Return a billing claim for a service that was given again on the day (modifier 76), which is not a duplicate."""
    claim["item"][0]["modifier"] = [{"coding": [{"system": CPT, "code": "76"}]}]
    return claim


def excluded_bill(name: str, serviced: str) -> Json:
    """Return a billing claim, without a number, for an item that no plan covers."""
    claim = bill(name, 1, serviced)
    claim["item"][0]["productOrService"] = {"coding": [{"system": HCPCS, "code": "A9270"}]}
    return claim


def elsewhere(claim: Json) -> Json:
    """Return a billing claim for a service at the patient's home (place of service 12)."""
    claim["item"][0]["locationCodeableConcept"]["coding"][0]["code"] = "12"
    return claim


def preview(claim: Json) -> Json:
    """Return the dry run of a billing claim (`use = predetermination`)."""
    return claim | {"use": "predetermination"}


def decided_by_phone(number: str, start: date, end: date) -> Json:
    """Return the Parameters of `$import` for six units of physical therapy between two days."""
    parameters = _sample("import")
    values = {parameter["name"]: parameter for parameter in parameters["parameter"]}
    parts = {part["name"]: part for part in values["item"]["part"]}
    values["number"]["valueString"] = number
    parts["start"]["valueDate"], parts["end"]["valueDate"] = start.isoformat(), end.isoformat()
    return parameters


def corrected(claim: Json, frequency: str, earlier: str) -> Json:
    """Return a billing claim that replaces (frequency 7) or voids (8) the claim with the identifier `earlier`."""
    identifier = claim["identifier"][0] | {"value": earlier}
    claim["extension"] = [{"url": CLAIM_FREQUENCY, "valueCode": frequency}]
    claim["related"] = [{"claim": {"identifier": identifier}}]
    return claim


def subscription(endpoint: str, topic: str | None = None) -> Json:
    """Return a Subscription to the results of the samples' organization, or to another topic about them."""
    body = _sample("subscription")
    body["criteria"] = topic or body["criteria"]
    body["channel"]["endpoint"] = endpoint
    return body


def decision(sequence: int, action: str) -> Json:
    """Return the Parameters of `$decide` for one item."""
    parts = [{"name": "sequence", "valuePositiveInt": sequence}, {"name": "action", "valueCode": action}]
    return {"resourceType": "Parameters", "parameter": [{"name": "item", "part": parts}]}


def _dated(bundle: Json, today: date) -> Json:
    bundle["timestamp"] = f"{today.isoformat()}T09:30:00-05:00"
    _claim(bundle)["created"] = today.isoformat()
    return bundle


def _claim(bundle: Json) -> Json:
    claim: Json = bundle["entry"][0]["resource"]
    return claim


def _sample(name: str) -> Json:
    sample: Json = json.loads(_text(name))
    return sample


@cache
def _text(name: str) -> str:
    return (SAMPLES / f"{name}.json").read_text(encoding="utf-8")
