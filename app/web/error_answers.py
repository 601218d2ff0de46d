"""Answer an error in the form of its path: an OperationOutcome, an error of OAuth, or a page of the sign-in."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Scope

from app.fhir.outcome import FhirError
from app.web.bases import BASES
from app.web.respond import respond_error
from app.web.smart.message_page import error_page
from app.web.smart.oauth_answers import oauth_error

SIGN_IN = "/oauth/authorize"
_OAUTH = ("/oauth/", *(f"{base}/.well-known/" for base in ("", *BASES)))


def error_answer(scope: Scope, error: FhirError) -> Response:
    """Render an error for the path of the request."""
    path = path_below_root(scope)
    if path == SIGN_IN or path.startswith(f"{SIGN_IN}/"):
        return error_page(scope["app"].state.system, error, scope["state"]["request_id"])
    if path.startswith(_OAUTH):
        return oauth_error(error)
    return respond_error(path, error)


def path_below_root(scope: Scope) -> str:
    """Return the path without the root path of a proxy; a Mount changes `root_path` and keeps the first one."""
    root_path = scope.get("app_root_path", scope.get("root_path", ""))
    return str(scope["path"].removeprefix(root_path))
