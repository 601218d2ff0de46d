"""Diagnose extensions: each by the definition of its URL, and the number of each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.conformance.base.paths import type_paths
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.extension import is_missing_definition
from app.conformance.checks.rule import Family
from app.conformance.compiled.fields import MODIFIER_EXTENSION
from app.conformance.compiled.shape import Field, Shape
from app.conformance.definitions.element_definition import unversioned
from app.conformance.diagnose import wording
from app.conformance.diagnose.findings import BodyScope, Diagnosis
from app.conformance.diagnose.lists import check_count, check_slice
from app.conformance.diagnose.modifiers import unknown_extension
from app.conformance.diagnose.parents import matches_path, parent_of
from app.fhir.place import Place


def check_extensions(diagnosis: Diagnosis, field: Field, values: Any, place: Place, scope: BodyScope) -> None:
    """Check the extensions, or modifier extensions, of an element."""
    if type(values) is not list or not values:
        diagnosis.findings.add_malformed(place, wording.LIST, "type", "Extension")
        return
    slices = field.by_url or {}
    counts = Counter(url for url in map(_url, values) if url is not None)
    if all(counts[url] >= slice_.minimum for url, slice_ in slices.items()):
        check_count(diagnosis.findings, field, len(values), place)
    for url, slice_ in slices.items():
        check_slice(diagnosis.findings, field, slice_, counts[url], place, url=url)
    for index, value in enumerate(values):
        diagnosis.check(_shape(diagnosis, field, _url(value), (place, index), scope), value, (place, index), scope)


def _url(value: Any) -> str | None:
    url = value.get("url") if type(value) is dict else None
    return url if type(url) is str else None


def _shape(diagnosis: Diagnosis, field: Field, url: str | None, place: Place, scope: BodyScope) -> Shape:
    """Return the shape of an extension with this URL; add a finding if its definition must be known and is not."""
    library = field.shape.library
    if url is not None:
        if field.by_url and url in field.by_url:
            return field.by_url[url].shape
        shape = library.of_profile(url)
        if shape is not None and shape.type == "Extension":
            _check_context(diagnosis, field, url, place, scope)
            return shape
        if field.name == MODIFIER_EXTENSION:
            diagnosis.findings.add(unknown_extension(place, field.source))
        elif field.closed or is_missing_definition(url, library.definitions.complete, in_unknown=field.is_of_unknown):
            family = Family.EXTENSION if field.closed or ":" not in url else Family.UNDEFINED
            diagnosis.findings.add(
                Finding(place, family, "extension", wording.NO_DEFINITION, "extension-url", field.source)
            )
    return library.of_type("Extension")


def _check_context(diagnosis: Diagnosis, field: Field, url: str, place: Place, scope: BodyScope) -> None:
    """Check that the definition of an extension, or a profile of its guide, allows it here."""
    contexts = field.shape.library.definitions.contexts(url)
    if contexts.include(type_paths(field.parent_type)):
        return
    parents = [parent_of(*step) for step in scope.parents]
    url_above = parents[-1].url if parents else None
    places = contexts.elements | field.shape.library.definitions.sliced(url)
    if url_above not in contexts.extensions and not any(matches_path(parents, path) for path in places):
        text = wording.out_of_context(contexts)
        diagnosis.findings.add(
            Finding(place, Family.EXTENSION, "extension", text, "extension-context", unversioned(url))
        )
