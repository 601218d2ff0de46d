"""Declare the pages and the health checks as path operations of FastAPI."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from app.workflow.system import System

GET: Final = ["GET", "HEAD"]
"""The methods of a page: FastAPI, unlike Starlette, does not add HEAD to GET."""


async def _label(request: Request) -> None:
    """Name the route in the log by its template."""
    request.state.route = request.scope["route"].path


async def _system(request: Request) -> System:
    system: System = request.app.state.system
    return system


ServingSystem = Annotated[System, Depends(_system)]


def page_router(prefix: str = "") -> APIRouter:
    """Return a router for pages; the OpenAPI document names each page by its function."""
    return APIRouter(
        prefix=prefix,
        tags=["Server"],
        dependencies=[Depends(_label)],
        generate_unique_id_function=attrgetter("name"),
    )
