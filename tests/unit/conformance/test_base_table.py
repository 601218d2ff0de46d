from __future__ import annotations

import msgspec
import pytest

from app.conformance.base.special_types import SIMPLE_QUANTITY, UNMODELED
from app.conformance.base.table import TABLE, elements, is_resource, is_type, is_unmodeled, named
from tests.conformance.r4_corrections import CODES, OTHER_ELEMENTS, SIMPLE_QUANTITIES
from tests.conformance.r4_table import r4_table


@pytest.mark.slow
def test_the_table_matches_the_current_models() -> None:
    assert msgspec.json.decode(TABLE.read_bytes()) == r4_table()


def test_an_element_has_the_cardinality_and_type_of_r4() -> None:
    status = elements("Claim")["status"]
    assert (status.minimum, status.many, status.types[0].name) == (1, False, "code")
    assert status.types[0].codes == frozenset({"active", "cancelled", "draft", "entered-in-error"})
    assert elements("Claim")["insurance"].many
    assert elements("Claim")["patient"].types[0].targets == frozenset({"Patient"})


def test_inherited_elements_are_there() -> None:
    assert {"id", "meta", "text", "contained", "extension", "modifierExtension"} <= elements("Claim").keys()
    assert elements("Claim")["id"].types[0].name == "id"
    assert elements("ClaimItem")["id"].types[0].name == "string"


def test_a_choice_is_one_element_with_a_json_name_for_each_type() -> None:
    element, type_ = named("ClaimItem")["servicedPeriod"]
    assert (element.name, type_.name, element.choice) == ("serviced", "Period", True)
    assert named("CoverageCostToBeneficiary")["valueQuantity"][1].name == SIMPLE_QUANTITY


def test_elements_that_r4b_added_are_not_in_the_table() -> None:
    values = {one.name for one in elements("Extension")["value"].types}
    assert "Meta" in values
    assert not values & {"CodeableReference", "RatioRange"}
    assert not is_type("SubscriptionStatus")
    assert not is_type("CodeableReference")
    assert is_type("Subscription")


def test_r4_types_without_a_model_are_listed_by_name() -> None:
    assert all(is_unmodeled(name) and not is_type(name) for name in UNMODELED)


def test_abstract_types_datatypes_and_parts_are_not_resources() -> None:
    assert is_resource("Claim")
    assert not any(map(is_resource, ("Resource", "DomainResource", "Period", "ClaimItem", "Nothing")))


@pytest.mark.parametrize("place", sorted({*CODES, *OTHER_ELEMENTS, *SIMPLE_QUANTITIES}))
def test_each_correction_is_of_an_element_that_exists(place: str) -> None:
    type_, _, name = place.partition(".")
    assert name.removesuffix("[x]") in elements(type_)


def test_a_binding_with_incomplete_codes_in_the_models_has_no_codes() -> None:
    assert elements("CapabilityStatement")["format"].types[0].codes is None
    assert "corrected" in (elements("Observation")["status"].types[0].codes or ())
