"""The operator's file of organizations, clients and users: read strictly, with every problem at its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.access.grant import Role
from app.access.registry import Client, ClientAuth, GrantType, Organization, People, User
from app.policy.yaml.text import YamlRefused
from app.registry.key_pair import new_key_pair
from app.registry.people_file import demo_people, read_people_file
from tests.unit.registry.reading import HASH, problems, read

WHOLE = f"""\
organizations:
  - {{id: acme, name: Acme Clinic, npis: ["1234567893"], tins: ["12-3456789"], sender-ids: ["SENDER1"]}}
clients:
  - id: acme-ehr
    role: provider
    organizations: [acme]
    scopes: [system/Claim.cs, system/ClaimResponse.rs]
    jwks-uri: https://ehr.acme.example/jwks
    hooks: [https://ehr.acme.example]
    certificates: [cmFuZG9tIHRodW1icHJpbnQgb2YgYSBjZXJ0aWZpY2E]
  - id: portal
    role: provider
    organizations: [acme]
    scopes: [openid, fhirUser, offline_access, user/ClaimResponse.rs]
    grants: [authorization_code, refresh_token]
    auth: client_secret_basic
    secrets: [{HASH}]
    redirect-uris: [https://portal.example/back, com.example.app:/back, "http://127.0.0.1:8001/back"]
    origins: [https://portal.example]
  - id: 0oa1b2C3
    role: reviewer
    payers: [northwind]
    scopes: [user/*.rus]
    issuer: https://login.northwind.example
    disabled: true
users:
  - {{id: dana@acme.example, role: provider, organizations: [acme], password: {HASH}, fhir-user: Practitioner/dana}}
  - {{id: alex, role: patient, member: {{payer: northwind, id: M001}}}}
"""


PEOPLE = People(
    organizations=(
        Organization(
            id="acme",
            name="Acme Clinic",
            npis=("1234567893",),
            tins=("123456789",),
            sender_ids=("SENDER1",),
        ),
    ),
    clients=(
        Client(
            id="acme-ehr",
            role=Role.PROVIDER,
            organizations=("acme",),
            scopes=("system/Claim.cs", "system/ClaimResponse.rs"),
            jwks_uri="https://ehr.acme.example/jwks",
            hooks=("https://ehr.acme.example",),
            certificates=("cmFuZG9tIHRodW1icHJpbnQgb2YgYSBjZXJ0aWZpY2E",),
        ),
        Client(
            id="portal",
            role=Role.PROVIDER,
            organizations=("acme",),
            scopes=("openid", "fhirUser", "offline_access", "user/ClaimResponse.rs"),
            grants=(GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN),
            auth=ClientAuth.CLIENT_SECRET,
            secrets=(HASH,),
            redirect_uris=("https://portal.example/back", "com.example.app:/back", "http://127.0.0.1:8001/back"),
            origins=("https://portal.example",),
        ),
        Client(
            id="0oa1b2C3",
            role=Role.REVIEWER,
            payers=("northwind",),
            scopes=("user/*.rus",),
            issuer="https://login.northwind.example",
            disabled=True,
        ),
    ),
    users=(
        User(
            id="dana@acme.example",
            role=Role.PROVIDER,
            organizations=("acme",),
            password=HASH,
            fhir_user="Practitioner/dana",
        ),
        User(id="alex", role=Role.PATIENT, member=("northwind", "M001")),
    ),
)


def test_a_yaml_file_has_every_field_of_the_registry(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == PEOPLE


def test_csv_files_of_a_spreadsheet_say_the_same_as_yaml(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    (folder / "organizations.csv").write_text(
        "\ufeffID;Name;NPIs;TINs;Sender IDs\nacme;Acme Clinic;1234567893;12-3456789;SENDER1\n;;;;\n", encoding="utf-8"
    )
    (folder / "clients.csv").write_text(
        "id,role,organizations,payers,scopes,grants,auth,jwks-uri,secrets,redirect-uris,origins,hooks,certificates,"
        "issuer,disabled\n"
        'acme-ehr,provider,acme,,"system/Claim.cs\nsystem/ClaimResponse.rs",,,https://ehr.acme.example/jwks,,,,'
        "https://ehr.acme.example,cmFuZG9tIHRodW1icHJpbnQgb2YgYSBjZXJ0aWZpY2E,,no\n"
        "portal,provider,acme,,openid fhirUser offline_access user/ClaimResponse.rs,authorization_code refresh_token,"
        f"client_secret_basic,,{HASH},https://portal.example/back com.example.app:/back http://127.0.0.1:8001/back,"
        "https://portal.example,,,,\n"
        "0oa1b2C3,reviewer,,northwind,user/*.rus,,,,,,,,,https://login.northwind.example,yes\n",
        encoding="utf-8",
    )
    (folder / "users.csv").write_text(
        "id\trole\torganizations\tpassword\tfhir-user\tmember-payer\tmember-id\n"
        f"dana@acme.example\tprovider\tacme\t{HASH}\tPractitioner/dana\t\t\nalex\tpatient\t\t\t\tnorthwind\tM001\n",
        encoding="utf-8",
    )
    assert read_people_file(folder) == PEOPLE


def test_a_client_may_have_its_public_keys_in_the_text_or_in_a_file(tmp_path: Path) -> None:
    _, jwks = new_key_pair("key-1")
    (tmp_path / "keys.json").write_text(json.dumps(jwks), encoding="utf-8")
    client = "{id: ehr, role: auditor, payers: [p], scopes: [system/*.rs], %s}"
    in_file = read(tmp_path, f"clients: [{client % 'jwks-file: keys.json'}]")
    in_text = read(tmp_path, f"clients: [{client % f'jwks: {json.dumps(jwks)}'}]")
    assert in_file == in_text
    assert in_file.clients[0].jwks == jwks


def test_all_problems_are_listed_at_once(tmp_path: Path) -> None:
    text = 'organizations:\n  - {id: acme, npis: ["1"]}\nclients:\n  - {id: x, role: provider, scopes: [x]}\n'
    assert [problem.partition(": ")[0] for problem in problems(tmp_path, text)] == [
        f"{tmp_path / 'people.yaml'}:2",
        f"{tmp_path / 'people.yaml'}:4",
    ]


def test_rows_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "organizations.csv").write_text("id\nacme\n", encoding="utf-8")
    (tmp_path / "people" / "more.yaml").write_text(
        "organizations:\n  - {id: acme}\n"
        "clients:\n  - {id: dana, role: provider, organizations: [acme, nowhere], scopes: [system/*.rs]}\n"
        "users:\n  - {id: dana, role: provider, organizations: [acme]}\n",
        encoding="utf-8",
    )
    with pytest.raises(YamlRefused) as refused:
        read_people_file(tmp_path / "people")
    yaml, csv = tmp_path / "people" / "more.yaml", tmp_path / "people" / "organizations.csv"
    assert refused.value.problems == (
        f"{yaml}:4: the organization nowhere of the client dana is not listed.",
        f"{yaml}:6: the user dana must not have the id of a client: tokens could not differ.",
        f"{csv}:2: the organization acme is listed already, at {yaml}:2.",
    )


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        ("1e5", "1e5 is not a plain number."),
        ("007", "007 is not a plain number."),
        ("12", "`id` must be text."),
        ("true", "`id` must be text."),
    ],
)
def test_an_id_that_yaml_reads_as_another_value_is_refused(tmp_path: Path, id_: str, problem: str) -> None:
    text = f"organizations:\n  - id: {id_}\n"
    assert problems(tmp_path, text)[0].startswith(f"{tmp_path / 'people.yaml'}:2: {problem}")


@pytest.mark.parametrize("id_", ["no", "on", "2026-01-01", "1:30", '"1e5"'])
def test_an_id_that_yaml_1_1_would_have_changed_is_kept(tmp_path: Path, id_: str) -> None:
    [organization] = read(tmp_path, f"organizations:\n  - id: {id_}\n").organizations
    assert organization.id == id_.strip('"')


def test_the_people_of_the_demo_are_such_a_file() -> None:
    assert {client.role for client in demo_people().clients} == set(Role)
