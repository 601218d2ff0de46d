"""Record that a sign-in showed a patient to a user, or refused to: the consent page has name and member id."""

from __future__ import annotations

from app.access.grant import Grant
from app.audit.access import Access, Actor, Interaction, Origin, Outcome
from app.fhir.instants import sortable
from app.workflow.audit.payers import payers_concerned
from app.workflow.smart.patients import ChosenPatient
from app.workflow.system import System


async def record_shown(system: System, grant: Grant, origin: Origin, patient: ChosenPatient) -> None:
    """Store the AuditEvent of a patient that a page is about to show. Raises StoreUnavailable: then show nothing."""
    access = Access(
        interaction=Interaction.READ,
        payers=payers_concerned(system.payers, patient.payers, sorted(grant.payers)),
        patient=patient.id,
        resources=(f"Patient/{patient.id}",),
    )
    await system.audit.write(system.documents, system.ids, [(_actor(system, grant, origin), access)])


def record_refused(system: System, grant: Grant, origin: Origin) -> None:
    """Store soon that the user chose a patient that the user does not see."""
    payers = payers_concerned(system.payers, sorted(grant.payers))
    access = Access(
        interaction=Interaction.READ, payers=payers, outcome=Outcome.NOT_FOUND, reason="choice of a patient"
    )
    system.audit.queue(system.documents, system.ids, (_actor(system, grant, origin), access))


def _actor(system: System, grant: Grant, origin: Origin) -> Actor:
    at = sortable(system.clock.now())
    return Actor(at, grant.client, grant.organization, grant.role, grant.user, origin=origin)
