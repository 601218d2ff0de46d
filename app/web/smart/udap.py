"""UDAP by HTTP: the metadata below each FHIR base, and the registration of clients. Both exist only if it is on.

https://hl7.org/fhir/us/udap-security/
"""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from app.access.udap.community import VERSION, UdapServer
from app.access.udap.metadata import signed_claims, udap_metadata
from app.access.udap.statement import RegistrationRefused
from app.web.addresses import client_network
from app.web.body import read_bytes
from app.web.headers.media_types import JSON_TYPE, check_media_type
from app.web.request import FhirRequest
from app.web.smart.oauth_answers import json_response
from app.web.smart.oauth_endpoint import oauth_route
from app.workflow.system import System
from app.workflow.udap.register_client import register_client

PATH = "/.well-known/udap"
MOST_BYTES = 65_536


class _Body(msgspec.Struct, frozen=True):
    software_statement: str
    udap: str
    certifications: list[str] = []


def metadata_routes(system: System, prefix: str) -> list[Route]:
    """Return the route of the metadata below a FHIR base; none if UDAP is off, or if no certificate names the base."""
    server = system.identity.udap
    base = system.root + prefix
    if server is None or base not in server.signer.names:
        return []
    return [oauth_route(PATH, ["GET"], partial(_metadata, server, base), system, prefix)]


def registration_routes(system: System) -> list[Route]:
    """Return the route of the registration; none if UDAP is off."""
    server = system.identity.udap
    return [] if server is None else [oauth_route("/oauth/register", ["POST"], partial(_register, server), system)]


async def _metadata(server: UdapServer, base: str, request: FhirRequest) -> Response:
    """Answer with the metadata of this server's community; another community has none here."""
    if dict(request.query).get("community", server.uri) != server.uri:
        return Response(status_code=204)
    system = request.system
    now = int(system.clock.now().timestamp())
    signed = await asyncio.to_thread(server.signer.sign, signed_claims(server, base, now, system.ids.new()))
    return json_response(udap_metadata(server, signed))


async def _register(server: UdapServer, request: FhirRequest) -> Response:
    """Answer a registration with the client, or with an error of RFC 7591."""
    try:
        address = client_network(request.scope, request.system.trusted_proxies)
        status, answer = await register_client(request.system, server, await _statement(request), address)
    except RegistrationRefused as refused:
        return json_response({"error": refused.error, "error_description": refused.description}, 400)
    return json_response(answer, status)


async def _statement(request: FhirRequest) -> str:
    """Return the software statement of the body. Raises RegistrationRefused, FhirError MEDIA_TYPE or TOO_LARGE."""
    check_media_type(request, JSON_TYPE)
    try:
        body = msgspec.json.decode(await read_bytes(request, MOST_BYTES), type=_Body)
    except (ValueError, RecursionError) as malformed:
        fault = "The body must be a JSON object with a software_statement and udap."
        raise RegistrationRefused("invalid_client_metadata", fault) from malformed
    if body.udap != VERSION:
        raise RegistrationRefused("invalid_client_metadata", "udap must be 1.")
    return body.software_statement
