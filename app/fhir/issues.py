"""Collect the issues of a body while it is read. Reading stops after more errors than an answer can show."""

from __future__ import annotations

from app.fhir.outcome import Fault, FhirError, Issue, joined

MOST_NOTED = 200
"""Issues per severity: more than an answer shows, because `joined` drops some."""


class Issues(list[Issue]):
    """The issues of a body. After MOST_NOTED errors it raises FhirError; further warnings are dropped.

    `engine` are the issues that the engine has found in the body already.
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
        return FhirError(Fault.UNPROCESSABLE, *joined(self._engine, self))

    def warnings(self) -> tuple[Issue, ...]:
        """Return the warnings, the engine's included. Raises FhirError UNPROCESSABLE if there is an error."""
        if not self and not self._engine:
            return ()
        issues = joined(self._engine, self)
        if any(issue.severity == "error" for issue in issues):
            raise FhirError(Fault.UNPROCESSABLE, *issues)
        return issues
