"""The server's log: a JSON object a line on standard error, and no patient data by construction."""

from __future__ import annotations

from app.log.lines import ALLOWED, cause_of, configure, flush, get_logger
from app.log.seldom import Seldom

__all__ = ["ALLOWED", "Seldom", "cause_of", "configure", "flush", "get_logger"]
