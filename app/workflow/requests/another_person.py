"""Check that a person who decided a request does not decide the appeal of it."""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.domain.parts.reviewer import Reviewer
from app.fhir.outcome import Fault, FhirError
from app.records import authorizations
from app.records.trail import acts_on
from app.workflow.system import System

DECIDING = frozenset({"decide"})
"""The acts by which a person takes part in a decision."""


async def check_another_person(system: System, by: Reviewer, authorization: Authorization) -> None:
    """Check that the person decided none of the requests under appeal. Raises FhirError FORBIDDEN."""
    appealed = authorization.appealed
    while appealed is not None:
        for act in await acts_on(system.documents, appealed.id):
            if act.client is None or act.action not in DECIDING:
                continue
            if by.may_be(Reviewer(act.client, act.user, npi=act.clinician)):
                text = "You took part in the decision under appeal. Another person must decide the appeal."
                raise FhirError(Fault.FORBIDDEN, text)
        stored = await authorizations.by_id(system.documents, appealed.id)
        appealed = None if stored is None else stored.authorization.appealed
