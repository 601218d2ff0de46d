"""Build the application, and run its life: open the store, register payers and people, serve, close."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import log
from app.access.reach import check_rows
from app.composition import build_system
from app.ports import StoreUnavailable
from app.records.installation.demo_rows import refuse_demo_rows
from app.records.installation.mode import claim_store
from app.records.kinds import SERVED, TERM_TABLE
from app.release import release
from app.settings import Settings
from app.web import errors, middleware, router
from app.web.cors import Cors
from app.web.pacing import Pacing
from app.workers.limits import limits_kept
from app.workers.runner import workers_running
from app.workers.sealing import audit_sealed
from app.workflow.master.payers import register_payers
from app.workflow.master.people import register_people
from app.workflow.system import System
from app.workflow.worklist.former_worklist import replace_former_worklist

DIGITS = 12
"""Digits of a policy's sha256 in the log; they identify a version of the policy."""


def create_app(settings: Settings, *, system: System | None = None) -> FastAPI:
    """Build the server. `system` replaces the parts that `build_system` would build."""
    parts = system or build_system(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await _start(parts)
            _log_start(settings, parts)
            async with limits_kept(parts), audit_sealed(parts), workers_running(parts):
                yield
        finally:
            await parts.documents.close()
            parts.threads.close()

    app = FastAPI(
        title="preauth",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # Telemetry would send paths and queries, with ids and search values, to a host that the environment names.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    errors.install(app)
    router.install(app, parts)
    app.add_middleware(Pacing, system=parts)
    app.add_middleware(Cors, system=parts)
    app.add_middleware(middleware.RequestLog)
    return app


async def _start(parts: System) -> None:
    """Open the store and register the payers; print the reason on standard error if that fails."""
    try:
        check_rows(SERVED)
        await parts.documents.start(TERM_TABLE)
        await claim_store(parts.documents, demo=parts.demo)
        await parts.page_key.start()
        await register_payers(parts)
        await register_people(parts)
        await replace_former_worklist(parts)
        if not parts.demo:
            await refuse_demo_rows(parts.documents)
    except (RuntimeError, StoreUnavailable) as refused:
        sys.stderr.write(f"{refused}\n")
        raise
    except Exception:
        log.get_logger().error("start failed", exc_info=True)
        raise


def _log_start(settings: Settings, parts: System) -> None:
    """Log the version, the policies and the limits, so that a copy of the log identifies the server."""
    log.get_logger().info(
        "started",
        version=release(),
        store=settings.store.partition(":")[0],
        policies={payer: policy.digest[:DIGITS] for payer, policy in parts.payers.items()},
        editions=list(parts.conformance.editions),
        limits={name: value for name, value in settings if name.startswith("max_") or name.endswith("_timeout")},
    )
