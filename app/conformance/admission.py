"""Admit bodies: validate them against R4 and the profiles of an edition, at the operator's level of strictness."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from app.conformance.choice import issues_of
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.packages import MALFORMED, PackageRefused, edition_definitions
from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.body import Checked, Unchecked
from app.fhir.outcome import Fault, FhirError, Issue

Pins = tuple[tuple[str, str], ...]


class Conformance(Struct, frozen=True):
    """The engine of each edition, by version; `base` has no profiles."""

    editions: Mapping[str, Validator]
    base: Validator
    level: Level = Level.STANDARD

    def by_profile(self, body: Unchecked, edition: str, profile: str) -> Checked:
        """Check a body against a profile of an edition. Raises FhirError unless it is R4.

        UNREADABLE for depth and element names, UNPROCESSABLE with the engine's issues for any other error of R4.
        """
        return self._admitted(self.editions[edition], body, profile)

    def by_r4(self, body: Unchecked) -> Checked:
        """Check a body against R4 only; ignore its declared profiles. Raises FhirError as `by_profile` does."""
        return self._admitted(self.base, body)

    def issues(self, body: Unchecked, edition: str, profile: str | None) -> tuple[Issue, ...]:
        """Return the issues of a body by a profile, or by the profiles that apply to it. Raises UnknownProfile."""
        return issues_of(self.editions[edition], body.bounded(), profile, self.level)

    def _admitted(self, engine: Validator, body: Unchecked, profile: str | None = None) -> Checked:
        valid = body.if_valid(lambda resource: engine.is_valid_fast(resource, profile))
        if valid is not None:
            return Checked(valid)
        resource = body.bounded()
        examination = engine.examine(resource, profile, level=self.level)
        if not examination.is_r4:
            raise FhirError(Fault.UNPROCESSABLE, *examination.issues)
        return Checked(resource, examination.issues)


@cache
def edition_validator(edition: str, packages: Path | None = None, pins: Pins = ()) -> Validator:
    """Return the engine of an edition, made once per process, with the profiles of the operator's packages.

    Raises PackageRefused for a package that is unreadable or not pinned by its sha256, NotUnderstood for a profile that
    the engine cannot check.
    """
    definitions = edition_definitions(edition, packages, dict(pins))
    try:
        return Validator(definitions)
    except MALFORMED as error:
        if packages is None:
            raise
        raise PackageRefused(f"{packages} has a definition that is not valid R4: {error}.") from error


@cache
def base_validator() -> Validator:
    """Return the engine without profiles, made once per process."""
    return Validator(Definitions(()))
