"""UDAP: a member of the community registers itself as a client, and the server shows signed metadata."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from app.access.registry import Client
from app.adapters.udap.server import udap_server
from app.adapters.udap.statements import Statements
from app.adapters.udap.trust_anchors import TrustAnchors
from app.records.access.registry import add_row, change_row
from app.workflow.udap.register_client import client_id_of
from tests.support.backend_clients import backend
from tests.support.community import MEMBER, authority, intermediate, member
from tests.support.server import ROOT, Server
from tests.support.token_requests import granted, post, refused
from tests.support.udap import client_of, register, software, token_form, written


@pytest.mark.parametrize("path", ["/fhir/.well-known/udap", "/2.2.1/fhir/.well-known/udap"])
async def test_udap_is_off_without_its_file(server: Server, path: str) -> None:
    assert (await server.http.get(path)).status_code == 404
    assert (await register(server, "x")).status_code == 404
    refused(await post(server, token_form(server)), "invalid_client", 401)


async def test_the_metadata_is_signed_with_a_certificate_that_names_the_base(community: Server, tmp_path: Path) -> None:
    answer = await community.http.get("/fhir/.well-known/udap")
    document = answer.json()
    assert (answer.status_code, document["udap_versions_supported"]) == (200, ["1"])
    stated = Statements(TrustAnchors(tmp_path / "anchors")).verify(document["signed_metadata"], community.clock.now())
    assert stated.names == {f"{ROOT}/fhir"}
    assert stated.claims["iss"] == stated.claims["sub"] == f"{ROOT}/fhir"
    assert stated.claims["registration_endpoint"] == document["registration_endpoint"] == f"{ROOT}/oauth/register"
    assert stated.claims["exp"] - stated.claims["iat"] <= 366 * 86_400


async def test_a_base_that_the_certificate_does_not_name_has_no_metadata(community: Server) -> None:
    assert (await community.http.get("/2.0.1/fhir/.well-known/udap")).status_code == 404


@pytest.mark.parametrize(("uri", "status"), [("https://community.example", 200), ("https://other.example", 204)])
async def test_metadata_is_for_the_community_that_the_server_is_in(community: Server, uri: str, status: int) -> None:
    answer = await community.http.get("/fhir/.well-known/udap", params={"community": uri})
    assert answer.status_code == status


async def test_a_member_registers_and_gets_a_token_for_its_organization(community: Server) -> None:
    answer = await register(community, software(community))
    assert answer.status_code == 201
    assert answer.json()["client_id"] == client_id_of(MEMBER)
    token = granted(await post(community, token_form(community)))
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert (await community.http.get("/fhir/Claim", headers=bearer)).status_code == 200
    verified = await community.system.identity.tokens.verify(token["access_token"], community.clock.now())
    assert verified.organization == "org-a"


async def test_a_new_member_has_no_organization_and_no_token(community: Server) -> None:
    other = "https://other.example/fhir"
    party = member(intermediate(), other)
    assert (await register(community, software(community, other, party))).status_code == 201
    client = await client_of(community, other)
    assert client is not None
    assert client.organizations == ()
    refused(await post(community, token_form(community, party, other)), "invalid_grant")


async def test_a_second_statement_replaces_the_first_and_keeps_the_organizations(community: Server) -> None:
    await register(community, software(community))
    again = await register(community, software(community, jti="2", client_name="New name", scope="system/Claim.rs"))
    client = await client_of(community)
    assert again.status_code == 200
    assert client is not None
    assert (client.name, client.scopes, client.organizations) == ("New name", ("system/Claim.rs",), ("org-a", "org-b"))


async def test_a_statement_without_grant_types_cancels_the_registration(community: Server) -> None:
    await register(community, software(community))
    answer = await register(community, software(community, jti="2", grant_types=[]))
    assert (answer.status_code, answer.json()["grant_types"]) == (200, [])
    refused(await post(community, token_form(community)), "invalid_client", 401)
    assert (await register(community, software(community, jti="3"))).status_code == 200
    granted(await post(community, token_form(community)))


async def test_a_client_that_the_operator_disabled_does_not_register_again(community: Server) -> None:
    await register(community, software(community))
    await change_row(community.system.documents, Client, client_id_of(MEMBER), _locked)
    answer = await register(community, software(community, jti="2"))
    assert (answer.status_code, answer.json()["error"]) == (400, "unapproved_software_statement")
    refused(await post(community, token_form(community)), "invalid_client", 401)


def _locked(row: Client) -> Client:
    return replace(row, disabled=True, locked=True)


async def test_a_statement_does_not_change_a_client_that_was_registered_in_another_way(community: Server) -> None:
    ordinary = replace(backend(), id=client_id_of(MEMBER))
    await add_row(community.system.documents, ordinary)
    for text in (software(community), software(community, jti="2", grant_types=[])):
        answer = await register(community, text)
        assert (answer.status_code, answer.json()["error"]) == (400, "unapproved_software_statement")
    assert await client_of(community) == ordinary


async def test_a_new_statement_gets_the_organizations_that_the_operator_binds_now(community: Server) -> None:
    await register(community, software(community))
    await change_row(
        community.system.documents, Client, client_id_of(MEMBER), lambda row: replace(row, organizations=())
    )
    await register(community, software(community, jti="2"))
    client = await client_of(community)
    assert client is not None
    assert client.organizations == ("org-a", "org-b")


async def test_a_statement_of_another_community_is_not_approved(community: Server) -> None:
    stranger = member(authority("stranger"), MEMBER)
    answer = await register(community, software(community, party=stranger))
    assert (answer.status_code, answer.json()["error"]) == (400, "unapproved_software_statement")
    assert await client_of(community) is None


async def test_a_statement_in_the_name_of_another_member_is_invalid(community: Server) -> None:
    answer = await register(community, software(community, party=member(intermediate(), "https://other.example")))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_software_statement")


async def test_a_statement_can_be_used_once(community: Server) -> None:
    text = software(community)
    assert (await register(community, text)).status_code == 201
    assert (await register(community, text)).json()["error"] == "invalid_software_statement"


async def test_an_unknown_client_cannot_be_canceled(community: Server) -> None:
    assert (await register(community, software(community, grant_types=[]))).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'{"udap": "1"}', b'{"software_statement": "x"}', b'{"software_statement": 1, "udap": "1"}',
        b'{"software_statement": "x", "udap": "2"}', b"[" * 5000,
    ],
)  # fmt: skip
async def test_another_body_is_refused(community: Server, body: bytes) -> None:
    answer = await community.http.post("/oauth/register", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


async def test_a_large_body_is_refused(community: Server) -> None:
    assert (await register(community, "x" * 70_000)).status_code == 413


@pytest.mark.parametrize("name", ["udap.yaml", "own.pem", "own.key", "anchors/anchor.pem"])
def test_a_missing_file_stops_the_start(tmp_path: Path, name: str) -> None:
    file = written(tmp_path, f"{ROOT}/fhir")
    (tmp_path / name).unlink()
    with pytest.raises(RuntimeError):
        udap_server(file, ROOT)


def test_a_certificate_that_does_not_name_the_server_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="SAN"):
        udap_server(written(tmp_path, "https://other.example/fhir"), ROOT)
