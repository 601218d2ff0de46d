"""Whether a resource is R4 and meets the profiles asked of it: one engine for all that comes in and goes out.

validator = Validator(edition_definitions("2.2.1"))
issues = validator.validate(bundle, PAS + "profile-pas-request-bundle", level=Level.STANDARD)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.conformance.base.table import STRUCTURE, TypeOf, is_resource
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.library import Library
from app.conformance.compiled.shape import Shape
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.element_definition import unversioned
from app.conformance.definitions.node import Node, ProfiledType
from app.conformance.diagnose.diagnose import diagnose
from app.conformance.diagnose.findings import MOST_PER_FAMILY
from app.conformance.fast.verdict import is_valid_fast
from app.conformance.strictness import Level, severity
from app.conformance.superseded import without_superseded
from app.fhir.outcome import MOST_ISSUES, Issue
from app.fhir.place import fhirpath


class UnknownProfile(LookupError):  # noqa: N818 - it is no error of the program, but of what was asked of it
    """A profile is asked for that is not among the definitions."""


class Examination(NamedTuple):
    """The issues of a resource, errors first; `is_r4` says that its structure was checked to the end and is R4's."""

    issues: tuple[Issue, ...]
    is_r4: bool


class Validator:
    """Checks resources by one set of definitions.

    Raises NotUnderstood when it is made, where a definition asks for something that cannot be checked. `unchecked` are
    the invariants of an operator's packages that nothing is known of, as `profile key`.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._library = Library(definitions)
        self.unchecked = self._library.compile()
        self._any = self._library.of_type("Resource")
        self._roots: dict[str, Shape] = {}

    def knows(self, profile: str) -> bool:
        """Whether a profile is among the definitions, or is R4's own of a type."""
        try:
            self._profiled(profile)
        except UnknownProfile:
            return False
        return True

    def validate(
        self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD
    ) -> tuple[Issue, ...]:
        """Return what is wrong with a resource: by R4, by the profiles it declares, and by `profile`; errors first.

        Raises UnknownProfile for a `profile` that is not known. No JSON value makes it raise.
        """
        return () if self.is_valid_fast(resource, profile) else self.diagnose(resource, profile, level=level)

    def diagnose(
        self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD
    ) -> tuple[Issue, ...]:
        """Return the issues of the diagnosing pass."""
        return self.examine(resource, profile, level=level).issues

    def examine(self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD) -> Examination:
        """Run the diagnosing pass, and say whether the whole resource is R4."""
        type_ = resource.get("resourceType") if isinstance(resource, dict) else None
        root = type_ if isinstance(type_, str) and is_resource(type_) else "%resource"
        findings = diagnose(resource, self._root(profile), root, level)
        issues = list(_issues(without_superseded(findings), level))
        issues.sort(key=lambda issue: issue.severity != "error")
        return Examination(tuple(issues[:MOST_ISSUES]), _is_r4(findings, level))

    def is_valid_fast(self, resource: Any, profile: str | None = None) -> bool:
        """Whether nothing at all is wrong with a resource, at any level; no means: not sure. Raises UnknownProfile."""
        return is_valid_fast(resource, self._root(profile))

    def _root(self, profile: str | None) -> Shape:
        """Return the shape of a body: of any type, or of the profile's."""
        if profile is None:
            return self._any
        if profile not in self._roots:
            url, type_ = self._profiled(profile)
            if url not in self._roots:
                node = Node(url, types=(type_,))
                self._roots[url] = self._library.value(TypeOf("Resource"), node)
            return self._roots[url]
        return self._roots[profile]

    def _profiled(self, profile: str) -> tuple[str, ProfiledType]:
        """Return a profile's URL without its version, and its type; R4's own profile of a type says no more of it."""
        structure = self._library.definitions.structure(profile)
        if structure is not None:
            return structure.url, ProfiledType(structure.type, (structure.url,))
        url = unversioned(profile)
        type_ = url.removeprefix(STRUCTURE)
        if type_ == url or not is_resource(type_):
            raise UnknownProfile(f"The profile {url} is not known.")
        return url, ProfiledType(type_, ())


def _is_r4(findings: list[Finding], level: Level) -> bool:
    """Return whether there is no error of structure, and the pass did not end early, at the most errors of a family."""
    counts = Counter(finding.family for finding in findings)
    ended_early = any(
        count >= MOST_PER_FAMILY and severity(level, family) == "error" for family, count in counts.items()
    )
    return not counts[Family.STRUCTURE] and not ended_early


def _issues(findings: Iterator[Finding], level: Level) -> Iterator[Issue]:
    for finding in findings:
        found = severity(level, finding.family)
        if found is not None:
            rule = f"{finding.source} {finding.rule}"
            yield Issue(finding.text, fhirpath(finding.place), finding.code, found, rule)
