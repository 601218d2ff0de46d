"""Serve the home page and the API reference. They show no text of the request and load nothing from other hosts."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from app.fhir.outcome import Issue, outcome
from app.release import release
from app.web.bases import BASES
from app.web.headers.media_types import accepts_html
from app.web.page_routes import GET, ServingSystem, page_router
from app.web.pages.assets import asset_path, asset_response
from app.web.pages.rendering import html_page, strict_policy
from app.web.respond import respond_resource
from app.workflow.system import System

router = page_router()
asset_router = page_router()
"""The router of the files that all pages load, also those of a sign-in."""

_SCRIPTED = {
    # The script sets styles on its elements. It loads the document and calls the server on this origin only.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


@router.api_route("/", methods=GET, summary="Home page", response_class=HTMLResponse)
async def home(request: Request, system: ServingSystem) -> Response:
    """Answer a browser with a page, and other clients with an OperationOutcome that names the FHIR bases."""
    if accepts_html(", ".join(request.headers.getlist("accept"))):
        response = html_page("home.html", strict_policy(), **_facts(system))
    else:
        response = respond_resource(outcome([_pointer()], "informational"))
    response.headers["Vary"] = "Accept"
    return response


@router.api_route("/docs", methods=GET, summary="API reference, to read and to try", response_class=HTMLResponse)
async def docs(system: ServingSystem) -> Response:
    """Answer with the page that shows the OpenAPI document."""
    return html_page(
        "docs.html", _SCRIPTED, demo=system.demo, script=asset_path("rapidoc-min.js"), theme=asset_path("docs.js")
    )


@asset_router.api_route(
    "/assets/{digest}/{name}",
    methods=GET,
    summary="Style sheet or script of the pages",
    response_class=PlainTextResponse,
    responses={"4XX": {"description": "No file has this name and digest."}},
)
async def asset(digest: str, name: str) -> Response:
    """Answer with a file, which browsers may cache forever."""
    return asset_response(digest, name)


def _pointer() -> Issue:
    bases = ", ".join(f"{base} (PAS {edition.version})" for base, edition in BASES.items())
    text = f"This is preauth, a FHIR R4 server. GET /fhir/metadata lists its resources and operations. Bases: {bases}."
    return Issue(text, severity="information")


def _facts(system: System) -> dict[str, Any]:
    return {
        "version": release(),
        "root": system.root,
        "bases": [(base, edition.version) for base, edition in BASES.items()],
        "payers": sorted(policy.payer.name for policy in system.payers.values()),
        "demo": system.demo,
    }
