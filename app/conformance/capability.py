"""The CapabilityStatement and the definitions of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from app.conformance.definitions.packages import shipped
from app.conformance.files import folder
from app.settings import release

TEST_SERVER = "A preauth demo: a test server with test data only"


def capability_statement(edition_version: str, base_url: str, *, demo: bool = False) -> dict[str, Any]:
    """Return the CapabilityStatement of an edition, for the server at `base_url`. `demo` marks a test server.

    Its date is the day of the last change of the file.
    http://hl7.org/fhir/R4/capabilitystatement.html. Raises FileNotFoundError for an unknown edition.
    """
    published = _published(f"CapabilityStatement-preauth-{edition_version}.json")
    software = {**published["software"], "version": release()}
    implementation = {**published["implementation"], "url": base_url}
    if demo:
        implementation["description"] = TEST_SERVER
    return {**published, "software": software, "implementation": implementation}


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
