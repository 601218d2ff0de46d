"""Diagnose references: the target must exist, and have an allowed type and profile."""

from __future__ import annotations

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.bundle_rules.frame import PUBLISHED
from app.conformance.bundle_rules.kinds import MAY_LEAVE_BUNDLE, Kind
from app.conformance.bundle_rules.reachable import Links
from app.conformance.checks.reference import target_type
from app.conformance.checks.rule import Family
from app.conformance.compiled.shape import Shapes
from app.conformance.diagnose.findings import BodyScope, Diagnosis, NotedReference
from app.fhir.bundle import Entry
from app.fhir.place import Place

_NEEDED = frozenset({("patient",), ("insurer",), ("provider",), ("insurance", "coverage")})
_SPECIAL = frozenset(path[-1] for path in (*_NEEDED, *MAY_LEAVE_BUNDLE.values()))
"""Last names of these paths."""

_CONTAINED = "A reference that begins with # must name the id of a contained resource."
_ABSENT = "The reference must resolve to an entry of the Bundle."


def follow_references(diagnosis: Diagnosis, scope: BodyScope, library: Shapes, closed: Kind | None) -> Links:
    """Check the references of a scope, and each target once against each profile; return the edges between entries.

    `closed` is the kind of a Bundle that must contain all targets. The loop also reads references that it adds itself,
    those of checked targets.
    """
    links: Links = {}
    for noted in scope.references:
        source = noted.source
        entry = None if source is None else scope.index.resolve(noted.reference, source)
        if entry is None or source is None:
            _check_absent(diagnosis, noted, closed)
        elif entry.container is not None:
            _is_type(diagnosis, noted, entry.type)
        else:
            links.setdefault(source.number, set()).add(entry.number)
            if _is_type(diagnosis, noted, entry.type):
                _check_profiles(diagnosis, scope, library, noted, entry)
    return links


def _is_type(diagnosis: Diagnosis, noted: NotedReference, type_: str) -> bool:
    types = noted.target.types
    if types is None or type_ in types:
        return True
    family = Family.STRUCTURE if noted.target.source.startswith(STRUCTURE) else Family.PROFILE
    diagnosis.findings.add(Finding(noted.place, family, "value", noted.target.text, "target-type", noted.target.source))
    return False


def _check_absent(diagnosis: Diagnosis, noted: NotedReference, closed: Kind | None) -> None:
    """Check the type that an unresolved reference names; report its target as absent if the Bundle must have it."""
    if noted.reference.startswith("#"):
        if noted.reference != "#":
            diagnosis.findings.add_malformed(noted.place, _CONTAINED, "ref-1", "Reference", "not-found")
        return
    type_ = target_type(noted.reference)
    if type_ is not None and not _is_type(diagnosis, noted, type_):
        return
    if closed is None or noted.source is None:
        return
    path = _path(noted.place, noted.source) if _last(noted.place) in _SPECIAL else ()
    if not _may_be_absent(path, noted.source):
        needed = closed.is_from_provider and noted.source.number == 0 and path in _NEEDED
        family, rule = (Family.NEEDED, "spec-13") if needed else (Family.CLOSURE, "spec-13")
        diagnosis.findings.add(Finding(noted.place, family, "not-found", _ABSENT, rule, PUBLISHED))


def _may_be_absent(path: tuple[str, ...], source: Entry) -> bool:
    """Return whether the guide allows the target to be outside the Bundle."""
    return MAY_LEAVE_BUNDLE.get(source.type) == path


def _last(place: Place) -> object:
    """Return the name of the element that has the reference."""
    above = place[0] if isinstance(place, tuple) else place
    return above[1] if isinstance(above, tuple) else above


def _path(place: Place, source: Entry) -> tuple[str, ...]:
    """Return the names of the elements from the resource of an entry down to a reference."""
    names: list[str] = []
    while isinstance(place, tuple) and place != source.place:
        place, step = place
        if isinstance(step, str):
            names.append(step)
    return tuple(reversed(names))[1:-1]


def _check_profiles(
    diagnosis: Diagnosis, scope: BodyScope, library: Shapes, noted: NotedReference, target: Entry
) -> None:
    """Check a target against its profile; of several allowed profiles, one must fit."""
    profiles = noted.target.profiles.get(target.type, ())
    shapes = [shape for shape in map(library.of_profile, profiles) if shape is not None]
    if not shapes or any(diagnosis.seen.has(target.resource, shape) for shape in shapes):
        return
    for shape in shapes:
        diagnosis.seen.add(target.resource, shape)
    before, scope.source = scope.source, target
    diagnosis.check_best_of(tuple(shapes), target.resource, (target.place, "resource"), scope)
    scope.source = before
