"""Promised = served: compare the CapabilityStatement with routes, operations and search parameters, both ways."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.codes import OUR_BASE, PAS, PDEX_PRIOR_AUTHORIZATION, backport, pas
from app.conformance.files import folder
from app.conformance.strictness import Level
from app.main import create_app
from app.operations import OPERATIONS
from app.pas.edition import EDITIONS
from app.search.parameters import COMMON, PARAMETERS
from app.search.terms import Kind
from app.settings import Settings
from app.subscriptions.topics import TOPICS
from tests.api.described.declaring import BASES, declared, kept, statement
from tests.api.reading import issues
from tests.support.official import needs_packages
from tests.support.packages import package_members
from tests.support.routes import served_paths
from tests.support.server import Server

Json = dict[str, Any]

INTERACTIONS = {
    ("GET", ""): "search-type",
    ("POST", ""): "create",
    ("GET", "/{id}"): "read",
    ("PUT", "/{id}"): "update",
    ("DELETE", "/{id}"): "delete",
    ("POST", "/_search"): "search-type",
    ("GET", "/_history"): "history-type",
    ("GET", "/{id}/_history"): "history-instance",
    ("GET", "/{id}/_history/{version}"): "vread",
}
VALUES = {"token": "active", "reference": "Patient/1", "date": "2026", "string": "a", "uri": "urn:a"}
OF_SUBSCRIPTIONS: dict[str, set[str]] = {"2.2.1": {pas("profile-subscription")}, "2.0.1": set()}
"""The profiles that each edition has of a Subscription."""

LEVELS = ("type", "instance")
NAMES = {row.name for rows in PARAMETERS.values() for row in rows} | {row.name for row in COMMON}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    return served_paths(create_app(Settings(data=tmp_path_factory.mktemp("routes"), store="memory")))


@pytest.mark.parametrize("base", BASES)
async def test_every_route_is_declared_and_every_declaration_has_a_route(
    server: Server, routes: set[tuple[str, str]], base: str
) -> None:
    below = {(method, path.removeprefix(base)) for method, path in routes if path.startswith(f"{base}/")}
    served = {(method, path) for method, path in below if not path.startswith("/.well-known/")}
    routed = {(INTERACTIONS[method, _below(path)], _type(path)) for method, path in served if _is_interaction(path)}
    resources = await declared(server, base)
    promised = {(one["code"], resource["type"]) for resource in resources for one in resource.get("interaction", [])}
    assert promised == routed
    operations = {(_type(path), path.rpartition("$")[2]) for method, path in served if "$" in path}
    reading = {row.code for row in OPERATIONS if row.reads}
    by_get = {path.rpartition("$")[2] for method, path in served if "$" in path and method == "GET"}
    assert (by_get, {method for method, path in served if "$" in path}) == (reading, {"GET", "POST"})
    [rest] = (await statement(server, base))["rest"]
    of_system = {("", row["name"]) for row in rest["operation"]}
    of_types = {(one["type"], row["name"]) for one in resources for row in one.get("operation", [])}
    assert of_types | of_system == operations


def reader(type_: str) -> str:
    """Return a demo client that may search the type by every element."""
    return {"AuditEvent": "auditor", "Task": "reviewer"}.get(type_, "ehr-a")


def _is_interaction(path: str) -> bool:
    return "$" not in path and path != "/metadata"


def _type(path: str) -> str:
    """Return the type of a path; empty for an operation of the whole system."""
    first = path.split("/")[1]
    return "" if first.startswith("$") else first


def _below(path: str) -> str:
    return path.removeprefix("/" + _type(path))


def test_outside_the_bases_the_server_has_only_pages_health_checks_and_oauth(routes: set[tuple[str, str]]) -> None:
    outside = {path for _, path in routes if not any(path.startswith(f"{base}/") for base in BASES)}
    assert outside == {
        *("/health", "/health/live", "/health/ready"),
        *("/", "/docs", "/openapi.json", "/assets/{digest}/{name}"),
        "/.well-known/smart-configuration",
        "/.well-known/openid-configuration",
        *("/oauth/authorize", "/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/launch", "/oauth/jwks"),
        "/oauth/userinfo",
        *(f"/oauth/authorize/{step}" for step in ("login", "patient", "consent", "logout")),
    }


@pytest.mark.parametrize("base", BASES)
@pytest.mark.requirement("pas-2.2.1/capability-Claim-submit")
@pytest.mark.requirement("pas-2.2.1/capability-Claim-inquiry")
async def test_the_capability_statement_lists_each_supported_operation(server: Server, base: str) -> None:
    version = BASES[base]
    promised = {
        (resource["type"], row["name"], row["definition"])
        for resource in await declared(server, base)
        for row in resource.get("operation", [])
    }
    guide = "http://hl7.org/fhir/us/davinci-pas/"
    assert promised == {
        (type_, row.code, f"{row.definition}|{version}" if row.definition.startswith(guide) else row.definition)
        for row in OPERATIONS
        for type_ in row.types
    }


def test_the_published_definitions_of_our_operations_match_the_server() -> None:
    own = {row.code: row for row in OPERATIONS if row.definition.startswith(OUR_BASE)}
    files = [json.loads(file.read_text()) for file in folder("capability").glob("OperationDefinition-*.json")]
    assert {file["code"] for file in files} == set(own)
    for file in files:
        row = own[file["code"]]
        assert (file["url"], file["resource"]) == (row.definition, list(row.types))
        assert (file["system"], file["type"], file["instance"]) == (False, *(one in row.levels for one in LEVELS))


@pytest.mark.parametrize("base", BASES)
async def test_the_server_supports_exactly_the_declared_search_parameters(server: Server, base: str) -> None:
    for resource in await kept(server, base):
        kinds = {row["name"]: row["type"] for row in resource["searchParam"]}
        for name in NAMES:
            value = VALUES[kinds.get(name, "token")]
            path = f"/{resource['type']}?{name}={value}"
            answer = await server.get(path, reader(resource["type"]), base, Prefer="handling=strict")
            rejected = answer.status_code == 400 and name in issues(answer)[0]["details"]["text"]
            assert (answer.status_code == 200, rejected) == (name in kinds, name not in kinds), (resource["type"], name)


@pytest.mark.parametrize("base", BASES)
async def test_the_server_supports_exactly_the_declared_includes(server: Server, base: str) -> None:
    named = [f"{type_}:{row.name}" for type_, rows in PARAMETERS.items() for row in rows if row.kind is Kind.REFERENCE]
    for resource in await kept(server, base):
        for control, element in (("_include", "searchInclude"), ("_revinclude", "searchRevInclude")):
            for include in (*named, "*"):
                path = f"/{resource['type']}?{control}={include}"
                answer = await server.get(path, reader(resource["type"]), base, Prefer="handling=strict")
                taken = include in resource.get(element, [])
                assert answer.status_code == (200 if taken else 400), (resource["type"], control, include)


@pytest.mark.parametrize("base", BASES)
async def test_conditional_create_is_declared_for_the_types_that_support_it(server: Server, base: str) -> None:
    for resource in await kept(server, base):
        codes = {one["code"] for one in resource["interaction"]}
        body = {"resourceType": resource["type"]}
        answer = await server.post(f"/{resource['type']}", body, "admin", base=base, **{"If-None-Exist": "color=red"})
        taken = "create" in codes and "If-None-Exist is supported only" not in answer.text
        assert resource.get("conditionalCreate", False) is taken, resource["type"]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.requirement("pas-2.2.1/conf-1")
@pytest.mark.requirement("pas-2.2.1/capability-json")
async def test_the_capability_statement_is_valid_and_names_its_own_base(server: Server, base: str) -> None:
    found = await statement(server, base)
    assert found["kind"] == "instance"
    assert found["fhirVersion"] == "4.0.1"
    assert found["format"] == ["json"]
    assert found["implementation"]["url"] == f"http://preauth.test{base}"
    assert found["implementationGuide"] == [
        f"http://hl7.org/fhir/us/davinci-pas/ImplementationGuide/hl7.fhir.us.davinci-pas|{BASES[base]}"
    ]
    assert found["instantiates"] == [
        f"http://hl7.org/fhir/us/davinci-pas/CapabilityStatement/IntermediaryCapabilities|{BASES[base]}"
    ]


@pytest.mark.parametrize("base", BASES)
async def test_the_capability_statement_is_valid_for_the_servers_own_engine(server: Server, base: str) -> None:
    found = await statement(server, base)
    engine = server.system.conformance.editions[BASES[base]]
    assert engine.validate(found, level=Level.STRICT) == ()


@pytest.mark.parametrize("base", BASES)
async def test_claims_have_the_operations_that_the_guide_requires(server: Server, base: str) -> None:
    [claim] = [one for one in await declared(server, base) if one["type"] == "Claim"]
    guide = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition"
    offered = {(row["name"], row["definition"]) for row in claim["operation"]}
    assert offered >= {
        ("submit", f"{guide}/Claim-submit|{BASES[base]}"),
        ("inquire", f"{guide}/Claim-inquiry|{BASES[base]}"),
    }


@pytest.mark.parametrize("base", BASES)
@pytest.mark.requirement("pas-2.2.1/spec-55")
async def test_the_capability_statement_lists_the_topic_of_subscriptions(server: Server, base: str) -> None:
    [subscription] = [one for one in await declared(server, base) if one["type"] == "Subscription"]
    topics = [(one["url"], one["valueCanonical"]) for one in subscription["extension"]]
    assert topics == [(backport("capabilitystatement-subscriptiontopic-canonical"), topic) for topic in TOPICS]
    codes = {one["code"] for one in subscription["interaction"]}
    assert {"create", "read", "update", "delete", "search-type"} <= codes


@needs_packages
@pytest.mark.parametrize("base", BASES)
async def test_the_server_has_the_operations_of_the_published_requirements(server: Server, base: str) -> None:
    [(_, text)] = package_members(BASES[base], "CapabilityStatement-IntermediaryCapabilities.json")
    required = json.loads(text)
    found = await statement(server, base)
    assert found["instantiates"] == [f"{required['url']}|{required['version']}"]
    wanted = {
        (resource["type"], row["definition"].partition("|")[0])
        for resource in required["rest"][0]["resource"]
        for row in resource.get("operation", [])
    }
    offered = {
        (resource["type"], row["definition"].partition("|")[0])
        for resource in found["rest"][0]["resource"]
        for row in resource.get("operation", [])
    }
    assert wanted <= offered


@pytest.mark.parametrize("base", BASES)
async def test_the_declared_profiles_are_those_of_requests_and_answers(server: Server, base: str) -> None:
    edition = EDITIONS[BASES[base]]
    named = {resource["type"]: set(resource.get("supportedProfile", [])) for resource in await declared(server, base)}
    assert {type_: profiles for type_, profiles in named.items() if profiles} == {
        "Claim": {pas("profile-claim"), pas("profile-claim-update"), pas("profile-claim-inquiry")},
        "ClaimResponse": {edition.claim_response, edition.inquiry_response},
        "ExplanationOfBenefit": {PDEX_PRIOR_AUTHORIZATION},
        "Bundle": {
            edition.request_bundle,
            edition.response_bundle,
            edition.inquiry_bundle,
            edition.inquiry_response_bundle,
        },
        "Subscription": {backport("backport-subscription"), *OF_SUBSCRIPTIONS[BASES[base]]},
    }
    engine = server.system.conformance.editions[edition.version]
    of_guide = [profile for profiles in named.values() for profile in profiles if profile.startswith(PAS)]
    assert all(map(engine.knows, of_guide))
