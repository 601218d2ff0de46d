"""Read the URLs of other servers and apps, and compare their origins with an allow-list.

Only this reader parses such URLs: at the registration, in an Origin header, and for a connection, which uses its
result. So no two parsers can disagree about the host.
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
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?", re.IGNORECASE)
_TARGET = re.compile(r"(?:/[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*)?(?:\?[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*)?")
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


class EndpointRefused(ValueError):  # noqa: N818 - a refusal, not an error of the server
    """The URL is malformed, or the server must not call it. The text names the rule, never the URL."""


class Origin(Struct, frozen=True):
    """Scheme, host and port, as in https://www.rfc-editor.org/rfc/rfc6454. The host is in lower case."""

    scheme: str
    host: str
    port: int

    @property
    def text(self) -> str:
        """The origin as browsers write it, such as `https://ehr.example`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def is_secure(self) -> bool:
        """Whether the connection is private: https, or http on the loopback address."""
        return self.scheme == "https" or self.host in _LOOPBACK


class Endpoint(Struct, frozen=True):
    """A URL as read: its origin, and `target`, the path with the query."""

    origin: Origin
    target: str


class OutboundRules(Struct, frozen=True):
    """The operator's rules of outbound calls.

    `networks` are private networks that the server may call. A demo allows `http`, and `unlisted` origins.
    """

    networks: tuple[Network, ...] = ()
    http: bool = False
    unlisted: bool = False


def read_url(url: str) -> Endpoint:
    """Read a URL strictly: http or https, a host and an optional port, path and query; no user, fragment or space.

    Raises EndpointRefused.
    """
    if len(url) > LONGEST_URL:
        raise EndpointRefused(f"The URL must not be longer than {LONGEST_URL} characters.")
    match = _ORIGIN.match(url)
    if match is None or not _TARGET.fullmatch(url, match.end()):
        raise EndpointRefused("The URL must be https:// with a host, and have no user name, fragment or space.")
    origin = Origin(match[1].lower(), match[2].strip("[]").lower(), int(match[3] or _PORTS[match[1].lower()]))
    if origin.port > 65535:  # noqa: PLR2004 - the largest port
        raise EndpointRefused("The port must not be larger than 65535.")
    if not (_is_address(origin.host) if _is_numeric(origin.host) else _NAME.fullmatch(origin.host)):
        raise EndpointRefused("The host must be a name or an IP address.")
    target = url[match.end() :]
    return Endpoint(origin, target if target.startswith("/") else "/" + target)


def read_endpoint(url: str, rules: OutboundRules) -> Endpoint:
    """Read a URL that the server is to call.

    Raises EndpointRefused. An IP address in the URL must be one that the server may connect to. A name is resolved
    and checked at each connection.
    """
    endpoint = read_url(url)
    host = endpoint.origin.host
    if endpoint.origin.scheme != "https" and not rules.http:
        raise EndpointRefused("The URL must begin with https://.")
    is_local = host == "localhost" or host.endswith(".localhost")
    address = "127.0.0.1" if is_local else host if _is_numeric(host) else None
    if address is not None and not may_connect(address, rules.networks):
        raise EndpointRefused("The host must have a public address.")
    return endpoint


def check_listed(endpoint: Endpoint, allowed: Iterable[str], rules: OutboundRules) -> None:
    """Check that the origin is one of the client's allowed origins. Raises EndpointRefused.

    Origins are compared as parsed values: `https://payer.example.evil.test` is not `https://payer.example`. A port
    other than 443 must be part of the allowed origin.
    """
    if rules.unlisted:
        return
    if endpoint.origin not in {read_endpoint(origin, rules).origin for origin in allowed}:
        raise EndpointRefused("The endpoint's origin must be one of the client's registered origins.")


def _is_numeric(host: str) -> bool:
    """Return whether a host is an IP address, or a number that some resolvers take for one."""
    return ":" in host or _NUMBER_AT_THE_END.fullmatch(host) is not None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
