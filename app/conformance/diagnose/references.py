"""The diagnosis of references: whether there is a target, of an accepted type, that meets an accepted profile."""

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
from app.fhir.bundle_index import Entry
from app.fhir.place import Place

_NEEDED = frozenset({("patient",), ("insurer",), ("provider",), ("insurance", "coverage")})
_SPECIAL = frozenset(path[-1] for path in (*_NEEDED, *MAY_LEAVE_BUNDLE.values()))
"""Names of the elements that some rule speaks of."""

_CONTAINED = "A reference that begins with # is accepted if the resource contains a resource of that id."
_ABSENT = "A reference to an entry of the Bundle is accepted."


def follow_references(diagnosis: Diagnosis, scope: BodyScope, library: Shapes, closed: Kind | None) -> Links:
    """Check the references of a scope, and each target once by each profile; return which entries refer to which.

    `closed` is the kind of a Bundle that must hold all that it refers to. Checking a target brings its own references.
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
        needed = closed.asks and noted.source.number == 0 and path in _NEEDED
        family, rule = (Family.NEEDED, "spec-13") if needed else (Family.CLOSURE, "spec-13")
        diagnosis.findings.add(Finding(noted.place, family, "not-found", _ABSENT, rule, PUBLISHED))


def _may_be_absent(path: tuple[str, ...], source: Entry) -> bool:
    """Whether the guide lets a target be elsewhere."""
    return MAY_LEAVE_BUNDLE.get(source.type) == path


def _last(place: Place) -> object:
    """Return the name of the element that a reference is the text of."""
    above = place[0] if isinstance(place, tuple) else place
    return above[1] if isinstance(above, tuple) else above


def _path(place: Place, source: Entry) -> tuple[str, ...]:
    """Return the names of the elements from an entry's resource down to a reference."""
    names: list[str] = []
    while isinstance(place, tuple) and place != source.place:
        place, step = place
        if isinstance(step, str):
            names.append(step)
    return tuple(reversed(names))[1:-1]


def _check_profiles(
    diagnosis: Diagnosis, scope: BodyScope, library: Shapes, noted: NotedReference, found: Entry
) -> None:
    """Check a target by the profile that is asked for, unless it has been; by one of several, unless it meets one."""
    profiles = noted.target.profiles.get(found.type, ())
    shapes = [shape for shape in map(library.of_profile, profiles) if shape is not None]
    if not shapes or any(diagnosis.seen.has(found.resource, shape) for shape in shapes):
        return
    for shape in shapes:
        diagnosis.seen.add(found.resource, shape)
    before, scope.source = scope.source, found
    diagnosis.check_best_of(tuple(shapes), found.resource, (found.place, "resource"), scope)
    scope.source = before
