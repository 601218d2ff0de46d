"""Check extensions, the largest part of a PAS body."""

from __future__ import annotations

from typing import Any

from app.conformance.base.paths import type_paths
from app.conformance.checks.extension import is_missing_definition
from app.conformance.compiled.fields import MODIFIER_EXTENSION
from app.conformance.compiled.shape import Field, Shapes
from app.conformance.fast.unsure import NO_LIMIT, MakeCheck, Notes, ObjectCheck, limits_of, never_sure


def extension_list(field: Field, library: Shapes, make: MakeCheck) -> ObjectCheck:
    """Return the check of the extensions of an element: each by the definition of its URL, and the number of each."""
    slices = field.by_url or {}
    checks = _Checks(field, library, make)
    least, most = limits_of(field)
    limits = [
        (url, slice_.minimum, NO_LIMIT if slice_.maximum is None else slice_.maximum)
        for url, slice_ in slices.items()
        if slice_.minimum or slice_.maximum is not None
    ]

    def is_valid(values: Any, notes: Notes) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        urls = [value["url"] for value in values]
        for url, value in zip(urls, values, strict=True):
            if not checks[url](value, notes):
                return False
        for url, fewest, limit in limits:
            if not fewest <= urls.count(url) <= limit:
                return False
        return True

    return is_valid


class _Checks(dict[str, ObjectCheck]):
    """The checks of the extensions of an element by URL. Unknown URLs are not kept, so it stays small."""

    def __init__(self, field: Field, library: Shapes, make: MakeCheck) -> None:
        super().__init__({url: make(slice_.shape) for url, slice_ in (field.by_url or {}).items()})
        self._library, self._make, self._field = library, make, field
        self._paths = type_paths(field.parent_type)
        self._other = make(library.of_type("Extension"))

    def __missing__(self, url: str) -> ObjectCheck:
        library = self._library
        shape = library.of_profile(url)
        if shape is not None and shape.type == "Extension":
            if "|" in url:  # the URL of an extension has no version
                return never_sure
            if not library.definitions.contexts(url).include(self._paths):
                return never_sure  # only the diagnosing pass knows the parents
            self[url] = self._make(shape)
            return self[url]
        field, whole = self._field, library.definitions.complete
        if field.name == MODIFIER_EXTENSION or field.closed:
            return never_sure
        return never_sure if is_missing_definition(url, whole, in_unknown=field.is_of_unknown) else self._other
