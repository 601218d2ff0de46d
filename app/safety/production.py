"""The settings that production requires. The operator must set each: defaults are safe for a demo only."""

from __future__ import annotations

from app.safety.check import Check, failed, passed, warned
from app.safety.mongodb import check_mongodb
from app.safety.signing_key import check_signing_key
from app.settings import Settings

LARGEST = {
    "max_body_bytes": 100_000_000,
    "max_other_body_bytes": 20_000_000,
    "max_inflight_bytes": 4_000_000_000,
    "max_inflight_bytes_per_client": 1_000_000_000,
    "max_connections": 100_000,
    "max_connections_per_address": 100_000,
}
"""The highest limits that production accepts. A higher one lets a single client use up the memory of the machine."""


def check_production(settings: Settings) -> tuple[Check, ...]:
    """Check all settings that production requires."""
    return (
        _check_base_url(settings),
        check_signing_key(settings),
        _check_issuers(settings),
        _check_store(settings),
        *check_mongodb(settings),
        _check_hooks(settings),
        _check_clock(settings),
        _check_matching(settings),
        _check_inquiries(settings),
        _check_limits(settings),
        _check_proxies(settings),
        _check_policy(settings),
    )


def _check_base_url(settings: Settings) -> Check:
    if (settings.base_url or "").startswith("https://"):
        return passed("base URL", f"Absolute URLs begin with {settings.base_url}.")
    return failed(
        "base URL",
        "PREAUTH_BASE_URL must be the public https:// address.",
        "Set it as clients see it: https://pas.payer.example.",
    )


def _check_issuers(settings: Settings) -> Check:
    if settings.authorization_server == "off" and settings.issuers is None:
        return failed(
            "tokens",
            "PREAUTH_AUTHORIZATION_SERVER is off, so that no token would be valid.",
            "Name the issuers of tokens in PREAUTH_ISSUERS, or unset it.",
        )
    return passed("tokens", "Clients can get tokens.")


def _check_store(settings: Settings) -> Check:
    kind = settings.store.partition(":")[0]
    if "store" not in settings.model_fields_set or kind == "memory":
        return failed(
            "store",
            "PREAUTH_STORE must name a store that lasts.",
            "Set sqlite, for a file in the data folder, or a mongodb:// URL.",
        )
    return passed("store", f"The store is {kind}.")


def _check_hooks(settings: Settings) -> Check:
    if settings.hook_origins is None:
        return failed(
            "notifications",
            "PREAUTH_HOOK_ORIGINS must list the origins that may get notifications.",
            "Set none, or https:// origins with commas between them.",
        )
    insecure = [origin for origin in settings.hook_origins if not origin.startswith("https://")]
    if insecure:
        sentence = f"PREAUTH_HOOK_ORIGINS must have https:// origins only: {', '.join(insecure)} is not."
        return failed("notifications", sentence, "Remove the others.")
    origins = ", ".join(settings.hook_origins) or "no origin"
    return passed("notifications", f"Notifications may go to {origins}.")


def _check_clock(settings: Settings) -> Check:
    if settings.clock_offset:
        return failed("clock offset", "PREAUTH_CLOCK_OFFSET must be unset in production.", "Unset it.")
    return passed("clock offset", "The server uses the clock of the machine.")


def _check_matching(settings: Settings) -> Check:
    names = ("inquiry_match", "requestor_match", "subscription_match")
    open_ones = [f"PREAUTH_{name.upper()}" for name in names if _is_open(settings, name)]
    if open_ones:
        return failed("providers", f"{' and '.join(open_ones)} must be client-bound in production.", "Set it.")
    return passed("providers", "A client acts for its own providers only.")


def _check_inquiries(settings: Settings) -> Check:
    if settings.inquiry_selects != "criteria":
        return failed("inquiries", "PREAUTH_INQUIRY_SELECTS must be criteria in production.", "Set it.")
    return passed("inquiries", "An inquiry gets what meets all its criteria.")


def _is_open(settings: Settings, name: str) -> bool:
    return bool(getattr(settings, name) != "client-bound")


def _check_limits(settings: Settings) -> Check:
    wide = [(name, most) for name, most in LARGEST.items() if getattr(settings, name) > most]
    if wide:
        limits = ", ".join(f"PREAUTH_{name.upper()} at most {most:,}" for name, most in wide)
        return failed("limits", f"The limits of bodies and connections must be bounded: {limits}.", "Lower them.")
    return passed(
        "limits", f"A body may have {settings.max_body_bytes:,} bytes, all of a moment {settings.max_inflight_bytes:,}."
    )


def _check_proxies(settings: Settings) -> Check:
    if not settings.trusted_proxies:
        return warned(
            "proxy",
            "Behind a proxy, all clients have its address: they share the limits of one address.",
            "Set PREAUTH_TRUSTED_PROXIES.",
        )
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        return failed(
            "proxy",
            "PREAUTH_TRUSTED_PROXIES must not have every address: any client could make up addresses and certificates.",
            "Name the addresses of the proxies.",
        )
    return passed("proxy", f"Addresses come from {', '.join(map(str, settings.trusted_proxies))}.")


def _check_policy(settings: Settings) -> Check:
    if settings.policy is None:
        return warned("policies", "The shipped policies are those of made-up payers.", "Set PREAUTH_POLICY.")
    return passed("policies", f"The policies are in {settings.policy}.")
