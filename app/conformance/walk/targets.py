"""The type of resource that a reference names, where it is not at hand."""

from __future__ import annotations

from app.conformance.base.table import is_resource, is_unmodelled


def target_type(reference: str) -> str | None:
    """Return the type in `Type/id` or a RESTful URL, None where there is none."""
    steps = reference.partition("/_history/")[0].rsplit("/", 2)
    type_ = steps[-2] if len(steps) > 1 else ""
    return type_ if is_resource(type_) or is_unmodelled(type_) else None
