"""A code that cannot belong to its system is told from one that can."""

from __future__ import annotations

import pytest

from app.codes import (
    CDT,
    CPT,
    HCPCS,
    ICD_10_CM,
    ICD_10_PCS,
    NDC,
    PLACE_OF_SERVICE,
    REVENUE,
    TAXONOMY,
)
from app.domain.coding.shapes import modifier_problem, shape_problem
from app.domain.datatypes import Coding

POSSIBLE = {
    CPT: ["27447", "0042T", "0001F", "0001U", "0001A", "0002M", "J1745", "0042t"],
    HCPCS: ["J1745", "97110", "G0378", "j1745", "D0120"],
    CDT: ["D0120", "d9999"],
    ICD_10_CM: ["M54.50", "M5450", "I10", "C4A.0", "Z3A.28", "S72.001A", "U07.1", "T36.0X1A", "m54.50"],
    ICD_10_PCS: ["0SRD0J9", "0srd0j9"],
    REVENUE: ["0120", "0450"],
    PLACE_OF_SERVICE: ["11", "02"],
    NDC: ["00777310502", "00777-3105-02", "0777-3105-02", "50242-040-62", "60575-4112-1"],
    TAXONOMY: ["207Q00000X"],
}
IMPOSSIBLE = {
    CPT: ["27447-RT", "27447RT", "2744", "274470", "0042Z", "abc", "97110 ", "9711\uff10"],
    HCPCS: ["J1745JW", "J174", "1J745"],
    CDT: ["0120", "D012", "D01200"],
    ICD_10_CM: ["M5", "54.50", "M54.", "M54.12345", "MM4.5", "C4D.0"],
    ICD_10_PCS: ["0SRD0J", "0SRD0JO", "0SRD0J99"],
    REVENUE: ["120", "01200", "O120"],
    PLACE_OF_SERVICE: ["1", "111", "office"],
    NDC: ["0777310502", "777-3105-02", "0777-310-02"],
    TAXONOMY: ["207Q00000", "207Q000000"],
}


@pytest.mark.parametrize(("system", "code"), [(system, code) for system, codes in POSSIBLE.items() for code in codes])
def test_a_code_in_the_shape_of_its_system_has_no_problem(system: str, code: str) -> None:
    assert shape_problem(Coding(system, code)) is None


@pytest.mark.parametrize(("system", "code"), [(system, code) for system, codes in IMPOSSIBLE.items() for code in codes])
def test_the_problem_of_another_code_names_the_code_and_the_shape(system: str, code: str) -> None:
    problem = shape_problem(Coding(system, code))
    assert problem is not None
    assert f"`{code}` is not a" in problem
    assert "It must have" in problem


def test_codes_of_a_system_without_a_known_shape_are_not_judged() -> None:
    assert shape_problem(Coding("http://example.org/codes", "anything at all")) is None


def test_the_shape_is_that_of_the_system_behind_an_alias() -> None:
    assert shape_problem(Coding("urn:oid:2.16.840.1.113883.6.12", "97110")) is None
    assert shape_problem(Coding("urn:oid:2.16.840.1.113883.6.12", "9711")) is not None


@pytest.mark.parametrize("code", ["27447-RT", "27447RT", "J1745JW", "27447 59", "0042T-26-RT", "27447.lt", "2744759"])
def test_a_code_with_its_modifier_gets_a_hint_to_the_element_modifier(code: str) -> None:
    assert (shape_problem(Coding(CPT, code)) or "").endswith(" The modifier must go into `modifier`.")


@pytest.mark.parametrize("code", ["2744", "27447-", "27447-R", "27447-RTX", "physical therapy"])
def test_other_codes_get_no_hint(code: str) -> None:
    assert "modifier" not in (shape_problem(Coding(CPT, code)) or "modifier")


def test_a_long_code_is_shortened() -> None:
    problem = shape_problem(Coding(CPT, "therapeutic exercises, 15 minutes each"))
    assert problem is not None
    assert problem.startswith("`therapeutic exercise…` is not")


@pytest.mark.parametrize("code", ["RT", "59", "p1", "1P"])
def test_a_modifier_has_two_letters_or_digits(code: str) -> None:
    assert modifier_problem(code) is None


@pytest.mark.parametrize("code", ["R", "RTL", "-RT", "", "\ufb00", "\uff32T"])
def test_other_modifiers_are_rejected(code: str) -> None:
    assert modifier_problem(code) == f"`{code}` is not a modifier. It must have two letters or digits."
