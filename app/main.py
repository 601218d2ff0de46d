"""Compose the server from its settings: the only place that puts adapters into a `System`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from app import log
from app.access.in_flight import InFlight
from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.access.reach import check_rows
from app.access.registry import People, Source
from app.adapters.clock import system_clock
from app.adapters.data_folder import claim_folder
from app.adapters.http_date import date_of
from app.adapters.ids import RandomIds
from app.adapters.stores import open_store
from app.adapters.tokens.composed import composed_tokens
from app.adapters.udap.server import configured_udap
from app.conformance.admission import Conformance, base_validator, edition_validator
from app.conformance.strictness import Level
from app.pas.edition import EDITIONS
from app.policy.loading import SHIPPED_POLICIES, load_policies, shipped_tables
from app.ports import Documents, StoreUnavailable
from app.records.access.page_key import PageKey
from app.records.installation.demo_rows import refuse_demo_rows
from app.records.installation.mode import claim_store
from app.records.kinds import SERVED, TERM_TABLE
from app.registry.contradictions import hooks_outside
from app.registry.demo_credentials import installed_people
from app.registry.people_file import read_people_file
from app.safety.start import refuse_unsafe
from app.settings import Settings, release
from app.web import errors, middleware, router
from app.web.cors import Cors
from app.web.pacing import Pacing
from app.workflow.clock_watch import ClockWatch
from app.workflow.limits import limits_kept
from app.workflow.master.payers import register_payers
from app.workflow.master.people import register_people
from app.workflow.registry.registry import Registry
from app.workflow.sealing import audit_sealed
from app.workflow.system import System

ANONYMOUS_BURST_SECONDS = 5

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
            async with limits_kept(parts), audit_sealed(parts):
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


def build_system(settings: Settings) -> System:
    """Build the system with the adapters that the settings name.

    Raises SettingsRefused for unsafe settings, and the errors of `load_policies`, `conformance`,
    `composed_tokens` and `configured_udap`.
    """
    documents, clock = _prepared_store(settings), system_clock(settings)
    tokens = composed_tokens(settings, clock)
    return System(
        documents=documents,
        clock=clock,
        ids=RandomIds(),
        tokens=tokens.verifier,
        registry=Registry(documents),
        page_key=PageKey(documents),
        payers=load_policies(settings.policy or SHIPPED_POLICIES),
        shipped=shipped_tables(),
        conformance=conformance(settings),
        root=tokens.root,
        max_body_bytes=settings.max_body_bytes,
        max_other_body_bytes=settings.max_other_body_bytes,
        in_flight=InFlight(settings.max_inflight_bytes, settings.max_inflight_bytes_per_client),
        limiter=Limiter(_limits(settings)),
        inquiry_client_bound=settings.inquiry_match == "client-bound",
        requestor_client_bound=settings.requestor_match == "client-bound",
        demo=settings.environment == "demo",
        people=_people(settings),
        pages=settings.shows_pages,
        clock_watch=ClockWatch(partial(date_of, settings.time_url) if settings.time_url else None),
        trusted_proxies=settings.trusted_proxies,
        oauth=tokens.embedded,
        external_oauth=tokens.external,
        certificate_header=settings.certificate_header,
        udap=configured_udap(settings, tokens.root),
    )


def _limits(settings: Settings) -> Limits:
    """Return the rate limits of the settings."""
    anonymous, logins = settings.anonymous_requests_per_second, settings.failed_logins_per_minute
    return Limits(
        client=Pace(settings.requests_per_second, settings.request_burst),
        concurrent=settings.concurrent_requests_per_client,
        address=Pace(anonymous, max(1, round(anonymous * ANONYMOUS_BURST_SECONDS))),
        failures=Pace(logins / 60, logins),
    )


def _prepared_store(settings: Settings) -> Documents:
    """Check the settings and the data folder before anything is opened; configure the log, and return the store."""
    refuse_unsafe(settings)
    claim_folder(settings.data, settings.environment)
    log.configure(settings.log_level)
    return open_store(settings)


def _people(settings: Settings) -> dict[Source, People]:
    """Return the people that a start registers. Raises the errors of `read_people_file`, and RuntimeError for hooks."""
    people = {Source.DEMO: installed_people(settings.data)} if settings.environment == "demo" else {}
    if settings.clients is not None:
        people[Source.FILE] = operators_people(settings)
    return people


def operators_people(settings: Settings) -> People:
    """Read the people of PREAUTH_CLIENTS. Raises the errors of `read_people_file`, and RuntimeError for hooks."""
    people = People() if settings.clients is None else read_people_file(settings.clients)
    if problems := list(hooks_outside(people.clients, settings.hook_origins)):
        raise RuntimeError("\n".join(problems))
    return people


def conformance(settings: Settings) -> Conformance:
    """Compile the profiles of all editions and the operator's packages. Raises the errors of `edition_validator`."""
    pins = tuple(settings.package_sha256.items())
    editions = {version: edition_validator(version, settings.packages, pins) for version in EDITIONS}
    unchecked = dict.fromkeys(invariant for engine in editions.values() for invariant in engine.unchecked)
    for invariant in unchecked:
        log.get_logger().warning("an invariant of a package is unknown and not checked", at=invariant)
    return Conformance(editions, base_validator(), Level(settings.strictness))
