"""Two independent validators as oracles: what either refuses in a mutated example, the engine does not accept.

The number of mutations is PREAUTH_FUZZ; the seed is fixed, so a failure comes again. A complaint of an oracle that is
mistaken has a row in `reviewed.csv`.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from app.conformance.strictness import Level
from tests.conformance.engine import validator
from tests.conformance.mutation_kinds import KINDS
from tests.conformance.mutations import Json, mutation
from tests.conformance.oracles import MODELS, NATIVE, Reviewed, complaints, mistaken, reviewed
from tests.conformance.sources import Source, sources
from tests.support.tally import Record, note

SEED = 20261121
COUNT = int(os.environ.get("PREAUTH_FUZZ", "2000"))
PORTION = 250
"""How many mutations a test makes: enough of them are independent of each other to keep all cores busy."""

COLUMNS = ("engine", NATIVE, MODELS, "mutations")
WORD = {True: "accepts", False: "refuses"}


@pytest.mark.parametrize("portion", range(-(-COUNT // PORTION)))
def test_the_server_rejects_each_body_that_an_oracle_rejects(portion: int, record_property: Record) -> None:
    chance = Random(f"{SEED} {portion}")
    verdicts: Counter[tuple[str, ...]] = Counter()
    surprises = []
    for _ in range(min(PORTION, COUNT - portion * PORTION)):
        source = chance.choice(sources())
        changed = mutation(source.body, chance)
        what = f"{source.edition} {source.name} {changed.kind} at {changed.place}"
        try:
            accepted = accepts(source.edition, changed.body)
        except Exception as error:
            error.add_note(what)
            raise
        against = complaints(changed.body)
        verdicts[(WORD[accepted], *(WORD[not complaint] for complaint in against.values()))] += 1
        if accepted and (wrongly := rightful(against)):
            surprises.append(f"{what}: {wrongly}")
    note(record_property, COLUMNS, {verdict: [count] for verdict, count in verdicts.items()})
    assert surprises == []


def accepts(edition: str, body: Json) -> bool:
    """Whether the engine has no error to report; where its fast pass says yes, the other has no word at any level."""
    engine = validator(edition)
    if engine.is_valid_fast(body):
        assert [engine.diagnose(body, level=level) for level in Level] == [()] * len(Level)
        return True
    return all(issue.severity != "error" for issue in engine.diagnose(body, level=Level.STANDARD))


def rightful(against: dict[str, list[str]]) -> list[str]:
    """Return the complaints that nobody has found to be mistaken."""
    return [one for oracle, listed in against.items() for one in listed if not mistaken(oracle, one)]


@pytest.mark.parametrize("source", sources(), ids=lambda source: f"{source.edition}-{source.name}")
def test_each_source_of_mutations_is_valid_for_all_validators(source: Source) -> None:
    assert accepts(source.edition, source.body)
    assert rightful(complaints(source.body)) == []


@pytest.mark.parametrize("one", reviewed(), ids=lambda one: one.reason)
def test_each_reviewed_complaint_is_still_needed(one: Reviewed) -> None:
    assert accepts("2.2.1", one.example)
    assert [one.pattern.fullmatch(said) is not None for said in complaints(one.example)[one.oracle]] == [True]


def test_a_complaint_of_anything_else_stands() -> None:
    assert rightful({NATIVE: ["Patient.foo: unknown element"], MODELS: []}) == ["Patient.foo: unknown element"]


def test_every_kind_of_fault_is_among_the_mutations() -> None:
    chance = Random(SEED)
    assert {mutation(chance.choice(sources()).body, chance).kind for _ in range(1000)} == set(KINDS)
