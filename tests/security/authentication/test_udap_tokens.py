"""UDAP: a registered member gets tokens for the organizations that were bound to it, by its certificate only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.registry import Client
from app.access.udap.b2b import NPI_URN
from app.access.udap.community import Stated, StatementVerifier
from app.adapters.udap.server import udap_server
from app.records.access.registry import change_row
from app.workflow.udap.register_client import client_id_of
from tests.support.assertions import assertion, form, public, rsa_key
from tests.support.community import MEMBER, intermediate, member
from tests.support.server import ROOT, Server, serving
from tests.support.token_requests import granted, now, post, refused
from tests.support.udap import ORGANIZATION, register, software, token_form, written


async def test_a_token_is_for_the_organization_of_its_extension_only(community: Server) -> None:
    await register(community, software(community))
    fields = token_form(community, extension={"organization_id": ORGANIZATION})
    token = granted(await post(community, fields))["access_token"]
    verified = await community.system.identity.tokens.verify(token, community.clock.now())
    principal = await community.system.identity.registry.principal(verified.client, "", community.clock.now(), "org-b")
    assert verified.organization == "org-b"
    assert principal is not None
    assert principal.organizations == ("org-b",)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": f"{ROOT}/oauth/register"}, {"sub": "somebody"}, {"exp": 1}, {"jti": None}, {"iat": None},
        {"iss": "nobody"},
    ],
)  # fmt: skip
async def test_an_assertion_with_a_wrong_claim_gets_no_token(community: Server, changes: dict[str, Any]) -> None:
    await register(community, software(community))
    refused(await post(community, token_form(community, **changes)), "invalid_client", 401)


async def test_an_assertion_of_another_member_gets_no_token(community: Server) -> None:
    await register(community, software(community))
    other = member(intermediate(), "https://other.example/fhir")
    refused(await post(community, token_form(community, other)), "invalid_client", 401)


async def test_an_assertion_gets_one_token(community: Server) -> None:
    await register(community, software(community))
    fields = token_form(community)
    granted(await post(community, fields))
    refused(await post(community, fields), "invalid_client", 401)


@pytest.mark.parametrize(
    "changes",
    [{"extensions": None}, {"extension": {"version": "2"}}, {"extension": {"organization_id": f"{NPI_URN}1999999999"}}],
)
async def test_an_organization_that_is_not_bound_gets_no_token(community: Server, changes: dict[str, Any]) -> None:
    await register(community, software(community))
    refused(await post(community, token_form(community, **changes)), "invalid_grant")


async def test_a_registered_member_cannot_use_an_assertion_without_its_certificate(community: Server) -> None:
    await register(community, software(community))
    fields = {name: value for name, value in token_form(community).items() if name != "udap"}
    refused(await post(community, fields), "invalid_client", 401)


async def test_a_token_request_verifies_its_chain_once(tmp_path: Path) -> None:
    udap = udap_server(written(tmp_path, f"{ROOT}/fhir"), ROOT)
    verifier = Counting(udap.verifier)
    async with serving(tmp_path, udap=replace(udap, verifier=verifier)) as server:
        await register(server, software(server))
        verifier.count = 0
        granted(await post(server, token_form(server)))
    assert verifier.count == 1


@dataclass
class Counting:
    """Counts the statements that a verifier checks."""

    verifier: StatementVerifier
    count: int = 0

    def verify(self, text: str, now: datetime) -> Stated:
        self.count += 1
        return self.verifier.verify(text, now)


async def test_a_member_with_an_ordinary_key_gets_no_token(community: Server) -> None:
    """An operator may give it a key; its assertion then names no organization."""
    await register(community, software(community))
    name = client_id_of(MEMBER)
    await change_row(community.system.documents, Client, name, lambda row: replace(row, jwks=public(rsa_key())))
    fields = form(assertion(rsa_key(), name, now(community)), scope="system/Claim.r")
    refused(await post(community, fields), "invalid_client", 401)
