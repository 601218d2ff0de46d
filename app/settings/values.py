"""The values of settings that need more than a type: each checked, with a sentence that never quotes it."""

from __future__ import annotations

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+)(?::[1-9][0-9]{0,4})?")
_BASE_URL = re.compile(rf"{_ORIGIN.pattern}(?:/[A-Za-z0-9._~-]+)*/*")


def _folder(value: Path) -> Path:
    if os.path.exists(value) and not os.path.isdir(value):
        raise ValueError("must be a folder, but is a file")
    return value


def _base_url(value: str) -> str:
    if not _BASE_URL.fullmatch(value) or value.rstrip("/").endswith("/fhir"):
        raise ValueError("must be http:// or https:// and a host, without /fhir: https://pas.payer.example")
    return value.rstrip("/")


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// URL")
    return value


def _store(value: str) -> str:
    if value in ("sqlite", "memory") or value.startswith(("mongodb://", "mongodb+srv://")):
        return value
    raise ValueError("must be sqlite, memory, or a URL that starts with mongodb:// or mongodb+srv://")


def _header_name(value: str) -> str:
    if not re.fullmatch("[a-z0-9-]{1,64}", value):
        raise ValueError("must be the name of a header in lower case, such as client-cert")
    return value


def _networks(value: Any) -> Any:
    """Split a variable at its commas."""
    return tuple(_network(part) for part in _parts(value)) if isinstance(value, str) else value


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(
            "must have IP addresses or networks without host bits, with commas between them: 10.0.0.0/8,192.0.2.7"
        ) from None


def _origins(value: Any) -> Any:
    """Split a variable at its commas; `none` is the empty list."""
    if not isinstance(value, str):
        return value
    origins = () if value == "none" else tuple(part.rstrip("/") for part in _parts(value))
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("must be none, or have origins with commas between them: https://ehr.example")
    return origins


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


DataFolder = Annotated[Path, AfterValidator(_folder)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
StoreName = Annotated[str, AfterValidator(_store)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]
NetworksOrUnset = Annotated[tuple[IPv4Network | IPv6Network, ...] | None, NoDecode, BeforeValidator(_networks)]
OriginsOrUnset = Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_origins)]
