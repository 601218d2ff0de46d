"""`Patient/{id}/$authorization-summary`: the authorizations of a patient, item by item, for an app.

https://preauth.example.org/fhir/OperationDefinition/Patient-authorization-summary
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from app.domain.authorization import Authorization
from app.domain.life.states import local_day
from app.domain.tracking.summary import summary_of
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.pas.tracking.write_summary import write_summary
from app.records import authorizations, resources
from app.search.parsing import Search
from app.search.values import Condition
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.system import System

MOST = 200
"""The most requests of an answer, the newest ones."""


async def authorization_summary(system: System, call: Call, received: Received) -> Answer:
    """Answer with each item of the requests that the caller sees; with `active` only those in force today."""
    only_active = arguments(system, received, ("active",)).one("active")
    if only_active not in {None, "true", "false"}:
        raise FhirError(Fault.PARAMETER, "`active` must be true or false.")
    patient = await resources.read(system.documents, call.reach, "Patient", received.id)
    conditions = Condition("patient", (f"Patient/{patient.id}",)), Condition("use", ("preauthorization",))
    page = await resources.search(system.documents, call.reach, Search("ClaimResponse", conditions, count=MOST))
    records = await authorizations.by_ids(system.documents, [document.id for document in page.documents])
    size = sum(document.size for document in page.documents)
    summarize = partial(_written, only_active=only_active == "true", complete=page.next is None)
    body = await system.threads.run(size, call.grant.client, summarize, records, call.now)
    return Answer(body, documents=(patient, *page.documents))


def _written(records: Sequence[Authorization], now: datetime, *, only_active: bool, complete: bool) -> str:
    items = [
        summary_of(item, authorization, local_day(authorization, now))
        for authorization in records
        for item in authorization.items
    ]
    return write(write_summary([item for item in items if item.active or not only_active], complete=complete))
