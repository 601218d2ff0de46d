"""A server in a UDAP community, its members, and their registrations and requests for tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from app.access.registry import Client
from app.access.smart.assertion import ASSERTION_TYPE
from app.access.udap.b2b import NPI_URN
from app.records.access.registry import find
from app.workflow.udap.register_client import client_id_of
from tests.support.community import MEMBER, Party, anchors_in, ehr, intermediate, member, rsa_of, statement
from tests.support.server import ROOT, Server

NPI = "8189991234"  # of org-a
ORGANIZATION = "https://ehr.example/organizations/b"
FILE = f"""\
community: https://community.example
trust-anchors: anchors
certificate: own.pem
key: own.key
organizations:
  {MEMBER}: [org-a, org-b]
organization-ids:
  {ORGANIZATION}: org-b
"""


def written(folder: Path, *names: str) -> Path:
    """Write the file, the anchors and the server's certificate with these names; return the file."""
    own = member(intermediate(), *names, key=rsa_of("own"))
    (folder / "own.pem").write_bytes(own.pem)
    (folder / "own.key").write_bytes(own.key_pem)
    anchors_in(folder / "anchors")
    file = folder / "udap.yaml"
    file.write_text(FILE, encoding="utf-8")
    return file


def software(server: Server, uri: str = MEMBER, party: Party | None = None, **changes: Any) -> str:
    second = int(server.clock.now().timestamp())
    claims = {
        "iss": uri, "sub": uri, "aud": f"{ROOT}/oauth/register", "iat": second, "exp": second + 300, "jti": "1",
        "client_name": "EHR", "contacts": ["mailto:it@ehr.example"], "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt", "scope": "system/*.cruds", **changes,
    }  # fmt: skip
    return statement(party or ehr(), claims)


async def register(server: Server, text: str, **body: Any) -> httpx.Response:
    return await server.http.post("/oauth/register", json={"software_statement": text, "udap": "1", **body})


def token_form(server: Server, party: Party | None = None, uri: str = MEMBER, **changes: Any) -> dict[str, str]:
    second = int(server.clock.now().timestamp())
    client = client_id_of(uri)
    extension = {"version": "1", "organization_id": f"{NPI_URN}{NPI}", "purpose_of_use": ["urn:oid:2.16#TREAT"]}
    claims = {
        "iss": client, "sub": client, "aud": f"{ROOT}/oauth/token", "iat": second, "exp": second + 300,
        "jti": "t-1", "extensions": {"hl7-b2b": extension | changes.pop("extension", {})}, **changes,
    }  # fmt: skip
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": statement(party or ehr(), {name: value for name, value in claims.items() if value}),
        "scope": "system/Claim.crs system/ClaimResponse.rs",
        "udap": "1",
    }


async def client_of(server: Server, uri: str = MEMBER) -> Client | None:
    return await find(server.system.documents, Client, client_id_of(uri))
