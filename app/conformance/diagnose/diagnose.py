"""The diagnosing pass: list the faults of a body with their places. It accepts any JSON value without raising."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import UNEXPECTED_JSON
from app.conformance.compiled.shape import Shape
from app.conformance.diagnose import wording
from app.conformance.diagnose.bundles import check_bundle
from app.conformance.diagnose.findings import BodyScope, CappedFindings, EnoughError, Seen
from app.conformance.diagnose.objects import check_object
from app.conformance.diagnose.references import follow_references
from app.conformance.diagnose.resources import check_resource
from app.conformance.strictness import Level
from app.fhir.bundle import BundleIndex, alone
from app.fhir.place import Place

_DEEPEST_TRIAL = 2
"""Each level of nested trials doubles the time. At this depth, only the first of several shapes is tried."""


def diagnose(resource: Any, shape: Shape, root: Place, level: Level) -> list[Finding]:
    """Return the faults of a resource: at most `MOST_PER_FAMILY` of each family, until that many are errors."""
    diagnosis = BodyDiagnosis(CappedFindings(level), Seen())
    scope = BodyScope(BundleIndex({}), alone(resource))
    try:
        diagnosis.check(shape, resource, root, scope)
        follow_references(diagnosis, scope, shape.library, closed=None)
    except EnoughError:
        return diagnosis.findings
    except RecursionError:
        return [*diagnosis.findings, wording.too_deep(root)]
    return diagnosis.findings


class BodyDiagnosis:
    """Check the values of a body against their shapes, and collect the findings."""

    def __init__(self, findings: CappedFindings, seen: Seen) -> None:
        self.findings, self.seen = findings, seen

    def check(self, shape: Shape, value: Any, place: Place, scope: BodyScope) -> None:
        """Check a value and everything below it."""
        before = self.findings.met
        if value is None:
            self.findings.add_malformed(place, wording.NULL, "null", shape.type)
        elif shape.primitive is not None:
            self._primitive(shape, value, place)
        elif type(value) is not dict:
            self.findings.add_malformed(place, wording.NOT_AN_OBJECT, "type", shape.type)
        elif shape.is_abstract:
            check_resource(self, shape, value, place, scope)
        elif shape.alternatives:
            self.check_best_of(shape.alternatives, value, place, scope)
        elif shape.type == "Bundle":
            check_bundle(self, shape, value, place)
        else:
            check_object(self, shape, value, place, scope)
        if not (shape.is_abstract or shape.alternatives) and shape.rules:
            self._rules(shape, value, place, before)

    def _primitive(self, shape: Shape, value: Any, place: Place) -> None:
        primitive = shape.primitive
        fault = primitive.fault(value) if primitive else None
        if primitive and fault:
            self.findings.add_malformed(
                place, primitive.text, "type" if fault == "structure" else "format", shape.type, fault
            )

    def _rules(self, shape: Shape, value: Any, place: Place, before: int) -> None:
        """Check the rules on the whole value. A rule may raise for malformed JSON, which has a finding already."""
        for rule in shape.rules:
            try:
                is_valid = rule.holds(value)
            except UNEXPECTED_JSON:
                is_valid = self.findings.met > before
            if not is_valid:
                self.findings.add_broken(rule, place)

    def check_best_of(self, shapes: tuple[Shape, ...], value: Any, place: Place, scope: BodyScope) -> None:
        """Check a value against the shape with the fewest findings; the first of equals wins."""
        if len(shapes) == 1 or self.seen.depth >= _DEEPEST_TRIAL:
            self.check(shapes[0], value, place, scope)
            return
        trials: list[tuple[BodyDiagnosis, BodyScope]] = []
        for shape in shapes:
            trials.append(self._trial(shape, value, place, scope.for_trial()))
            if not trials[-1][0].findings:
                break
        best, best_scope = min(trials, key=lambda trial: len(trial[0].findings))
        scope.references += best_scope.references
        self.seen.join(best.seen)
        for finding in best.findings:
            self.findings.add(finding)

    def conforms(self, shape: Shape, value: Any, scope: BodyScope) -> bool:
        """Return whether a value has a shape; no finding is added."""
        return not self._trial(shape, value, "", scope.for_trial())[0].findings

    def _trial(self, shape: Shape, value: Any, place: Place, scope: BodyScope) -> tuple[BodyDiagnosis, BodyScope]:
        """Check a value against a shape without adding the findings to this diagnosis."""
        diagnosis = BodyDiagnosis(CappedFindings(self.findings.level), Seen(self.seen))
        with suppress(EnoughError):
            diagnosis.check(shape, value, place, scope)
        return diagnosis, scope
