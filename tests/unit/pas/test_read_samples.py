"""The samples that the demo sends are valid and read without a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

import app
from app.bills.read_claim import read_claim
from app.codes import pas
from app.fhir.body import Checked
from app.fhir.json import read
from app.fhir.outcome import Issue
from app.pas.read_inquiry import read_inquiry
from app.pas.requests.read_request import read_request
from tests.conformance.engine import validator
from tests.support.answers import CURRENT

SAMPLES = sorted((Path(app.__file__).parent / "demo" / "samples").glob("*.json"))
REQUESTS = [path for path in SAMPLES if path.stem.startswith("request-")]


def sample(path: Path) -> dict[str, Any]:
    return read(path.read_bytes())


def warned(path: Path) -> tuple[Issue, ...]:
    body = sample(path)
    if path.stem in ("attachment", "import", "subscription"):
        return validator(CURRENT.version).validate(body)
    if path.stem == "bill":
        return read_claim(Checked(body)).warnings
    if path.stem == "inquiry":
        return read_inquiry(Checked(body), CURRENT).warnings
    return read_request(Checked(body), CURRENT).warnings


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_valid_and_has_no_issues(path: Path) -> None:
    body = sample(path)
    assert get_fhir_model_class(body["resourceType"]).model_validate(body)
    assert warned(path) == ()


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_request_has_the_elements_that_pas_requires(path: Path) -> None:
    claim = sample(path)["entry"][0]["resource"]
    for item in claim["item"]:
        urls = {one["url"] for one in item["extension"]}
        assert urls >= {pas("extension-serviceItemRequestType"), pas("extension-certificationType")}
        assert {"category", "productOrService", "locationCodeableConcept", "quantity"} <= set(item)
    assert all(one["extension"] for one in claim["careTeam"])


def test_the_samples_cover_every_kind_of_answer_and_two_members() -> None:
    asked = {path.stem: read_request(Checked(sample(path)), CURRENT).request for path in REQUESTS}
    services = {
        name: (request.items[0].services[0].code, str(request.items[0].quantity)) for name, request in asked.items()
    }
    assert services == {
        "request-approve": ("97110", "12"),
        "request-approve-m002": ("97110", "12"),
        "request-deny": ("A9270", "1"),
        "request-modify": ("97110", "40"),
        "request-pend": ("72148", "2"),
    }
    assert {request.member.member_id for request in asked.values()} == {"M001", "M002"}
    assert len({request.identifier for request in asked.values()}) == len(asked)
