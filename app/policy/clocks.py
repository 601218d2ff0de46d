"""Read clocks.yaml: the time limits of decisions and their legal sources.

The clock starts when the payer receives the request. A request for more information does not stop it.
https://www.ecfr.gov/current/title-42/section-422.568
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from app.domain.span import parse_time
from app.domain.urgency import Urgency, urgency_of
from app.policy.yaml.model import Data, Text, read_model
from app.policy.yaml.text import YamlRefused, read_yaml


class DecisionClock(Data):
    """The time limit of a decision and its legal source."""

    within: Annotated[timedelta, BeforeValidator(parse_time)]
    source: Text


class Clocks(Data):
    """The clocks for standard and expedited requests."""

    standard: DecisionClock
    expedited: DecisionClock

    def of(self, urgency: str | None) -> DecisionClock:
        """Return the clock for an X12 1338 level of service or a FHIR priority."""
        return self.expedited if urgency_of(urgency) is Urgency.EXPEDITED else self.standard


class _File(Data):
    standard: DecisionClock | None = None
    expedited: DecisionClock | None = None


def parse_clocks(text: str, source: str, shipped: Clocks | None = None) -> Clocks:
    """Read the clocks from YAML text; a clock that it does not give is the `shipped` one. Raises YamlRefused."""
    yaml = read_yaml(text, source)
    if shipped is None:
        return read_model(yaml, Clocks)
    own = read_model(yaml, _File)
    clocks = Clocks(standard=own.standard or shipped.standard, expedited=own.expedited or shipped.expedited)
    if clocks.expedited.within > clocks.standard.within:
        sentence = "`expedited` must not be longer than `standard`."
        raise YamlRefused([yaml.refusal(("expedited", "within"), sentence)])
    return clocks
