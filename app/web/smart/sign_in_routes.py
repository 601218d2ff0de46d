"""The routes of the sign-in pages; each form is good only with the token of its page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from app.access.smart.authorization import SignInRefused
from app.counts import counted
from app.web.addresses import client_network
from app.web.page_routes import GET, ServingSystem, page_router
from app.web.smart.authorize import (
    Answered,
    SignedIn,
    consent_of,
    next_page,
    patient_in_context,
    payers_of,
    refusal,
    request_of,
    signed_in,
)
from app.web.smart.message_page import message_page
from app.web.smart.page_form import Form, read_page_form
from app.web.smart.sign_in_pages import login_page, mismatch_page, patient_page, redirect
from app.web.smart.visit import PATH, Visit, visit_of
from app.workflow.smart.consent import NOTHING_CHOSEN, NothingChosen, approve
from app.workflow.smart.disclosure import record_refused
from app.workflow.smart.lockouts import LockedOut
from app.workflow.smart.login import log_in
from app.workflow.smart.patients import PatientUnknown, patient_of_member
from app.workflow.smart.sessions import end_session, start_session
from app.workflow.system import System

router = page_router(PATH)

Step = Callable[[Visit, Form, Request], Awaitable[Response]]

_WRONG = "The user name or the password is wrong."
_DENIED = SignInRefused("access_denied", "The user denied the access.")


@router.api_route("", methods=[*GET, "POST"], summary="Sign in for an app", response_class=HTMLResponse)
async def authorize(request: Request, system: ServingSystem) -> Response:
    """Show the page of the next step, or send the browser back to the app with an error.

    A form goes on as if its parameters were in the URL: only then does the browser send the cookie of a session.
    """
    if request.method == "POST":
        visit = visit_of(system, request, urlencode((await read_page_form(request, system)).pairs))
        return await _answer(_in_url, visit)
    return await _answer(next_page, visit_of(system, request, request.url.query))


@router.post("/login", summary="Send user name and password", response_class=HTMLResponse)
async def login(request: Request, system: ServingSystem) -> Response:
    """Start a session if the password is right."""
    return await _answer_form(_login, request, system)


@router.post("/patient", summary="Choose a patient", response_class=HTMLResponse)
async def patient(request: Request, system: ServingSystem) -> Response:
    """Show the consent page for the patient."""
    return await _answer_form(_patient, request, system)


@router.post("/consent", summary="Allow or deny the access of an app", response_class=HTMLResponse)
async def consent(request: Request, system: ServingSystem) -> Response:
    """Send the browser back to the app, with a code or an error."""
    return await _answer_form(_consent, request, system)


@router.post("/logout", summary="Sign out", response_class=HTMLResponse)
async def logout(request: Request, system: ServingSystem) -> Response:
    """End the session, and ask for another login if an app waits for it."""
    return await _answer_form(_logout, request, system)


async def _answer(step: Callable[[Visit], Awaitable[Response]], visit: Visit) -> Response:
    try:
        return await step(visit)
    except Answered as answered:
        return answered.response


async def _answer_form(step: Step, request: Request, system: System) -> Response:
    form = await read_page_form(request, system)
    visit = visit_of(system, request, form.value("request"))
    if not visit.is_own_form(form.value("csrf")):
        return message_page(system, "This page has expired", "Go back to the app and sign in again.", 403)
    try:
        return await step(visit, form, request)
    except Answered as answered:
        return answered.response


async def _in_url(visit: Visit) -> Response:
    await request_of(visit)
    return redirect(f"{visit.action}?{visit.request}")


async def _login(visit: Visit, form: Form, request: Request) -> Response:
    sign_in = (await request_of(visit)).sign_in
    try:
        user = await log_in(
            visit.system,
            form.value("user"),
            form.value("password"),
            client_network(request.scope, visit.system.trusted_proxies),
            client=sign_in.client.id,
            origin=visit.origin,
        )
    except LockedOut as locked:
        page = login_page(visit, sign_in, f"Too many attempts. Try again in {counted(locked.seconds, 'second')}.", 429)
        page.headers["Retry-After"] = str(locked.seconds)
        return page
    if user is None:
        return login_page(visit, sign_in, _WRONG, 403)
    await end_session(visit.system, visit.cookie)
    return visit.with_cookie(redirect(visit.url_after_login()), await start_session(visit.system, user))


async def _patient(visit: Visit, form: Form, _: Request) -> Response:
    here = await signed_in(visit)
    if form.value("decision") == "deny":
        raise refusal(visit, here.sign_in.client, _DENIED)
    payers = payers_of(visit, here.grant)
    payer = form.value("payer") if form.value("payer") in dict(payers) else ""
    try:
        chosen = await patient_of_member(visit.system, here.grant, payer, form.value("member"))
    except PatientUnknown as unknown:
        record_refused(visit.system, here.grant, visit.origin)
        return patient_page(visit, here.sign_in, here.user, payers, alert=str(unknown), payer=payer)
    return await consent_of(visit, here, chosen)


async def _consent(visit: Visit, form: Form, _: Request) -> Response:
    if form.value("decision") != "allow":
        raise refusal(visit, (await request_of(visit)).sign_in.client, _DENIED)
    here = await signed_in(visit)
    try:
        return redirect(await _approved(visit, here, form))
    except NothingChosen:
        context = await patient_in_context(visit, here, form.value("patient"))
        return await consent_of(visit, here, context, NOTHING_CHOSEN)
    except SignInRefused as refused:
        raise refusal(visit, here.sign_in.client, refused) from refused
    except PatientUnknown as unknown:
        return mismatch_page(visit, here.sign_in, here.user, str(unknown))


async def _approved(visit: Visit, here: SignedIn, form: Form) -> str:
    return await approve(
        visit.system,
        here.requested,
        here.grant,
        here.session,
        chosen=form.values("scope"),
        patient=form.value("patient"),
    )


async def _logout(visit: Visit, _form: Form, _: Request) -> Response:
    await end_session(visit.system, visit.cookie)
    if visit.request:
        return redirect(f"{visit.action}?{visit.request}")
    return message_page(visit.system, "You are signed out", "You can close this page.")
