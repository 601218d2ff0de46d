"""`$validate` checks any resource and stores none; only a body that cannot be checked is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.conformance.strictness import Level
from app.fhir.outcome import MOST_ISSUES
from app.operations import CHECKED
from tests.api.reading import Json, issues, resources, sample
from tests.api.refusing import BASES, everything, refused
from tests.support.samples import PAS, entry, inquiry_bundle, patient, request_bundle, request_item, undeclared
from tests.support.server import Server, at_level, serving

R4 = "http://hl7.org/fhir/StructureDefinition/"
SOUND = {"severity": "information", "code": "informational", "details": {"text": "The resource has no issues."}}
SMALL = {"resourceType": "Patient", "gender": "female"}
SLOPPY = {"resourceType": "Patient", "gender": "sometimes", "color": "blue"}


async def found(server: Server, path: str, body: Json, client: str = "ehr-a", base: str = "/fhir") -> list[Json]:
    """Return the issues; the store is as it was before."""
    before = everything(server)
    answer = await server.post(path, body, client, base)
    assert answer.status_code == 200, answer.text
    assert everything(server) == before
    return issues(answer)


def places(found: list[Json]) -> list[str]:
    return [one["expression"][0] for one in found]


def parameters(resource: Json | None = None, **named: Json) -> Json:
    """Build the operation's input."""
    listed = [{"name": name, **value} for name, value in named.items()]
    given = [] if resource is None else [{"name": "resource", "resource": resource}]
    return {"resourceType": "Parameters", "parameter": [*given, *listed]}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("type_", CHECKED)
async def test_every_type_is_checked_under_its_own_name(server: Server, type_: str, base: str) -> None:
    told = await found(server, f"/{type_}/$validate", {"resourceType": type_, "color": "blue"}, base=base)
    assert ("error", f"{type_}.color") in {(one["severity"], one["expression"][0]) for one in told}


@pytest.mark.parametrize("client", ["ehr-a", "biller", "reviewer", "admin", "patient-1"])
async def test_validation_needs_a_valid_token_of_any_scope(server: Server, client: str) -> None:
    assert await found(server, "/Patient/$validate", SMALL, client) == [SOUND]
    headers = {"Content-Type": "application/fhir+json"}
    anonymous = await server.http.post("/fhir/Patient/$validate", json=SMALL, headers=headers)
    assert anonymous.status_code == 401


async def test_all_issues_of_a_bare_resource_and_of_one_in_parameters_are_reported(server: Server) -> None:
    bare = await found(server, "/Patient/$validate", SLOPPY)
    assert sorted(places(bare)) == ["Patient.color", "Patient.gender"]
    assert await found(server, "/Patient/$validate", parameters(SLOPPY)) == bare
    mode = {"valueCode": "create"}
    assert await found(server, "/Patient/$validate", parameters(SLOPPY, mode=mode)) == bare
    assert await found(server, "/Patient/$validate?mode=update", SLOPPY) == bare


@pytest.mark.parametrize("name", ["valueUri", "valueCanonical"])
async def test_a_profile_is_named_in_the_url_or_in_the_parameters(server: Server, name: str) -> None:
    profile = f"{PAS}profile-beneficiary|2.2.1"
    asked = await found(server, f"/Patient/$validate?profile={profile}", SMALL)
    assert {one["diagnostics"].partition(" ")[0] for one in asked} == {f"{PAS}profile-beneficiary"}
    assert await found(server, "/Patient/$validate", parameters(SMALL, profile={name: profile})) == asked
    both = f"/Patient/$validate?profile={profile}"
    assert await found(server, both, parameters(SMALL, profile={name: profile})) == asked
    assert await found(server, f"/Patient/$validate?profile={R4}Patient", SMALL) == [SOUND]


async def test_the_profile_of_another_type_is_an_issue(server: Server) -> None:
    for profile in (f"{PAS}profile-coverage", f"{R4}Coverage"):
        [issue] = await found(server, f"/Patient/$validate?profile={profile}", SMALL)
        assert issue["expression"] == ["Patient"]


async def test_without_a_profile_parameter_the_declared_profiles_apply(server: Server) -> None:
    declared = {**SMALL, "meta": {"profile": [f"{PAS}profile-beneficiary"]}}
    assert await found(server, "/Patient/$validate", SMALL) == [SOUND]
    told = await found(server, "/Patient/$validate", declared)
    assert sorted(places(told)) == ["Patient.identifier", "Patient.name"]


async def test_an_unknown_declared_profile_is_reported(server: Server) -> None:
    declared = {**SMALL, "meta": {"profile": ["https://example.org/nowhere"]}}
    [issue] = await found(server, "/Patient/$validate", declared)
    assert (issue["severity"], issue["code"]) == ("information", "not-found")
    assert issue["expression"] == ["Patient.meta.profile[0]"]


async def test_a_bundle_is_checked_as_the_operations_check_it(server: Server) -> None:
    plain = undeclared(request_bundle(items=[request_item(category=None)]))
    assert places(await found(server, "/Bundle/$validate", plain)) == ["Bundle.entry[0].resource.item[0].category"]
    assert (await refused(server, "/Claim/$submit", plain)).places == ("Bundle.entry[0].resource.item[0].category",)
    for one in (sample("request-approve"), sample("inquiry")):
        assert await found(server, "/Bundle/$validate", one) == [SOUND]
    answer = (await server.post("/Claim/$submit", sample("request-approve"))).json()
    assert await found(server, "/Bundle/$validate", answer) == [SOUND]
    for one in resources(answer):
        path = f"/{one['resourceType']}/$validate"
        assert await found(server, path, one) == [SOUND]


async def test_the_edition_and_the_level_are_those_of_the_endpoint_and_of_the_server(tmp_path: Path) -> None:
    plain = undeclared(inquiry_bundle())
    stray = request_bundle(entries=[entry("Patient/stray", patient())])
    async with serving(tmp_path, conformance=at_level(Level.STRICT)) as server:
        assert await found(server, "/Bundle/$validate", plain) == [SOUND]
        older = await found(server, "/Bundle/$validate", plain, base="/2.0.1/fhir")
        assert places(older) == ["Bundle.entry[0].resource.item"]
        assert [one["severity"] for one in await found(server, "/Bundle/$validate", stray)] == ["error"]
    async with serving(tmp_path) as server:
        assert [one["severity"] for one in await found(server, "/Bundle/$validate", stray)] == ["warning"]


async def test_parameters_are_checked_themselves_unless_they_carry_a_resource(server: Server) -> None:
    odd = parameters(item={"valueString": "x", "color": "blue"})
    assert places(await found(server, "/Parameters/$validate", odd)) == ["Parameters.parameter[0].color"]
    assert places(await found(server, "/Parameters/$validate", parameters(odd))) == ["Parameters.parameter[0].color"]
    inner = await refused(server, "/Parameters/$validate", parameters(SMALL))
    assert (inner.status, inner.places) == (400, ("resourceType",))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/Patient/$validate", b"{", 400),
        ("/Patient/$validate", b"[]", 400),
        ("/Patient/$validate", {}, 400),
        ("/Patient/$validate", {"resourceType": "Coverage"}, 400),
        ("/Patient/$validate", parameters(), 400),
        ("/Patient/$validate", parameters({"resourceType": "Coverage"}), 400),
        ("/Patient/$validate?profile=https://example.org/nowhere", SMALL, 422),
        (f"/Patient/$validate?profile={R4}Nothing", SMALL, 422),
        ("/Patient/$validate?profile=", SMALL, 400),
        ("/Patient/$validate?profile=a&profile=b", SMALL, 400),
        ("/Patient/$validate?profil=a", SMALL, 400),
        ("/Patient/$validate?mode=delete", SMALL, 400),
        ("/Patient/$validate?mode=profile", SMALL, 400),
        ("/Patient/$validate", parameters(SMALL, profile={"valueInteger": 1}), 400),
        ("/Patient/$validate", parameters(SMALL, color={"valueString": "blue"}), 400),
        ("/Basic/$validate", {"resourceType": "Basic"}, 404),
    ],
)
async def test_a_body_that_cannot_be_checked_is_an_error(
    server: Server, path: str, body: Json | bytes, status: int
) -> None:
    assert (await refused(server, path, body)).status == status


async def test_the_reports_of_unknown_profiles_have_a_limit(server: Server) -> None:
    told = await found(server, "/Patient/$validate", SMALL | {"meta": {"profile": ["http://example.org/p"] * 10_000}})
    assert len(told) == MOST_ISSUES
