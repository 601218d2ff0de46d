"""List the routes of a running server, including those of its mounts and routers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route


def served_routes(app: FastAPI) -> Iterator[tuple[str, Route]]:
    """Yield each route with the path of its mount."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        prefix, routes = (route.path, route.routes) if isinstance(route, Mount) else ("", [route])
        for inner in routes:
            assert isinstance(inner, Route)
            yield prefix, inner


def served_paths(app: FastAPI) -> set[tuple[str, str]]:
    """Return the methods and paths, with ids in braces and without their patterns."""
    return {
        (method, prefix + re.sub(r":\w+}", "}", route.path))
        for prefix, route in served_routes(app)
        for method in (route.methods or set()) - {"HEAD"}
    }
