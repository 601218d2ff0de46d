"""Put the verifiers of all trusted issuers behind one door: this server's own, and those of the operator's file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from app.access.issuers.trusted_issuer import TrustedIssuer
from app.access.outbound.endpoint import OutboundRules
from app.access.smart.key_source import KeySource
from app.access.verifier import TokenVerifier
from app.adapters.outbound.http import Outbound
from app.adapters.tokens.by_issuer import ByIssuer
from app.adapters.tokens.external_tokens import ExternalTokens
from app.adapters.tokens.issuer_keys import keys_of
from app.ports import Clock
from app.registry.issuers_file import read_issuers


def trusted_issuers(file: Path | None, rules: OutboundRules, own: Collection[str]) -> tuple[TrustedIssuer, ...]:
    """Read the operator's file; without one, no external issuer is trusted. `own` are this server's issuers.

    Raises YamlRefused with file and line, and RuntimeError, with a sentence for the operator, for other faults.
    """
    try:
        issuers = read_issuers(file, rules) if file else ()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise RuntimeError(f"PREAUTH_ISSUERS: {file} cannot be read.") from unreadable
    if any(issuer.issuer in own for issuer in issuers):
        raise RuntimeError(f"PREAUTH_ISSUERS: {file} must not name this server's own issuer.")
    return issuers


def trusted_tokens(
    own: Mapping[str, TokenVerifier],
    issuers: Sequence[TrustedIssuer],
    *,
    keys: KeySource,
    outbound: Outbound,
    rules: OutboundRules,
    clock: Clock,
) -> ByIssuer:
    """Return the verifier of the `own` issuers and of the external ones."""
    external = {
        issuer.issuer: ExternalTokens(issuer, keys_of(issuer, keys, outbound, rules, clock)) for issuer in issuers
    }
    return ByIssuer({**own, **external})
