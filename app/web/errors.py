"""Every way of failing becomes one OperationOutcome, also for routes that do not exist."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app.fhir.outcome import Fault, FhirError
from app.log import get_logger
from app.ports import StoreUnavailable, TooLarge
from app.web.hints import hint
from app.web.middleware import headers_of
from app.web.respond import respond_error

HTTP_FAULTS = {404: Fault.NOT_FOUND, 405: Fault.METHOD}

REFUSALS: Final = (FhirError, StoreUnavailable, TooLarge)
"""What an endpoint raises instead of an answer; anything else is a failure."""

_BUSY = FhirError(Fault.BUSY, "The store cannot answer now; the same request may be sent again.")
_TOO_LARGE = FhirError(
    Fault.TOO_LARGE, "The body, or the answer to it, is larger than this server's store takes; nothing was stored."
)


def install(app: FastAPI) -> None:
    """Install what answers where no endpoint does: a path or a method that is not served, and a failure."""
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def refused(path: str, refusal: FhirError | StoreUnavailable | TooLarge) -> Response:
    """Answer the refusal of the endpoint at `path`."""
    if isinstance(refusal, StoreUnavailable):
        return respond_error(path, _BUSY)
    if isinstance(refusal, TooLarge):
        return respond_error(path, _TOO_LARGE)
    return respond_error(path, refusal)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's signature is wider than its promise
    fault = HTTP_FAULTS.get(error.status_code, Fault.UNREADABLE)
    texts = {
        Fault.NOT_FOUND: hint(request.scope["path"].removeprefix(request.scope.get("root_path", ""))),
        Fault.METHOD: "This path does not take that method; the Allow header tells which it takes.",
    }
    response = respond_error(
        request.scope["path"], FhirError(fault, texts.get(fault, "The request could not be read."))
    )
    if fault is Fault.METHOD:
        response.headers["Allow"] = _allowed(request)
    return response


def _allowed(request: Request) -> str:
    """Return the methods of every route that has this path, not only of the one that was tried first."""
    routes = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted({method for route in routes for method in route.methods}))


async def _unexpected(request: Request, error: Exception) -> Response:
    request_id = request.state.request_id
    get_logger().error("unexpected", request_id=request_id, exc_info=error)
    text = "The server failed; whether what was sent is stored is not known."
    response = respond_error(request.scope["path"], FhirError(Fault.EXCEPTION, text))
    # Starlette answers this outside of every middleware.
    response.raw_headers.extend(headers_of(request_id))
    return response
