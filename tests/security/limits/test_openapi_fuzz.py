"""Requests that schemathesis makes from our OpenAPI document: none makes the server fail, every error has its form.

The document describes resources so deeply that a body takes a minute to make. Bodies are shallow here;
`test_mutated_examples` sends deep ones.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from tests.support.logged import lines_of
from tests.support.process import LOG_FILE, bearer, server_process

EXAMPLES = 4
"""Requests of each operation."""

PATIENCE = 30
OPERATIONS = 100

pytestmark = pytest.mark.slow


@pytest.mark.acceptance("C48")
@pytest.mark.parametrize("client", ["ehr-a", "admin"])
def test_no_request_of_the_document_makes_the_server_fail(tmp_path: Path, client: str) -> None:
    with server_process(tmp_path) as server:
        root = server.url.removesuffix("/fhir")
        document = shallow(httpx.get(f"{root}/openapi.json", trust_env=False).json())
        found = schemathesis.openapi.from_dict(document).get_all_operations()
        operations = [result.ok() for result in found if isinstance(result, Ok)]
        login = {"Authorization": bearer(tmp_path, client)}
        answers = [answer for operation in operations for answer in answers_of(operation, document, login)]
        assert server.stop() == 0
    assert len(operations) > OPERATIONS
    assert HTTPStatus.OK in {answer.status_code for answer in answers}
    assert [(answer.request.url, answer.text) for answer in answers if answer.status_code >= 500] == []
    refusals = [answer for answer in answers if answer.status_code >= 400 and answer.request.method != "HEAD"]
    assert [answer.request.url for answer in refusals if not is_error(answer)] == []
    log = lines_of((tmp_path / LOG_FILE).read_text(encoding="utf-8"))
    assert [line for line in log if line["level"] == "error"] == []


def answers_of(operation: Any, document: dict[str, Any], login: dict[str, str]) -> list[Any]:
    """Send some requests of an operation; return the answers."""
    answers: list[Any] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        own = document["paths"][operation.path].get("servers", document["servers"])
        answers.append(case.call(base_url=own[0]["url"], headers=login, timeout=PATIENCE))

    send()
    return answers


def is_error(answer: Any) -> bool:
    """Return whether an answer is an OperationOutcome, an error of OAuth, or a page of the sign-in, by its path."""
    path = urlsplit(answer.request.url).path
    if path == "/oauth/authorize":
        return "<h1>" in answer.text
    body = json.loads(answer.content)
    is_of_oauth = path.startswith("/oauth/") or "/.well-known/" in path
    return "error" in body if is_of_oauth else body["resourceType"] == "OperationOutcome"


def shallow(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with bodies of any object that has a type."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                for media_type, content in operation["requestBody"]["content"].items():
                    if "json" in media_type:
                        content["schema"] = ANY_RESOURCE
                        content.pop("examples", None)
    return document


ANY_RESOURCE = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {
        "resourceType": {"enum": ["Bundle", "Claim", "Parameters", "Patient", "Coverage", "Organization", "Nothing"]},
        "id": {"type": "string"},
        "entry": {"type": "array", "maxItems": 2, "items": {"type": "object", "maxProperties": 2}},
        "parameter": {"type": "array", "maxItems": 2, "items": {"type": "object", "maxProperties": 2}},
    },
    "maxProperties": 6,
}
