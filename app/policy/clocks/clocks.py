"""Read clocks.yaml: the time limits of decisions by program and state, their legal sources, and the holidays.

The clock starts when the payer receives the request. A request for more information does not stop it.
https://www.ecfr.gov/current/title-42/section-422.568
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from app.domain.due.limit import Limit, parse_limit
from app.domain.span import parse_time
from app.domain.urgency import Urgency
from app.policy.yaml.model import Data, Day, Text, read_model
from app.policy.yaml.text import Place, YamlRefused, read_yaml

LONGEST_EXTENSION = timedelta(days=14)


class Program(StrEnum):
    """The programs whose rules limit the time of a decision."""

    MEDICARE_ADVANTAGE = "medicare-advantage"
    MEDICAID_MANAGED_CARE = "medicaid-managed-care"
    MEDICAID_FFS = "medicaid-ffs"
    CHIP = "chip"
    QHP = "qhp"
    COMMERCIAL = "commercial"


def _state(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError("must be the two letters of a state, such as WA")
    return str(value)


State = Annotated[str, BeforeValidator(_state)]
"""A state, by its two letters."""


def _extension(value: Any) -> timedelta:
    longest = parse_time(value)
    if longest > LONGEST_EXTENSION:
        raise ValueError("must not be longer than P14D")
    return longest


Lead = Annotated[timedelta, BeforeValidator(parse_time)]
"""The time before a due time from which a decision is due soon."""


class TimeLimit(Data):
    """The time limit of a decision and its legal source."""

    within: Annotated[Limit, BeforeValidator(parse_limit)]
    source: Text


class ExtensionLimit(Data):
    """The most by which the payer may extend the time of a decision, and its legal source."""

    up_to: Annotated[timedelta, BeforeValidator(_extension)]
    source: Text


class Limits(Data):
    """The limits of a program or a state; those that it does not give are the general ones."""

    standard: TimeLimit | None = None
    expedited: TimeLimit | None = None
    extension: ExtensionLimit | None = None

    def of(self, urgency: Urgency) -> TimeLimit | None:
        """Return the limit for a standard or an expedited request."""
        return self.expedited if urgency is Urgency.EXPEDITED else self.standard


class Clocks(Data):
    """The limits of requests in general, of programs and of states; the lead of a reminder; the holidays.

    `payer`: the limits that the payer's own file sets for all requests. They count beside those of a program.
    """

    standard: TimeLimit
    expedited: TimeLimit
    extension: ExtensionLimit
    due_soon: Lead
    programs: Mapping[Program, Limits] = {}
    states: Mapping[State, Limits] = {}
    holidays: frozenset[Day] = frozenset()
    payer: Limits = Limits()

    @property
    def general(self) -> Limits:
        """The limits of a request whose program has none of its own."""
        return Limits(standard=self.standard, expedited=self.expedited, extension=self.extension)

    def of_program(self, program: Program) -> Limits:
        """Return the limits of a program, and the general ones where it has none."""
        own = self.programs.get(program, Limits())
        return Limits(
            standard=own.standard or self.standard,
            expedited=own.expedited or self.expedited,
            extension=own.extension or self.extension,
        )


class _File(Data):
    standard: TimeLimit | None = None
    expedited: TimeLimit | None = None
    extension: ExtensionLimit | None = None
    due_soon: Lead | None = None
    programs: Mapping[Program, Limits] = {}
    states: Mapping[State, Limits] = {}
    holidays: frozenset[Day] | None = None


def parse_clocks(text: str, source: str, shipped: Clocks | None = None) -> Clocks:
    """Read the clocks from YAML text; rows that it does not give are the `shipped` ones. Raises YamlRefused."""
    yaml = read_yaml(text, source)
    if shipped is None:
        return read_model(yaml, Clocks)
    own = read_model(yaml, _File)
    clocks = Clocks.model_construct(
        standard=own.standard or shipped.standard,
        expedited=own.expedited or shipped.expedited,
        extension=own.extension or shipped.extension,
        due_soon=own.due_soon or shipped.due_soon,
        programs={**shipped.programs, **own.programs},
        states={**shipped.states, **own.states},
        holidays=shipped.holidays if own.holidays is None else own.holidays,
        payer=Limits(standard=own.standard, expedited=own.expedited, extension=own.extension),
    )
    problems = [yaml.refusal(place, "`expedited` must not be longer than `standard`.") for place in _longer(clocks)]
    if problems:
        raise YamlRefused(problems)
    return clocks


def _longer(clocks: Clocks) -> Iterator[Place]:
    """Find the expedited limits that can end later than the standard limit beside them."""
    rows: list[tuple[Place, Limits]] = [((), clocks.general)]
    rows += [(("programs", program), clocks.of_program(program)) for program in clocks.programs]
    rows += [(("states", state), limits) for state, limits in clocks.states.items()]
    for place, limits in rows:
        if limits.expedited and limits.standard and limits.expedited.within.may_exceed(limits.standard.within):
            yield (*place, "expedited", "within")
