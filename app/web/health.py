"""Whether the server can serve: for load balancers and container health checks."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from app.ports import StoreUnavailable
from app.web.request import FhirRequest


async def health(request: FhirRequest) -> Response:
    """Answer 200 when the store answers, else 503; says nothing else about the inside."""
    try:
        await request.system.documents.get("meta", "health")
    except StoreUnavailable:
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ok"})
