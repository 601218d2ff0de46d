"""Check that the keys of the external issuers can be fetched."""

from __future__ import annotations

from app.access.issuers.trusted_issuer import TrustedIssuer
from app.access.outbound.endpoint import EndpointRefused, OutboundRules, read_endpoint
from app.adapters.outbound.guard import Guard
from app.adapters.outbound.http import Outbound, Unreachable
from app.adapters.outbound.rules import outbound_rules
from app.adapters.tokens.issuer_keys import CONFIGURATION
from app.doctor.attempt import REFUSALS, first_sentence
from app.registry.issuers_file import read_issuers
from app.safety.check import Check, failed, passed, warned
from app.settings import Settings

_OK = 200


async def check_issuers(settings: Settings) -> list[Check]:
    """Read the file of issuers, and ask each issuer for its keys."""
    if settings.issuers is None:
        return [_without_issuers(settings)]
    rules = outbound_rules(settings)
    try:
        issuers = read_issuers(settings.issuers, rules)
    except REFUSALS as refused:
        return [failed("issuers", first_sentence(refused), "Check PREAUTH_ISSUERS.")]
    outbound = Outbound(Guard(rules.networks))
    try:
        return [await _check(issuer, outbound, rules) for issuer in issuers]
    finally:
        await outbound.close()


def _without_issuers(settings: Settings) -> Check:
    if settings.authorization_server == "embedded":
        return passed("issuers", "The server trusts its own tokens only.")
    text = "No client can get a token: PREAUTH_AUTHORIZATION_SERVER is off, and PREAUTH_ISSUERS is unset."
    return warned("issuers", text, "Set one of them.")


async def _check(issuer: TrustedIssuer, outbound: Outbound, rules: OutboundRules) -> Check:
    url = issuer.jwks or issuer.issuer.rstrip("/") + CONFIGURATION
    if "://" not in url:
        return passed("issuers", f"The keys of {issuer.issuer} are in {url}.")
    try:
        answered = (await outbound.get(read_endpoint(url, rules))).status == _OK
    except (Unreachable, EndpointRefused):
        answered = False
    if answered:
        return passed("issuers", f"{issuer.issuer} answers.")
    remedy = "Its tokens are refused meanwhile. Check its address, and PREAUTH_OUTBOUND_NETWORKS."
    return warned("issuers", f"{url} does not answer.", remedy)
