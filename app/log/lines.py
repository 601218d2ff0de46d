"""Render log lines as JSON objects without patient data.

Only the names in `ALLOWED` are written. An exception is written as its class and its stack frames; its text is left
out, because it may quote a submission.
"""

from __future__ import annotations

import atexit
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

from app.log.writer import LineWriter, write_standard_error

ALLOWED: Final = frozenset({
    "timestamp", "level", "event",
    "request_id", "method", "route", "status", "duration_ms", "client", "bytes",
    "operation", "fault", "worker", "store", "payer", "policy", "count", "attempt",
    "error", "cause", "at", "logger", "version", "policies", "editions", "limits", "seal", "digest",
})  # fmt: skip
"""The names a line may have. `route` is the matched template, never a path with ids or a query."""

FRAMES: Final = 8
LONGEST: Final = 200
FLUSH_SECONDS: Final = 0.5
"""Longest wait for the log at exit. A stuck reader must not keep the server alive."""

_encode = msgspec.json.Encoder(enc_hook=lambda value: type(value).__name__).encode


class _StandardError:
    """Pass structlog's lines to the thread that writes to standard error."""

    def msg(self, line: str) -> None:
        """Queue one line."""
        _writer.add(line)

    debug = info = warning = error = critical = exception = msg


def get_logger() -> FilteringBoundLogger:
    """Return the logger. Pass a constant event name first, and values as the named fields of `ALLOWED`."""
    return _logger


def configure(level: str) -> None:
    """Log from `level` upwards, and add the warnings of libraries without their arguments."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))
    logging.getLogger("uvicorn.access").disabled = True


def flush(seconds: float = FLUSH_SECONDS) -> bool:
    """Wait up to `seconds` until all lines are written; return whether they are."""
    return _writer.flush(seconds)


def cause_of(error: BaseException) -> str | None:
    """Return the class of the first exception of a chain, with SQLite's error name if it has one; else None."""
    first = _first_cause(error)
    if first is error:
        return None
    return " ".join(filter(None, (type(first).__name__, getattr(first, "sqlite_errorname", None))))


class _Libraries(logging.Handler):
    """Log the records of libraries: the constant message, not its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record of a library as one line."""
        first_line = str(record.msg).partition("\n")[0][:LONGEST]
        write = _logger.error if record.levelno >= logging.ERROR else _logger.warning
        write(first_line, logger=record.name, exc_info=record.exc_info)


def _rendered(_: Any, level: str, event: MutableMapping[str, Any]) -> str:
    """Put time and level first; drop names outside `ALLOWED` and values that are None."""
    if "exc_info" in event:
        _locate(event)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    fields = {name: value for name, value in event.items() if name in ALLOWED and value is not None}
    return _encode({"timestamp": now, "level": level, **fields}).decode() + "\n"


def _render_dropped(count: int) -> str:
    return _rendered(None, "warning", {"event": "lines dropped", "count": count})


def _locate(event: MutableMapping[str, Any]) -> None:
    """Add an exception's class, its first cause, and its stack frames, innermost last."""
    raised = event["exc_info"]
    if raised is True:
        raised = sys.exc_info()
    elif isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        event["error"] = raised[0].__name__
        event["cause"] = cause_of(raised[1])
        first = _first_cause(raised[1])
        event["at"] = (_places(raised[2]) + (_places(first.__traceback__) if first is not raised[1] else []))[-FRAMES:]


def _first_cause(error: BaseException) -> BaseException:
    first = error
    for _ in range(FRAMES):
        first = first.__cause__ or first
    return first


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


_writer: Final = LineWriter(write_standard_error, _render_dropped)
atexit.register(flush)
_logger: Final[FilteringBoundLogger] = structlog.wrap_logger(
    _StandardError(), processors=(_rendered,), context_class=dict
)
