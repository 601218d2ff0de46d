"""Convert documents and queries to MongoDB's forms, without I/O."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from app.ports import AnyOf, Bounds, Document, Order, Query, Range, Term

Json = dict[str, Any]

PREFIX = "documents."
INDEXES = {field: (("terms", 1), (field, 1), ("_id", 1)) for field in ("created", "updated")}
"""The two indexes by name: each answers equality of terms in one order."""

_FIELDS = {Order.CREATED: "created", Order.UPDATED: "updated"}


def collection_name(kind: str) -> str:
    """Return the name of the kind's collection, with forbidden characters percent-encoded."""
    return PREFIX + quote(kind, safe="")


def kind_of(name: str) -> str:
    """Return the kind of a collection, the inverse of `collection_name`."""
    return unquote(name.removeprefix(PREFIX))


def to_stored(document: Document, version: int) -> Json:
    """Return the stored form. Each term is one string, so that one multikey index covers all terms."""
    return {
        "_id": document.id,
        "version": version,
        "created": document.created,
        "updated": document.updated,
        "terms": to_stored_terms(document.terms),
        "body": document.body,
    }


def to_stored_terms(terms: tuple[Term, ...]) -> list[str]:
    """Return each term as `name=value`. A name never has an equals sign."""
    return [f"{name}={value}" for name, value in terms]


def from_stored(kind: str, stored: Json) -> Document:
    """Return the document of a stored form."""
    terms = tuple((name, value) for name, _, value in (term.partition("=") for term in stored["terms"]))
    return Document(
        kind, stored["_id"], stored["body"], terms, stored["created"], stored["updated"], int(stored["version"])
    )


def filter_of(query: Query) -> Json:
    """Return the filter of documents that match the query and follow `after`."""
    conditions = [*map(_any_of, query.terms), *map(_within, query.ranges)]
    if query.after is not None:
        field, than = _FIELDS[query.order], "$lt" if query.descending else "$gt"
        key, id_ = query.after.key, query.after.id
        # The first condition bounds the index scan; the second resolves ties.
        conditions += [{field: {f"{than}e": key}}, {"$or": [{field: {than: key}}, {"_id": {than: id_}}]}]
    return {"$and": conditions}


def sort_of(query: Query) -> list[tuple[str, int]]:
    """Return the query's order; ties are sorted by id."""
    way = -1 if query.descending else 1
    return [(_FIELDS[query.order], way), ("_id", way)]


def _any_of(condition: AnyOf) -> Json:
    return {"terms": {"$in": [f"{condition.name}={value}" for value in condition.values]}}


def _within(limits: Range) -> Json:
    spans = [_between(limits.name, bounds) for bounds in limits.spans]
    return spans[0] if len(spans) == 1 else {"$or": spans}


def _between(name: str, bounds: Bounds) -> Json:
    low, high = bounds
    if name in _FIELDS:
        ends = (("$gte", low), ("$lt", high))
        return {_FIELDS[Order(name)]: {end: value for end, value in ends if value is not None} or {"$gte": ""}}
    # ">" follows "=" in ASCII, so all terms with this name lie between `name=` and `name>`.
    first, end = f"{name}={low or ''}", f"{name}>" if high is None else f"{name}={high}"
    return {"terms": {"$elemMatch": {"$gte": first, "$lt": end}}}
