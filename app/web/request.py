"""A request as the FHIR endpoints ask it: the server's parts, headers by name, and the parameters of the address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from app.workflow.system import System

_LATIN = "latin-1"


class FhirRequest(Request):
    """Starlette's request; what is asked of every request, and several times, is read once.

    `heads` has the headers by lower-case name, of several of one name the first; `query` has the parameters in the
    order in which they stand in the address.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self.system: System = scope["app"].state.system
        self.heads: dict[str, str] = {
            name.decode(_LATIN): value.decode(_LATIN) for name, value in reversed(scope["headers"])
        }
        self.query = self.query_params.multi_items() if scope["query_string"] else []
