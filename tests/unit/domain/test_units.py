"""Units are compared by their basis, whatever code or text names it."""

from __future__ import annotations

import pytest

from app.codes import UCUM, X12_CLAIM_UNIT, X12_UNIT
from app.domain.units import Unit, name_of, same_basis, unit_of


def ucum(code: str, text: str | None = None) -> Unit:
    return Unit(text, code, UCUM)


def x12(code: str) -> Unit:
    return Unit(None, code, X12_CLAIM_UNIT)


def requested(code: str) -> Unit:
    return Unit(None, code, X12_UNIT)


def words(text: str) -> Unit:
    return Unit(text)


ALIKE = [
    (None, words("units"), words("Unit"), ucum("1"), x12("UN"), requested("FL"), words("sessions"), words("EA")),
    (ucum("d"), x12("DA"), requested("DY"), words("days"), words("Day(s)")),
    (ucum("mo"), x12("MO"), requested("MN"), words("months")),
    (ucum("h"), x12("HR"), requested("HS"), words("hours"), words("hrs")),
    (ucum("min"), x12("MJ"), words("minutes")),
    (requested("VS"), words("visits"), words("Visit(s)"), ucum("{visit}"), ucum("1", "visit")),
    (ucum("[iU]"), x12("F2"), words("IU")),
    (ucum("mg"), x12("ME"), words("mg")),
    (ucum("g"), x12("GR"), words("gram")),
    (ucum("mL"), x12("ML"), words("ml")),
    (ucum("wk"), ucum("wk", "weeks")),
    (Unit(None, "BX", "http://example.org/units"), Unit("box", "BX", "http://example.org/units")),
]


@pytest.mark.parametrize("units", ALIKE)
def test_codes_and_words_for_one_basis_are_alike(units: tuple[Unit | None, ...]) -> None:
    assert all(same_basis(unit, other) for unit in units for other in units)


CODED = [
    ucum("1"),
    ucum("d"),
    ucum("mo"),
    ucum("h"),
    ucum("min"),
    x12("VS"),
    x12("F2"),
    ucum("mg"),
    ucum("g"),
    ucum("mL"),
]


@pytest.mark.parametrize("unit", CODED)
def test_codes_for_two_bases_differ(unit: Unit) -> None:
    assert [other for other in CODED if same_basis(unit, other)] == [unit]


@pytest.mark.parametrize(
    ("unit", "other"), [(words("units"), words("visits")), (words("box"), words("days")), (None, words("h"))]
)
def test_a_text_alone_never_differs_from_another(unit: Unit | None, other: Unit) -> None:
    assert same_basis(unit, other)


@pytest.mark.parametrize("unit", [None, words("units"), words("visits"), words("boxes")])
def test_a_count_differs_from_a_code_for_another_basis(unit: Unit | None) -> None:
    assert not same_basis(unit, ucum("h"))


def test_a_code_of_another_system_is_its_own_basis() -> None:
    assert not same_basis(Unit(None, "UN", "http://example.org/units"), x12("UN"))


@pytest.mark.parametrize(
    ("unit", "name"),
    [(words("visits"), "visits"), (ucum("1", "visit"), "visit"), (ucum("1"), "units"), (ucum("h", "hours"), "h")],
)
def test_a_unit_has_a_name(unit: Unit, name: str) -> None:
    assert name_of(unit) == name


def test_a_quantity_without_code_and_text_has_no_unit() -> None:
    assert unit_of(None, UCUM, None) is None
    assert unit_of("h", UCUM, "hours") == Unit("hours", "h", UCUM)
