"""`ClaimResponse/$denials`, `$denials-claims`: the answers to a payer's billing claims, and the claims behind a figure.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-denials
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from app.domain.bill.bill import LineAnswer
from app.domain.denials.figures import BILL_KEYS
from app.domain.denials.row import BillRow
from app.domain.denials.tally import DenialReport, Dimension, values_of
from app.domain.metrics.report import Span
from app.fhir.instants import instant
from app.fhir.json import encoded, write
from app.fhir.outcome import Fault, FhirError
from app.ports import Position
from app.records.paging import page_token, position_after
from app.reports.write_denials import write_denial_csv, write_denial_json, write_denial_report
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.metrics.behind import MOST_PAGES, PAGE_REQUESTS
from app.workflow.metrics.binary import binary
from app.workflow.metrics.count_bills import bill_pages, bill_tally
from app.workflow.metrics.evaluate import MOST_REQUESTS
from app.workflow.metrics.read_span import PERIOD, read_span
from app.workflow.system import System

Json = dict[str, Any]
Condition = Callable[[BillRow], bool]

MOST_LINES = 2_000
"""A page of claims ends with the page of bills that reaches so many lines."""

_REDUCED = frozenset({LineAnswer.DENIED, LineAnswer.PARTLY})


async def denials(system: System, call: Call, received: Received) -> Answer:
    """Answer with the figures of the claims that were received in a period, as they are answered now."""
    given = arguments(system, received, (*PERIOD, "output"))
    span, output = read_span(call, given), given.one("output") or "measure-report"
    if output not in _OUTPUTS:
        raise FhirError(Fault.PARAMETER, f"`output` must be {' or '.join(_OUTPUTS)}.")
    tally = await bill_tally(system.documents, span, _zone(system, span), MOST_REQUESTS)
    if tally.bills > MOST_REQUESTS:
        raise FhirError(Fault.TOO_COSTLY, f"The period has more than {MOST_REQUESTS:,} claims. Choose a shorter one.")
    report = await system.threads.run(8 * tally.bills, call.grant.client, tally.report)
    return Answer(write(_OUTPUTS[output](report)))


async def denials_claims(system: System, call: Call, received: Received) -> Answer:
    """Answer with the claims in the numerator of a figure, or those with a line denied or cut for a value."""
    given = arguments(system, received, (*PERIOD, "figure", "value", "page"))
    span, token = read_span(call, given), given.one("page")
    belongs = _condition(given)
    rows: list[BillRow] = []
    position, read = position_after(token) if token else None, 0
    async for page in bill_pages(system.documents, span, _zone(system, span), position):
        rows += filter(belongs, page.rows)
        position, read = page.next, read + 1
        if len(rows) >= PAGE_REQUESTS or sum(len(row.bill.lines) for row in rows) >= MOST_LINES or read == MOST_PAGES:
            break
    return Answer(write(_written(rows, position)))


def _zone(system: System, span: Span) -> tzinfo:
    """Return the time zone of the payer's calendar; UTC if it has no policy."""
    policy = system.payers.get(span.payer)
    return policy.payer.timezone if policy else UTC


def _condition(given: Arguments) -> Condition:
    """Return the condition on the claims that the parameters ask for. Raises FhirError PARAMETER."""
    figure, value = given.one("figure") or "", given.one("value")
    if figure in BILL_KEYS:
        return lambda row: BILL_KEYS[figure].counts(row)[0] > 0
    if figure not in set(Dimension):
        raise FhirError(Fault.PARAMETER, f"`figure` must be {', '.join((*BILL_KEYS, *Dimension))}.")
    if value is None:
        raise FhirError(Fault.PARAMETER, f"`value` must be a value of the dimension {figure}.")
    wanted = (Dimension(figure), value)
    return lambda row: any(line.answer in _REDUCED and wanted in values_of(row.bill, line) for line in row.lines)


def _written(rows: list[BillRow], more: Position | None) -> Json:
    parameters: list[Json] = [{"name": "claim", "part": _parts(row)} for row in rows]
    if more is not None:
        parameters.append({"name": "page", "valueString": page_token(more)})
    return {"resourceType": "Parameters", **({"parameter": parameters} if parameters else {})}


def _parts(row: BillRow) -> list[Json]:
    bill = row.bill
    lines = [f"{line.number}: {line.answer}{f' ({line.reason})' if line.reason else ''}" for line in bill.lines]
    return [
        {"name": "response", "valueReference": {"reference": f"ClaimResponse/{bill.response}"}},
        {"name": "received", "valueInstant": instant(bill.received)},
        {"name": "state", "valueCode": bill.state},
        *({"name": "line", "valueString": line} for line in lines),
    ]


_OUTPUTS: Mapping[str, Callable[[DenialReport], Json]] = {
    "measure-report": write_denial_report,
    "csv": lambda report: binary("text/csv", write_denial_csv(report).encode()),
    "json": lambda report: binary("application/json", encoded(write_denial_json(report))),
}
