"""Read the operator's settings from `PREAUTH_*` variables; refuse unknown names and bad values.

`safety` refuses settings that are unsafe in the mode of the server.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Collection
from importlib.metadata import version
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "PREAUTH_"
FARTHEST_CLOCK = 10 * 366 * 86_400
OF_THE_TESTS = frozenset({"PREAUTH_SHARED", "PREAUTH_TEST_MONGODB_URL", "PREAUTH_TEST_CHROMIUM"})
"""Variables that the test suite reads, not the server."""


class SettingsRefused(Exception):  # noqa: N818 - the fault is the operator's, not this program's
    """The server must not start with these settings; the text has a sentence per line, each with its remedy."""


class Settings(BaseSettings):
    """The settings with their defaults, read once at the start. Texts of refusals never quote a value."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data: Path = Field(default=Path("data"), description="Folder of the database and the signing key.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    base_url: str | None = Field(
        default=None,
        description="Public address without `/fhir`, the start of absolute URLs. Unset: the bound address.",
    )
    store: str = Field(
        default="sqlite",
        repr=False,
        description="`sqlite` (in the data folder), `memory` (lost at exit) or the `mongodb://` URL of a replica set.",
    )
    policy: Path | None = Field(
        default=None, description="Policy file, or folder of policy files. Unset: the shipped policies."
    )
    clients: Path | None = Field(
        default=None,
        description="File of organizations, clients and users (YAML), or folder of CSV and YAML files. Each start makes"
        " the registered ones equal.",
    )
    strictness: Literal["strict", "standard", "lenient"] = Field(
        default="standard",
        description="How strictly the server checks submissions: which faults are errors, notes or ignored.",
    )
    packages: Path | None = Field(
        default=None, description="Folder of FHIR packages (`.tgz`) whose profiles the server checks, too."
    )
    package_sha256: dict[str, str] = Field(
        default={},
        description='The sha256 of each package file, as JSON: `{"us-core.tgz": "9f86…"}`. Other files are refused.',
    )
    max_body_bytes: int = Field(
        default=15_000_000,
        ge=1024,
        description="Largest body in bytes of `$submit`, `$inquire`, `$validate` and a billing claim.",
    )
    max_other_body_bytes: int = Field(
        default=1_000_000, ge=1024, description="Largest body in bytes of any other request."
    )
    max_inflight_bytes: int = Field(
        default=256_000_000,
        ge=1024,
        description="Bytes of all request bodies in progress, and of all unread answers.",
    )
    max_inflight_bytes_per_client: int = Field(
        default=64_000_000,
        ge=1024,
        description="Bytes of the request bodies in progress of one client.",
    )
    max_connections: int = Field(default=1_000, ge=1, description="Open connections.")
    max_connections_per_address: int = Field(
        default=100,
        ge=1,
        description="Open connections from one IP address or IPv6 /64 network, except from trusted proxies.",
    )
    requests_per_second: float = Field(
        default=100, gt=0, description="Requests per second of one client, on average; more get 429."
    )
    request_burst: int = Field(default=200, ge=1, description="Requests of one client at once, above the average.")
    concurrent_requests_per_client: int = Field(
        default=64, ge=1, description="Requests of one client in progress; more get 429."
    )
    anonymous_requests_per_second: float = Field(
        default=20,
        gt=0,
        description="Requests per second without a valid token from one address, on average. Five times as many may"
        " come at once.",
    )
    failed_logins_per_minute: int = Field(
        default=10,
        ge=1,
        description="Failed proofs of a client's identity per minute and address. Login pages lock out after ten.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks of reverse proxies, with commas between them. Only their `X-Forwarded-For`"
        " and their header with a client certificate count.",
    )
    certificate_header: str | None = Field(
        default=None,
        description="Header in which trusted proxies send the client's certificate: `client-cert` (RFC 9440), or one"
        " with nginx's escaped PEM. They must overwrite it. Unset: none, and tokens bound to certificates fail.",
    )
    header_timeout: float = Field(default=10, gt=0, le=600, description="Seconds for the headers of a request.")
    body_timeout: float = Field(
        default=20,
        gt=0,
        le=600,
        description="Seconds without progress of a body or an answer, after which the server closes the connection.",
    )
    shutdown_timeout: int = Field(
        default=20,
        ge=1,
        le=600,
        description="Seconds for the requests in progress to finish after SIGTERM or Ctrl-C; new ones get 503.",
    )
    environment: Literal["demo", "production"] = Field(
        default="demo", description="`demo` or `production`. Production refuses settings that are safe only in a demo."
    )
    demo_bind: str | None = Field(
        default=None,
        description="The private address of PREAUTH_HOST again, for a demo that listens beyond loopback.",
    )
    pages: Literal["on", "off"] | None = Field(
        default=None,
        description="Serve the home page, `/docs` and `/openapi.json`. Unset: `on` in a demo, `off` in production.",
    )
    mongodb_transport: Literal["tls", "trusted-network"] = Field(
        default="tls",
        description="Production requires TLS to MongoDB, unless this is `trusted-network`.",
    )
    issuers: Path | None = Field(
        default=None, description="YAML file of the external issuers of tokens that the server trusts. Unset: none."
    )
    udap: Path | None = Field(
        default=None, description="YAML file that turns on UDAP registration of clients. Unset: UDAP is off."
    )
    outbound_networks: Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode] = Field(
        default=None,
        description="Private networks that the server may call for keys and notifications, with commas between them."
        " Unset: none in production; loopback and private networks in a demo.",
    )
    hook_origins: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        default=None,
        description="Origins that may get notifications, with commas between them, or `none`. Production requires it.",
    )
    time_url: str | None = Field(
        default=None,
        description="A URL whose `Date` header the server compares its clock with, once a minute.",
    )
    clock_offset: int = Field(
        default=0,
        ge=-FARTHEST_CLOCK,
        le=FARTHEST_CLOCK,
        description="Seconds added to the server's clock. Refused in production.",
    )
    authorization_server: Literal["embedded", "off"] = Field(
        default="embedded",
        description="`embedded`: registered clients get tokens from this server. `off`: only external issuers count.",
    )
    backend_token_lifetime: int = Field(
        default=300,
        ge=60,
        le=3600,
        description="Lifetime in seconds of the token of a backend service (`client_credentials`).",
    )
    token_lifetime: int = Field(
        default=3600, ge=60, le=86_400, description="Lifetime in seconds of a token from `preauth token`."
    )
    app_token_lifetime: int = Field(
        default=900, ge=60, le=3600, description="Lifetime in seconds of an access token of an app that a user allowed."
    )
    refresh_token_lifetime: int = Field(
        default=2_592_000,
        ge=3600,
        le=31_536_000,
        description="Seconds without use after which a refresh token of an app expires.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that the server logs: `debug`, `info`, `warning` or `error`."
    )
    inquiry_match: Literal["client-bound", "body-only"] = Field(
        default="client-bound",
        description="Providers a client may inquire for: those with one of its own NPIs (`client-bound`), or any"
        " provider in the body (`body-only`, for test beds; refused in production).",
    )
    requestor_match: Literal["client-bound", "any"] = Field(
        default="client-bound",
        description="Providers a client may submit and bill for: those of its own organizations, by NPI or TIN"
        " (`client-bound`), or `any` (for test beds; refused in production).",
    )

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        known = [PREFIX + name.upper() for name in cls.model_fields]
        unknown = sorted({name.upper() for name in os.environ} - {*known, *OF_THE_TESTS})
        refusals = [_unknown(name, known) for name in unknown if name.startswith(PREFIX)]
        if refusals:
            raise ValueError("\n".join(refusals))
        return given

    @field_validator("data")
    @classmethod
    def _data(cls, value: Path) -> Path:
        if os.path.exists(value) and not os.path.isdir(value):
            raise ValueError("must be a folder, but is a file")
        return value

    @field_validator("trusted_proxies", "outbound_networks", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        return (
            tuple(_network(part.strip()) for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("time_url")
    @classmethod
    def _time_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be an http:// or https:// URL")
        return value

    @field_validator("certificate_header")
    @classmethod
    def _certificate_header(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch("[a-z0-9-]{1,64}", value):
            raise ValueError("must be the name of a header in lower case, such as client-cert")
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        extra = parts.query or parts.fragment or parts.username or parts.path.rstrip("/").endswith("/fhir")
        if parts.scheme not in ("http", "https") or not parts.hostname or extra:
            raise ValueError("must be http:// or https:// and a host, without /fhir: https://pas.payer.example")
        return value.rstrip("/")

    @field_validator("store")
    @classmethod
    def _store(cls, value: str) -> str:
        if value in ("sqlite", "memory") or value.startswith(("mongodb://", "mongodb+srv://")):
            return value
        raise ValueError("must be sqlite, memory, or a URL that starts with mongodb:// or mongodb+srv://")

    @field_validator("hook_origins", mode="before")
    @classmethod
    def _hook_origins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return () if value == "none" else tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())

    @property
    def shows_pages(self) -> bool:
        """Whether the home page, /docs and /openapi.json are served."""
        return (self.pages or ("on" if self.environment == "demo" else "off")) == "on"

    @model_validator(mode="after")
    def _roomy(self) -> Self:
        if self.max_body_bytes > min(self.max_inflight_bytes_per_client, self.max_inflight_bytes):
            raise ValueError(
                "PREAUTH_MAX_INFLIGHT_BYTES and PREAUTH_MAX_INFLIGHT_BYTES_PER_CLIENT must be at least"
                " PREAUTH_MAX_BODY_BYTES."
            )
        return self


def load_settings(**given: Any) -> Settings:
    """Read the settings from the environment; `given` options of the command line win, unless they are None.

    Raises SettingsRefused with all refusals.
    """
    options = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**options)
    except ValidationError as refused:
        sentences = [_sentence(error["loc"], error["msg"], options) for error in refused.errors()]
        raise SettingsRefused("\n".join(sentences)) from None


def release() -> str:
    """Return the version of the installed package, such as `0.1.0`."""
    return version("preauth")


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(
            "must have IP addresses or networks without host bits, with commas between them: 10.0.0.0/8,192.0.2.7"
        ) from None


def _unknown(name: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return f"{name} is an unknown setting. The nearest one is {nearest}."


def _sentence(place: tuple[int | str, ...], message: str, options: Collection[str]) -> str:
    """Return the sentence about a refused value, with the name of its option or variable."""
    text = message.removeprefix("Value error, ").replace("Input should", "must", 1)
    if not place:
        return text
    name = str(place[0])
    return f"--{name.replace('_', '-')}: {text}" if name in options else f"{PREFIX}{name.upper()}: {text}"
