"""`Patient/{id}/$authorization-summary`: the authorizations of a patient, item by item, for an app.

https://preauth.example.org/fhir/OperationDefinition/Patient-authorization-summary
"""

from __future__ import annotations

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
    items = [
        summary_of(item, authorization, local_day(authorization, call.now))
        for authorization in records
        for item in authorization.items
    ]
    chosen = [item for item in items if item.active or only_active != "true"]
    body = write(write_summary(chosen, complete=page.next is None))
    return Answer(body, documents=(patient, *page.documents))
