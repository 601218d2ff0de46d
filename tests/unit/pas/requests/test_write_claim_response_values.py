"""Codes, quantities and numbers of a request, as its answer repeats them: by the rules of PAS, whatever came."""

from __future__ import annotations

import pytest

from app.codes import HCPCS, UCUM, X12_UNIT, pas
from app.pas.requests.write_claim_response import write_claim_response
from tests.support.answers import CURRENT, MODIFIED, as_sent, authorization, extended, part, submitted
from tests.support.samples import CPT, Json, concept, extension, request_bundle, request_item, x12


@pytest.mark.parametrize(
    ("code", "system"),
    [("59", CPT), ("1P", CPT), ("P3", CPT), ("GP", HCPCS), ("gp", HCPCS), ("PA", HCPCS), ("P7", HCPCS), ("A4", HCPCS)],
)
def test_a_modifier_is_written_under_the_list_that_it_is_from(code: str, system: str) -> None:
    request = submitted(request_bundle(items=[request_item(modifier=[x12("1339", code)])]))
    written = as_sent(write_claim_response(authorization(request, MODIFIED), request.face, CURRENT))
    detail = extended(written["item"][0], "extension-itemAuthorizedDetail")
    assert part(detail, "modifier") == written["addItem"][0]["modifier"][0] == concept(system, code)


@pytest.mark.parametrize(
    ("sent", "unit"),
    [
        ({}, {"unit": "units"}),
        ({"unit": "visits"}, {"unit": "visits"}),
        ({"unit": "visits", "system": X12_UNIT, "code": "VS"}, {"unit": "visits", "system": X12_UNIT, "code": "VS"}),
        ({"system": X12_UNIT, "code": "VS"}, {"unit": "VS", "system": X12_UNIT, "code": "VS"}),
        ({"unit": "visits", "system": UCUM, "code": "1"}, {"unit": "visits"}),
        ({"system": UCUM, "code": "h"}, {"unit": "h"}),
    ],
)
def test_a_quantity_has_the_unit_as_sent_and_always_a_text(sent: Json, unit: Json) -> None:
    request = submitted(request_bundle(items=[request_item(quantity=None) | {"quantity": {"value": 12, **sent}}]))
    written = as_sent(write_claim_response(authorization(request, MODIFIED), request.face, CURRENT))
    detail = extended(written["item"][0], "extension-itemAuthorizedDetail")
    assert part(detail, "quantity") == {"value": 12} | unit
    assert written["addItem"][0]["quantity"] == {"value": 8} | unit


def test_a_number_is_repeated_if_the_request_names_its_issuer() -> None:
    item = request_item()
    numbers = ({"value": "T1"}, {"system": "urn:t", "value": "T2"})
    item["extension"] += [extension("extension-itemTraceNumber", valueIdentifier=number) for number in numbers]
    request = submitted(request_bundle(items=[item], claim={"identifier": [{"value": "REQ-0001"}]}))
    written = as_sent(write_claim_response(authorization(request, MODIFIED), request.face, CURRENT))
    assert "identifier" not in written
    for one in (written["item"][0], written["addItem"][0]):
        traced = [found for found in one["extension"] if found["url"] == pas("extension-itemTraceNumber")]
        assert [found["valueIdentifier"]["value"] for found in traced] == ["T2"]
