"""Show a message to the user of a sign-in: a page without a form, and without a way to the client."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import Scope

from app.fhir.outcome import Fault, FhirError
from app.web.pages.rendering import html_page, strict_policy
from app.web.respond import error_headers
from app.workflow.system import System

_BACK = "Go back to the app and sign in again."
_ERRORS: Mapping[Fault, tuple[str, str]] = {
    Fault.BUSY: ("This page is not available now", "Wait a minute. Then go back to the app and sign in again."),
    Fault.THROTTLED: ("Too many requests", "Wait a minute. Then go back to the app and sign in again."),
    Fault.NOT_FOUND: ("This page does not exist", _BACK),
    Fault.METHOD: ("This page cannot be opened in this way", _BACK),
    Fault.TOO_LARGE: ("This form is too large", _BACK),
    Fault.EXCEPTION: ("Something went wrong on this server", _BACK),
}
_UNREADABLE = ("This form cannot be read", _BACK)


def message_page(system: System, title: str, text: str, status: int = 200, note: str = "") -> Response:
    """Show a message, with a `note` in small print."""
    facts = {"title": title, "text": text, "note": note, "alert": "", "demo": system.demo}
    return html_page("sign_in/message.html", strict_policy(), up=root_path(system), status=status, **facts)


def error_page(scope: Scope, error: FhirError) -> Response:
    """Show an error. The texts are for people who never saw HTTP; an operator finds the request by its id."""
    title, text = _ERRORS.get(error.fault, _UNREADABLE)
    note = f"If it happens again, report this number: {scope['state']['request_id']}"
    page = message_page(scope["app"].state.system, title, text, error.status, note)
    page.headers.update(error_headers(error))
    return page


def root_path(system: System) -> str:
    """Return the path to the root of the server, with a slash at its end."""
    return urlsplit(system.root).path.rstrip("/") + "/"
