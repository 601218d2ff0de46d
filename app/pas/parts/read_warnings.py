"""What is only warned of while a Claim is read, as far as its answer tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from app.domain.authorization import RequestWarning
from app.fhir.outcome import Issue
from app.pas.parts.limits import MOST_WARNINGS


def kept_warnings(issues: Iterable[Issue]) -> tuple[RequestWarning, ...]:
    """Keep the place and the text of each, neither of which has a value in it; no more than an answer can tell of."""
    return tuple(RequestWarning(issue.expression or "", issue.text) for issue in islice(issues, MOST_WARNINGS))
