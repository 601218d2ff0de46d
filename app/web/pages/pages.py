"""The pages for people: what this server is, at its root, and its documentation.

Nothing on them comes from the request, and nothing is loaded from another host.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.fhir.outcome import Issue, outcome
from app.settings import release
from app.web.bases import BASES
from app.web.headers.media_types import HTML_TYPE, accepts_html
from app.web.pages.assets import asset, asset_path
from app.web.pages.document import document_text
from app.web.request import FhirRequest
from app.web.respond import respond_resource
from app.workflow.system import System

_SHUT = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STRICT = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'self'; img-src 'self'; {_SHUT}",
    "Referrer-Policy": "no-referrer",
}
_SCRIPTED = {
    **_STRICT,
    # The script puts styles on its elements; it loads the document, and calls the server, from this origin only.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    f" connect-src 'self'; img-src 'self' data:; {_SHUT}",
}


async def home(request: FhirRequest) -> Response:
    """Answer a browser with a page, and everybody else with where the metadata is."""
    if accepts_html(request):
        response = _html("home.html", _STRICT, **_facts(request.system))
    else:
        response = respond_resource(outcome([_pointer()], "informational"))
    response.headers["Vary"] = "Accept"
    return response


async def docs(_: FhirRequest) -> Response:
    """Answer with the documentation, which a vendored script makes of `/openapi.json`."""
    return _html("docs.html", _SCRIPTED, script=asset_path("rapidoc-min.js"), theme=asset_path("docs.js"))


async def openapi(request: FhirRequest) -> Response:
    """Answer with the OpenAPI document; the first one is made in a thread, as it takes seconds."""
    text = await run_in_threadpool(document_text, request.system.root)
    return Response(text, media_type="application/json")


def _pointer() -> Issue:
    bases = ", ".join(f"{base} (PAS {edition.version})" for base, edition in BASES.items())
    text = f"This is preauth, a FHIR R4 server. GET /fhir/metadata tells what is served. Bases: {bases}."
    return Issue(text, severity="information")


def _facts(system: System) -> dict[str, Any]:
    return {
        "version": release(),
        "root": system.root,
        "bases": [(base, edition.version) for base, edition in BASES.items()],
        "payers": sorted(policy.payer.name for policy in system.payers.values()),
        "demo": system.demo,
    }


def _html(name: str, headers: dict[str, str], **facts: Any) -> Response:
    page = (
        _templates().get_template(name).render(style=asset_path("preauth.css"), icon=asset_path("favicon.svg"), **facts)
    )
    return Response(page, headers=headers, media_type=HTML_TYPE)


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


PAGES: Mapping[str, Callable[[FhirRequest], Awaitable[Response]]] = {
    "/": home,
    "/docs": docs,
    "/openapi.json": openapi,
    "/assets/{digest}/{name}": asset,
}
"""What is served to people and their tools beside the FHIR bases, by GET."""
