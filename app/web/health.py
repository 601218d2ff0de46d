"""Whether the server can serve: for load balancers and container health checks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.ports import StoreUnavailable
from app.web.deps import system_of


async def health(request: Request) -> Response:
    """Answer 200 when the store answers, else 503; says nothing else about the inside."""
    request.state.route = "/health"
    try:
        await system_of(request).documents.get("meta", "health")
    except StoreUnavailable:
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ok"})
