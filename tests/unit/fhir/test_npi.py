"""The check digit of a provider number."""

from __future__ import annotations

import pytest

from app.fhir.npi import valid_npi


@pytest.mark.parametrize(
    "npi", ["1234567893", "1987654328", "1777777776", "1444444446", "1122334455", "2000000002", "8189991234"]
)
def test_a_number_whose_check_digit_fits_is_valid(npi: str) -> None:
    assert valid_npi(npi)


@pytest.mark.parametrize("npi", ["1234567890", "789312", "987654321", "", "12345678931", "12345A7893", "١٢٣٤٥٦٧٨٩٣"])
def test_other_numbers_are_not(npi: str) -> None:
    assert not valid_npi(npi)


def test_every_other_last_digit_is_noticed() -> None:
    assert [digit for digit in range(10) if valid_npi(f"123456789{digit}")] == [3]
