"""Read the requests for documents in an answer, as a provider's system does."""

from __future__ import annotations

import httpx

from tests.api.reading import Json, resources


def entries(response: httpx.Response) -> list[Json]:
    """Return the resources of an answer to `$submit`, or of the only match of an inquiry."""
    assert response.status_code == 200, response.text
    body = response.json()
    if body["resourceType"] == "Parameters":
        [body] = [one["resource"] for one in body["parameter"] if one["name"] == "return"]
    return resources(body)


def of_type(response: httpx.Response, type_: str) -> list[Json]:
    return [resource for resource in entries(response) if resource["resourceType"] == type_]


def control_numbers(response: httpx.Response) -> list[str]:
    """Return the control numbers of the documents that an answer asks for."""
    return [one["identifier"][0]["value"] for one in of_type(response, "CommunicationRequest")]


def needed(task: Json) -> list[tuple[str, int]]:
    """Return the document and the line of each attachment that a Task needs."""
    rows = [row for row in task["input"] if row["type"]["coding"][0]["code"] == "attachments-needed"]
    return [
        (row["valueCodeableConcept"]["coding"][0]["code"], next(iter(_values(row["extension"][0])))) for row in rows
    ]


def payer_url(task: Json) -> str:
    [url] = [row["valueUrl"] for row in task["input"] if "valueUrl" in row]
    return str(url)


def _values(extension: Json) -> list[int]:
    return [value for name, value in extension.items() if name.startswith("value")]
