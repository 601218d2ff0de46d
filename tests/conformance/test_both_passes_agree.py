"""What the fast pass accepts, the diagnosing pass has no word about; and no JSON value makes either raise."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.json import read, write
from app.fhir.outcome import MOST_ISSUES
from tests.conformance.bases import BASES
from tests.conformance.engine import EDITIONS, definitions, validator
from tests.conformance.json_values import objects, values
from tests.conformance.mutation_values import ATOMS, EXTENSIONS
from tests.conformance.mutations import mutated, paths
from tests.conformance.sources import sources

TYPES = ("Bundle", "Claim", "Patient", "Questionnaire", "Observation", "Parameters", "Task", "Subscription")


def profiles(edition: str) -> list[str]:
    """Return every profile and extension of an edition."""
    return sorted(structure.url for structure in definitions(edition))


def answered(engine: Validator, body: Any, profile: str | None = None) -> None:
    """Have a body checked by both passes: neither raises, and they agree."""
    assert len(engine.validate(body, profile, level=Level.STRICT)) <= MOST_ISSUES
    if engine.is_valid_fast(body, profile):
        assert [engine.diagnose(body, profile, level=level) for level in Level] == [()] * len(Level)
        assert read(write(body).encode()) == body


@pytest.mark.parametrize("base", BASES)
@given(seed=st.integers(0, 2**32), twice=st.booleans())
@settings(max_examples=60)
def test_they_agree_on_a_body_with_a_fault_or_two(base: str, seed: int, twice: bool) -> None:
    chance = Random(seed)
    body = mutated(BASES[base](), chance)
    answered(validator("2.2.1"), mutated(body, chance) if twice else body)


@given(source=st.sampled_from(sources()), at=st.integers(0), value=values)
@settings(max_examples=300)
def test_they_agree_on_an_example_with_any_json_in_it(source: Any, at: int, value: Any) -> None:
    body = copy.deepcopy(source.body)
    places = list(paths(body))
    *steps, last = places[at % len(places)]
    holder: Any = body
    for step in steps:
        holder = holder[step]
    holder[last] = value
    answered(validator(source.edition), body)


@pytest.mark.parametrize("edition", EDITIONS)
@given(body=values | objects, at=st.integers(0))
@settings(max_examples=300)
def test_they_agree_on_any_json_by_any_profile(edition: str, body: Any, at: int) -> None:
    known = [None, *profiles(edition)]
    answered(validator(edition), body, known[at % len(known)])


@pytest.mark.parametrize("root", [(edition, profile) for edition in EDITIONS for profile in profiles(edition)])
def test_they_agree_on_odd_json_by_every_profile(root: tuple[str, str]) -> None:
    edition, profile = root
    engine = validator(edition)
    type_ = definitions(edition).type_of(profile)
    for value in (*ATOMS, *([one] for one in EXTENSIONS)):
        answered(engine, value, profile)
        answered(engine, {"resourceType": type_, "extension": value, "id": value, "status": value}, profile)


@pytest.mark.parametrize("type_", TYPES)
@given(body=objects)
@settings(max_examples=60)
def test_they_agree_on_a_resource_of_anything(type_: str, body: dict[str, Any]) -> None:
    answered(validator("2.2.1"), body | {"resourceType": type_})
