"""The ClaimResponse that answers a bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.R4B.claimresponse import ClaimResponse
from msgspec.structs import replace

from app.bills.read_claim import read_claim
from app.bills.write_adjudication import write_adjudication
from app.codes import ADJUDICATION_DETAIL, LINKED_AUTHORIZATION
from app.domain.adjustment_key import NextAction
from app.domain.billing import (
    Adjudication,
    AdjudicationReason,
    Adjustment,
    Advice,
    BillingClaim,
    Difference,
    Draw,
    LineResult,
    Link,
)
from app.fhir.body import Checked
from tests.support.answers import NOW, NUMBER, as_sent
from tests.support.samples import billed_line, billing_claim

OVER = AdjudicationReason("units-exceeded", "CO", "198", ("N435",), "More units than authorized.", "Ask for more.")
DRAW = Draw("auth-id", NUMBER, item="1", line="1", units=Decimal(4), remaining=Decimal(8))
PAID = LineResult("1", Decimal(4), Decimal(160), notes=("4 drawn.",), draws=(DRAW,))
CUT = LineResult(
    "2",
    Decimal(1),
    Decimal(40),
    adjustments=(Adjustment(OVER, Decimal(3), Decimal(120)),),
    remarks=("N45", "N435"),
    notes=("More units than authorized. Ask for more.",),
    draws=(Draw("auth-id", NUMBER, item="1", line="2", units=Decimal(1), remaining=None),),
)
DENIED = LineResult(
    "3", Decimal(0), Decimal(0), adjustments=(Adjustment(OVER, Decimal(4), Decimal(160)),), notes=CUT.notes
)


def bill(**changes: Any) -> BillingClaim:
    return read_claim(
        Checked(
            billing_claim(control_number="BILL-0001", lines=[billed_line(1), billed_line(2), billed_line(3)], **changes)
        )
    ).billing_claim


def answer(*lines: LineResult, number: str | None = NUMBER, **changes: Any) -> dict[str, Any]:
    face = read_claim(Checked(billing_claim())).face
    written = as_sent(write_adjudication("r1", bill(**changes), Adjudication(lines, number), face, NOW))
    assert ClaimResponse.model_validate(written)
    return written


def amounts(item: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return amount and units by category."""
    return {
        one["category"]["coding"][0]["code"]: (one["amount"]["value"], one["value"])
        for one in item["adjudication"]
        if "amount" in one
    }


def test_a_denied_line_links_the_authorization_without_units() -> None:
    (item,) = answer(replace(DENIED, linked=Link("auth-1", NUMBER, "2")), number=None)["item"]
    (link,) = item["extension"]
    assert [part["url"] for part in link["extension"]] == ["number", "authorization", "item"]
    assert link["extension"][1]["valueReference"] == {"reference": "ClaimResponse/auth-1"}


def test_a_paid_line_has_its_benefit_and_its_link_to_the_authorization() -> None:
    written = answer(PAID)
    assert (written["use"], written["outcome"], written["preAuthRef"]) == ("claim", "complete", NUMBER)
    assert written["identifier"][0]["value"] == "BILL-0001"
    (item,) = written["item"]
    assert amounts(item) == {"submitted": (160, 4), "benefit": (160, 4)}
    (link,) = item["extension"]
    assert link["url"] == LINKED_AUTHORIZATION
    assert {part["url"]: next(v for n, v in part.items() if n != "url") for part in link["extension"]} == {
        "number": NUMBER,
        "authorization": {"reference": "ClaimResponse/auth-id"},
        "item": "1",
        "units-drawn": 4,
        "units-remaining": 8,
    }
    assert item["noteNumber"] == [1]
    assert written["processNote"][0]["text"] == "4 drawn."


def test_an_adjusted_line_has_group_carc_and_rarc_codes() -> None:
    written = answer(CUT)
    (item,) = written["item"]
    assert amounts(item) == {"submitted": (160, 4), "benefit": (40, 1), "adjustment": (120, 3)}
    adjustment = item["adjudication"][2]
    assert [one["code"] for one in adjustment["category"]["coding"]] == ["adjustment", "CO"]
    assert adjustment["reason"]["coding"] == [
        {"system": "https://x12.org/codes/claim-adjustment-reason-codes", "code": "198"}
    ]
    remarks = [one["reason"]["coding"][0]["code"] for one in item["adjudication"][3:]]
    assert remarks == ["N435", "N45"]
    assert "units-remaining" not in str(item["extension"])


def test_a_denied_line_draws_no_units_and_is_not_an_error() -> None:
    written = answer(DENIED, number=None)
    (item,) = written["item"]
    assert amounts(item) == {"submitted": (160, 4), "benefit": (0, 0), "adjustment": (160, 4)}
    assert "extension" not in item
    assert written["outcome"] == "complete"
    assert "error" not in written
    assert "preAuthRef" not in written


def test_every_line_balances_and_so_does_the_total() -> None:
    written = answer(PAID, CUT, DENIED)
    for item in written["item"]:
        found = amounts(item)
        assert found["submitted"][0] == found["benefit"][0] + found.get("adjustment", (0, 0))[0]
    totals = {one["category"]["coding"][0]["code"]: one["amount"]["value"] for one in written["total"]}
    assert totals == {"submitted": 480, "benefit": 200, "adjustment": 280}
    assert [item["noteNumber"] for item in written["item"]] == [[1], [2], [2]]


def test_a_bill_without_charges_is_answered_in_units() -> None:
    line = {name: value for name, value in billed_line().items() if name != "unitPrice"}
    claim = read_claim(Checked(billing_claim(lines=[line], identifier=None)))
    result = LineResult("1", Decimal(4))
    written = as_sent(write_adjudication("r1", claim.billing_claim, Adjudication((result,)), claim.face, NOW))
    assert ClaimResponse.model_validate(written)
    assert [one["value"] for one in written["item"][0]["adjudication"]] == [4, 4]
    assert not {"total", "processNote", "identifier"} & set(written)


@pytest.mark.parametrize("amount", ["100.10", "0.005"])
def test_amounts_keep_their_digits(amount: str) -> None:
    face = read_claim(Checked(billing_claim())).face
    result = LineResult("1", Decimal(4), Decimal(amount))
    written = write_adjudication("r1", bill(), Adjudication((result,)), face, NOW)
    assert str(written["item"][0]["adjudication"][1]["amount"]["value"]) == amount


def test_the_advice_is_written_as_data() -> None:
    difference = Difference("place of service", "12", "11")
    advice = Advice(NextAction.RESUBMIT, (difference,), date(2026, 8, 1), Decimal(8))
    [item] = answer(replace(DENIED, number="1", advice=advice), number=None)["item"]
    [detail] = [each for each in item["extension"] if each["url"] == ADJUDICATION_DETAIL]
    assert detail["extension"] == [
        {"url": "action", "valueCode": "resubmit"},
        {"url": "until", "valueDate": "2026-08-01"},
        {"url": "units-remaining", "valueDecimal": 8},
        {
            "url": "difference",
            "extension": [
                {"url": "attribute", "valueCode": "place-of-service"},
                {"url": "claimed", "valueString": "12"},
                {"url": "authorized", "valueString": "11"},
            ],
        },
    ]
