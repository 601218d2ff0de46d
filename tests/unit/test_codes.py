"""Systems by all their names, and the shapes of numbers."""

from __future__ import annotations

import pytest

from app.codes import (
    CPT,
    HCPCS,
    ICD_10_CM,
    LOINC,
    NPI,
    PLACE_OF_SERVICE,
    REVENUE,
    canonical,
    family,
    modifier_system,
    valid_loinc,
    valid_npi,
)


@pytest.mark.parametrize(
    "npi", ["1234567893", "1987654328", "1777777776", "1444444446", "1122334455", "2000000002", "8189991234"]
)
def test_a_number_with_a_correct_check_digit_is_valid(npi: str) -> None:
    assert valid_npi(npi)


@pytest.mark.parametrize("npi", ["1234567890", "789312", "987654321", "", "12345678931", "12345A7893", "١٢٣٤٥٦٧٨٩٣"])
def test_other_numbers_are_not(npi: str) -> None:
    assert not valid_npi(npi)


def test_every_other_last_digit_is_noticed() -> None:
    assert [digit for digit in range(10) if valid_npi(f"123456789{digit}")] == [3]


@pytest.mark.parametrize(("code", "system"), [("59", CPT), ("P1", CPT), ("p6", CPT), ("P7", HCPCS), ("RR", HCPCS)])
def test_a_modifier_is_of_cpt_if_it_is_a_number_or_a_physical_status(code: str, system: str) -> None:
    assert modifier_system(code) == system


def test_hcpcs_and_cpt_are_one_family() -> None:
    assert family(HCPCS) == family(CPT) == CPT
    assert family(LOINC) == LOINC


@pytest.mark.parametrize(
    ("alias", "system"),
    [
        ("urn:oid:2.16.840.1.113883.4.6", NPI),
        ("urn:oid:2.16.840.1.113883.6.12", CPT),
        ("urn:oid:2.16.840.1.113883.6.14", HCPCS),
        ("urn:oid:2.16.840.1.113883.6.285", HCPCS),
        ("urn:oid:2.16.840.1.113883.6.50", PLACE_OF_SERVICE),
        ("urn:oid:2.16.840.1.113883.6.90", ICD_10_CM),
        ("urn:oid:2.16.840.1.113883.6.301.3", REVENUE),
        ("https://www.nubc.org/revenue-code", REVENUE),
    ],
)
def test_an_alias_is_the_system(alias: str, system: str) -> None:
    assert canonical(alias) == canonical(system) == system


def test_a_system_without_an_alias_is_itself() -> None:
    assert canonical("http://example.org/codes") == "http://example.org/codes"


def test_the_aliases_of_hcpcs_are_in_the_family_of_cpt() -> None:
    assert family("urn:oid:2.16.840.1.113883.6.285") == CPT


@pytest.mark.parametrize("code", ["11506-3", "57833-6", "18776-5", "2345-7", "1-8"])
def test_a_loinc_code_has_its_check_digit(code: str) -> None:
    assert valid_loinc(code)
    assert not valid_loinc(code[:-1] + str((int(code[-1]) + 1) % 10))


@pytest.mark.parametrize("code", ["", "11506", "115063", "LP11506-3", "011506-3", "11506-33", " 11506-3"])
def test_a_code_of_another_shape_is_not_of_loinc(code: str) -> None:
    assert not valid_loinc(code)
