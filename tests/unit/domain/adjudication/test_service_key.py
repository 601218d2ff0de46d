"""The digests of a claim: equal for the same services, different for others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import HCPCS, NDC, REVENUE, UCUM
from app.domain.adjudication.service_key import BillKeys, bill_keys
from app.domain.datatypes import Coding, Identifier
from app.domain.request import Party
from app.domain.units import Unit
from tests.support.billing_samples import A, B, claim, cpt, line, on


def key(owner: str = "biller", patient: str = "patient-1", header: dict[str, Any] | None = None, **fields: Any) -> str:
    """Return the digest of a line with these fields, on a claim with these fields in its header."""
    return bill_keys(claim(line(**fields), **(header or {})), owner, patient).services["1"]


SAME: list[dict[str, Any]] = [
    {"units": "5"},
    {"units": "4.00"},
    {"charge": None},
    {"place": None},
    {"authorization_number": "PA260000013"},
    {"unit": Unit(code="d", system=UCUM)},
    {"services": (Coding(HCPCS, "97110"),)},
    {"services": (Coding("urn:oid:2.16.840.1.113883.6.12", "97110"),)},
    {"revenue": Coding(REVENUE, "0420")},
    {"providers": (A, B)},
    {"providers": ()},
    {"header": {"number": None}},
    {"header": {"identifier": Identifier("urn:b", "2")}},
    {"owner": "another organization"},
]

OTHER: list[dict[str, Any]] = [
    {"code": "97140"},
    {"day": "2026-01-16"},
    {"serviced": on("2026-01-15", "2026-01-16")},
    {"modifiers": ("GP",)},
    {"providers": (B,)},
    {"patient": "patient-2"},
    {"header": {"claim_type": Coding("", "institutional")}},
]


def test_a_drug_has_one_digest_in_all_forms_of_its_code() -> None:
    forms = ("0777-3105-02", "00777-3105-02", "00777310502")
    assert len({key(services=(Coding(NDC, code),)) for code in forms}) == 1


@pytest.mark.parametrize("fields", SAME)
def test_fields_beside_the_service_change_no_digest(fields: dict[str, Any]) -> None:
    assert key(**fields) == key()


@pytest.mark.parametrize("fields", OTHER)
def test_another_service_has_another_digest(fields: dict[str, Any]) -> None:
    assert key(**fields) != key()


@given(st.permutations(["GP", "KX", "LT"]), st.permutations([cpt("97110"), Coding("urn:drugs", "1")]))
def test_the_order_of_codes_changes_no_digest(modifiers: list[str], services: list[Coding]) -> None:
    expected = key(modifiers=("GP", "KX", "LT"), services=(cpt("97110"), Coding("urn:drugs", "1")))
    assert key(modifiers=tuple(modifiers), services=tuple(services)) == expected


def test_a_line_that_may_be_repeated_has_no_digest() -> None:
    lines = [line(sequence=place, modifiers=(code,)) for place, code in enumerate(("59", "76", "77", "xe", "25"), 1)]
    assert list(bill_keys(claim(*lines), "biller", "patient-1").services) == ["5"]


def test_the_services_of_one_provider_and_day_are_looked_up_by_one_digest() -> None:
    lines = [line(sequence=place, code=code) for place, code in enumerate(("97110", "97112", "97116", "97124"), 1)]
    keys = bill_keys(claim(*lines), "biller", "patient-1")
    assert (len(set(keys.services.values())), len(set(keys.days.values()))) == (4, 1)
    assert keys.all == [keys.days[keys.services["1"]], keys.identifier]


@pytest.mark.parametrize(
    ("fields", "header"),
    [
        ({"day": "2026-01-16"}, {}),
        ({"providers": (B,)}, {}),
        ({}, {"claim_type": Coding("", "institutional")}),
    ],
)
def test_another_day_provider_or_claim_type_has_another_digest(fields: dict[str, Any], header: dict[str, Any]) -> None:
    [same] = bill_keys(claim(line()), "biller", "patient-1").days.values()
    [other] = bill_keys(claim(line(**fields), **header), "biller", "patient-1").days.values()
    assert other != same


def test_a_claim_for_an_unknown_patient_has_no_digests_of_services() -> None:
    keys = bill_keys(claim(), "biller", "")
    assert (keys.services, keys.days, keys.all) == ({}, {}, [keys.identifier])


def test_an_identifier_belongs_to_its_biller() -> None:
    def identifier(owner: str = "biller", **header: Any) -> str:
        return bill_keys(claim(**header), owner, "patient-1").identifier

    plain = identifier()
    assert identifier(number=None) == plain
    others = [
        identifier("another organization"),
        identifier(provider=Party(npi=B)),
        identifier(identifier=Identifier("urn:c", "1")),
        identifier(identifier=Identifier("urn:b", "2")),
    ]
    assert len({plain, *others}) == 5
    assert identifier(identifier=None) == ""
    assert BillKeys().all == []
