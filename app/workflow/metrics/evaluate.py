"""`ClaimResponse/$metrics`: the figures of a payer's decisions in a period.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-metrics
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.metrics.report import Report
from app.fhir.json import encoded, write
from app.fhir.outcome import Fault, FhirError
from app.policy.listing import listed_rules
from app.reports.write_measure_report import write_measure_report
from app.reports.write_table import write_csv, write_json, write_list_csv
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.metrics.binary import binary
from app.workflow.metrics.count import tally_of
from app.workflow.metrics.read_span import SPAN, read_span
from app.workflow.system import System

MOST_REQUESTS = 50_000
"""The requests that an answer counts. `preauth metrics` counts any number, in its own process."""

_LIST = "list-csv"


async def metrics(system: System, call: Call, received: Received) -> Answer:
    """Answer with a MeasureReport, or with a Binary of CSV or JSON; `list-csv` has the services that need a number."""
    given = arguments(system, received, (*SPAN, "output"))
    span, output = read_span(call, given), given.one("output") or "measure-report"
    if output == _LIST:
        policy = system.payers.get(span.payer)
        return Answer(write(_csv(write_list_csv(listed_rules(policy) if policy else ()))))
    if output not in _OUTPUTS:
        raise FhirError(Fault.PARAMETER, f"`output` must be {', '.join(_OUTPUTS)} or {_LIST}.")
    tally = await tally_of(system.documents, span, MOST_REQUESTS)
    if tally.requests > MOST_REQUESTS:
        raise FhirError(Fault.TOO_COSTLY, _TOO_MANY)
    report = await system.threads.run(8 * tally.requests, call.grant.client, tally.report)
    return Answer(write(_OUTPUTS[output](report)))


_TOO_MANY = f"The period has more than {MOST_REQUESTS:,} requests. Choose a shorter one, or use `preauth metrics`."


def _csv(text: str) -> dict[str, Any]:
    return binary("text/csv", text.encode())


_OUTPUTS: Mapping[str, Callable[[Report], dict[str, Any]]] = {
    "measure-report": write_measure_report,
    "csv": lambda report: _csv(write_csv(report)),
    "json": lambda report: binary("application/json", encoded(write_json(report))),
}
