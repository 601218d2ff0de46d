"""Build small profiles for tests."""

from __future__ import annotations

from typing import Any

from app.conformance.definitions.definitions import Definitions
from app.conformance.validator import Validator

Json = dict[str, Any]

HERE = "https://profiles.example.org/StructureDefinition/"
R4 = "http://hl7.org/fhir/StructureDefinition/"


def profile(name: str, type_: str, *elements: Json, parent: str | None = None, **also: Any) -> Json:
    """Return a profile as a differential over R4, or over another profile."""
    return {
        "resourceType": "StructureDefinition",
        "url": HERE + name,
        "version": "1.0",
        "type": type_,
        "kind": "resource",
        "derivation": "constraint",
        "baseDefinition": HERE + parent if parent else R4 + type_,
        "differential": {"element": [{"id": type_}, *elements]},
        **also,
    }


def sliced(id_: str, by: str, path: str, **also: Any) -> Json:
    """Return the element with the discriminator of the slices."""
    return {"id": id_, "slicing": {"discriminator": [{"type": by, "path": path}], "rules": "open", **also}}


def engine(*resources: Json, whole: tuple[str, ...] = ()) -> Validator:
    """Return an engine with only these definitions."""
    return Validator(Definitions(resources, whole))


def found(validator: Validator, resource: Json, name: str | None = None) -> list[tuple[str | None, str | None]]:
    """Return the place and the code of each issue; assert that both passes agree."""
    url = None if name is None else HERE + name
    issues = validator.diagnose(resource, url)
    if validator.is_valid_fast(resource, url):
        assert issues == ()
    return [(issue.expression, issue.code) for issue in issues]
