"""The fast check of extensions, which most of a PAS body is made of."""

from __future__ import annotations

from typing import Any

from app.conformance.base.paths import type_paths
from app.conformance.checks.extension import is_missing_definition
from app.conformance.compiled.shape import Field, Shapes
from app.conformance.fast.unsure import NO_LIMIT, Make, Nested, Notes, limits_of, refused


def extension_list(field: Field, library: Shapes, make: Make) -> Nested:
    """Return the check of the extensions of an element: each by its URL's definition, and how many of each."""
    slices = field.by_url or {}
    checks = _Checks(field, library, make)
    least, most = limits_of(field)
    limits = [
        (url, one.minimum, NO_LIMIT if one.maximum is None else one.maximum)
        for url, one in slices.items()
        if one.minimum or one.maximum is not None
    ]

    def holds(values: Any, notes: Notes) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        urls = [value["url"] for value in values]
        for url, value in zip(urls, values, strict=True):
            if not checks[url](value, notes):
                return False
        return all(fewest <= urls.count(url) <= limit for url, fewest, limit in limits)

    return holds


class _Checks(dict[str, Nested]):
    """The checks of an element's extensions by URL; those of unknown URLs are not kept, so that it stays small."""

    def __init__(self, field: Field, library: Shapes, make: Make) -> None:
        super().__init__({url: make(one.shape) for url, one in (field.by_url or {}).items()})
        self._library, self._make, self._field = library, make, field
        self._paths = type_paths(field.parent_type)
        self._other = make(library.of_type("Extension"))

    def __missing__(self, url: str) -> Nested:
        library = self._library
        shape = library.of_profile(url)
        if shape is not None and shape.type == "Extension":
            if "|" in url:  # found without its version, which no extension's URL has
                return refused
            if not library.definitions.contexts(url).include(self._paths):
                return refused  # where it stands shows only from further up
            self[url] = self._make(shape)
            return self[url]
        field, whole = self._field, library.definitions.complete
        if field.name == "modifierExtension" or field.closed:
            return refused
        return refused if is_missing_definition(url, whole, in_unknown=field.is_of_unknown) else self._other
