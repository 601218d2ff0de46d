"""Answer every error in the form of its path, also for paths that do not exist."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.access.limiter import ThrottledError
from app.access.smart.key_source import KeysUnavailable
from app.fhir.outcome import Fault, FhirError
from app.log import get_logger
from app.ports import StoreUnavailable, TooLarge
from app.web.error_answers import error_answer, path_below_root
from app.web.hints import hint
from app.web.middleware import headers_of, report_unavailable
from app.web.pacing import pause

HTTP_FAULTS = {404: Fault.NOT_FOUND, 405: Fault.METHOD}

UNAVAILABLE = 503

_BUSY = FhirError(Fault.BUSY, "The store cannot answer now. Send the same request again later.")
_NO_KEYS = FhirError(
    Fault.BUSY, "The keys of the token's issuer cannot be fetched now. Send the same request again later."
)
_TOO_LARGE = FhirError(
    Fault.TOO_LARGE, "The body, or the answer to it, is too large for this server's store. Nothing was stored."
)
_ANSWERS: dict[type[Exception], FhirError] = {
    StoreUnavailable: _BUSY,
    TooLarge: _TOO_LARGE,
    KeysUnavailable: _NO_KEYS,
}


def install(app: FastAPI) -> None:
    """Answer refusals, unknown paths and methods, and failures in the form of the path."""
    app.add_exception_handler(FhirError, _refused)
    for failure in _ANSWERS:
        app.add_exception_handler(failure, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(request: Request, refusal: Exception) -> Response:
    error = _error_of(refusal)
    if isinstance(error, ThrottledError):
        await pause(error)
    if error.status == UNAVAILABLE:
        report_unavailable(request.scope, refusal)
    return error_answer(request.scope, error)


def _error_of(refusal: Exception) -> FhirError:
    if isinstance(refusal, FhirError):
        return refusal
    return next(answer for kind, answer in _ANSWERS.items() if isinstance(refusal, kind))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's signature is wider than its promise
    fault = HTTP_FAULTS.get(error.status_code, Fault.UNREADABLE)
    texts = {
        Fault.NOT_FOUND: hint(path_below_root(request.scope)),
        Fault.METHOD: "This path does not support the method. The Allow header lists the supported methods.",
    }
    refusal = FhirError(fault, texts.get(fault, "The request could not be read."))
    response = error_answer(request.scope, refusal)
    if fault is Fault.METHOD and error.headers:
        response.headers["Allow"] = ", ".join(sorted(error.headers["Allow"].split(", ")))
    return response


async def _unexpected(request: Request, error: Exception) -> Response:
    request_id = request.state.request_id
    get_logger().error("unexpected", request_id=request_id, exc_info=error)
    text = "The server failed. The request may or may not have been stored."
    response = error_answer(request.scope, FhirError(Fault.EXCEPTION, text))
    # Starlette sends this answer outside of every middleware.
    response.raw_headers.extend(headers_of(request_id, {name for name, _ in response.raw_headers}))
    return response
