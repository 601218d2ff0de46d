"""The published examples with one to three faults each, 2,000 cases: an answer or an OperationOutcome, soon."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.fhir.json import read
from tests.api.reading import SAMPLES
from tests.api.refusing import refusal
from tests.conformance.mutations import mutated
from tests.support.official import examples
from tests.support.packages import present
from tests.support.samples import Json
from tests.support.server import Server, serving

CASES = 2_000
PARTS = 4
"""Parts of the cases, which may run beside one another."""

LONGEST = 2.0
"""Seconds of processor time for one request."""

pytestmark = pytest.mark.slow


def bodies() -> list[tuple[str, str, Json]]:
    """Return the base, the operation and the body of each example; our own samples where the packages are missing."""
    if not present():
        return [("/fhir", operation(file.stem), read(file.read_bytes())) for file in sorted(SAMPLES.glob("*.json"))]
    bases = {"2.2.1": "/fhir", "2.0.1": "/2.0.1/fhir"}
    return [
        (base, operation(name), body) for version, base in bases.items() for name, body in examples(version).items()
    ]


def operation(name: str) -> str:
    return "/Claim/$inquire" if "inquir" in name.lower() else "/Claim/$submit"


@pytest.mark.acceptance("C48")
@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutated_example_gets_an_answer_or_a_refusal_soon(tmp_path: Path, part: int) -> None:
    originals = bodies()
    with asyncio.Runner() as runner:
        context = serving(tmp_path)
        server = runner.run(context.__aenter__())
        server.is_sent_junk()

        @settings(
            max_examples=CASES // PARTS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.sampled_from(originals), st.integers(1, 3), st.integers(0, 2**32))
        def is_answered(original: tuple[str, str, Json], faults: int, seed: int) -> None:
            base, path, body = original
            chance = random.Random(f"{part} {seed}")
            for _ in range(faults):
                body = mutated(body, chance)
            runner.run(check(server, base, path, body))

        is_answered()
        runner.run(context.__aexit__(None, None, None))


async def check(server: Server, base: str, path: str, body: Json) -> None:
    started = time.process_time()
    answer = await server.post(path, body, base=base)
    assert time.process_time() - started < LONGEST
    if answer.status_code != 200:
        refusal(answer)
