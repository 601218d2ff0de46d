"""List the routes below a FHIR base; the router serves these rows and the OpenAPI document describes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from app.conformance.maintained import MAINTAINED
from app.operation import Operation
from app.operations import OPERATIONS
from app.pas.asking.write_evidence import READABLE
from app.records.kinds import SERVED, VERSIONED
from app.search.canonicals import DEFINED
from app.web.endpoint import Interaction
from app.web.interactions.definitions import read_definition, search_definitions
from app.web.interactions.evidence import read_binary, read_evidence
from app.web.interactions.history import instance_history, type_history
from app.web.interactions.operations import run_operation
from app.web.interactions.resources import capabilities, delete, read, vread, write
from app.web.interactions.search import get_search, post_search
from app.workflow.bills.adjudicate import create_claim
from app.workflow.master.maintain import create, update
from app.workflow.subscriptions.subscribe import subscribe, update_subscription
from app.workflow.subscriptions.unsubscribe import unsubscribe

Row = tuple[str, str, Interaction]
"""A path below the base, a method, and the function that answers it."""


def rows_of(operation: Operation, type_: str) -> Iterator[tuple[str, str]]:
    """Yield the paths of an operation in a context, which is a type or empty, with their methods."""
    context = f"/{type_}" if type_ else ""
    for level in operation.levels:
        instance = "/{id:fhirid}" if level == "instance" else ""
        for method in ("GET", "POST") if operation.reads else ("POST",):
            yield f"{context}{instance}/${operation.code}", method


def _operations() -> Iterator[Row]:
    for operation in OPERATIONS:
        for type_ in operation.contexts:
            for path, method in rows_of(operation, type_):
                yield path, method, partial(run_operation, operation, type_)


def _interactions() -> Iterator[Row]:
    yield "/metadata", "GET", capabilities
    yield "/Claim", "POST", partial(write, "Claim", letter="c", workflow=create_claim)
    yield "/Subscription", "POST", partial(write, "Subscription", letter="c", workflow=subscribe)
    yield "/Subscription/{id:fhirid}", "PUT", partial(write, "Subscription", letter="u", workflow=update_subscription)
    yield "/Subscription/{id:fhirid}", "DELETE", partial(delete, "Subscription", workflow=unsubscribe)
    for type_ in SERVED:
        yield f"/{type_}", "GET", partial(get_search, type_)
        yield f"/{type_}/_search", "POST", partial(post_search, type_)
        yield f"/{type_}/{{id:fhirid}}", "GET", partial(read, type_)
    for type_ in VERSIONED:
        yield f"/{type_}/_history", "GET", partial(type_history, type_)
        yield f"/{type_}/{{id:fhirid}}/_history", "GET", partial(instance_history, type_)
        yield f"/{type_}/{{id:fhirid}}/_history/{{version:fhirid}}", "GET", partial(vread, type_)
    for type_ in READABLE:
        yield f"/{type_}/{{id:fhirid}}", "GET", partial(read_evidence, type_)
    yield "/Binary/{id:fhirid}", "GET", read_binary
    for type_ in DEFINED:
        yield f"/{type_}", "GET", partial(search_definitions, type_)
        yield f"/{type_}/{{id:fhirid}}", "GET", partial(read_definition, type_)
    for type_ in MAINTAINED:
        yield f"/{type_}", "POST", partial(write, type_, letter="c", workflow=create)
        yield f"/{type_}/{{id:fhirid}}", "PUT", partial(write, type_, letter="u", workflow=update)


INTERACTIONS: Final = tuple(_interactions())
ROUTES: Final = (*_operations(), *INTERACTIONS)
