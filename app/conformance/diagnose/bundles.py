"""Diagnose a Bundle: its elements, then the targets of its references, then the rules on the whole Bundle."""

from __future__ import annotations

from typing import Any

from app.conformance.bundle_rules.kinds import kind_of
from app.conformance.bundle_rules.reachable import unreachable
from app.conformance.bundle_rules.rules import bundle_findings
from app.conformance.compiled.shape import Shape
from app.conformance.diagnose.findings import BodyScope, Diagnosis
from app.conformance.diagnose.objects import check_object
from app.conformance.diagnose.references import follow_references
from app.fhir.bundle import BundleIndex
from app.fhir.place import Place


def check_bundle(diagnosis: Diagnosis, shape: Shape, value: dict[str, Any], place: Place) -> None:
    """Check a Bundle. Its references resolve only within it, even if it is inside another Bundle."""
    index = BundleIndex(value, place)
    scope = BodyScope(index)
    check_object(diagnosis, shape, value, place, scope)
    kind = kind_of(shape.source)
    links = follow_references(diagnosis, scope, shape.library, closed=kind)
    if kind is None:
        return
    for finding in bundle_findings(index, kind, shape.version):
        diagnosis.findings.add(finding)
    for finding in unreachable(index, links) if kind.is_from_provider else ():
        diagnosis.findings.add(finding)
