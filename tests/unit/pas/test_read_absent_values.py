"""A null in an array of primitives keeps the place of a value of which only an id or an extension is known.

http://hl7.org/fhir/R4/json.html#primitive
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.bills.read_claim import read_claim
from app.fhir.body import Checked
from app.pas.read_inquiry import read_inquiry
from app.pas.requests.read_request import read_request
from tests.support.absent import WHY, padded
from tests.support.answers import CURRENT, submitted
from tests.support.samples import Json, billing_claim, inquiry_bundle, patient, request_bundle, request_item


def request() -> Json:
    return request_bundle(items=[request_item()])


def bill() -> Json:
    return billing_claim(contained=[{**patient(), "id": "p"}], patient={"reference": "#p"})


@pytest.mark.parametrize(
    ("body", "read", "arrays"),
    [
        (request(), lambda body: read_request(body, CURRENT).request, {"given", "careTeamSequence"}),
        (inquiry_bundle(), lambda body: read_inquiry(body, CURRENT).inquiry, {"given"}),
        (
            bill(),
            lambda body: read_claim(body).billing_claim,
            {"given", "preAuthRef", "careTeamSequence", "diagnosisSequence"},
        ),
    ],
    ids=["request", "inquiry", "bill"],
)
def test_a_value_that_is_absent_with_a_reason_does_not_change_the_request(
    body: Json, read: Callable[[Checked], object], arrays: set[str]
) -> None:
    changed, names = padded(body)
    assert arrays <= names
    assert read(Checked(changed)) == read(Checked(body))


def test_a_dangling_pointer_beside_a_null_is_named_by_its_place() -> None:
    item = request_item(diagnosisSequence=[None, 1, 9], _diagnosisSequence=[WHY, None, None])
    (warning,) = submitted(request_bundle(items=[item])).warnings
    assert warning.expression == "Bundle.entry[0].resource.item[0].diagnosisSequence[2]"
