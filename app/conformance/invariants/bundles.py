# ruff: noqa: E501 - the FHIRPath is as published
"""The invariants of Bundle and Parameters (http://hl7.org/fhir/R4/bundle.html)."""

from __future__ import annotations

from typing import Any

from app.conformance.invariants.invariant import ByNames, Invariant, Predicate, chosen, there

_REQUESTS = ("batch", "transaction", "history")
_RESPONSES = ("batch-response", "transaction-response", "history")


def _entries(value: Any) -> Any:
    return value.get("entry", ())


def _present_as(name: str, types: tuple[str, ...]) -> Predicate:
    """Require an element in each entry of Bundles of these types, and forbid it in other Bundles."""

    def holds(value: Any) -> bool:
        if value.get("type") in types:
            return all(name in entry for entry in _entries(value))
        return not _is_in_any(name, value)

    return holds


def _is_in_any(name: str, value: Any) -> bool:
    return name in set().union(*_entries(value))


def _distinct(value: Any) -> bool:
    urls = {entry.get("fullUrl") for entry in _entries(value)}
    if value.get("type") == "history" or len(urls) == len(_entries(value)):
        return True
    known: set[tuple[object, object]] = set()
    for entry in _entries(value):
        if "fullUrl" in entry:
            version = entry.get("resource", {}).get("meta", {}).get("versionId", "")
            known.add((entry["fullUrl"], version))
    return len(known) == sum("fullUrl" in entry for entry in _entries(value))


def _starts_with(type_: str, resource: str) -> Predicate:
    """Require that a Bundle of type `type_` begins with a resource of type `resource`."""
    return lambda value: value.get("type") != type_ or first_type(value) == resource


def first_type(value: Any) -> object:
    """Return the type of the first resource in a Bundle."""
    entries = _entries(value)
    return entries[0].get("resource", {}).get("resourceType") if entries else None


def _document_identifier(value: Any) -> bool:
    identifier = value.get("identifier", {})
    return value.get("type") != "document" or ("system" in identifier and "value" in identifier)


def _parameter(value: Any) -> bool:
    values = chosen(value, "value") + ("resource" in value)
    return values == 0 if "part" in value else values == 1


BUNDLES = (
    Invariant(
        "bdl-1",
        "total.empty() or (type = 'searchset') or (type = 'history')",
        "`total` is allowed only in a searchset or history.",
        lambda value: not there(value, "total") or value.get("type") in ("searchset", "history"),
        ("Bundle",),
    ),
    Invariant(
        "bdl-2",
        "entry.search.empty() or (type = 'searchset')",
        "`entry.search` is allowed only in a searchset.",
        lambda value: value.get("type") == "searchset" or not _is_in_any("search", value),
        ("Bundle",),
    ),
    Invariant(
        "bdl-3",
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
        "`entry.request` is required in a batch, transaction or history and not allowed elsewhere.",
        _present_as("request", _REQUESTS),
        ("Bundle",),
    ),
    Invariant(
        "bdl-4",
        "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))",
        "`entry.response` is required in a batch-response, transaction-response or history and not allowed elsewhere.",
        _present_as("response", _RESPONSES),
        ("Bundle",),
    ),
    Invariant(
        "bdl-5",
        "resource.exists() or request.exists() or response.exists()",
        "An entry must have a resource, a request or a response.",
        ByNames(lambda value: "resource" in value or "request" in value or "response" in value),
        ("BundleEntry",),
    ),
    Invariant(
        "bdl-7",
        "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
        "Each `fullUrl` must be unique, or unique for each version.",
        _distinct,
        ("Bundle",),
    ),
    Invariant(
        "bdl-8",
        "fullUrl.contains('/_history/').not()",
        "A `fullUrl` must not have a version.",
        lambda value: "/_history/" not in value.get("fullUrl", ""),
        ("BundleEntry",),
        also=("fullUrl.exists() implies fullUrl.contains('/_history/').not()",),
    ),
    Invariant(
        "bdl-9",
        "type = 'document' implies (identifier.system.exists() and identifier.value.exists())",
        "A document must have an identifier with system and value.",
        _document_identifier,
        ("Bundle",),
    ),
    Invariant(
        "bdl-10",
        "type = 'document' implies (timestamp.hasValue())",
        "A document must have a timestamp.",
        lambda value: value.get("type") != "document" or "timestamp" in value,
        ("Bundle",),
    ),
    Invariant(
        "bdl-11",
        "type = 'document' implies entry.first().resource.is(Composition)",
        "The first entry of a document must be a Composition.",
        _starts_with("document", "Composition"),
        ("Bundle",),
    ),
    Invariant(
        "bdl-12",
        "type = 'message' implies entry.first().resource.is(MessageHeader)",
        "The first entry of a message must be a MessageHeader.",
        _starts_with("message", "MessageHeader"),
        ("Bundle",),
    ),
    Invariant(
        "inv-1",
        "(part.exists() and value.empty() and resource.empty()) or (part.empty() and (value.exists() xor resource.exists()))",
        "A parameter must have exactly one of `value[x]`, `resource` and `part`.",
        _parameter,
        ("ParametersParameter",),
    ),
)
