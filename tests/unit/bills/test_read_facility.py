"""The facility of a bill, and its type of bill."""

from __future__ import annotations

from typing import Any

import pytest

from app.bills.read_claim import read_claim
from app.codes import NPI
from app.domain.billing import BillingClaim
from app.fhir.body import Checked
from tests.support.samples import billed_line, billing_claim


def bill(**changes: Any) -> BillingClaim:
    return read_claim(Checked(billing_claim(**changes))).billing_claim


WEST = {"system": NPI, "value": "1555555550"}
LOCATION = {"resourceType": "Location", "id": "f", "identifier": [WEST], "name": "West"}
HOSPITAL = {"resourceType": "Organization", "id": "h", "identifier": [WEST], "name": "West Hospital"}
UNNUMBERED = {"resourceType": "Location", "id": "f", "managingOrganization": {"reference": "#h"}}
AT_F = {"reference": "#f"}


@pytest.mark.parametrize(
    "changes",
    [
        {"contained": [LOCATION], "facility": AT_F},
        {"contained": [UNNUMBERED, HOSPITAL], "facility": AT_F},
        {"facility": {"identifier": WEST, "display": "West"}},
    ],
)
def test_a_facility_is_read_where_it_is_named(changes: dict[str, Any]) -> None:
    assert bill(**changes).lines[0].facility == WEST["value"]


def test_the_location_of_a_line_overrides_the_facility_of_its_claim() -> None:
    own = {name: value for name, value in billed_line().items() if name != "locationCodeableConcept"}
    lines = [own | {"locationReference": AT_F}, billed_line(2)]
    other = {"identifier": {"system": NPI, "value": "1444444446"}}
    read = bill(contained=[LOCATION], facility=other, lines=lines)
    assert [line.facility for line in read.lines] == ["1555555550", "1444444446"]


@pytest.mark.parametrize("given", [{"code": {"coding": [{"code": "0131"}]}}, {"valueString": " 0131 "}])
def test_the_type_of_bill_is_read_from_the_supporting_information(given: dict[str, Any]) -> None:
    kind = {"coding": [{"code": "typeofbill"}]}
    assert bill(supportingInfo=[{"sequence": 1, "category": kind, **given}]).type_of_bill == "0131"
    assert bill().type_of_bill is None
