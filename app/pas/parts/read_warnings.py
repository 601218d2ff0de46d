"""What is only warned of while a Claim is read, as far as its answer tells of it."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.authorization import RequestWarning
from app.fhir.outcome import Issue, shown


def kept_warnings(issues: Iterable[Issue]) -> tuple[RequestWarning, ...]:
    """Keep the place and the text of each warning that an answer shows. Neither has a value in it."""
    return tuple(RequestWarning(issue.expression or "", issue.text) for issue in shown(issues))
