"""Give a portal a one-time handle to launch an app with: https://hl7.org/fhir/smart-app-launch/app-launch.html."""

from __future__ import annotations

from datetime import timedelta

from app.access.grant import Grant
from app.access.smart.secret import new_secret
from app.records.smart.kinds import LAUNCHES, Launch
from app.records.smart.shelf import digest
from app.workflow.smart.patients import ChosenPatient
from app.workflow.system import System

GOOD_FOR = timedelta(minutes=5)
"""How long an app can be launched with a handle."""


async def make_launch(system: System, grant: Grant, context: ChosenPatient, client: str, *, banner: bool) -> str:
    """Return a handle for the `context`, a patient that the portal's user sees.

    `client` is the only app that can use it, if it is not empty. Without a user in the portal's token, any user who
    sees the patient can use it.
    """
    handle, now = new_secret(), system.clock.now()
    launch = Launch(patient=context.id, client=client, user=grant.user, banner=banner)
    await LAUNCHES.keep(system.documents, digest(handle), launch, now, now + GOOD_FOR)
    return handle
