"""Write the server's log: one JSON object per line on standard error, without patient data.

May import: no other room.
Start with `lines`, which lists the fields that a line may have.
"""

from __future__ import annotations

from app.log.lines import ALLOWED, cause_of, configure, flush, get_logger
from app.log.seldom import Seldom

__all__ = ["ALLOWED", "Seldom", "cause_of", "configure", "flush", "get_logger"]
