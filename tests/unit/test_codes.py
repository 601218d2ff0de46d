"""The shapes of codes and numbers."""

from __future__ import annotations

import pytest

from app.codes import CPT, HCPCS, LOINC, family, modifier_system, valid_npi


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
