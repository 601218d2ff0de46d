"""What the fast pass accepts, the diagnosing pass has no word about; and no value makes either raise."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conformance.strictness import Level
from app.fhir.systems import PAS
from tests.conformance.bases import BASES
from tests.conformance.engine import validator
from tests.conformance.mutations import NAMES, mutated

ELEMENTS = (*NAMES, "entry", "resource", "fullUrl", "item", "meta", "profile", "coding", "reference", "url", "status")
PROFILES = ("profile-pas-request-bundle", "profile-pas-response-bundle", "profile-claim", "profile-beneficiary")
TEXTS = (*(PAS + name for name in PROFILES), "Bundle", "Claim", "Patient", "#a", "urn:uuid:a", "2026-11-20")

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8) | st.sampled_from(TEXTS),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(ELEMENTS), below, max_size=5),
    max_leaves=30,
)


@pytest.mark.parametrize("base", BASES)
@given(seed=st.integers(0, 2**32), twice=st.booleans())
@settings(max_examples=60, deadline=None)
def test_fast_yes_means_that_nothing_is_found(base: str, seed: int, twice: bool) -> None:
    chance = Random(seed)
    body = mutated(BASES[base](), chance)
    body = mutated(body, chance) if twice else body
    engine = validator("2.2.1")
    if engine.is_valid_fast(body):
        assert engine.diagnose(body, level=Level.STRICT) == ()


@pytest.mark.parametrize("profile", [None, *(PAS + name for name in PROFILES)])
@given(body=st.dictionaries(st.sampled_from(ELEMENTS), values, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_json_makes_the_engine_raise(profile: str | None, body: dict[str, Any]) -> None:
    engine = validator("2.2.1")
    issues = engine.validate(body, profile, level=Level.STRICT)
    assert len(issues) <= 50
    assert issues or engine.is_valid_fast(body, profile)


@pytest.mark.parametrize("type_", ["Bundle", "Claim", "Patient", "Questionnaire", "Observation", "Parameters", "Task"])
@given(body=st.dictionaries(st.sampled_from(ELEMENTS), values, max_size=6))
@settings(max_examples=40, deadline=None)
def test_no_resource_makes_the_engine_raise(type_: str, body: dict[str, Any]) -> None:
    engine = validator("2.2.1")
    body["resourceType"] = type_
    if not engine.validate(body, level=Level.STRICT):
        assert engine.diagnose(body, level=Level.STRICT) == ()
