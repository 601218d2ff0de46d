"""Collect the issues of a body while it is read. Reading stops after more errors than an answer can show."""

from __future__ import annotations

from collections.abc import Iterator

from app.fhir.outcome import MOST_ISSUES, Fault, FhirError, Issue

MOST_NOTED = 200
"""The most issues of a severity: more than an answer shows, because the engine's issues replace some."""


class Issues(list[Issue]):
    """The issues that a reader finds in a body. After MOST_NOTED errors it raises FhirError and drops further warnings.

    `engine` are the issues that the engine has found in the body. They take precedence: a reader's issue is dropped if
    the engine has an issue of equal or higher severity at the same place.
    """

    def __init__(self, engine: tuple[Issue, ...] = ()) -> None:
        super().__init__()
        self._engine = engine
        self._noted = {"error": 0, "warning": 0}

    def has_room(self, severity: str) -> bool:
        """Count an issue and return whether to keep it. Raises FhirError with all issues after too many errors."""
        self._noted[severity] += 1
        if self._noted[severity] <= MOST_NOTED:
            return True
        if severity == "error":
            raise self.refusal()
        return False

    def refusal(self) -> FhirError:
        """Return all issues as an error UNPROCESSABLE."""
        return FhirError(Fault.UNPROCESSABLE, *self._all())

    def warnings(self) -> tuple[Issue, ...]:
        """Return the warnings, the engine's included. Raises FhirError UNPROCESSABLE if there is an error."""
        if not self and not self._engine:
            return ()
        issues = self._all()
        if any(issue.severity == "error" for issue in issues):
            raise FhirError(Fault.UNPROCESSABLE, *issues)
        return issues

    def _all(self) -> tuple[Issue, ...]:
        """Return the issues of the engine and of the reader, errors first, at most MOST_ISSUES."""
        of_engine: dict[tuple[str | None, str, str], Issue] = {}
        for issue in self._engine:
            of_engine.setdefault((issue.expression, issue.severity, issue.text), issue)
        covered = {(place, issue.severity) for issue in self._engine for place in _places(issue)}
        covered |= {(place, "warning") for place, severity in covered if severity == "error"}
        own = dict.fromkeys(issue for issue in self if (issue.expression, issue.severity) not in covered)
        ordered = (*of_engine.values(), *own)
        return tuple(sorted(ordered, key=lambda issue: issue.severity != "error"))[:MOST_ISSUES]


def _places(issue: Issue) -> Iterator[str | None]:
    """Yield the place of an issue. An issue of a `reference` or `value` is one of its element, too."""
    yield issue.expression
    for end in (".reference", ".value"):
        if issue.expression and issue.expression.endswith(end):
            yield issue.expression.removesuffix(end)
