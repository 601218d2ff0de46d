"""The kinds of documents that are served, and the one table of the terms they are found by."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import msgspec

from app.access.reach import HISTORY, REACH
from app.domain.authorization_number import canonical
from app.fhir.instants import placed
from app.ports import AnyOf, Document, Term, TermTable
from app.records import authorizations
from app.search.parameters import PARAMETERS, TYPED, search_terms

SERVED = tuple(PARAMETERS)
"""The FHIR types that are served; a document of one is its current version, and its kind is the type."""

ACCESS = "reach:"
"""What the names of the terms begin with that say who may see a document."""

ALL = "_type"
"""A term that every document has of a type which some callers may see all of, so that they can ask for all of it."""

_OPEN = frozenset(type_ for type_, row in REACH.items() if None in row.values())
_WRITTEN_AS = 4
"""Goes up when the same table writes other terms than before."""

_decoder = msgspec.json.Decoder(float_hook=Decimal)
"""A body may hold numbers that no float can."""


def history(type_: str) -> str:
    """Return the kind of a type's earlier versions; they are found by id and version, or by who may see them."""
    return type_ + HISTORY


def terms_of(resource: dict[str, Any], access: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return all terms of a served resource: what it is searched by, and who may see it."""
    found = [("_id", resource["id"]), *_to_all(resource["resourceType"])]
    for name, value in search_terms(resource):
        if compared := alike(name, value):
            found.append((name, compared))
    return tuple(dict.fromkeys((*found, *access)))


def created_of(resource: dict[str, Any]) -> str | None:
    """Return the resource's own creation as an order key; None if it has none."""
    try:
        return placed(resource["created"])
    except (KeyError, TypeError, ValueError):
        return None


def access_of(document: Document) -> tuple[Term, ...]:
    """Return the terms that say who may see the document."""
    return tuple(term for term in document.terms if term[0].startswith(ACCESS))


def past_terms(document: Document) -> tuple[Term, ...]:
    """Return the terms of an earlier version: who may see it, and nothing to search it by."""
    return (*_to_all(document.kind.removesuffix(HISTORY)), *access_of(document))


def everything(type_: str) -> AnyOf:
    """Ask for every document of a type which some callers may see all of."""
    return AnyOf(ALL, (type_,))


def alike(name: str, value: str) -> str:
    """Return a search value as it is compared: a number that people type, in its canonical form."""
    return canonical(value) if name in TYPED else value


def _to_all(type_: str) -> tuple[Term, ...]:
    return ((ALL, type_),) if type_ in _OPEN else ()


def _terms(document: Document) -> tuple[Term, ...]:
    if document.kind.removesuffix(HISTORY) in SERVED and document.kind.endswith(HISTORY):
        return past_terms(document)
    if document.kind == authorizations.KIND:
        return authorizations.terms_again(document)
    if document.kind not in SERVED:
        return document.terms
    return terms_of(_decoder.decode(document.body), access_of(document))


def _created(document: Document) -> str:
    """Return the order key of a stored document; what is not served keeps the one that it has."""
    if document.kind not in SERVED:
        return document.created
    return created_of(_decoder.decode(document.body)) or document.created


def _hash() -> str:
    rows = repr((_WRITTEN_AS, sorted(_OPEN), sorted(PARAMETERS.items())))
    return hashlib.sha256(rows.encode()).hexdigest()


TERM_TABLE = TermTable(_hash(), _terms, _created)
"""What a store asks for when it opens: documents that were stored under another table get their terms again."""
