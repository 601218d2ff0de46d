"""Send documents as a provider's system does: by `$submit-attachment`."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx

from tests.api.reading import Json, issues
from tests.support.samples import PAYER, REQUESTOR, concept
from tests.support.server import Server

NPI = "http://hl7.org/fhir/sid/us-npi"
TEXT = b"Six weeks of physical therapy without relief."


def note(text: bytes = TEXT, code: str | None = "11506-3", **changes: Any) -> Json:
    """Build a DocumentReference with inline data."""
    document: Json = {
        "resourceType": "DocumentReference",
        "status": "current",
        "content": [{"attachment": {"contentType": "text/plain", "data": b64encode(text).decode()}}],
        **({} if code is None else {"type": concept("http://loinc.org", code)}),
    }
    return document | changes


def parameters(tracking: str, *documents: Json, code: str | None = None, **changes: Any) -> Json:
    """Build the Parameters for documents. A change replaces a parameter; None removes it."""
    values: Json = {
        "TrackingId": {"valueIdentifier": {"value": tracking}},
        "AttachTo": {"valueCode": "preauthorization"},
        "PayerId": {"valueIdentifier": {"system": NPI, "value": PAYER}},
        "OrganizationId": {"valueIdentifier": {"system": NPI, "value": REQUESTOR}},
        "MemberId": {"valueIdentifier": {"value": "M001"}},
    } | changes
    rows = [{"name": name, **value} for name, value in values.items() if value is not None]
    return {"resourceType": "Parameters", "parameter": [*rows, *(attachment(one, code) for one in documents)]}


def attachment(document: Json, code: str | None = None, *lines: str) -> Json:
    parts: list[Json] = [{"name": "LineItem", "valueString": line} for line in lines]
    if code is not None:
        parts.append({"name": "Code", "valueCodeableConcept": concept("http://loinc.org", code)})
    return {"name": "Attachment", "part": [*parts, {"name": "Content", "resource": document}]}


async def attach(server: Server, body: Json, client: str = "ehr-a", **headers: str) -> httpx.Response:
    return await server.post("/$submit-attachment", body, client, **headers)


def receipt(response: httpx.Response) -> str:
    """Return the text of a receipt."""
    assert response.status_code == 200, response.text
    [issue] = issues(response)
    assert (issue["severity"], issue["code"]) == ("information", "informational")
    return str(issue["details"]["text"])
