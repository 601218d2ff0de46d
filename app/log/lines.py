"""What a line of the log says: one JSON object, and no patient data by construction.

Only the names in `ALLOWED` are written, whatever a caller passes; an exception is written as its class and the places
it went through, never as its text, which may quote what somebody sent.
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
    "error", "cause", "at", "logger", "version", "policies", "editions", "limits",
})  # fmt: skip
"""Everything a line may say. `route` is the template that matched, never a path with ids or a query."""

FRAMES: Final = 8
LONGEST: Final = 200
FLUSH_SECONDS: Final = 0.5
"""How long the end of the program waits for the log; a reader that is stuck must not keep the server from ending."""

_encode = msgspec.json.Encoder(enc_hook=lambda value: type(value).__name__).encode


class _StandardError:
    """structlog's output: the thread that writes to standard error."""

    def msg(self, line: str) -> None:
        """Hand over one line."""
        _writer.add(line)

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


def flush(seconds: float = FLUSH_SECONDS) -> bool:
    """Wait until all lines are written, for `seconds` at most; return whether they are."""
    return _writer.flush(seconds)


def cause_of(error: BaseException) -> str | None:
    """Name the class of the first exception of a chain, and SQLite's name for the fault where it has one."""
    first = _first_cause(error)
    if first is error:
        return None
    return " ".join(filter(None, (type(first).__name__, getattr(first, "sqlite_errorname", None))))


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


def _render_dropped(count: int) -> str:
    return _rendered(None, "warning", {"event": "lines dropped", "count": count})


def _locate(event: MutableMapping[str, Any]) -> None:
    """Say of an exception its class, the cause it began with, and the places it went through, innermost last."""
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
