"""Turn the refusals of a start into failed checks."""

from __future__ import annotations

from collections.abc import Callable

from app.conformance.definitions.node import NotUnderstood
from app.conformance.definitions.packages import PackageRefused
from app.policy.yaml.text import YamlRefused
from app.ports import StoreUnavailable
from app.safety.check import Check, failed, passed
from app.safety.refusal import sentence_of

REFUSALS = (RuntimeError, OSError, StoreUnavailable, YamlRefused, PackageRefused, NotUnderstood)
"""The errors with a sentence for the operator."""


def attempted(name: str, attempt: Callable[[], str]) -> Check:
    """Call `attempt`, which returns the text of a passed check, and turn a refusal into a failed one."""
    try:
        return passed(name, attempt())
    except REFUSALS as refused:
        return failed(name, first_sentence(refused))


def first_sentence(refused: Exception) -> str:
    """Return the first line of a refusal as a sentence."""
    if isinstance(refused, StoreUnavailable):
        return f"The store cannot be used: {refused}."
    return sentence_of(refused).partition("\n")[0]
