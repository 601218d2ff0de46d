"""Describe the endpoints of OAuth for OpenAPI: `oauth.json` has the texts, the routes say which are served."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route

Json = dict[str, Any]
Served = Sequence[tuple[str, str]]
"""URLs of servers, each with a path below it."""

TAG = "OAuth"


def served_by(app: FastAPI) -> tuple[tuple[str, str], ...]:
    """Return the endpoints of OAuth that a server has, its discovery included."""
    root: str = app.state.system.root
    described = _texts()["paths"]
    return tuple((root + base, path) for base, path in dict.fromkeys(_routes(app)) if path in described)


def oauth_paths(served: Served) -> dict[str, Json]:
    """Return the descriptions of the served paths, each with the servers that have it."""
    servers = {path: [{"url": url} for url, own in served if own == path] for _, path in served}
    return {path: {"servers": servers[path], **_texts()["paths"][path]} for path in servers}


def oauth_components(served: Served, kind: str) -> Json:
    """Return the shared parts of one kind, such as `responses`; none if no endpoint is served."""
    components: Json = _texts()[kind] if served else {}
    return components


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield the path of each mount with the paths of its routes; the routes at the root have an empty one."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        base, routes = (route.path, route.routes) if isinstance(route, Mount) else ("", [route])
        yield from ((base, inner.path) for inner in routes if isinstance(inner, Route))


@cache
def _texts() -> Json:
    texts: Json = json.loads(Path(__file__).with_name("oauth.json").read_text(encoding="utf-8"))
    return texts
