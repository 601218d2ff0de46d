"""Wrong rows of the operator's file are refused, each with its line and the accepted values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.registry.reading import HASH, problems

CLIENT = "role: provider, organizations: [acme], scopes: [system/*.rs]"
ACME = "organizations: [{id: acme}]"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("id: a b, " + CLIENT, "`id` must begin with a letter or a digit"),
        (
            "id: x, role: nurse, organizations: [acme], scopes: [system/*.rs]",
            "`role` must be 'provider', 'biller', 'patient'",
        ),
        ("id: x, role: provider, scopes: [system/*.rs]", "`organizations` is required for the role provider."),
        (
            "id: x, role: auditor, organizations: [acme], scopes: [user/*.rs]",
            "`payers` is required for the role auditor",
        ),
        ("id: x, role: provider, organizations: [acme], scopes: []", "`scopes` must not be empty."),
        ("id: x, role: provider, organizations: [acme], scopes: [system/*.dr]", "`scopes` must have scopes that the"),
        (
            "id: x, role: provider, organizations: [acme], scopes: ['system/Claim.rs?code:in=x']",
            "`scopes` must have scopes that the server can enforce",
        ),
        (CLIENT, "`id` is required."),
        ("id: x, secret: y, " + CLIENT, "`secret` is an unknown key. Known keys: "),
        ("id: x, auth: client_secret_basic, secrets: [plain-text], " + CLIENT, "`secrets` must have hashes"),
        ("id: x, jwks-uri: 'http://ehr.example/jwks', " + CLIENT, "`jwks-uri` must have https:// URLs"),
        (
            "id: x, jwks-uri: 'https://u:p@ehr.example/jwks', " + CLIENT,
            "`jwks-uri` must have usable URLs: the URL must",
        ),
        ("id: x, jwks-file: missing.json, " + CLIENT, "`jwks-file` must name a readable file"),
        ("id: x, jwks: {keys: []}, " + CLIENT, "`jwks` must be a key set"),
        ("id: x, jwks: {keys: [{kid: k, kty: oct, k: AAAA}]}, " + CLIENT, "`jwks` must have usable keys: "),
        ("id: x, redirect-uris: ['https://app.example/back'], " + CLIENT, "`redirect-uris` is required for the grant"),
        (
            "id: x, grants: [authorization_code], redirect-uris: ['http://app.example/back'], " + CLIENT,
            "`redirect-uris` must be https, or http on the loopback address.",
        ),
        ("id: x, grants: [refresh_token], " + CLIENT, "`grants` must have authorization_code with refresh_token"),
        ("id: x, auth: none, " + CLIENT, "`grants` must not have client_credentials if `auth` is none"),
        (f"id: x, secrets: ['{HASH}'], " + CLIENT, "`auth` must be client_secret_basic for a client with secrets"),
        (
            "id: x, origins: ['https://app.example/path'], " + CLIENT,
            "`origins` must have origins as browsers write them",
        ),
        ("id: x, certificates: [abc], " + CLIENT, "`certificates` must have SHA-256 thumbprints"),
        ("id: x, role: patient, scopes: [patient/*.rs]", "`member` is required for a patient's client without sign-in"),
        (
            "id: x, issuer: 'https://login.example', jwks-uri: 'https://ehr.example/jwks', " + CLIENT,
            "`issuer` must be absent, or keys, secrets and redirect URIs",
        ),
    ],
)
def test_a_wrong_client_is_refused_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    [problem] = problems(tmp_path, f"{ACME}\nclients:\n  - {{{row}}}\n")
    assert problem.startswith(f"{tmp_path / 'people.yaml'}:3: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('organizations: [{id: acme, npis: ["1234567890"]}]', "`npis` must have NPIs: ten digits"),
        ("organizations: [{id: acme, npis: [1234567893]}]", "`npis` must be in quotes"),
        ('organizations: [{id: acme, tins: ["1-23"]}]', "`tins` must have tax ids of nine digits"),
        ('organizations: [{id: acme, sender-ids: ["a b"]}]', "`sender-ids` must have sender ids of 1 to 80"),
        ("users: [{id: Dana, role: auditor, payers: [p]}]", "`id` must have only lower-case letters"),
        ("users: [{id: dana, role: patient}]", "`member` is required for the role patient."),
        ("users: [{id: dana, role: auditor, payers: [p], password: secret}]", "`password` must have hashes"),
        ("users: [{id: dana, role: auditor, payers: [p], fhir-user: dana}]", "`fhir-user` must be a reference"),
        ("people: []", "`people` is an unknown key. Known keys: organizations, clients, users."),
    ],
)
def test_wrong_organizations_and_users_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    [problem] = problems(tmp_path, text)
    assert problem.startswith(f"{tmp_path / 'people.yaml'}:1: {sentence}")


def test_a_key_file_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b"[" * 70_000)
    [problem] = problems(tmp_path, f"{ACME}\nclients: [{{id: x, jwks-file: keys.json, {CLIENT}}}]")
    assert "`jwks-file` must name a file of at most 65536 bytes." in problem
