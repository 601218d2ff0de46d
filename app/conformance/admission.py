"""What comes in, looked at by R4 and the profiles of an edition, as strictly as the operator chose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from app.conformance.choice import checked
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.packages import NOT_AS_R4, PackageRefused, edition_definitions
from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.body import Checked, Unchecked
from app.fhir.outcome import Fault, FhirError, Issue

Pins = tuple[tuple[str, str], ...]


class Conformance(Struct, frozen=True):
    """The engine of each edition, by its version; `base` knows R4 and no profile."""

    editions: Mapping[str, Validator]
    base: Validator
    level: Level = Level.STANDARD

    def by_profile(self, body: Unchecked, edition: str, profile: str) -> Checked:
        """Check a body against a profile of an edition. Raises FhirError unless it is R4.

        UNREADABLE for depth and element names, UNPROCESSABLE with the engine's issues for any other error of R4.
        """
        return self._admitted(self.editions[edition], body, profile)

    def by_r4(self, body: Unchecked) -> Checked:
        """Check a body against R4 alone, whatever profiles it declares. Raises FhirError as `by_profile` does."""
        return self._admitted(self.base, body)

    def asked(self, body: Unchecked, edition: str, profile: str | None) -> tuple[Issue, ...]:
        """Return the issues of a body by a profile, or by the profiles that apply to it. Raises UnknownProfile."""
        return checked(self.editions[edition], body.bounded(), profile, self.level)

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
    """Return the engine of an edition, made once a process: its profiles, and those of an operator's packages.

    Raises PackageRefused for a package that is not pinned by its sha256 or is not readable, NotUnderstood for a profile
    that cannot be checked.
    """
    definitions = edition_definitions(edition, packages, dict(pins))
    try:
        return Validator(definitions)
    except NOT_AS_R4 as error:
        if packages is None:
            raise
        raise PackageRefused(f"{packages} has a definition that is not as R4 has them: {error}.") from error


@cache
def base_validator() -> Validator:
    """Return the engine that knows R4 alone, made once a process."""
    return Validator(Definitions(()))
