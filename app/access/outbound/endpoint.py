"""Read the URL of an endpoint that the server is to call, and compare its origin with an allow-list.

Only this reader parses such URLs, and the connection uses its result. So no two parsers can disagree about the host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from msgspec import Struct

from app.access.outbound.addresses import Network, may_connect

LONGEST_URL = 2048
HTTPS_PORT = 443

_PORTS = {"https": HTTPS_PORT, "http": 80}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?", re.IGNORECASE)
_TARGET = re.compile(r"(?:/[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*)?(?:\?[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*)?")
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


class EndpointRefused(ValueError):  # noqa: N818 - a refusal, not an error of the server
    """The server must not call this URL. The text names the rule, never the URL."""


class Origin(Struct, frozen=True):
    """Scheme, host and port, as in https://www.rfc-editor.org/rfc/rfc6454. The host is in lower case."""

    scheme: str
    host: str
    port: int


class Endpoint(Struct, frozen=True):
    """A URL that the server may call: its origin, and `target`, the path with the query."""

    origin: Origin
    target: str


class OutboundRules(Struct, frozen=True):
    """The operator's rules of outbound calls.

    `networks` are private networks that the server may call. A demo allows `http`, and `unlisted` origins.
    """

    networks: tuple[Network, ...] = ()
    http: bool = False
    unlisted: bool = False


def read_endpoint(url: str, rules: OutboundRules) -> Endpoint:
    """Read a URL strictly: https, a host and an optional port, path and query; no user, fragment or space.

    Raises EndpointRefused. An IP address in the URL must be one that the server may connect to. A name is resolved
    and checked at each connection.
    """
    if len(url) > LONGEST_URL:
        raise EndpointRefused(f"The URL must not be longer than {LONGEST_URL} characters.")
    match = _ORIGIN.match(url)
    if match is None or not _TARGET.fullmatch(url, match.end()):
        raise EndpointRefused("The URL must be https:// with a host, and have no user name, fragment or space.")
    origin = Origin(match[1].lower(), match[2].strip("[]").lower(), int(match[3] or _PORTS[match[1].lower()]))
    if origin.scheme != "https" and not rules.http:
        raise EndpointRefused("The URL must begin with https://.")
    _check_host(origin, rules)
    target = url[match.end() :]
    return Endpoint(origin, target if target.startswith("/") else "/" + target)


def check_listed(endpoint: Endpoint, allowed: Iterable[str], rules: OutboundRules) -> None:
    """Check that the origin is one of the client's allowed origins. Raises EndpointRefused.

    Origins are compared as parsed values: `https://payer.example.evil.test` is not `https://payer.example`. A port
    other than 443 must be part of the allowed origin.
    """
    if rules.unlisted:
        return
    if endpoint.origin not in {read_endpoint(origin, rules).origin for origin in allowed}:
        raise EndpointRefused("The endpoint's origin must be one of the client's registered origins.")


def _check_host(origin: Origin, rules: OutboundRules) -> None:
    """Raise EndpointRefused for a host that is neither a name nor an address that the server may connect to."""
    if origin.port > 65535:  # noqa: PLR2004 - the largest port
        raise EndpointRefused("The port must not be larger than 65535.")
    if ":" in origin.host or _NUMBER_AT_THE_END.fullmatch(origin.host):
        address = origin.host
    elif not _NAME.fullmatch(origin.host):
        raise EndpointRefused("The host must be a name or an IP address.")
    elif origin.host == "localhost" or origin.host.endswith(".localhost"):
        address = "127.0.0.1"
    else:
        return
    if not _is_allowed_address(address, rules):
        raise EndpointRefused("The host must have a public address.")


def _is_allowed_address(text: str, rules: OutboundRules) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return may_connect(text, rules.networks)
