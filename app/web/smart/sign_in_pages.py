"""Render the pages of a sign-in: login, choice of the patient, consent, and messages."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from app.access.grant import Role
from app.access.registry import Client, User
from app.access.smart.authorization import SignIn
from app.access.smart.consent_scopes import in_words
from app.access.smart.redirects import origin_of
from app.web.pages.rendering import html_page, strict_policy
from app.web.smart.visit import Visit
from app.workflow.smart.patients import ChosenPatient

SEE_OTHER = 303


def login_page(visit: Visit, sign_in: SignIn, alert: str = "", status: int = 200) -> Response:
    """Ask for user name and password."""
    return _page(visit, "login", status, sign_in, alert=alert)


def patient_page(
    visit: Visit, sign_in: SignIn, user: User, payers: list[tuple[str, str]], *, alert: str = "", payer: str = ""
) -> Response:
    """Ask for the member that the app shall work for; `payer` is the one that the user chose before."""
    status = 422 if alert else 200
    return _page(visit, "patient", status, sign_in, user=_name(user), payers=payers, payer=payer, alert=alert)


def consent_page(visit: Visit, sign_in: SignIn, user: User, patient: ChosenPatient | None, alert: str = "") -> Response:
    """Ask whether the app may have each of the scopes."""
    facts = {
        "user": _name(user),
        "own": user.role is Role.PATIENT,
        "patient": patient,
        "scopes": [(scope, in_words(scope)) for scope in sign_in.scopes],
    }
    return _page(visit, "consent", 422 if alert else 200, sign_in, alert=alert, **facts)


def mismatch_page(visit: Visit, sign_in: SignIn, user: User, alert: str) -> Response:
    """Say why this user cannot use this app."""
    return _page(visit, "mismatch", 403, sign_in, user=_name(user), alert=alert)


def redirect(url: str) -> Response:
    """Send the browser to a URL by GET."""
    return RedirectResponse(url, SEE_OTHER)


def _page(visit: Visit, name: str, status: int, sign_in: SignIn, **facts: Any) -> Response:
    # Browsers apply form-action to the redirect that answers a form, too: it leads to the client.
    policy = strict_policy(f"'self' {origin_of(sign_in.redirect_uri)}")
    about = {
        "app": _app(sign_in.client),
        "action": visit.action,
        "csrf": visit.token,
        "request": visit.request,
        "demo": visit.system.demo,
    }
    page = html_page(f"sign_in/{name}.html", policy, up=visit.root, status=status, **about, **facts)
    return visit.with_cookie(page)


def _app(client: Client) -> str:
    return client.name or client.id


def _name(user: User) -> str:
    return user.name or user.id
