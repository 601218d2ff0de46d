"""Test cases of a policy: the facts of one service line, and the expected decision."""

from __future__ import annotations

from typing import Annotated, Literal

from app.domain.parts.authorization_type import AuthorizationType
from app.policy.cases.case_facts import Facts
from app.policy.yaml.model import Code, Data, Day, NotEmpty, Number, Slug, Text, read_model
from app.policy.yaml.text import read_yaml


class Expected(Data):
    """The expected decision. Only the given keys are compared.

    `type` is that of the review. `days` is the length of the grant. `quantity: null` means no limit on units.
    `missing` are the facts that a pended request does not give. `billed` says what a bill for the service needs.
    """

    action: Literal["certify", "partly-certify", "deny", "pend", "not-required", "forward"]
    rule: Slug | None = None
    type: AuthorizationType | None = None
    reason: Slug | None = None
    quantity: Number | None = None
    code: Code | None = None
    days: int | None = None
    ask_for: tuple[Code, ...] = ()
    missing: tuple[Text, ...] = ()
    billed: Literal["not required", "required", "excluded"] | None = None


class Case(Data):
    """A test case: a sentence as its name, the facts of an item and the expected decision on the day of receipt."""

    name: Text
    received: Day | None = None
    facts: Facts
    expect: Expected


class Cases(Data):
    """The cases of one policy. `received` is the day of receipt for cases without one."""

    received: Day
    cases: Annotated[tuple[Case, ...], NotEmpty]


def parse_cases(text: str, source: str) -> Cases:
    """Read cases from YAML text. Raises YamlRefused."""
    return read_model(read_yaml(text, source), Cases)
