"""Describe operations and interactions for OpenAPI: parameters, bodies, answers and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.access.grant import Role
from app.operation import Operation
from app.pas.asking.write_evidence import READABLE_TYPES
from app.records.kinds import SERVED
from app.search.canonicals import DEFINED, DEFINITION_PARAMETERS
from app.search.includes import CONTROLS
from app.search.parameters import COMMON, PARAMETERS
from app.web.headers.media_types import FORM_TYPE, MEDIA_TYPE
from app.web.pages.examples import DECISION, examples_of
from app.web.pages.responses import answers
from app.web.pages.schemas import REF

Json = dict[str, Any]

_REFUSED = ("400", "401", "403", "406", "503")
_WRITING = ("413", "415", "422")
_CHANGING = {"c": ("409", "412"), "u": ("409", "412", "428")}

_INTERACTIONS: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("GET", ""): ("Search for {}", "s", "200"),
    ("POST", ""): ("Create a {}", "c", "201"),
    ("GET", "/{id}"): ("Read a {}", "r", "200"),
    ("PUT", "/{id}"): ("Update a {}", "u", "200"),
    ("DELETE", "/{id}"): ("Delete a {}", "d", "204"),
    ("POST", "/_search"): ("Search for {} with a form", "s", "200"),
    ("GET", "/_history"): ("List the changes of {}", "s", "200"),
    ("GET", "/{id}/_history"): ("List the versions of a {}", "r", "200"),
    ("GET", "/{id}/_history/{version}"): ("Read a version of a {}", "r", "200"),
}
"""For each interaction: summary, letter of the scope, and status of the answer."""

_CONTROLS = {
    "_count": "Matches on a page, at most 200; 0 for the total only.",
    "_sort": "_lastUpdated, or created, date or due if the type has it; a leading - sorts the newest first.",
    "_total": "accurate, to get the number of matches.",
    "_summary": "The part of each match to return: true, text, data, count or false.",
    "_elements": "The elements of each match to return, separated by commas.",
}
EVIDENCE_TAG = "Evidence"
"""The group of the paths of evidence."""

_METADATA = {
    "tags": ["Metadata"],
    "operationId": "capabilities",
    "summary": "Read the capabilities of the server",
    "responses": answers("200", "The CapabilityStatement of this base", "CapabilityStatement", "406"),
}


def operation(row: Operation, type_: str, path: str, method: str) -> Json:
    """Describe an operation on a type, at a path and by a method."""
    instance = "{id}" in path
    scopes = [f"{type_}.{letter}" for type_, letter in row.scopes]
    roles = ", ".join(sorted(row.roles)) if row.roles != frozenset(Role) else "every caller with a token"
    example = DECISION if row.answer == "Bundle" and not row.reads else None
    more = ["404"] if instance else []
    more += _CHANGING["u"] if instance and not row.reads else []
    more += _WRITING if method == "POST" else []
    return {
        "tags": [row.group],
        "operationId": "-".join([*(["get"] if method == "GET" else []), *_levelled(row, type_, instance=instance)]),
        "summary": f"{row.summary} ({type_})" if row.code == "validate" else row.summary,
        "description": f"Roles: {roles}. Defined by {row.definition}.",
        **_given(row, type_, method, instance=instance),
        "responses": answers("200", f"The {row.answer}", row.answer, *_REFUSED, *more, example=example),
        "security": _security(*scopes),
    }


def _levelled(row: Operation, type_: str, *, instance: bool) -> list[str]:
    """Return the parts of an operation's id; one on both levels has an ending on the type."""
    return [row.code, *([type_] if type_ else []), *(["all"] if len(row.levels) > 1 and not instance else [])]


def _given(row: Operation, type_: str, method: str, *, instance: bool) -> Json:
    """Describe the input of an operation: the id, the parameters of a GET, or the body."""
    schema = type_ if row.body == "Resource" and type_ in SERVED else row.body
    parameters = [_in_path("id")] if instance else []
    parameters += [_IF_MATCH] if instance and not row.reads else []
    if method == "GET" and instance is (row.levels[-1] == "instance"):
        parameters += [_in_query(name, text) for name, text in row.parameters]
    described: Json = {"parameters": parameters} if parameters else {}
    if method == "POST":
        examples = examples_of(f"/{type_}/${row.code}" if type_ else f"/${row.code}", row.code)
        content = {MEDIA_TYPE: {"schema": {"$ref": REF + schema}, **examples}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def interaction(path: str, method: str) -> Json:
    """Describe an interaction by its path below a base."""
    type_, slash, below = path.removeprefix("/").partition("/")
    if type_ == "metadata":
        return _METADATA
    summary, letter, status = _INTERACTIONS[method, slash + below]
    answers_bundle = letter == "s" or below.endswith("_history")
    public = type_ in DEFINED
    gives = "Bundle" if answers_bundle else type_
    refusals = [*_REFUSED, *(("404",) if "{id}" in below else ()), *(_WRITING if method != "GET" else ())]
    if public:
        refusals = [status for status in refusals if status not in ("401", "403")]
    described: Json = {
        "tags": ["Definitions" if public else EVIDENCE_TAG if type_ in READABLE_TYPES else type_],
        "operationId": _operation_id(summary, type_, below),
        "summary": summary.format(type_),
        "parameters": [*map(_in_path, _ids(below)), *_query(type_, method, below), *_guard(letter)],
        "responses": answers(status, f"The {gives}", gives, *refusals, *_CHANGING.get(letter, ())),
        "security": [] if public else _security(f"{type_}.{letter}"),
    }
    return described | _body(path, type_, letter, method)


def _operation_id(summary: str, type_: str, below: str) -> str:
    verb = summary.partition(" ")[0].lower()
    return "-".join(filter(None, (verb, type_, *below.replace("{", "").replace("}", "").split("/"))))


def _ids(below: str) -> list[str]:
    return [name for name in ("id", "version") if f"{{{name}}}" in below]


def _in_path(name: str) -> Json:
    schema = {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _guard(letter: str) -> list[Json]:
    """Describe the header of an update, which names the version that the client read."""
    return [_IF_MATCH] if letter == "u" else []


_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The current version, such as W/"1".',
    "schema": {"type": "string"},
}


def _query(type_: str, method: str, below: str) -> list[Json]:
    """Describe the parameters of a search or a history."""
    if method == "PUT" or below not in ("", "_search", "_history", "{id}/_history"):
        return []
    if "_history" in below:
        return [
            _in_query("_count", _CONTROLS["_count"]),
            _in_query("_since", "Only versions stored at or after this instant."),
        ]
    if method == "POST":
        return []
    if type_ in DEFINED:
        return [*(_in_query(row.name, row.kind.value) for row in DEFINITION_PARAMETERS), _in_query(*_COUNT)]
    rows = [_in_query(row.name, f"By {row.kind.value}; {row.definition}") for row in (*PARAMETERS[type_], *COMMON)]
    included = {name: ", ".join(map(str, values[type_])) for name, values in CONTROLS.items() if type_ in values}
    return [*rows, *(_in_query(name, text) for name, text in (*_CONTROLS.items(), *included.items()))]


_COUNT = ("_count", _CONTROLS["_count"])


def _in_query(name: str, description: str) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


def _body(path: str, type_: str, letter: str, method: str) -> Json:
    if method == "GET":
        return {}
    if letter == "s":
        content: Json = {FORM_TYPE: {"schema": {"type": "object"}}}
    else:
        content = {MEDIA_TYPE: {"schema": {"$ref": REF + type_}, **examples_of(path)}}
    return {"requestBody": {"required": letter != "s", "content": content}}


def _security(*scopes: str) -> list[Json]:
    return [{"token": [f"system/{scope}" for scope in scopes]}]
