"""What comes in, looked at by R4 and the profiles of an edition, as strictly as the operator chose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.conformance.choice import checked
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.packages import NOT_AS_R4, PackageRefused, edition_definitions
from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.json import check_bounds
from app.fhir.outcome import Issue

Pins = tuple[tuple[str, str], ...]


class Conformance(Struct, frozen=True):
    """The engine of each edition, by its version; `base` knows R4 and no profile."""

    editions: Mapping[str, Validator]
    base: Validator
    level: Level = Level.STANDARD

    def by_profile(self, resource: dict[str, Any], text: str, edition: str, profile: str) -> tuple[Issue, ...]:
        """Return what is wrong with a resource by a profile of an edition, errors first; nothing where it conforms.

        `text` is what it was read from. If the engine is not sure that all is well, depth and names are checked.
        Raises FhirError UNREADABLE as `read` does.
        """
        return self._found(self.editions[edition], resource, text, profile)

    def asked(self, resource: dict[str, Any], edition: str, profile: str | None) -> tuple[Issue, ...]:
        """Return what is wrong with a resource by a profile, or else by what it is. Raises UnknownProfile."""
        return checked(self.editions[edition], resource, profile, self.level)

    def by_r4(self, resource: dict[str, Any], text: str) -> tuple[Issue, ...]:
        """Return what is wrong with a resource by R4 alone, whatever profiles it declares; else as `by_profile`."""
        return self._found(self.base, resource, text)

    def _found(
        self, engine: Validator, resource: dict[str, Any], text: str, profile: str | None = None
    ) -> tuple[Issue, ...]:
        if engine.is_valid_fast(resource, profile):
            return ()
        check_bounds(resource, text)
        return engine.diagnose(resource, profile, level=self.level)


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
