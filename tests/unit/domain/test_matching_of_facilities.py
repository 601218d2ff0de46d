"""Matching of a facility's bill: its claim type, level of care, type of bill and facility."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import HCPCS, PLACE_OF_SERVICE, REVENUE, TYPE_OF_BILL
from app.domain.adjustment_key import AdjustmentKey
from app.domain.datatypes import Coding
from app.domain.matching.attribute import Sides
from app.domain.matching.claim_type import ClaimType
from app.domain.matching.facility import Facility
from app.domain.matching.level_of_care import LevelOfCare
from app.domain.matching.mismatch import Mismatch
from app.domain.matching.place import Place
from app.domain.request import Party
from tests.support.billing_samples import B, authorization, claim, item, line
from tests.support.matching import exactly

FACILITY, PROFESSIONAL = Coding("", "institutional"), Coding("", "professional")
ROOM, HOURS = Coding(REVENUE, "0120"), Coding(REVENUE, "0762")
OBSERVED = Coding(HCPCS, "G0378")
STAY: dict[str, Any] = {"services": (), "revenue": ROOM}
F1, F2 = "1444444446", "1555555550"


def level(billed: dict[str, Any], authorized: dict[str, Any], **of_claim: Any) -> Mismatch | None:
    bill = claim(claim_type=FACILITY, **of_claim) if "claim_type" not in of_claim else claim(**of_claim)
    return exactly(LevelOfCare(), Sides(line(**billed), bill, item(**authorized), authorization()))


@pytest.mark.parametrize(
    ("billed", "authorized", "of_claim"),
    [
        ({"revenue": ROOM}, STAY, {}),
        ({}, STAY, {"type_of_bill": "0111"}),
        ({"revenue": HOURS}, {"services": (OBSERVED,)}, {"type_of_bill": "0131"}),
        ({"services": (OBSERVED,)}, {"revenue": HOURS}, {}),
        ({}, {"request_type": "AR"}, {"claim_type": PROFESSIONAL}),
        ({"revenue": HOURS}, {"place": Coding(TYPE_OF_BILL, "013")}, {"type_of_bill": "0131"}),
        ({"revenue": HOURS}, {}, {"type_of_bill": "0131"}),
    ],
)
def test_the_same_level_of_care_matches_and_an_unknown_one_covers_any(
    billed: dict[str, Any], authorized: dict[str, Any], of_claim: dict[str, Any]
) -> None:
    assert level(billed, authorized, **of_claim) is None


@pytest.mark.parametrize(
    ("billed", "authorized", "of_claim", "in_words"),
    [
        ({"revenue": HOURS, "services": (OBSERVED,)}, STAY, {"type_of_bill": "0131"}, ("observation", "inpatient")),
        ({}, STAY, {"type_of_bill": "0131"}, ("outpatient", "inpatient")),
        ({}, {"request_type": "AR"}, {}, ("none", "inpatient")),
        ({"revenue": ROOM}, {"services": (OBSERVED,)}, {"type_of_bill": "0111"}, ("inpatient", "observation")),
        ({"revenue": HOURS}, {"revenue": HOURS}, {"type_of_bill": "0111"}, ("inpatient", "observation")),
        ({}, {"place": Coding(TYPE_OF_BILL, "0131")}, {"type_of_bill": "0111"}, ("inpatient", "outpatient")),
    ],
)
def test_another_level_of_care_is_a_mismatch(
    billed: dict[str, Any], authorized: dict[str, Any], of_claim: dict[str, Any], in_words: tuple[str, str]
) -> None:
    found = level(billed, authorized, **of_claim)
    assert found == Mismatch("level of care", *in_words, AdjustmentKey.LEVEL_OF_CARE_DIFFERS)


def parts(billed: Coding, authorized: Coding, **asked: Any) -> bool:
    sides = Sides(line(), claim(claim_type=billed), item(**asked), authorization(claim_type=authorized))
    found = exactly(ClaimType(), sides)
    return found is None or found.reason_key is not AdjustmentKey.COMPONENT_DIFFERS


def test_a_facility_and_its_surgeon_need_an_authorization_each() -> None:
    assert parts(FACILITY, FACILITY)
    assert parts(PROFESSIONAL, PROFESSIONAL)
    assert not parts(PROFESSIONAL, FACILITY)
    assert not parts(FACILITY, PROFESSIONAL)


def test_a_stay_is_the_facilitys_part_and_an_unknown_type_covers_both() -> None:
    assert parts(FACILITY, PROFESSIONAL, **STAY)
    assert not parts(PROFESSIONAL, PROFESSIONAL, **STAY)
    assert parts(FACILITY, Coding("", ""))


def place(authorized: Coding, billed: Coding | None, type_of_bill: str | None) -> Mismatch | None:
    sides = Sides(line(place=billed), claim(type_of_bill=type_of_bill), item(place=authorized), authorization())
    return exactly(Place(), sides)


HOSPITAL, OUTPATIENT = Coding(PLACE_OF_SERVICE, "21"), Coding(PLACE_OF_SERVICE, "22")
INPATIENT_BILL = Coding(TYPE_OF_BILL, "011")


@pytest.mark.parametrize(
    ("authorized", "billed", "type_of_bill"),
    [
        (INPATIENT_BILL, None, "0114"),
        (INPATIENT_BILL, None, "111"),
        (Coding(TYPE_OF_BILL, "11"), HOSPITAL, "0111"),
        (INPATIENT_BILL, HOSPITAL, None),
        (HOSPITAL, None, "0111"),
        (OUTPATIENT, None, "0131"),
        (HOSPITAL, Coding(TYPE_OF_BILL, "0111"), None),
    ],
)
def test_a_type_of_bill_matches_by_its_first_two_digits_or_its_places(
    authorized: Coding, billed: Coding | None, type_of_bill: str | None
) -> None:
    assert place(authorized, billed, type_of_bill) is None


@pytest.mark.parametrize(
    ("authorized", "billed", "type_of_bill", "key"),
    [
        (INPATIENT_BILL, None, "0131", AdjustmentKey.PLACE_DIFFERS),
        (INPATIENT_BILL, OUTPATIENT, None, AdjustmentKey.PLACE_DIFFERS),
        (INPATIENT_BILL, None, None, AdjustmentKey.PLACE_MISSING),
        (OUTPATIENT, None, "0111", AdjustmentKey.PLACE_DIFFERS),
        (OUTPATIENT, HOSPITAL, "0131", AdjustmentKey.PLACE_DIFFERS),
        (OUTPATIENT, None, "0999", AdjustmentKey.PLACE_DIFFERS),
    ],
)
def test_another_type_of_bill_is_another_place(
    authorized: Coding, billed: Coding | None, type_of_bill: str | None, key: AdjustmentKey
) -> None:
    found = place(authorized, billed, type_of_bill)
    assert found is not None
    assert found.reason_key is key


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, None),
        ({"item": item(facility=None)}, None),
        ({"line": line(facility=F2)}, AdjustmentKey.FACILITY_DIFFERS),
        ({"line": line()}, AdjustmentKey.FACILITY_MISSING),
        ({"line": line(), "claim": claim(provider=Party(npi=F1))}, None),
        ({"line": line(), "claim": claim(claim_type=FACILITY, provider=Party(npi=F1))}, None),
        ({"line": line(), "claim": claim(claim_type=FACILITY, provider=Party(npi=B))}, AdjustmentKey.FACILITY_DIFFERS),
    ],
)
def test_the_facility_is_the_authorized_one(changes: dict[str, Any], key: AdjustmentKey | None) -> None:
    plain = Sides(line(facility=F1), claim(), item(facility=F1), authorization())
    found = exactly(Facility(), replace(plain, **changes))
    assert (None if found is None else found.reason_key) is key
