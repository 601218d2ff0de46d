"""Mint the handle of an EHR launch for a portal: https://hl7.org/fhir/smart-app-launch/app-launch.html."""

from __future__ import annotations

from starlette.responses import Response

from app.access.grant import Grant, Role
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.credentials import Form
from app.access.smart.oauth_error import OAuthError, OAuthFault, invalid_request
from app.audit.access import Actor
from app.fhir.instants import sortable
from app.web.audit.origin import origin_of
from app.web.bases import BASES
from app.web.caller import call_of, permit
from app.web.challenge import ChallengeError
from app.web.request import FhirRequest
from app.web.smart.form import read_form
from app.web.smart.oauth_answers import json_response
from app.workflow.changes import actor_of
from app.workflow.smart.admissions import record_launch, record_refused_launch
from app.workflow.smart.launches import GOOD_FOR, make_launch
from app.workflow.smart.patients import ChosenPatient, PatientUnknown, patient_of_member, seen_patient
from app.workflow.system import System


async def launch(server: AuthorizationServer, request: FhirRequest) -> Response:
    """Answer staff or a provider with a handle, which an app can use once, for a patient that they see."""
    base, edition = next(iter(BASES.items()))
    try:
        call = await call_of(request, edition, server.root + base)
        permit(call, "Patient", "r")
    except ChallengeError as refused:
        record_refused_launch(request.system, _actor(server, request), (), f"HTTP {refused.status}")
        raise
    if call.grant.role is Role.PATIENT:
        raise OAuthError(OAuthFault.UNAUTHORIZED_CLIENT, "A patient cannot make a launch.", status=403)
    form = await read_form(request)
    try:
        patient = await _patient(request.system, call.grant, form)
    except PatientUnknown as unknown:
        payers = tuple(sorted(call.grant.payers))
        record_refused_launch(request.system, actor_of(call), payers, "choice of a patient")
        raise invalid_request("No patient with this id is on record for this caller.") from unknown
    banner = form.get("need_patient_banner") != "false"
    handle = await make_launch(request.system, call.grant, patient, form.get("client_id", ""), banner=banner)
    await record_launch(request.system, actor_of(call), patient.id, patient.payers)
    return json_response({"launch": handle, "iss": call.base, "expires_in": int(GOOD_FOR.total_seconds())})


def _actor(server: AuthorizationServer, request: FhirRequest) -> Actor:
    """Return a caller whose rights are not known."""
    at = sortable(request.system.clock.now())
    return Actor(at, request.scope["state"].get("client"), origin=origin_of(request, server.root))


async def _patient(system: System, grant: Grant, form: Form) -> ChosenPatient:
    """Return the Patient that the form names, by `patient`, or by `payer` and `member`."""
    if "patient" in form:
        return await seen_patient(system, grant, form["patient"])
    if "payer" not in form or "member" not in form:
        raise invalid_request("The form must have patient, or payer and member.")
    return await patient_of_member(system, grant, form["payer"], form["member"])
