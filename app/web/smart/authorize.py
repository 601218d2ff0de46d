"""Sign a user in for a client and ask for consent: https://hl7.org/fhir/smart-app-launch/app-launch.html.

The client's request travels with each form, and each step checks it again; nothing is stored before the consent.
"""

from __future__ import annotations

from msgspec import Struct
from starlette.responses import Response

from app.access.grant import Grant, Role
from app.access.registry import Client, User
from app.access.smart.authorization import NotAddressed, SignIn, SignInRefused
from app.access.smart.consent_scopes import needs_patient
from app.records.smart.kinds import Session
from app.records.smart.shelf import Kept
from app.web.bases import BASES
from app.web.smart.message_page import message_page
from app.web.smart.sign_in_pages import consent_page, login_page, mismatch_page, patient_page, redirect
from app.web.smart.visit import Visit
from app.workflow.smart.consent import context_of
from app.workflow.smart.disclosure import record_shown
from app.workflow.smart.patients import ChosenPatient, PatientUnknown, rights_of
from app.workflow.smart.sessions import find_session
from app.workflow.smart.sign_in import Requested, check_user, client_of, refused_to, sign_in_of

OTHER_KIND = "Your account is not of the kind of user that this app is for, or has no access yet."


class SignedIn(Struct, frozen=True):
    """A user who is signed in, and the request that the user decides about."""

    requested: Requested
    user: User
    session: Kept[Session]
    grant: Grant

    @property
    def sign_in(self) -> SignIn:
        """The request, without its launch."""
        return self.requested.sign_in


class Answered(Exception):  # noqa: N818 - the end of a step
    """The step ends with this response."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__("answered")


async def request_of(visit: Visit) -> Requested:
    """Return the client's request. Raises Answered, with a page or a redirect, if it must not go on."""
    try:
        parameters = visit.parameters
        client = await client_of(visit.system, parameters)
    except NotAddressed as unknown:
        text = f"{unknown} Go back to the app and try again, or tell its maker."
        raise Answered(message_page(visit.system, "This sign-in cannot start", text, 400)) from unknown
    try:
        bases = [visit.system.root + base for base in BASES]
        return await sign_in_of(visit.system, parameters, client, bases)
    except SignInRefused as refused:
        raise refusal(visit, client, refused) from refused


def refusal(visit: Visit, client: Client, refused: SignInRefused) -> Answered:
    """Send the browser back to the client with an error."""
    return Answered(redirect(refused_to(visit.parameters, client, refused)))


async def signed_in(visit: Visit) -> SignedIn:
    """Return the signed-in user and the request. Raises Answered, such as with the login page."""
    requested = await request_of(visit)
    sign_in = requested.sign_in
    current = await find_session(visit.system, visit.cookie) if visit.known else None
    if current is None or _wants_login(visit, sign_in, current[1].value):
        if sign_in.prompt == "none":
            raise refusal(visit, sign_in.client, SignInRefused("login_required", "The user is not signed in."))
        raise Answered(login_page(visit, sign_in))
    user, session = current
    grant = await rights_of(visit.system, sign_in.client, user)
    if grant is None:
        raise Answered(mismatch_page(visit, sign_in, user, OTHER_KIND))
    try:
        check_user(requested, user.id)
    except SignInRefused as refused:
        raise refusal(visit, sign_in.client, refused) from refused
    return SignedIn(requested, user, session, grant)


async def next_page(visit: Visit) -> Response:
    """Return the page for the next step of the sign-in. Raises Answered."""
    here = await signed_in(visit)
    if here.sign_in.prompt == "none":
        raise refusal(visit, here.sign_in.client, SignInRefused("consent_required", "The user must consent."))
    if needs_patient(here.sign_in.scopes) and here.sign_in.launch is None and here.grant.role is not Role.PATIENT:
        return patient_page(visit, here.sign_in, here.user, payers_of(visit, here.grant))
    return await consent_of(visit, here, await patient_in_context(visit, here))


async def consent_of(visit: Visit, here: SignedIn, patient: ChosenPatient | None, alert: str = "") -> Response:
    """Return the consent page, when it is recorded that it shows the patient."""
    if patient is not None:
        await record_shown(visit.system, here.grant, visit.origin, patient)
    return consent_page(visit, here.sign_in, here.user, patient, alert)


def payers_of(visit: Visit, grant: Grant) -> list[tuple[str, str]]:
    """Return the payers whose members the user may choose, by id and name."""
    payers = [(id_, policy.payer.name) for id_, policy in visit.system.payers.items()]
    return sorted(payer for payer in payers if not grant.payers or payer[0] in grant.payers)


async def patient_in_context(visit: Visit, here: SignedIn, chosen: str = "") -> ChosenPatient | None:
    """Return the patient of the launch, the user's own record, or the `chosen` one. Raises Answered if it is not seen.

    Returns None if no scope needs a patient.
    """
    if not needs_patient(here.sign_in.scopes):
        return None
    try:
        return await context_of(visit.system, here.requested.launch, here.grant, chosen)
    except SignInRefused as refused:
        raise refusal(visit, here.sign_in.client, refused) from refused
    except PatientUnknown as unknown:
        raise Answered(mismatch_page(visit, here.sign_in, here.user, str(unknown))) from unknown


def _wants_login(visit: Visit, sign_in: SignIn, session: Session) -> bool:
    age = visit.system.clock.now().timestamp() - session.since
    return sign_in.prompt == "login" or (sign_in.max_age is not None and age > sign_in.max_age)
