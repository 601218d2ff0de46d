"""UDAP: a registered member gets tokens for the organizations that were bound to it, by its certificate only."""

from __future__ import annotations

from typing import Any

import pytest

from app.access.udap.b2b import NPI_URN
from tests.support.community import intermediate, member
from tests.support.server import ROOT, Server
from tests.support.token_requests import granted, post, refused
from tests.support.udap import ORGANIZATION, register, software, token_form


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
