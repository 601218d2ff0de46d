"""The operator's settings: one field for each `PREAUTH_*` variable, with its default and its description.

`values` has the checks of single values; `safety` refuses settings that are unsafe in the mode of the server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.settings.unknown import PREFIX, unknown_variables
from app.settings.values import (
    BaseUrl,
    DataFolder,
    HeaderName,
    HttpUrl,
    Networks,
    NetworksOrUnset,
    OriginsOrUnset,
    StoreName,
)

FARTHEST_CLOCK = 10 * 366 * 86_400


class Settings(BaseSettings):
    """The settings with their defaults, read once at the start. Texts of refusals never quote a value."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data: DataFolder = Field(default=Path("data"), description="Folder of the database and the signing key.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    base_url: BaseUrl | None = Field(
        default=None,
        description="Public address without `/fhir`, the start of absolute URLs. Unset: the bound address.",
    )
    store: StoreName = Field(
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
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks of reverse proxies, with commas between them. Only their `X-Forwarded-For`"
        " and their header with a client certificate count.",
    )
    certificate_header: HeaderName | None = Field(
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
    outbound_networks: NetworksOrUnset = Field(
        default=None,
        description="Private networks that the server may call for keys and notifications, with commas between them."
        " Unset: none in production; loopback and private networks in a demo.",
    )
    hook_origins: OriginsOrUnset = Field(
        default=None,
        description="Origins that may get notifications, with commas between them, or `none`. Production requires it.",
    )
    time_url: HttpUrl | None = Field(
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
    inquiry_selects: Literal["criteria", "identity"] = Field(
        default="criteria",
        description="Authorizations that an inquiry gets: those that meet all its criteria (`criteria`), or all of the"
        " member and the providers (`identity`, for test beds; refused in production).",
    )
    requestor_match: Literal["client-bound", "any"] = Field(
        default="client-bound",
        description="Providers a client may submit and bill for: those of its own organizations, by NPI or TIN"
        " (`client-bound`), or `any` (for test beds; refused in production).",
    )

    subscription_match: Literal["client-bound", "any"] = Field(
        default="client-bound",
        description="Filters of a Subscription: identifiers of the client's own organizations (`client-bound`). With"
        " `any`, the server ignores other filters and a past end (for test beds; refused in production).",
    )

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        if refusals := unknown_variables(cls.model_fields):
            raise ValueError("\n".join(refusals))
        return given

    @property
    def root(self) -> str:
        """The public address, which absolute URLs begin with."""
        return self.base_url or f"http://{self.host}:{self.port}"

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
