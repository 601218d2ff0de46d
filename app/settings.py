"""What an operator can choose: `PREAUTH_*` environment variables. What is unknown or unsafe refuses to start."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PREAUTH_"
FARTHEST_CLOCK = 10 * 366 * 86_400
OF_THE_TESTS = frozenset({"PREAUTH_SHARED", "PREAUTH_TEST_MONGODB_URL"})
"""Variables that the test suite reads, not the server."""


class SettingsRefused(Exception):  # noqa: N818 - what the operator asked for, not what we did
    """The server must not start like this; the text has one sentence a line, each with its remedy, and no values."""


class Settings(BaseSettings):
    """Everything that can be chosen, with its default. Frozen: what was read at the start holds until the end."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data: Path = Field(default=Path("data"), description="Folder of the database and of the install's signing key.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    base_url: str | None = Field(
        default=None,
        description="Public address, without `/fhir`, that absolute URLs start with; unset: the bound address.",
    )
    store: str = Field(
        default="sqlite",
        repr=False,
        description="`sqlite` (in the data folder), `memory` (kept nowhere) or a `mongodb://` URL of a replica set.",
    )
    policy: Path | None = Field(
        default=None, description="Policy file or folder; unset: the policies that are shipped."
    )
    strictness: Literal["strict", "standard", "lenient"] = Field(
        default="standard",
        description="How strict with sloppy messages: what is refused, what is warned of, what passes in silence.",
    )
    packages: Path | None = Field(
        default=None, description="Folder of FHIR packages (`.tgz`) whose profiles are checked beside the shipped ones."
    )
    package_sha256: dict[str, str] = Field(
        default={},
        description='The sha256 of each package by file name, as JSON: `{"us-core.tgz": "9f86…"}`; others are refused.',
    )
    max_body_bytes: int = Field(
        default=15_000_000,
        ge=1024,
        description="Largest body, in bytes, of what may carry documents: `$submit`, `$inquire`, `$validate`, a bill.",
    )
    max_other_body_bytes: int = Field(
        default=1_000_000, ge=1024, description="Largest body of any other request, in bytes."
    )
    max_inflight_bytes: int = Field(
        default=256_000_000,
        ge=1024,
        description="Bytes of all request bodies that are being received or answered, and of all answers that nobody"
        " has read yet.",
    )
    max_inflight_bytes_per_client: int = Field(
        default=64_000_000,
        ge=1024,
        description="Bytes of the request bodies of one client that are being received or answered.",
    )
    max_connections: int = Field(default=1_000, ge=1, description="Connections that may be open at the same time.")
    max_connections_per_address: int = Field(
        default=100,
        ge=1,
        description="Open connections from one IP address (of IPv6, one /64); raise it behind a reverse proxy.",
    )
    header_timeout: float = Field(
        default=10, gt=0, le=600, description="Seconds within which the headers of a request must be complete."
    )
    body_timeout: float = Field(
        default=20,
        gt=0,
        le=600,
        description="Seconds after which a body that does not move, in either direction, ends the connection.",
    )
    environment: Literal["demo", "production"] = Field(
        default="demo", description="`demo` or `production`; production refuses what is only safe in a demo."
    )
    clock_offset: int = Field(
        default=0,
        ge=-FARTHEST_CLOCK,
        le=FARTHEST_CLOCK,
        description="Seconds to move the server's clock by; refused in production.",
    )
    token_lifetime: int = Field(
        default=3600, ge=60, le=86_400, description="Seconds for which a token made by `preauth token` is good."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    inquiry_match: Literal["client-bound", "body-only"] = Field(
        default="client-bound",
        description="Whose provider numbers open `$inquire`: the client's own (`client-bound`), or any that it sends"
        " (`body-only`, for test beds; refused in production).",
    )
    requestor_match: Literal["any", "client-bound"] = Field(
        default="any",
        description="Which providers a client may submit and bill for: those whose numbers are its own"
        " (`client-bound`), or `any` (refused in production).",
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
            raise ValueError("must be a folder, and is a file")
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        extra = parts.query or parts.fragment or parts.username or parts.path.rstrip("/").endswith("/fhir")
        if parts.scheme not in ("http", "https") or not parts.hostname or extra:
            raise ValueError("takes http:// or https:// and a host, without /fhir: https://pas.payer.example")
        return value.rstrip("/")

    @field_validator("store")
    @classmethod
    def _store(cls, value: str) -> str:
        if value in ("sqlite", "memory") or value.startswith(("mongodb://", "mongodb+srv://")):
            return value
        raise ValueError("takes sqlite, memory, or a URL that starts with mongodb:// or mongodb+srv://")

    @model_validator(mode="after")
    def _roomy(self) -> Self:
        if self.max_body_bytes > min(self.max_inflight_bytes_per_client, self.max_inflight_bytes):
            raise ValueError(
                "PREAUTH_MAX_INFLIGHT_BYTES and PREAUTH_MAX_INFLIGHT_BYTES_PER_CLIENT must be at least"
                " PREAUTH_MAX_BODY_BYTES; a client could not send a body of that size."
            )
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.environment == "production":
            refusals = [sentence for unsafe, sentence in self._dangers() if unsafe]
            if refusals:
                raise ValueError("\n".join(refusals))
        return self

    def _dangers(self) -> tuple[tuple[bool, str], ...]:
        """Pair each thing that production refuses with a sentence on what to do instead."""
        public = self.base_url or ""
        return (
            (self.clock_offset != 0, "PREAUTH_CLOCK_OFFSET moves the clock of a demo; unset it in production."),
            (self.inquiry_match != "client-bound", "PREAUTH_INQUIRY_MATCH must be client-bound in production."),
            (self.requestor_match != "client-bound", "PREAUTH_REQUESTOR_MATCH must be client-bound in production."),
            (
                self.store == "memory",
                "PREAUTH_STORE=memory keeps nothing; production takes sqlite or a mongodb:// URL.",
            ),
            (not public.startswith("https://"), "PREAUTH_BASE_URL must be the public https:// address in production."),
        )


def load_settings(**given: Any) -> Settings:
    """Read the settings from the environment, with what the command line gave (None: not given) on top.

    Raises SettingsRefused, all refusals at once.
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


def settings_table() -> str:
    """Return the settings as the markdown table that the README carries."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def _unknown(name: str, known: list[str]) -> str:
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    return f"{name} is not a setting; the nearest one is {nearest}."


def _sentence(place: tuple[int | str, ...], message: str, options: Collection[str]) -> str:
    """Name the option or the variable that the refused value came from."""
    text = message.removeprefix("Value error, ").replace("Input should", "must", 1)
    if not place:
        return text
    name = str(place[0])
    return f"--{name.replace('_', '-')}: {text}" if name in options else f"{PREFIX}{name.upper()}: {text}"
