"""The OpenAPI document is valid, complete, and true of real requests and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.adapters.udap.server import udap_server
from app.main import create_app
from app.operations import OPERATIONS
from app.release import release
from app.settings import Settings
from app.web.pages.document import document
from app.web.pages.oauth_described import served_by
from tests.api.reading import answered, sample
from tests.support.routes import served_paths
from tests.support.server import ROOT, Server, serving
from tests.support.udap import written

Json = dict[str, Any]


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Json:
    return document(ROOT, served_by(app))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(Settings(data=tmp_path_factory.mktemp("app"), store="memory", base_url=ROOT))


def operations(described: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in described["paths"].items():
        yield from ((path, method, row) for method, row in item.items() if method in ("get", "post", "put"))


def checked(described: Json, type_: str) -> OAS31Validator:
    return OAS31Validator({"$ref": f"#/components/schemas/{type_}", "components": described["components"]})


async def test_the_openapi_document_needs_no_token(server: Server, described: Json) -> None:
    answer = await server.http.get("/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == described
    assert described["info"]["version"] == release()
    assert len(answer.content) < 600_000


@pytest.mark.slow
def test_the_document_is_valid_openapi(described: Json) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_the_routes_and_the_paths_of_openapi_match(described: Json, app: FastAPI) -> None:
    """The forms of the sign-in pages are for these pages only."""
    routes = {(method.lower(), path) for method, path in served_paths(app) if not path.startswith("/oauth/authorize/")}
    assert described_routes(described) == routes


async def test_the_endpoints_of_udap_are_described_if_they_are_served(tmp_path: Path) -> None:
    udap = udap_server(written(tmp_path, f"{ROOT}/fhir"), ROOT)
    async with serving(tmp_path, udap=udap) as server:
        answer = (await server.http.get("/openapi.json")).json()
    assert {("post", "/oauth/register"), ("get", "/fhir/.well-known/udap")} <= described_routes(answer)
    assert [error.message for error in OpenAPIV31SpecValidator(answer).iter_errors()] == []


async def test_without_an_authorization_server_no_endpoint_of_oauth_is_described(tmp_path: Path) -> None:
    async with serving(tmp_path, oauth=None) as server:
        answer = (await server.http.get("/openapi.json")).json()
    assert [path for path in answer["paths"] if "oauth" in path or "well-known" in path] == []
    assert "OAuth" not in {tag["name"] for tag in answer["tags"]}


def described_routes(described: Json) -> set[tuple[str, str]]:
    return {
        (method, server["url"].removeprefix(ROOT) + path)
        for path, item in described["paths"].items()
        for server, method in product(item.get("servers", described["servers"]), item)
        if method in ("get", "post", "put", "delete")
    }


def test_every_shared_error_belongs_to_an_operation(described: Json) -> None:
    answers = [answer for _, _, row in operations(described) for answer in row["responses"].values()]
    named = {answer["$ref"].rpartition("/")[2] for answer in answers if "$ref" in answer}
    assert named == set(described["components"]["responses"])


def test_a_change_of_an_instance_demands_the_version_that_it_replaces(described: Json) -> None:
    reading = {f"${row.code}" for row in OPERATIONS if row.reads}
    changes = [
        row
        for path, method, row in operations(described)
        if method == "put" or (method == "post" and "{id}/$" in path and path.rpartition("/")[2] not in reading)
    ]
    assert len(changes) > 8
    for row in changes:
        assert "428" in row["responses"]
        assert [parameter["name"] for parameter in row["parameters"] if parameter["in"] == "header"] == ["If-Match"]


def test_every_operation_has_a_unique_name_and_a_group(described: Json) -> None:
    names = [row["operationId"] for _, _, row in operations(described)]
    assert len(names) == len(set(names))
    groups = {tag["name"] for tag in described["tags"]}
    assert {tag for _, _, row in operations(described) for tag in row["tags"]} == groups


@pytest.mark.slow
async def test_exactly_the_operations_with_security_need_a_token(server: Server, described: Json) -> None:
    ids = {"{id}": "1", "{version}": "1"}
    for path, method, row in operations(described):
        if "servers" in described["paths"][path]:
            continue
        filled = re.sub(r"{\w+}", lambda found: ids[found[0]], path)
        answer = await server.http.request(method.upper(), f"/fhir{filled}")
        assert (answer.status_code == 401) is bool(row.get("security")), (method, path)


def test_the_scopes_of_an_operation_match_the_table(described: Json) -> None:
    for row in OPERATIONS:
        needed = [f"system/{scope_type}.{letter}" for scope_type, letter in row.scopes]
        for type_, level in product(row.types, row.levels):
            instance = "/{id}" if level == "instance" else ""
            described_methods = described["paths"][f"/{type_}{instance}/${row.code}"]
            assert set(described_methods) == ({"get", "post"} if row.reads else {"post"})
            assert [one["security"] for one in described_methods.values()] == [[{"token": needed}]] * (1 + row.reads)


def test_every_example_conforms_to_the_schema_of_its_type(described: Json) -> None:
    for name, example in described["components"]["examples"].items():
        errors = [*checked(described, example["value"]["resourceType"]).iter_errors(example["value"])]
        assert errors == [], name


async def test_every_answer_conforms_to_the_schema_of_its_type(server: Server, described: Json) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    bodies = [response, (await server.get("/Claim")).json(), (await server.http.get("/fhir/metadata")).json()]
    bodies += [entry["resource"] for entry in bodies[1]["entry"]]
    bodies += [(await server.http.get(f"/fhir/StructureDefinition/{name}")).json() for name in ("profile-claim",)]
    bodies.append((await server.get("/Claim/unknown")).json())
    for body in bodies:
        assert [*checked(described, body["resourceType"]).iter_errors(body)] == [], body["resourceType"]


@pytest.mark.parametrize(
    "broken",
    [
        {"resourceType": "Claim"},
        {"resourceType": "Patient", "gender": "x"},
        {"resourceType": "Patient", "unknown": 1},
        {"resourceType": "Patient", "name": {}},
        {"resourceType": "Patient", "deceasedBoolean": "no"},
    ],
)
def test_a_schema_rejects_a_resource_that_is_not_r4(described: Json, broken: Json) -> None:
    assert not checked(described, broken["resourceType"]).is_valid(broken)
