"""The answer to a create or an update: as much of it as the client prefers.

http://hl7.org/fhir/R4/http.html#ops
"""

from __future__ import annotations

from msgspec.structs import replace
from starlette.responses import Response

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, outcome
from app.search.parsing import named
from app.web.headers.preferences import preference
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.system import Answer

_ACCEPTED = ("_format", "_pretty")
_CREATED = 201
_MINIMAL, _OUTCOME = "minimal", "operationoutcome"
_RETURNS = {_MINIMAL: "minimal", "representation": "representation", _OUTCOME: "OperationOutcome"}
"""The values of `return` by their lower-case form."""


def check_parameters(request: FhirRequest) -> None:
    """Reject parameters in the address that a create or an update has no use for. Raises FhirError PARAMETER.

    With `Prefer: handling=lenient`, they are ignored.
    """
    if not request.query or preference(request, "handling") == "lenient":
        return
    unknown = dict.fromkeys(named("parameter", name) for name, _ in request.query if name not in _ACCEPTED)
    if unknown:
        accepted = f"Only {' and '.join(_ACCEPTED)} are accepted with a create or an update."
        raise FhirError(Fault.PARAMETER, *(Issue(f"{one} is not supported here. {accepted}") for one in unknown))


def respond_written(request: FhirRequest, answer: Answer) -> Response:
    """Render the resource, nothing, or an OperationOutcome, as `Prefer: return=…` asks."""
    wanted = preference(request, "return")
    if wanted not in _RETURNS:
        return respond(answer)
    if wanted == _OUTCOME:
        answer = replace(answer, body=_told(answer))
    response = respond(replace(answer, body="") if wanted == _MINIMAL else answer)
    if wanted == _MINIMAL:
        del response.headers["Content-Type"]
    response.headers["Preference-Applied"] = f"return={_RETURNS[wanted]}"
    return response


def _told(answer: Answer) -> str:
    done = "created" if answer.status == _CREATED else "stored"
    text = f"The resource is {done} as the version that the ETag header names."
    return write(outcome([Issue(text, severity="information")], "informational"))
