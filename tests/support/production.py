"""The settings of a production server that starts."""

from __future__ import annotations

from typing import Any

PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "base_url": "https://pas.payer.example",
    "store": "sqlite",
    "requestor_match": "client-bound",
    "hook_origins": (),
}
