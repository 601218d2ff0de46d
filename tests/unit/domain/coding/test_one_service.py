"""A line names one service: its codings are translations of each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes import CPT, HCPCS, LOINC, NDC, REVENUE, RXNORM
from app.domain.coding.one_service import services_problem
from app.domain.datatypes import Coding


@pytest.mark.parametrize(
    "services",
    [
        [],
        [Coding(CPT, "97110"), Coding(HCPCS, "97110")],
        [Coding(CPT, "0042T"), Coding(CPT, "0042t")],
        [Coding(CPT, "97110"), Coding(REVENUE, "0420")],
        [Coding(NDC, "0777-3105-02"), Coding(NDC, "00777310502"), Coding(RXNORM, "104490"), Coding(HCPCS, "J1745")],
        [Coding(LOINC, "1-1"), Coding(LOINC, "2-2")],
    ],
)
def test_translations_of_one_service_are_one_service(services: list[Coding]) -> None:
    assert services_problem(services) is None


@pytest.mark.parametrize(
    "services",
    [
        [Coding(CPT, "27447"), Coding(CPT, "97110")],
        [Coding(CPT, "97110"), Coding(HCPCS, "J1745")],
        [Coding(CPT, "97110"), Coding("urn:oid:2.16.840.1.113883.6.12", "97112")],
        [Coding(REVENUE, "0120"), Coding(CPT, "97110"), Coding(REVENUE, "0420")],
        [Coding(NDC, "0777-3105-02"), Coding(NDC, "0777-3105-03")],
    ],
)
def test_two_codes_of_one_family_are_two_services(services: list[Coding]) -> None:
    assert (services_problem(services) or "").startswith("One line must name one service.")


CODINGS = st.lists(
    st.builds(Coding, st.sampled_from([CPT, HCPCS, REVENUE, LOINC]), st.sampled_from(["97110", "97112", "0420"]))
)


@given(codings=CODINGS, data=st.data())
def test_the_order_of_codings_changes_nothing(codings: list[Coding], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(codings))
    assert (services_problem(codings) is None) == (services_problem(shuffled) is None)
