"""The engine: validate a resource against R4 and profiles.

validator = Validator(edition_definitions("2.2.1"))
issues = validator.validate(bundle, PAS + "profile-pas-request-bundle", level=Level.STANDARD)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.codes import pas
from app.conformance.base.table import STRUCTURE, TypeOf, is_resource
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import cited
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


class UnknownProfile(LookupError):  # noqa: N818 - the caller's mistake, no error of the program
    """The requested profile is not among the definitions."""


class Examination(NamedTuple):
    """The issues of a resource, errors first; `is_r4`: the whole structure was checked and is R4."""

    issues: tuple[Issue, ...]
    is_r4: bool


class Validator:
    """Validate resources with one set of definitions.

    Raises NotUnderstood for a definition that the engine cannot check. `unchecked` lists the unknown invariants of an
    operator's packages as `profile key`.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._library = Library(definitions)
        self.unchecked = self._library.compile()
        self._any = self._library.of_type("Resource")
        self._roots: dict[str, Shape] = {}
        guide = definitions.structure(pas("profile-pas-request-bundle"))
        self._guide = "" if guide is None else guide.version

    def knows(self, profile: str) -> bool:
        """Return whether a profile is among the definitions, or is a base R4 type."""
        try:
            self._profiled(profile)
        except UnknownProfile:
            return False
        return True

    def validate(
        self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD
    ) -> tuple[Issue, ...]:
        """Return the issues of a resource by R4, by its declared profiles, and by `profile`; errors first.

        Raises UnknownProfile. It accepts any JSON value as resource.
        """
        return () if self.is_valid_fast(resource, profile) else self.diagnose(resource, profile, level=level)

    def diagnose(
        self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD
    ) -> tuple[Issue, ...]:
        """Return the issues of the diagnosing pass."""
        return self.examine(resource, profile, level=level).issues

    def examine(self, resource: Any, profile: str | None = None, *, level: Level = Level.STANDARD) -> Examination:
        """Run the diagnosing pass; return its issues, and whether the whole resource is R4."""
        type_ = resource.get("resourceType") if isinstance(resource, dict) else None
        root = type_ if isinstance(type_, str) and is_resource(type_) else "%resource"
        findings = diagnose(resource, self._root(profile), root, level)
        issues = list(_issues(without_superseded(findings), level, self._guide))
        issues.sort(key=lambda issue: issue.severity != "error")
        return Examination(tuple(issues[:MOST_ISSUES]), _is_r4(findings, level))

    def is_valid_fast(self, resource: Any, profile: str | None = None) -> bool:
        """Return whether a resource has no issue at any level; False means "not sure". Raises UnknownProfile."""
        return is_valid_fast(resource, self._root(profile))

    def _root(self, profile: str | None) -> Shape:
        """Return the shape of a body: any resource, or a resource with the profile."""
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
        """Return the URL of a profile without its version, and its type. A base R4 type adds no constraints."""
        structure = self._library.definitions.structure(profile)
        if structure is not None:
            return structure.url, ProfiledType(structure.type, (structure.url,))
        url = unversioned(profile)
        type_ = url.removeprefix(STRUCTURE)
        if type_ == url or not is_resource(type_):
            raise UnknownProfile(f"The profile {url} is unknown.")
        return url, ProfiledType(type_, ())


def _is_r4(findings: list[Finding], level: Level) -> bool:
    """Return whether there is no error of R4 structure, and the pass did not end early."""
    counts = Counter(finding.family for finding in findings)
    ended_early = any(
        count >= MOST_PER_FAMILY and severity(level, family) == "error" for family, count in counts.items()
    )
    return not counts[Family.STRUCTURE] and not ended_early


def _issues(findings: Iterator[Finding], level: Level, guide: str) -> Iterator[Issue]:
    for finding in findings:
        grade = severity(level, finding.family)
        if grade is not None:
            rule = f"{cited(finding.source, guide)} {finding.rule}"
            yield Issue(finding.text, fhirpath(finding.place), finding.code, grade, rule)
