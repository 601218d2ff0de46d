"""Judge a FHIR body by all available validators, and remember the verdict.

The engine at its strictest by the shipped profiles, the engine by the published ones where the packages are there, and
the models of `fhir.resources`, which know nothing of profiles but are not ours.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.conformance.strictness import Level
from app.conformance.validator import Validator
from app.fhir.json import read
from app.fhir.outcome import MOST_ISSUES, FhirError
from app.search.subsets import SUBSETTED
from tests.conformance.engine import by_snapshots, validator
from tests.support.packages import present

Json = dict[str, Any]

_LISTS = ("searchset", "history")


class Fault(NamedTuple):
    """A fault: its FHIRPath and the validator's text."""

    place: str
    text: str


class Verdict(tuple[Fault, ...]):
    """All faults of a body."""

    __slots__ = ()

    @property
    def is_cut(self) -> bool:
        """Return whether a validator may have cut its list of faults."""
        return len(self) >= MOST_ISSUES


_known: dict[tuple[str, bytes], Verdict] = {}


def verdict(data: bytes, edition: str) -> Verdict:
    """Judge a body by R4 and by its declared profiles in an edition; a body that is not JSON has no faults."""
    key = (edition, hashlib.sha256(data).digest())
    if key not in _known:
        _known[key] = _judged(data, edition)
    return _known[key]


def _judged(data: bytes, edition: str) -> Verdict:
    try:
        body = read(data)
    except FhirError:
        return Verdict()
    return Verdict((*_by_engines(body, edition), *_by_models(body)))


def _by_engines(body: Json, edition: str) -> Iterator[Fault]:
    """Judge a body; each resource of a searchset or history is judged by itself."""
    entries = body.get("entry", [])
    if body.get("type") not in _LISTS or not all(isinstance(one.get("resource"), dict) for one in entries):
        yield from _by_profiles(body, edition)
        return
    for index, resource in enumerate(one["resource"] for one in entries):
        for fault in _by_profiles(resource, edition):
            inside = fault.place.removeprefix(resource["resourceType"])
            yield Fault(f"Bundle.entry[{index}].resource{inside}", fault.text)
    bare = [entry | {"resource": _unprofiled(entry["resource"])} for entry in entries]
    frame = _by_profiles({**body, "entry": bare} if bare else body, edition)
    yield from (fault for fault in frame if ".resource" not in fault.place)  # resources are judged above


def _by_profiles(resource: Json, edition: str) -> Iterator[Fault]:
    # A part of a resource, as a summary is one, says so, and need not have all that a profile asks for.
    meta = resource.get("meta")
    tags = meta.get("tag") if isinstance(meta, dict) else None
    judged = _unprofiled(resource) if isinstance(tags, list) and SUBSETTED in tags else resource
    for engine in _engines(edition):
        for issue in engine.validate(judged, level=Level.STRICT):
            yield Fault(issue.expression or "", issue.text)


def _unprofiled(resource: Json) -> Json:
    """Return a resource without the profiles it declares."""
    meta = {name: value for name, value in resource.get("meta", {}).items() if name.lstrip("_") != "profile"}
    without = {name: value for name, value in resource.items() if name != "meta"}
    return {**without, "meta": meta} if meta else without


def _engines(edition: str) -> tuple[Validator, ...]:
    shipped = validator(edition)
    return (shipped, by_snapshots(edition)) if present() else (shipped,)


def _by_models(body: Json) -> Iterator[Fault]:
    type_ = str(body.get("resourceType"))
    try:
        getattr(importlib.import_module(f"fhir.resources.R4B.{type_.lower()}"), type_).model_validate(body)
    except ValidationError as refused:
        for error in refused.errors(include_url=False, include_input=False):
            yield Fault(_fhirpath(type_, error["loc"]), error["msg"])
    except (ImportError, AttributeError, LookupError, TypeError, ValueError) as confused:
        yield Fault(type_, f"The models cannot read it: {type(confused).__name__}.")


def _fhirpath(type_: str, location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location if step != "root")
    return type_ + "".join(steps)
