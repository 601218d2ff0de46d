"""Serve the OpenAPI 3.1 document, built from the same rows as the routes.

https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from functools import cache
from threading import Lock
from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from app.operations import OPERATIONS
from app.pas.asking.write_evidence import READABLE_TYPES
from app.records.kinds import SERVED
from app.release import release
from app.search.canonicals import DEFINED
from app.web import health
from app.web.bases import BASES
from app.web.interactions.routes import INTERACTIONS, rows_of
from app.web.page_routes import GET, ServingSystem, page_router
from app.web.pages import pages
from app.web.pages.described import EVIDENCE_TAG, interaction, operation
from app.web.pages.examples import examples
from app.web.pages.oauth_described import TAG, Served, oauth_components, oauth_paths, served_by
from app.web.pages.responses import RESPONSES
from app.web.pages.schemas import schemas

Json = dict[str, Any]

router = page_router()

PAGE_ROUTERS = (pages.router, router, pages.asset_router, health.router)
"""The routers of the pages and of the health checks."""

_TYPES = (
    *SERVED,
    *READABLE_TYPES,
    "MeasureReport",
    "Bundle",
    "Parameters",
    "OperationOutcome",
    "CapabilityStatement",
    *DEFINED,
)
_TAGS = ("Prior authorization", *SERVED, EVIDENCE_TAG, "Definitions", "Metadata", "Validation")
"""The groups of the paths below the FHIR bases, the most important first."""
_LOCK = Lock()

_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The home page explains how to get a token. Each path lists the scopes that it requires.",
}
_ABOUT = """\
This server answers prior authorization requests (Da Vinci PAS). It matches billing claims to the authorization numbers
that they carry. The body of every request and answer is FHIR R4 in JSON.

- **Get a token.** The [home page](./) explains how; *OAuth* has the endpoints. Paste the token under *Authentication*.
- **Choose an edition.** Each of the *API Servers* is a FHIR base for one edition of PAS.
- **Submit a request.** `Claim/$submit` has examples that are approved, pended, modified and denied.
- **Look up definitions.** Profiles, extensions and codes are under *Definitions*.
"""


@router.api_route("/openapi.json", methods=GET, summary="This document", response_class=JSONResponse)
def openapi(request: Request, system: ServingSystem) -> Response:
    """Answer with the OpenAPI document. The first request takes a few seconds."""
    # A plain function, which FastAPI runs in a thread.
    with _LOCK:
        return Response(_document_text(system.root, served_by(request.app)), media_type="application/json")


@cache
def _document_text(root: str, oauth: Served) -> bytes:
    return json.dumps(document(root, oauth), ensure_ascii=False, separators=(",", ":")).encode()


def document(root: str, oauth: Served) -> Json:
    """Return the OpenAPI document of the server whose URL is `root`, with the endpoints of OAuth that it serves."""
    paths: dict[str, Json] = {}
    for path, method, described in _rows():
        paths.setdefault(path, {})[method.lower()] = described
    paths |= oauth_paths(oauth)
    for path, page in _pages().items():
        paths[path] = {"servers": [{"url": root}], **page}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "preauth",
            "version": release(),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root + base, "description": f"PAS {edition.version}"} for base, edition in BASES.items()],
        "tags": [{"name": name} for name in (*_TAGS, *([TAG] if oauth else []), "Server")],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": _TOKEN, **oauth_components(oauth, "securitySchemes")},
            "schemas": {**schemas(_TYPES), **oauth_components(oauth, "schemas")},
            "examples": examples(_TYPES),
            "responses": {**RESPONSES, **oauth_components(oauth, "responses")},
        },
    }


def _rows() -> Iterator[tuple[str, str, Json]]:
    for row in OPERATIONS:
        for type_ in row.contexts:
            for path, method in rows_of(row, type_):
                yield _plain(path), method, operation(row, type_, _plain(path), method)
    for path, method, _ in INTERACTIONS:
        yield _plain(path), method, interaction(_plain(path), method)


def _plain(path: str) -> str:
    """Return the template of a path without the types of its parameters."""
    return path.replace(":fhirid", "")


def _pages() -> dict[str, Json]:
    """Return FastAPI's description of the pages, without HEAD, which answers as GET does."""
    routes = [copy(route) for pages_router in PAGE_ROUTERS for route in pages_router.routes]
    for route in routes:
        if isinstance(route, APIRoute):
            route.methods = {"GET"}
    paths: dict[str, Json] = get_openapi(title="preauth", version=release(), routes=routes)["paths"]
    return paths
