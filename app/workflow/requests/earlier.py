"""Read the member's earlier requests, where a rule of the policy looks at them."""

from __future__ import annotations

from app.domain.request import AuthorizationRequest
from app.policy.facts.earlier import EarlierService, earlier_services
from app.policy.policy import Policy
from app.records import authorizations
from app.workflow.enroll import Enrolled
from app.workflow.system import System


async def read_earlier(
    system: System, policy: Policy, enrolled: Enrolled, request: AuthorizationRequest, follows: str | None = None
) -> tuple[EarlierService, ...] | None:
    """Return the member's granted and pending services; None if no rule about the items needs them.

    An update repeats the services of the request that it `follows`, so the services of that request are left out.
    """
    return await earlier_of_patient(system, policy, enrolled.patient, request, follows)


async def earlier_of_patient(
    system: System, policy: Policy, patient: str, request: AuthorizationRequest, follows: str | None
) -> tuple[EarlierService, ...] | None:
    """Read the earlier services of a Patient, as `read_earlier` does."""
    if not policy.looks_back(request.items):
        return None
    on_file = await authorizations.of_patient(system.documents, patient)
    return tuple(earlier_services(earlier for earlier in on_file if earlier.id != follows))
