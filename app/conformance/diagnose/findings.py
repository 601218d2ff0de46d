"""The state of the diagnosing pass: findings, noted references, and resources already checked."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

from msgspec import Struct, field

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.reference import Target
from app.conformance.checks.rule import Family, Rule
from app.conformance.compiled.shape import Shape
from app.conformance.strictness import Level, severity
from app.fhir.bundle import BundleIndex, Entry
from app.fhir.place import Place

MOST_PER_FAMILY = 200
"""More findings than any answer shows; the least severe are dropped."""


class EnoughError(Exception):
    """Enough errors are found. It never leaves the diagnosing pass."""


class NotedReference(Struct, frozen=True):
    """A reference with its place, its allowed targets, and the entry of its resource."""

    reference: str
    place: Place
    target: Target
    source: Entry | None


class BodyScope(Struct):
    """Where references are resolved: in the Bundle of `index`, from the entry `source`.

    For a resource outside a Bundle, the index is empty and `source` is the resource. The references of the Bundle
    itself have no source. `parents` are the objects around the current value, outermost first.
    """

    index: BundleIndex
    source: Entry | None = None
    references: list[NotedReference] = field(default_factory=list)
    parents: list[tuple[Shape, dict[str, Any], Place]] = field(default_factory=list)

    def for_trial(self) -> BodyScope:
        """Return the same scope without noted references."""
        return BodyScope(self.index, self.source, parents=[*self.parents])


class Seen:
    """The pairs of resource and shape already checked, so that each pair is checked once.

    A trial has pairs of its own; they are joined only if its shape is chosen.
    """

    __slots__ = ("_before", "_pairs", "depth")

    def __init__(self, before: Seen | None = None) -> None:
        self._before = before
        self._pairs: set[tuple[int, int]] = set()
        self.depth: int = 0 if before is None else before.depth + 1

    def has(self, resource: Any, shape: Shape) -> bool:
        """Return whether a resource was checked against a shape."""
        pair = (id(resource), id(shape))
        return pair in self._pairs or (self._before is not None and self._before.has(resource, shape))

    def add(self, resource: Any, shape: Shape) -> bool:
        """Add a pair; return whether it is new."""
        pair = (id(resource), id(shape))
        if pair in self._pairs or (self._before is not None and self._before.has(resource, shape)):
            return False
        self._pairs.add(pair)
        return True

    def join(self, chosen: Seen) -> None:
        """Add the pairs of a trial."""
        self._pairs |= chosen._pairs


class CappedFindings(list[Finding]):
    """At most MOST_PER_FAMILY findings of each family; `met` also counts the dropped ones.

    A family with too many errors at the level ends the pass. Warnings never do, because errors may follow them.
    """

    def __init__(self, level: Level) -> None:
        super().__init__()
        self.level = level
        self.met = 0
        self._counts: Counter[Family] = Counter()

    def add(self, finding: Finding) -> None:
        """Add or drop a finding. Raises EnoughError."""
        self.met += 1
        self._counts[finding.family] += 1
        if self._counts[finding.family] <= MOST_PER_FAMILY:
            self.append(finding)
        elif severity(self.level, finding.family) == "error":
            raise EnoughError

    def add_broken(self, rule: Rule, place: Place) -> None:
        """Add a finding for a rule that a value breaks."""
        self.add(Finding(place, rule.family, rule.code, rule.text, rule.key, rule.source))

    def add_malformed(self, place: Place, text: str, rule: str, type_: str, code: str = "structure") -> None:
        """Add a finding for a fault in the R4 structure of a type."""
        self.add(Finding(place, Family.STRUCTURE, code, text, rule, STRUCTURE + type_))


class Diagnosis(Protocol):
    """The interface of BodyDiagnosis for the modules of this pass."""

    findings: CappedFindings
    seen: Seen

    def check(self, shape: Shape, value: Any, place: Place, scope: BodyScope) -> None:
        """Check a value and everything below it."""

    def check_best_of(self, shapes: tuple[Shape, ...], value: Any, place: Place, scope: BodyScope) -> None:
        """Check a value against the shape with the fewest findings."""

    def conforms(self, shape: Shape, value: Any, scope: BodyScope) -> bool:
        """Return whether a value has a shape; no finding is added."""
