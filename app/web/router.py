"""Install the routes: Starlette's for the FHIR bases, and FastAPI's for the pages and health checks."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from app.pas.edition import Edition
from app.records.kinds import SERVED
from app.web import health
from app.web.audit.acts import act_of
from app.web.audit.audited import audited
from app.web.bases import BASES
from app.web.endpoint import Handler, Interaction, endpoint
from app.web.headers.media_types import negotiate
from app.web.interactions.evidence import read_binary
from app.web.interactions.routes import ROUTES
from app.web.pacing import pace_by_address
from app.web.pages import pages
from app.web.pages.document import PAGE_ROUTERS
from app.web.request import FhirRequest
from app.web.smart import sign_in_routes
from app.web.smart.error_forms import ERROR_FORMS
from app.web.smart.oauth_routes import discovery_routes, oauth_routes
from app.web.smart.udap import metadata_routes, registration_routes
from app.workflow.system import System


def install(app: FastAPI, system: System) -> None:
    """Mount every FHIR base, and include the pages and the health checks."""
    app.state.system = system
    app.state.error_forms = ERROR_FORMS
    app.state.readiness = health.Readiness()
    for prefix, edition in BASES.items():
        described = [*discovery_routes(system, prefix), *metadata_routes(system, prefix)]
        routes = [*_fhir_routes(system, edition, prefix), *described]
        app.mount(prefix, Router(routes, redirect_slashes=False, default=partial(_unknown_path, system)))
    app.router.routes.extend([*oauth_routes(system), *registration_routes(system)])
    for router in PAGE_ROUTERS if system.pages else (pages.asset_router, health.router):
        app.include_router(router)
    if system.identity.oauth is not None:
        app.include_router(sign_in_routes.router)


async def _unknown_path(system: System, scope: Scope, _receive: Receive, _send: Send) -> None:
    """Refuse a path that no route serves. No client is known then, also with a bearer token."""
    pace_by_address(scope, system)
    raise HTTPException(404)


def _fhir_routes(system: System, edition: Edition, prefix: str) -> list[Route]:
    """Return the routes of a base, one for each path."""
    handlers: dict[str, dict[str, Handler]] = {}
    for path, method, interaction in ROUTES:
        handler = partial(_handle, interaction, edition, system.root + prefix)
        handlers.setdefault(path, {})[method] = partial(audited, act_of(path, method), handler)
    return [endpoint(path, handlers[path], system, prefix) for path in sorted(handlers, key=_position)]


def _position(path: str) -> int:
    """Sort the served types before the many that can only be validated: Starlette tries one route after another."""
    type_ = path.split("/")[1]
    return SERVED.index(type_) if type_ in SERVED else len(SERVED)


async def _handle(interaction: Interaction, edition: Edition, base: str, request: FhirRequest) -> Response:
    if interaction is not read_binary:  # which answers in the type of the document
        negotiate(request)
    return await interaction(request, edition, base)
