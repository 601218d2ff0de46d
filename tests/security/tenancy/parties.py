"""The organizations of the tenancy tests, and requests for their providers."""

from __future__ import annotations

from typing import Any

from app.access.grant import Role
from app.access.registry import Client, Organization, People
from tests.api.reading import answered, resources
from tests.support.people import register
from tests.support.samples import PAS, request_bundle
from tests.support.server import Server

Json = dict[str, Any]

OF_A, OF_B, OF_C = "8189991234", "1444444446", "1888888884"
"""NPIs of the organizations org-a, org-b and org-c. The client `house` acts for org-a and org-c."""

TIN, SENDER = "12-3456789", "SENDER-D"

EIN_SYSTEM = "urn:oid:2.16.840.1.113883.4.4"

_D = People(
    organizations=(Organization(id="org-d", npis=("1999999992",), tins=(TIN,), sender_ids=(SENDER,)),),
    clients=(
        Client(id="ehr-c", role=Role.PROVIDER, scopes=("system/*.cruds",), organizations=("org-c",)),
        Client(id="ehr-d", role=Role.PROVIDER, scopes=("system/*.cruds",), organizations=("org-d", "org-c")),
    ),
)


async def with_more_clients(server: Server) -> None:
    """Register `ehr-c` of org-c, and `ehr-d` of org-d and org-c; org-d has an NPI, a TIN and a sender id."""
    await register(server.system.documents, _D)
    server.clients = {**server.clients, **{client.id: client for client in _D.clients}}


def by_tin(**asked: Any) -> Json:
    """Build a request whose provider has a TIN and no NPI."""
    body = request_bundle(**asked)
    for one in body["entry"]:
        if one["resource"].get("id") == "clinic-1" or one["fullUrl"].endswith("Organization/clinic-1"):
            one["resource"]["identifier"] = [{"system": EIN_SYSTEM, "value": TIN}]
    return body


def sent_by(sender: str, **asked: Any) -> Json:
    """Build a request with transmission identifiers."""
    parts = [
        {"url": "applicationSenderCode", "valueString": "APP"},
        {"url": "applicationReceiverCode", "valueString": "PAYER"},
        {"url": "interchangeSenderID", "valueString": sender},
    ]
    return request_bundle(
        claim={"extension": [{"url": PAS + "extension-TransmissionIdentifiers", "extension": parts}]}, **asked
    )


async def submitted(server: Server, client: str, **asked: Any) -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(**asked), client))


async def seen(server: Server, client: str, type_: str = "ClaimResponse") -> set[str]:
    """Return the ids of all resources of a type that the client finds."""
    bundle = (await server.get(f"/{type_}?_count=200", client)).json()
    return {one["id"] for one in resources(bundle)}
