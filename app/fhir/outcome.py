"""Report errors as OperationOutcomes: one exception, one table of HTTP statuses, one place that renders them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

MOST_ISSUES = 50
"""The most issues of one answer: more than a client fixes at a time."""

MOST_BYTES = 64 * 1024
"""Bytes of an OperationOutcome, and of the issues in other answers."""

_LONGEST_TEXT = 4000
_FRAME = 1024
"""Bytes of an OperationOutcome without its issues."""

_FURTHER = 64
"""Bytes of an issue in JSON without its values."""


class Fault(StrEnum):
    """Why a request could not be processed. The value is the default issue code (http://hl7.org/fhir/issue-type)."""

    UNREADABLE = "structure"
    UNPROCESSABLE = "invalid"
    LOGIN = "login"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    METHOD = "not-supported"
    NOT_ACCEPTABLE = "not-acceptable"
    CONFLICT = "conflict"
    STALE = "stale"
    AMBIGUOUS = "multiple-matches"
    TOO_COSTLY = "too-costly"
    TOO_LARGE = "too-long"
    URL_TOO_LONG = "url-too-long"
    HEADERS_TOO_LARGE = "headers-too-large"
    TIMED_OUT = "timeout"
    MEDIA_TYPE = "media-type"
    PARAMETER = "parameter"
    PRECONDITION = "precondition"
    BUSY = "transient"
    THROTTLED = "throttled"
    EXCEPTION = "exception"


STATUS = {
    Fault.UNREADABLE: 400,
    Fault.PARAMETER: 400,
    Fault.TOO_COSTLY: 400,  # not 503 or 429: the same request fails again; the caller must request less
    Fault.LOGIN: 401,
    Fault.FORBIDDEN: 403,
    Fault.NOT_FOUND: 404,
    Fault.METHOD: 405,
    Fault.NOT_ACCEPTABLE: 406,
    Fault.CONFLICT: 409,
    Fault.STALE: 412,
    Fault.AMBIGUOUS: 412,
    Fault.PRECONDITION: 428,
    Fault.TIMED_OUT: 408,
    Fault.TOO_LARGE: 413,
    Fault.URL_TOO_LONG: 414,
    Fault.MEDIA_TYPE: 415,
    Fault.UNPROCESSABLE: 422,
    Fault.THROTTLED: 429,
    Fault.HEADERS_TOO_LARGE: 431,
    Fault.EXCEPTION: 500,
    Fault.BUSY: 503,
}

ISSUE_CODE = {
    Fault.NOT_ACCEPTABLE: "not-supported",
    Fault.STALE: "conflict",
    Fault.PRECONDITION: "required",
    Fault.MEDIA_TYPE: "not-supported",
    Fault.PARAMETER: "value",
    Fault.URL_TOO_LONG: "too-long",
    Fault.HEADERS_TOO_LARGE: "too-long",
}
"""The issue codes of the faults whose value is not an issue code."""


class Issue(Struct, frozen=True):
    """An issue: a sentence for the client, and the FHIRPath of its place from the root of the body.

    `diagnostics` names the rule, for the maintainers of the client.
    """

    text: str
    expression: str | None = None
    code: str | None = None
    severity: str = "error"
    diagnostics: str | None = None


def shown(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Yield the issues that an answer shows: at most MOST_ISSUES, within MOST_BYTES."""
    left = MOST_BYTES - _FRAME
    for issue in islice(issues, MOST_ISSUES):
        short = issue if len(issue.text) <= _LONGEST_TEXT else replace(issue, text=issue.text[:_LONGEST_TEXT] + "…")
        left -= len(msgspec.json.encode(short)) + _FURTHER
        if left < 0:
            return
        yield short


class FhirError(Exception):
    """The request could not be processed. A denial is not an error."""

    def __init__(self, fault: Fault, *issues: Issue | str) -> None:
        self.fault = fault
        self.issues = tuple(Issue(issue) if isinstance(issue, str) else issue for issue in issues)
        super().__init__(fault.value)

    @property
    def status(self) -> int:
        """The HTTP status of the fault."""
        return STATUS[self.fault]


def operation_outcome(error: FhirError) -> dict[str, Any]:
    """Render the error as one OperationOutcome (http://hl7.org/fhir/R4/operationoutcome.html)."""
    return outcome(error.issues, ISSUE_CODE.get(error.fault, error.fault.value))


def outcome(issues: Iterable[Issue], default: str) -> dict[str, Any]:
    """Render issues as one OperationOutcome; an issue without a code gets `default`."""
    return {"resourceType": "OperationOutcome", "issue": [_issue(issue, default) for issue in shown(issues)]}


def _issue(issue: Issue, default: str) -> dict[str, Any]:
    rendered: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code or default,
        "details": {"text": issue.text},
    }
    if issue.diagnostics:
        rendered["diagnostics"] = issue.diagnostics
    if issue.expression:
        rendered["expression"] = [issue.expression]
    return rendered
