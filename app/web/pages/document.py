"""The OpenAPI 3.1 document of everything that is served, made of the rows that the routes are made of.

https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any

from app.operations import OPERATIONS
from app.records.kinds import SERVED
from app.search.canonicals import DEFINED
from app.settings import release
from app.web.bases import BASES
from app.web.interactions.resources import ROUTES
from app.web.pages.described import BESIDE, interaction, operation
from app.web.pages.examples import examples
from app.web.pages.responses import RESPONSES
from app.web.pages.schemas import schemas

Json = dict[str, Any]

_TYPES = (*SERVED, "Bundle", "Parameters", "OperationOutcome", "CapabilityStatement", *DEFINED)
_AT_WORK = Lock()

_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The first page of the server says how to get a token. Each path names the scopes that it needs.",
}
_ABOUT = """\
Prior authorization by Da Vinci PAS, and bills by the authorization numbers that they carry. The body of every request
and answer is FHIR R4 in JSON.

- **Get a token.** The [first page](./) says how. Paste it under *Authentication*.
- **Choose an edition.** Each of the *API Servers* is a FHIR base that speaks one edition of PAS.
- **Submit a request.** `Claim/$submit` has examples that are approved, pended, modified and denied.
- **Read on.** What the server names, such as profiles and codes, is under *Definitions*.
"""


def document_text(root: str) -> bytes:
    """Return the document of the server at `root` as JSON; made once, by the first who asks."""
    with _AT_WORK:
        return _document_text(root)


@cache
def _document_text(root: str) -> bytes:
    return json.dumps(document(root), ensure_ascii=False, separators=(",", ":")).encode()


def document(root: str) -> Json:
    """Return the document of the server at `root`."""
    paths: dict[str, Json] = {}
    for path, method, described in _rows():
        paths.setdefault(path, {})[method.lower()] = described
    for path, described in BESIDE.items():
        paths[path] = {"servers": [{"url": root}], "get": described}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "preauth",
            "version": release(),
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root + base, "description": f"PAS {edition.version}"} for base, edition in BASES.items()],
        "tags": _tags(),
        "paths": paths,
        "components": {
            "securitySchemes": {"token": _TOKEN},
            "schemas": schemas(_TYPES),
            "examples": examples(_TYPES),
            "responses": RESPONSES,
        },
    }


def _rows() -> Iterator[tuple[str, str, Json]]:
    for row in OPERATIONS:
        instance = "/{id}" if row.level == "instance" else ""
        for type_ in row.types:
            yield f"/{type_}{instance}/${row.code}", "POST", operation(row, type_)
    for path, method, _ in ROUTES:
        plain = path.replace(":fhirid", "")
        yield plain, method, interaction(plain, method)


def _tags() -> list[Json]:
    """Return the groups in which a reader finds the paths, the most wanted first."""
    return [
        {"name": name} for name in ("Prior authorization", *SERVED, "Definitions", "Metadata", "Validation", "Server")
    ]
