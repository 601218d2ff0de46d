"""Turn the consent of a user into an authorization code for the client."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from app.access.grant import Grant, Role
from app.access.smart.authorization import SignIn, SignInRefused
from app.access.smart.consent_scopes import needs_patient
from app.access.smart.redirects import with_parameters
from app.access.smart.secret import new_secret
from app.records.smart.kinds import CODES, LAUNCHES, Approval, Code, Launch, Session
from app.records.smart.shelf import Kept, digest
from app.workflow.smart.patients import ChosenPatient, PatientUnknown, own_patient, seen_patient
from app.workflow.smart.sign_in import Requested, check_together
from app.workflow.system import System

GOOD_FOR = timedelta(seconds=60)
"""How long a code can be redeemed."""

REMEMBERED = timedelta(days=1)
"""How long a code is known, so that a second use revokes the tokens of the first."""

NOTHING_CHOSEN = "Choose at least one part of the access, or deny it."


class NothingChosen(Exception):  # noqa: N818 - an answer to the user
    """The user left out every scope."""


async def context_of(system: System, launch: Kept[Launch] | None, grant: Grant, chosen: str) -> ChosenPatient:
    """Return the patient of the launch, the user's own record, or else the `chosen` patient, by id.

    Raises PatientUnknown, or SignInRefused for a launch that this user must not use.
    """
    if launch is not None:
        return await _patient_of_launch(system, launch, grant)
    if grant.role is Role.PATIENT:
        return await own_patient(system, grant)
    return await seen_patient(system, grant, chosen)


async def approve(
    system: System, requested: Requested, grant: Grant, session: Kept[Session], *, chosen: Collection[str], patient: str
) -> str:
    """Return the URL of the client with a code for the `chosen` scopes. `patient` is the id of the chosen patient.

    Raises NothingChosen, PatientUnknown or SignInRefused.
    """
    sign_in, launch = requested.sign_in, requested.launch
    scopes = tuple(scope for scope in sign_in.scopes if scope in chosen)
    if not scopes:
        raise NothingChosen
    check_together(scopes)
    banner, context = True, None
    if needs_patient(scopes):
        context = (await context_of(system, launch, grant, patient)).id
    if launch is not None:
        banner = await _use_up(system, launch)
    approval = Approval(
        client=sign_in.client.id,
        user=grant.user,
        base=sign_in.base,
        scopes=scopes,
        since=session.value.since,
        session=session.id,
        password=session.value.password,
        patient=context,
        banner=banner,
    )
    code = await _code(system, sign_in, approval)
    return with_parameters(sign_in.redirect_uri, {"code": code, "state": sign_in.state})


async def _patient_of_launch(system: System, launch: Kept[Launch], grant: Grant) -> ChosenPatient:
    try:
        return await seen_patient(system, grant, launch.value.patient)
    except PatientUnknown as unseen:
        raise SignInRefused("access_denied", "The user does not see the patient of the launch.") from unseen


async def _use_up(system: System, launch: Kept[Launch]) -> bool:
    """Use the launch up; return whether the app must show a banner. Raises SignInRefused."""
    if not await LAUNCHES.take(system.documents, launch):
        raise SignInRefused("invalid_request", "The launch was used already.")
    return launch.value.banner


async def _code(system: System, sign_in: SignIn, approval: Approval) -> str:
    code, now = new_secret(), system.clock.now()
    row = Code(
        approval=approval,
        redirect_uri=sign_in.redirect_uri,
        challenge=sign_in.challenge,
        expires=(now + GOOD_FOR).timestamp(),
        nonce=sign_in.nonce,
    )
    await CODES.keep(system.documents, digest(code), row, now, now + REMEMBERED)
    return code
