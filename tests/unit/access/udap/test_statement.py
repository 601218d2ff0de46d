"""Software statements and the B2B extension: every claim that a member must have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.access.registry import Organization
from app.access.udap.b2b import NPI_URN, B2bRefused, organization_of
from app.access.udap.community import Stated, UdapServer
from app.access.udap.statement import Registration, RegistrationRefused, read_registration

URI = "https://ehr.example/fhir"
NOW = 1_800_000_000.0

Json = dict[str, Any]


class Unused:
    names: frozenset[str] = frozenset()

    def verify(self, text: str, now: object) -> Stated:
        raise AssertionError(text, now)

    def sign(self, claims: Mapping[str, Any]) -> str:
        raise AssertionError(claims)


SERVER = UdapServer(
    uri="https://community.example",
    root="https://pas.example",
    verifier=Unused(),
    signer=Unused(),
    scopes=("system/*.rs",),
)


def claims(**changes: Any) -> dict[str, Any]:
    usual = {
        "iss": URI, "sub": URI, "aud": "https://pas.example/oauth/register", "exp": NOW + 300, "iat": NOW, "jti": "1",
        "client_name": "EHR", "contacts": ["mailto:it@ehr.example"], "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt", "scope": "system/Claim.crs system/Task.r openid", **changes,
    }  # fmt: skip
    return {name: value for name, value in usual.items() if value is not None}


def read(**changes: Any) -> Registration:
    return read_registration(Stated(claims(**changes), frozenset({URI})), SERVER, NOW)


def test_a_statement_asks_for_the_scopes_that_the_server_allows() -> None:
    scopes = ("system/Claim.rs", "system/Task.r")
    assert read() == Registration(URI, "EHR", scopes, ("client_credentials",), "1", NOW + 300)


def test_a_statement_without_grant_types_cancels() -> None:
    assert read(grant_types=[], scope=None).grants == ()


INVALID: tuple[Json, ...] = (
    {"iss": "https://other.example"}, {"iss": None}, {"iss": [URI]}, {"sub": "https://other.example"},
    {"aud": "https://pas.example/oauth/token"}, {"aud": ["https://pas.example/oauth/register"]},
    {"exp": NOW - 30}, {"exp": NOW + 301}, {"exp": None}, {"exp": "1800000300"}, {"iat": NOW + 31},
    {"iat": None}, {"jti": None}, {"jti": ""}, {"jti": "x" * 257}, {"jti": 1},
)  # fmt: skip
UNUSABLE: tuple[Json, ...] = (
    {"client_name": None}, {"client_name": ""}, {"client_name": "x" * 201},
    {"client_name": "\x1b[31mEHR"}, {"client_name": "a\u202eb"}, {"contacts": None}, {"contacts": []},
    {"contacts": ["https://ehr.example"]}, {"contacts": ["mailto:a"] * 21}, {"grant_types": None},
    {"grant_types": ["authorization_code"]}, {"grant_types": ["client_credentials", "refresh_token"]},
    {"token_endpoint_auth_method": "none"}, {"token_endpoint_auth_method": None}, {"scope": None},
    {"scope": "patient/*.rs"}, {"scope": "system/*.c"}, {"scope": ["system/*.rs"]},
)  # fmt: skip


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        *(("invalid_software_statement", changes) for changes in INVALID),
        *(("invalid_client_metadata", changes) for changes in UNUSABLE),
    ],
)
def test_a_statement_with_a_wrong_or_missing_claim_is_refused(error: str, changes: dict[str, Any]) -> None:
    with pytest.raises(RegistrationRefused) as refused:
        read(**changes)
    assert refused.value.error == error


ORGANIZATION = Organization(id="org-a", npis=("1234567893",))
EXTENSION = {"version": "1", "organization_id": f"{NPI_URN}1234567893", "purpose_of_use": ["urn:x#TREAT"]}


def organization(extension: object, name: str = "hl7-b2b") -> str:
    known = {"https://ehr.example/org": "org-a", "https://ehr.example/b": "org-b"}
    return organization_of({"extensions": {name: extension}}, [ORGANIZATION], known).id


@pytest.mark.parametrize("uri", [f"{NPI_URN}1234567893", "https://ehr.example/org"])
def test_a_bound_organization_is_named_by_npi_or_by_a_configured_uri(uri: str) -> None:
    assert organization({**EXTENSION, "organization_id": uri}) == "org-a"


@pytest.mark.parametrize(
    "extension",
    [
        None, [], "x", {}, {**EXTENSION, "version": "2"}, {**EXTENSION, "version": 1},
        {**EXTENSION, "purpose_of_use": []},
        {**EXTENSION, "purpose_of_use": "TREAT"}, {**EXTENSION, "purpose_of_use": ["x"] * 21},
        {**EXTENSION, "organization_id": "https://ehr.example/b"}, {**EXTENSION, "organization_id": "org-a"},
        {**EXTENSION, "organization_id": NPI_URN}, {**EXTENSION, "organization_id": f"{NPI_URN}1234567890"},
        {**EXTENSION, "organization_id": ["https://ehr.example/org"]},
    ],
)  # fmt: skip
def test_an_extension_for_another_organization_or_of_another_form_is_refused(extension: object) -> None:
    with pytest.raises(B2bRefused):
        organization(extension)


def test_an_assertion_without_the_extension_is_refused() -> None:
    with pytest.raises(B2bRefused):
        organization(EXTENSION, "hl7-b2b-user")
    with pytest.raises(B2bRefused):
        organization_of({"extensions": "x"}, [ORGANIZATION], {})
