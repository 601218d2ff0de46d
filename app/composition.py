"""Compose the system from the settings: the only place that puts adapters into a `System`."""

from __future__ import annotations

from functools import partial

from app import log
from app.access.in_flight import InFlight
from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.adapters.clock import system_clock
from app.adapters.http_date import date_of
from app.adapters.ids import RandomIds
from app.adapters.outbound.rest_hook import RestHook
from app.adapters.outbound.rules import outbound_rules
from app.adapters.stores import open_store
from app.adapters.tokens.composed import Composed, composed_tokens
from app.adapters.udap.server import configured_udap
from app.conformance.admission import Conformance, base_validator, edition_validator
from app.conformance.strictness import Level
from app.pas.edition import EDITIONS
from app.policy.loading import SHIPPED_POLICIES, load_policies, shipped_tables
from app.ports import Documents
from app.records.access.page_key import PageKey
from app.registry.people_at_start import people_at_start
from app.safety.data_folder import claim_folder
from app.safety.start import refuse_unsafe
from app.settings import Settings
from app.workflow.budgets import Budgets
from app.workflow.clock_watch import ClockWatch
from app.workflow.hooks import Hooks
from app.workflow.identity import Identity
from app.workflow.registry.registry import Registry
from app.workflow.system import System

ANONYMOUS_BURST_SECONDS = 5


def build_system(settings: Settings) -> System:
    """Build the system with the adapters that the settings name.

    Raises SettingsRefused for unsafe settings, and the errors of `load_policies`, `conformance`, `people_at_start`,
    `composed_tokens` and `configured_udap`.
    """
    documents, clock = _prepared_store(settings), system_clock(settings)
    tokens = composed_tokens(settings, clock)
    return System(
        documents=documents,
        clock=clock,
        ids=RandomIds(),
        identity=_identity(settings, documents, tokens),
        budgets=_budgets(settings),
        hooks=_hooks(settings),
        page_key=PageKey(documents),
        payers=load_policies(settings.policy or SHIPPED_POLICIES),
        shipped=shipped_tables(),
        conformance=conformance(settings),
        root=tokens.root,
        inquiry_client_bound=settings.inquiry_match == "client-bound",
        inquiry_criteria=settings.inquiry_selects == "criteria",
        requestor_client_bound=settings.requestor_match == "client-bound",
        subscription_client_bound=settings.subscription_match == "client-bound",
        demo=settings.environment == "demo",
        people=people_at_start(settings),
        pages=settings.shows_pages,
        clock_watch=ClockWatch(partial(date_of, settings.time_url) if settings.time_url else None),
        trusted_proxies=settings.trusted_proxies,
    )


def _prepared_store(settings: Settings) -> Documents:
    """Check the settings and the data folder before anything is opened; configure the log, and return the store."""
    refuse_unsafe(settings)
    claim_folder(settings.data, settings.environment)
    log.configure(settings.log_level)
    return open_store(settings)


def _identity(settings: Settings, documents: Documents, tokens: Composed) -> Identity:
    return Identity(
        tokens=tokens.verifier,
        registry=Registry(documents),
        oauth=tokens.embedded,
        external_oauth=tokens.external,
        udap=configured_udap(settings, tokens.root),
        certificate_header=settings.certificate_header,
    )


def _budgets(settings: Settings) -> Budgets:
    anonymous, logins = settings.anonymous_requests_per_second, settings.failed_logins_per_minute
    limits = Limits(
        client=Pace(settings.requests_per_second, settings.request_burst),
        concurrent=settings.concurrent_requests_per_client,
        address=Pace(anonymous, max(1, round(anonymous * ANONYMOUS_BURST_SECONDS))),
        failures=Pace(logins / 60, logins),
    )
    return Budgets(
        max_body_bytes=settings.max_body_bytes,
        max_other_body_bytes=settings.max_other_body_bytes,
        in_flight=InFlight(settings.max_inflight_bytes, settings.max_inflight_bytes_per_client),
        limiter=Limiter(limits),
    )


def _hooks(settings: Settings) -> Hooks:
    rules = outbound_rules(settings)
    return Hooks(notifier=RestHook(rules), rules=rules)


def conformance(settings: Settings) -> Conformance:
    """Compile the profiles of all editions and the operator's packages. Raises the errors of `edition_validator`."""
    pins = tuple(settings.package_sha256.items())
    editions = {version: edition_validator(version, settings.packages, pins) for version in EDITIONS}
    unchecked = dict.fromkeys(invariant for engine in editions.values() for invariant in engine.unchecked)
    for invariant in unchecked:
        log.get_logger().warning("an invariant of a package is unknown and not checked", at=invariant)
    return Conformance(editions, base_validator(), Level(settings.strictness))
