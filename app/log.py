"""The server's log: a JSON object a line on standard error, and no patient data by construction.

Only the names in `ALLOWED` are written, whatever a caller passes; an exception is written as its class and the places
it went through, never as its text, which may quote what somebody sent.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger

ALLOWED: Final = frozenset({
    "timestamp", "level", "event",
    "request_id", "method", "route", "status", "duration_ms", "client", "bytes",
    "operation", "fault", "worker", "store", "payer", "policy", "count", "attempt",
    "error", "at", "logger",
})  # fmt: skip
"""Everything a line may say. `route` is the template that matched, never a path with ids or a query."""

FRAMES: Final = 8
LONGEST: Final = 200

_encode = msgspec.json.Encoder(enc_hook=lambda value: type(value).__name__).encode


class _StandardError:
    """Writes to whatever `sys.stderr` is at that moment, so that a test's capture sees it."""

    def msg(self, line: str) -> None:
        """Write one line, at once."""
        try:
            sys.stderr.write(line)
        except OSError:
            return  # whoever read the log is gone; that must not cost a caller the answer

    debug = info = warning = error = critical = exception = msg


def get_logger() -> FilteringBoundLogger:
    """Return the logger. Its first argument is a constant; values go into the named fields of `ALLOWED`."""
    return _logger


def configure(level: str) -> None:
    """Write nothing less than `level`, and let the libraries' warnings through, without the values they put in."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))
    logging.getLogger("uvicorn.access").disabled = True


class _Libraries(logging.Handler):
    """Passes on what libraries log: the message's constant part, not its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one library's record as one of our lines."""
        first_line = str(record.msg).partition("\n")[0][:LONGEST]
        write = _logger.error if record.levelno >= logging.ERROR else _logger.warning
        write(first_line, logger=record.name, exc_info=record.exc_info)


def _rendered(_: Any, level: str, event: MutableMapping[str, Any]) -> str:
    """Put the time and the level in front; drop every name that is not allowed, and every value that is not there."""
    if "exc_info" in event:
        _locate(event)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    said = {name: value for name, value in event.items() if name in ALLOWED and value is not None}
    return _encode({"timestamp": now, "level": level, **said}).decode() + "\n"


def _locate(event: MutableMapping[str, Any]) -> None:
    """Say of an exception its class and the places it went through, innermost last."""
    raised = event["exc_info"]
    if raised is True:
        raised = sys.exc_info()
    elif isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        event["error"] = raised[0].__name__
        event["at"] = _places(raised[2])


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


_logger: Final[FilteringBoundLogger] = structlog.wrap_logger(
    _StandardError(), processors=(_rendered,), context_class=dict
)
