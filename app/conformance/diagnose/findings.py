"""What the diagnosing pass has found so far, the references it came by, and what its parts know of each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Protocol

from msgspec import Struct

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.reference import Target
from app.conformance.checks.rule import Family, Rule
from app.conformance.compiled.shape import Shape
from app.conformance.strictness import Level, severity
from app.fhir.bundle_index import BundleIndex, Entry
from app.fhir.place import Place

MOST_PER_FAMILY = 200
"""How many findings of one family are enough: more than any answer shows, so that the least can be left out."""


class EnoughError(Exception):
    """There are more errors than anybody wants to read; it never leaves the diagnosing pass."""


class NotedReference(Struct, frozen=True):
    """A reference, where it is, what it may refer to, and the entry whose resource it is in."""

    reference: str
    place: Place
    target: Target
    source: Entry | None


@dataclass(slots=True)
class BodyScope:
    """Where references are resolved: in the Bundle of `index`, from the entry `source`.

    A resource that stands alone is the source, in an empty index. In a Bundle, no entry is the source of the Bundle's
    own references.
    `way` are the objects that the walk is in, each with its shape and place, the outermost first.
    """

    index: BundleIndex
    source: Entry | None = None
    references: list[NotedReference] = field(default_factory=list)
    parents: list[tuple[Shape, dict[str, Any], Place]] = field(default_factory=list)

    def aside(self) -> BodyScope:
        """Return the same surroundings, with no references noted in them yet."""
        return BodyScope(self.index, self.source, parents=[*self.parents])


class Seen:
    """Which resources were checked by which shape, so that each is checked by each once, however often it is met.

    A trial aside keeps what it saw to itself until it is chosen.
    """

    __slots__ = ("_before", "_pairs", "depth")

    def __init__(self, before: Seen | None = None) -> None:
        self._before = before
        self._pairs: set[tuple[int, int]] = set()
        self.depth: int = 0 if before is None else before.depth + 1

    def has(self, resource: Any, shape: Shape) -> bool:
        """Whether a resource was checked by a shape."""
        pair = (id(resource), id(shape))
        return pair in self._pairs or (self._before is not None and self._before.has(resource, shape))

    def add(self, resource: Any, shape: Shape) -> bool:
        """Remember a resource and a shape, and return whether they are met for the first time."""
        pair = (id(resource), id(shape))
        if pair in self._pairs or (self._before is not None and self._before.has(resource, shape)):
            return False
        self._pairs.add(pair)
        return True

    def join(self, chosen: Seen) -> None:
        """Take over what a trial saw."""
        self._pairs |= chosen._pairs


class CappedFindings(list[Finding]):
    """A list of findings that ends with enough errors, by a level; `met` counts those that are left out, too.

    What is no error at the level never ends it, as behind it may be what is: of each family, enough are kept.
    """

    def __init__(self, level: Level) -> None:
        super().__init__()
        self.level = level
        self.met = 0
        self._of: Counter[Family] = Counter()

    def add(self, finding: Finding) -> None:
        """Add a finding, or leave it out. Raises EnoughError where there are errors enough."""
        self.met += 1
        self._of[finding.family] += 1
        if self._of[finding.family] <= MOST_PER_FAMILY:
            self.append(finding)
        elif severity(self.level, finding.family) == "error":
            raise EnoughError

    def add_broken(self, rule: Rule, place: Place) -> None:
        """Add that a rule does not hold at a place."""
        self.add(Finding(place, rule.family, rule.code, rule.text, rule.key, rule.source))

    def add_malformed(self, place: Place, text: str, rule: str, type_: str, code: str = "structure") -> None:
        """Add that something is not as R4 has it in values of a type."""
        self.add(Finding(place, Family.STRUCTURE, code, text, rule, STRUCTURE + type_))


class Diagnosis(Protocol):
    """The walk, as the parts of it know it."""

    findings: CappedFindings
    seen: Seen

    def check(self, shape: Shape, value: Any, place: Place, scope: BodyScope) -> None:
        """Check one value, and what is below it."""

    def check_best_of(self, shapes: tuple[Shape, ...], value: Any, place: Place, scope: BodyScope) -> None:
        """Check a value by the shape that fits it best."""

    def conforms(self, shape: Shape, value: Any, scope: BodyScope) -> bool:
        """Whether a value has a shape, without a word about it if not."""
