"""The CapabilityStatement and the definitions of an edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from app.conformance.definitions.packages import shipped
from app.conformance.files import folder
from app.release import release

TEST_SERVER = "A preauth demo: a test server with test data only"


OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
SMART_SERVICE = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
            "code": "SMART-on-FHIR",
            "display": "SMART-on-FHIR",
        }
    ],
    "text": "OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)",
}


def capability_statement(
    edition_version: str, base_url: str, *, demo: bool = False, oauth: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the CapabilityStatement of an edition, for the server at `base_url`. `demo` marks a test server.

    `oauth` are the endpoints of the authorization server, by the names of SMART's extension oauth-uris. The date of
    the statement is the day of the last change of the file.
    http://hl7.org/fhir/R4/capabilitystatement.html. Raises FileNotFoundError for an unknown edition.
    """
    published = _published(f"CapabilityStatement-preauth-{edition_version}.json")
    software = {**published["software"], "version": release()}
    implementation = {**published["implementation"], "url": base_url}
    if demo:
        implementation["description"] = TEST_SERVER
    rest = [{**published["rest"][0], "security": _security(published["rest"][0]["security"], oauth)}]
    return {**published, "software": software, "implementation": implementation, "rest": rest}


def _security(published: dict[str, Any], oauth: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the description of security; with an authorization server, the server claims SMART on FHIR.

    https://hl7.org/fhir/smart-app-launch/conformance.html#declaring-support-for-oauth2-endpoints
    """
    if oauth is None:
        return published
    uris = [{"url": name, "valueUri": url} for name, url in oauth.items()]
    return {"extension": [{"url": OAUTH_URIS, "extension": uris}], "service": [SMART_SERVICE], **published}


def definitions(edition_version: str) -> Iterator[dict[str, Any]]:
    """Yield the definitions of an edition: our own, then the profiles, value sets and code systems of the guide."""
    for file in sorted(folder("capability").glob("*.json")):
        if not file.name.startswith("CapabilityStatement-"):
            yield _published(file.name)
    yield from shipped(edition_version)


@cache
def _published(name: str) -> dict[str, Any]:
    """Read a file of the folder `capability` once. Do not change the returned resource."""
    return msgspec.json.decode((folder("capability") / name).read_bytes(), type=dict[str, Any])
