"""The server's log: a JSON object a line on standard error, and no patient data by construction."""

from __future__ import annotations

from app.log.lines import ALLOWED, configure, flush, get_logger

__all__ = ["ALLOWED", "configure", "flush", "get_logger"]
