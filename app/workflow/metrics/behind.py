"""`ClaimResponse/$metrics-requests`: the requests behind a figure, page by page.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-metrics-requests
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.domain.metrics.counted import CountedRequest
from app.domain.metrics.figures import BY_KEY, Condition
from app.domain.metrics.report import Span
from app.domain.metrics.scope import Exclusion
from app.fhir.instants import instant
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.ports import Position
from app.records.paging import page_token, position_after
from app.reports.groups import hours
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.metrics.count import counted_pages
from app.workflow.metrics.read_span import SPAN, read_span
from app.workflow.system import System

Json = dict[str, Any]

PAGE_REQUESTS = 100
"""A page ends with the page of the log that reaches so many requests."""

MOST_PAGES = 200
"""The pages of the log that an answer reads. It may have no requests, and a token for the next page."""

_PARTS = ("numerator", "denominator")


async def metrics_requests(system: System, call: Call, received: Received) -> Answer:
    """Answer with the requests of a figure's numerator or denominator, or with those that an exclusion leaves out."""
    given = arguments(system, received, (*SPAN, "figure", "part", "page"))
    span, token = read_span(call, given), given.one("page")
    belongs = _condition(given)
    rows: list[CountedRequest] = []
    position, read = position_after(token) if token else None, 0
    async for page in counted_pages(system.documents, span, position):
        rows += filter(belongs, page.requests)
        position, read = page.next, read + 1
        if len(rows) >= PAGE_REQUESTS or read == MOST_PAGES:
            break
    return Answer(write(_written(span, rows, position)))


def _condition(given: Arguments) -> Condition:
    """Return the condition on the requests that the parameters ask for. Raises FhirError PARAMETER."""
    figure, part = given.one("figure") or "", given.one("part") or _PARTS[0]
    if part not in _PARTS:
        raise FhirError(Fault.PARAMETER, f"`part` must be {' or '.join(_PARTS)}.")
    if figure in set(Exclusion):
        return lambda request: request.exclusion == figure
    if figure not in BY_KEY:
        allowed = ", ".join((*BY_KEY, *Exclusion))
        raise FhirError(Fault.PARAMETER, f"`figure` must be a figure or a reason of exclusion: {allowed}.")
    return BY_KEY[figure].numerator if part == _PARTS[0] else BY_KEY[figure].denominator


def _written(span: Span, rows: list[CountedRequest], more: Position | None) -> Json:
    """Write the page as Parameters. `asOf` and `page` continue it with the same figures."""
    parameters: list[Json] = [{"name": "asOf", "valueInstant": instant(span.as_of)}]
    parameters += [{"name": "request", "part": list(_parts(row))} for row in rows]
    if more is not None:
        parameters.append({"name": "page", "valueString": page_token(more)})
    return {"resourceType": "Parameters", "parameter": parameters}


def _parts(row: CountedRequest) -> Iterator[Json]:
    yield {"name": "response", "valueReference": {"reference": f"ClaimResponse/{row.id}"}}
    yield {"name": "received", "valueInstant": instant(row.received)}
    yield {"name": "urgency", "valueCode": row.urgency}
    coded = (
        *(("program", row.program), ("exclusion", row.exclusion)),
        *(("result", row.result), ("after-appeal", row.after_appeal)),
    )
    for name, code in coded:
        if code is not None:
            yield {"name": name, "valueCode": code}
    if row.determined is not None:
        yield {"name": "determined", "valueInstant": instant(row.determined)}
    if row.seconds is not None:
        yield {"name": "hours", "valueDecimal": hours(row.seconds)}
