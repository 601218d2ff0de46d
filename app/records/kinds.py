"""The kinds of served documents, and the one table of their search terms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from app.access.reach import HISTORY, REACH
from app.audit.write_event import EVENT
from app.fhir.instants import placed
from app.ports import AnyOf, Document, Term, TermTable
from app.records import authorizations, replays
from app.records.access.registry import ORGANIZATION, organization_terms
from app.records.decision_log.terms import EVENT_KIND
from app.records.decision_log.terms import recomputed_terms as terms_of_event
from app.records.joined import JOINED, joined_terms
from app.records.subscriptions import notifications
from app.search.parameters import PARAMETERS, comparable_value, search_terms

SERVED = tuple(PARAMETERS)
"""The FHIR types that the server serves. The kind of a current version is its type."""

VERSIONED = tuple(type_ for type_ in SERVED if type_ != EVENT)
"""The served types with histories. An AuditEvent never changes."""

ACCESS = "reach:"
"""The prefix of the terms that name the readers of a document."""

ALL = "_type"
"""A catch-all term, for types that some roles may list completely."""

FORMER_WORKLIST = "worklist"
"""The kind of the worklist rows of earlier builds, which a start replaces by Tasks."""

FORMER_TERMS = (("former", "yes"),)
"""The terms that these rows get when a store opens under a new term table."""

NUMBER, ANSWER = "pre-auth-ref", "ClaimResponse"
NUMBERED = frozenset({"Claim", ANSWER})
"""The types that a search by authorization number finds also by their links."""

_LISTED = frozenset(type_ for type_ in SERVED if None in REACH.get(type_, {}).values())
_WRITTEN_AS = 10
"""Raise this number when the same table computes different terms; every store then reindexes."""

_decoder = msgspec.json.Decoder(float_hook=Decimal)
"""Reads numbers as Decimal: some do not fit a float."""


def history(type_: str) -> str:
    """Return the kind of a type's earlier versions."""
    return type_ + HISTORY


def terms_of(resource: dict[str, Any], access: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return all terms of a served resource: its search values, its readers, and the joined terms of both."""
    type_, id_ = resource["resourceType"], resource["id"]
    terms = [("_id", id_), *_catch_all(type_), *_linkable(type_, id_)]
    for name, value in search_terms(resource):
        if comparable := comparable_value(name, value):
            terms.append((name, comparable))
    own = tuple(dict.fromkeys((*terms, *access)))
    return (*own, *joined_terms(type_, own))


def _linkable(type_: str, id_: str) -> Iterator[Term]:
    """Yield the term by which a search by number finds a document that is linked to the number."""
    if type_ in NUMBERED:
        yield NUMBER, comparable_value(NUMBER, id_)


def created_of(resource: dict[str, Any]) -> str | None:
    """Return the resource's `created`, or the due time of a Task, as an order key; None if it is absent or no date."""
    try:
        if resource["resourceType"] == "Task":
            return placed(resource["restriction"]["period"]["end"])
        return placed(resource["created"])
    except (KeyError, TypeError, ValueError):
        return None


def access_of(document: Document) -> tuple[Term, ...]:
    """Return the terms that name the readers of the document."""
    return tuple(term for term in document.terms if term[0].startswith(ACCESS))


def past_terms(document: Document) -> tuple[Term, ...]:
    """Return the terms of an earlier version: those of its readers, without search values."""
    return (*_catch_all(document.kind.removesuffix(HISTORY)), *access_of(document))


def all_of_type(type_: str) -> AnyOf:
    """Return the condition that fits every document of a type with a catch-all term."""
    return AnyOf(ALL, (type_,))


def _catch_all(type_: str) -> tuple[Term, ...]:
    return ((ALL, type_),) if type_ in _LISTED else ()


def _terms(document: Document) -> tuple[Term, ...]:
    recomputed = _RECOMPUTED.get(document.kind)
    if recomputed is not None:
        return recomputed(document)
    if document.kind.endswith(HISTORY) and document.kind.removesuffix(HISTORY) in SERVED:
        return past_terms(document)
    if document.kind not in SERVED:
        return document.terms
    return terms_of(_decoder.decode(document.body), access_of(document))


_RECOMPUTED: Mapping[str, Callable[[Document], tuple[Term, ...]]] = {
    authorizations.KIND: authorizations.recomputed_terms,
    notifications.KIND: notifications.recomputed_terms,
    replays.KIND: replays.recomputed_terms,
    EVENT_KIND: terms_of_event,
    ORGANIZATION: organization_terms,
    FORMER_WORKLIST: lambda _: FORMER_TERMS,
}
"""The terms of internal kinds that get other terms than they were stored with."""


def _created(document: Document) -> str:
    """Return the order key of a stored document; an internal document keeps its key."""
    if document.kind not in SERVED:
        return document.created
    return created_of(_decoder.decode(document.body)) or document.created


def _hash() -> str:
    table = repr((_WRITTEN_AS, sorted(_LISTED), sorted(PARAMETERS.items()), sorted(JOINED.items())))
    return hashlib.sha256(table.encode()).hexdigest()


TERM_TABLE = TermTable(_hash(), _terms, _created)
"""The term table that a store opens with: it recomputes the terms of documents stored under another table."""
