"""The published examples are read without a rejection, and their answers are valid FHIR."""

from __future__ import annotations

import pytest
from fhir.resources.R4B import get_fhir_model_class

from app.fhir.body import Checked
from app.pas.edition import edition
from app.pas.face import server_face
from app.pas.read_inquiry import read_inquiry
from app.pas.requests.read_request import read_request
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.write_claim import write_claim
from app.pas.write_inquiry import Inquired, write_inquiry
from app.pas.write_response import write_response
from tests.support.answers import BASE, CERTIFIED, NOW, as_sent, authorization
from tests.support.official import examples, parameters


@pytest.mark.parametrize(("version", "name"), parameters(inquiry=False))
def test_every_request_example_is_read_and_its_answer_is_valid(version: str, name: str) -> None:
    bundle = examples(version)[name]
    submitted = read_request(Checked(bundle), edition(version))
    answered = authorization(submitted, *[CERTIFIED] * len(submitted.request.items))
    response = write_claim_response(answered, submitted.face, edition(version))
    written = write_response(submitted.index, response, f"{BASE}/ClaimResponse/{answered.id}", NOW, edition(version))
    claim = write_claim(submitted, "claim-id", server_face(answered))
    assert submitted.request.member.member_id
    assert get_fhir_model_class("Bundle").model_validate(as_sent(written))
    assert get_fhir_model_class("Claim").model_validate(as_sent(claim))


@pytest.mark.parametrize(("version", "name"), parameters(inquiry=True))
def test_every_inquiry_example_is_read_and_its_answer_is_valid(version: str, name: str) -> None:
    submitted = read_inquiry(Checked(examples(version)[name]), edition(version))
    assert len(submitted.inquiry.items) == 2
    assert submitted.inquiry.items[1].service_end is not None
    written = write_inquiry([], Inquired(submitted, BASE, NOW, edition(version)))
    assert get_fhir_model_class(written["resourceType"]).model_validate(as_sent(written))


@pytest.mark.parametrize(("version", "name"), parameters(inquiry=False))
def test_only_an_update_names_the_claim_before_it(version: str, name: str) -> None:
    prior = read_request(Checked(examples(version)[name]), edition(version)).request.prior
    updated = "Update" in name and version == "2.2.1"
    url = "http://example.org/fhir/Claim/HomecareAuthorizationExample" if updated else None
    assert (prior.url if prior else None) == url
