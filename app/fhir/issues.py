"""The issues of a body, noted while it is read. Reading stops as soon as no answer could show more errors."""

from __future__ import annotations

from app.fhir.outcome import Fault, FhirError, Issue, joined

MOST_NOTED = 200
"""Notes of one severity: more than an answer shows, because `joined` leaves some of them out."""


class Issues(list[Issue]):
    """A list that raises FhirError instead of taking one error too many. Surplus warnings are dropped.

    `engine` are the issues that the engine has found in the body already.
    """

    def __init__(self, engine: tuple[Issue, ...] = ()) -> None:
        super().__init__()
        self._engine = engine
        self._noted = {"error": 0, "warning": 0}

    def has_room(self, severity: str) -> bool:
        """Count one more note and say whether to write it. Raises FhirError with all issues after too many errors."""
        self._noted[severity] += 1
        if self._noted[severity] <= MOST_NOTED:
            return True
        if severity == "error":
            raise self.refusal()
        return False

    def refusal(self) -> FhirError:
        """Return everything that is wrong as an error UNPROCESSABLE."""
        return FhirError(Fault.UNPROCESSABLE, *joined(self._engine, self))

    def warnings(self) -> tuple[Issue, ...]:
        """Return the warnings, the engine's included. Raises FhirError UNPROCESSABLE if there is an error."""
        if not self and not self._engine:
            return ()
        found = joined(self._engine, self)
        if any(issue.severity == "error" for issue in found):
            raise FhirError(Fault.UNPROCESSABLE, *found)
        return found
