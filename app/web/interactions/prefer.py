"""Honor the Prefer header of a create or an update.

http://hl7.org/fhir/R4/http.html#ops
"""

from __future__ import annotations

from msgspec.structs import replace
from starlette.responses import Response

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, outcome
from app.search.parsing import IGNORED, named
from app.web.headers.preferences import preference
from app.web.request import FhirRequest
from app.web.respond import respond
from app.workflow.call import Answer

_CREATED = 201
_MINIMAL, _OUTCOME = "minimal", "operationoutcome"
_RETURNS = {_MINIMAL: "minimal", "representation": "representation", _OUTCOME: "OperationOutcome"}
"""The values of `return` by their lower-case form."""


def check_parameters(request: FhirRequest) -> None:
    """Check that a create or an update has no unknown query parameters. Raises FhirError PARAMETER.

    `Prefer: handling=lenient` ignores unknown parameters.
    """
    if not request.query or preference(request, "handling") == "lenient":
        return
    unknown = dict.fromkeys(named("parameter", name) for name, _ in request.query if name not in IGNORED)
    if unknown:
        supported = f"A create or an update supports {' and '.join(IGNORED)} only."
        raise FhirError(Fault.PARAMETER, *(Issue(f"{name} is not supported. {supported}") for name in unknown))


def respond_as_preferred(request: FhirRequest, answer: Answer) -> Response:
    """Render the resource, an empty body or an OperationOutcome, as `Prefer: return=…` selects."""
    preferred = preference(request, "return")
    if preferred not in _RETURNS:
        return respond(answer)
    if preferred == _OUTCOME:
        answer = replace(answer, body=_outcome_text(answer))
    response = respond(replace(answer, body="") if preferred == _MINIMAL else answer)
    if preferred == _MINIMAL:
        del response.headers["Content-Type"]
    response.headers["Preference-Applied"] = f"return={_RETURNS[preferred]}"
    return response


def _outcome_text(answer: Answer) -> str:
    done = "created" if answer.status == _CREATED else "stored"
    text = f"The resource was {done}. The ETag header names its version."
    return write(outcome([Issue(text, severity="information")], "informational"))
