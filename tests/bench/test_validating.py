"""The bench still measures: a change of the engine's interface must not break it unseen."""

from __future__ import annotations

import pytest

from app.conformance.definitions.packages import edition_definitions
from app.conformance.validator import Validator
from tests.bench.validating import EDITION, invalid_rows, valid_rows


@pytest.mark.slow
def test_the_bench_measures_valid_and_invalid_requests() -> None:
    engine = Validator(edition_definitions(EDITION))
    assert len([*valid_rows(engine), *invalid_rows(engine)]) == 5
