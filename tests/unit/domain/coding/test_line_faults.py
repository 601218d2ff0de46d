"""The faults of a line's codes, each with its element and the reason of a denial."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import CDT, CPT, HCPCS, ICD_10_CM, ICD_10_PCS, NDC, PLACE_OF_SERVICE, REVENUE
from app.domain.adjustment_key import AdjustmentKey
from app.domain.coding.line_faults import diagnosis_faults, line_faults
from app.domain.datatypes import Coding
from app.domain.service_line import ServiceLine

K = AdjustmentKey


def coded(*services: Coding, **facts: Any) -> ServiceLine:
    return ServiceLine(sequence=1, services=services, **facts)


def test_a_line_with_possible_codes_has_no_fault() -> None:
    line = coded(
        Coding(CPT, "27447"),
        Coding(HCPCS, "27447"),
        Coding(NDC, "0777-3105-02"),
        service_end=Coding(CPT, "27450"),
        revenue=Coding(REVENUE, "0360"),
        modifiers=("RT", "59"),
        place=Coding(PLACE_OF_SERVICE, "24"),
        diagnoses=(Coding(ICD_10_CM, "M17.11"),),
    )
    assert line_faults(line) == diagnosis_faults(line) == []


@pytest.mark.parametrize(
    ("line", "element", "key"),
    [
        (coded(Coding(CPT, "27447"), Coding(CPT, "97110")), "productOrService", K.SEVERAL_SERVICES),
        (
            coded(Coding(REVENUE, "0120"), revenue=Coding(REVENUE, "0420")),
            "productOrService",
            K.SEVERAL_SERVICES,
        ),
        (coded(Coding(CPT, "27447-RT")), "productOrService", K.PROCEDURE_INVALID),
        (coded(Coding(HCPCS, "J1745JW")), "productOrService", K.HCPCS_INVALID),
        (coded(Coding(CDT, "120")), "productOrService", K.PROCEDURE_INVALID),
        (coded(Coding(ICD_10_PCS, "0SRD0J")), "productOrService", K.PROCEDURE_INVALID),
        (coded(Coding(NDC, "0777")), "productOrService", K.DRUG_INVALID),
        (coded(Coding(REVENUE, "120")), "productOrService", K.REVENUE_INVALID),
        (coded(service_end=Coding(HCPCS, "J17")), "productOrServiceCodeEnd", K.HCPCS_INVALID),
        (coded(revenue=Coding(REVENUE, "120")), "revenue", K.REVENUE_INVALID),
        (coded(modifiers=("RT", "R")), "modifier", K.MODIFIER_INVALID),
        (coded(place=Coding(PLACE_OF_SERVICE, "1")), "locationCodeableConcept", K.PLACE_INVALID),
    ],
)
def test_an_impossible_code_is_a_fault_of_its_element(line: ServiceLine, element: str, key: AdjustmentKey) -> None:
    [fault] = line_faults(line)
    assert (fault.element, fault.key) == (element, key)


def test_an_impossible_diagnosis_is_a_fault_of_the_lines_that_point_to_it() -> None:
    line = coded(diagnoses=(Coding(ICD_10_CM, "M54.50"), Coding(ICD_10_CM, "back pain")))
    assert [fault.key for fault in diagnosis_faults(line)] == [K.DIAGNOSIS_INVALID]


@given(st.data())
def test_the_order_of_codings_and_modifiers_changes_no_reason(data: st.DataObject) -> None:
    codes = st.sampled_from([Coding(CPT, "97110"), Coding(HCPCS, "97112"), Coding(NDC, "1"), Coding(REVENUE, "0420")])
    services = data.draw(st.lists(codes, max_size=4))
    modifiers = data.draw(st.lists(st.sampled_from(["RT", "R", "59"]), max_size=3))
    line = coded(*services, modifiers=tuple(modifiers))
    other = coded(*data.draw(st.permutations(services)), modifiers=tuple(data.draw(st.permutations(modifiers))))
    assert {fault.key for fault in line_faults(line)} == {fault.key for fault in line_faults(other)}
