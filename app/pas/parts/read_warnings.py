"""Keep the warnings about a Claim that its answer shows."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.authorization import RequestWarning
from app.fhir.outcome import Issue, shown


def kept_warnings(issues: Iterable[Issue]) -> tuple[RequestWarning, ...]:
    """Return the place and the text of each warning that an answer shows, without values of the Claim."""
    return tuple(RequestWarning(issue.expression or "", issue.text) for issue in shown(issues))
