"""The settings of a production server that starts."""

from __future__ import annotations

from typing import Any

from app.policy.loading import SHIPPED_POLICIES

PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "base_url": "https://pas.payer.example",
    "store": "sqlite",
    "requestor_match": "client-bound",
    "hook_origins": "none",
    "policy": str(SHIPPED_POLICIES),
    "trusted_proxies": "127.0.0.1",
}


def environment(**more: str) -> dict[str, str]:
    """Return the settings as PREAUTH_* variables."""
    return {f"PREAUTH_{name.upper()}": str(value) for name, value in {**PRODUCTION, **more}.items()}
