"""A clock that is far off makes the server unready, and is logged loudly."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from app.adapters.http_date import date_of
from app.adapters.memory import MemoryDocuments
from app.safety.clock import difference_of
from app.workflow.clock_watch import EVERY_SECONDS, ClockWatch
from tests.support.process import LOG_FILE, server_process
from tests.support.server import START, HeldClock, serving

TEN_MINUTES = timedelta(minutes=10)


async def punctual() -> datetime:
    return START


async def silent() -> datetime:
    raise RuntimeError("PREAUTH_TIME_URL gives no Date.")


class Elsewhere(MemoryDocuments):
    """A store on a machine with a clock of its own."""

    async def time(self) -> datetime:
        return START


@pytest.fixture
def time_url() -> Iterator[str]:
    """Serve the right time over HTTP."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.acceptance("I87")
@pytest.mark.parametrize("off", [TEN_MINUTES, -TEN_MINUTES])
async def test_a_server_ten_minutes_off_is_not_ready(tmp_path: Path, off: timedelta) -> None:
    async with serving(tmp_path, clock_watch=ClockWatch(punctual)) as server:
        assert (await server.http.get("/health/ready")).status_code == 200
    async with serving(tmp_path, clock_watch=ClockWatch(punctual)) as server:
        server.clock.move(seconds=off.total_seconds())
        answer = await server.http.get("/health/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
        assert (await server.http.get("/health/live")).status_code == 200


@pytest.mark.acceptance("I87")
async def test_a_server_ten_minutes_off_its_store_is_not_ready(tmp_path: Path) -> None:
    async with serving(tmp_path, documents=Elsewhere()) as server:
        server.clock.move(minutes=10)
        assert (await server.http.get("/health/ready")).status_code == 503


@pytest.mark.acceptance("I87")
def test_a_process_ten_minutes_off_logs_the_difference(tmp_path: Path, time_url: str) -> None:
    with server_process(tmp_path, clock_offset=600, time_url=time_url) as server:
        root = server.url.removesuffix("/fhir")
        assert httpx.get(f"{root}/health/ready", trust_env=False).status_code == 503
    log = (tmp_path / LOG_FILE).read_text(encoding="utf-8")
    assert '"event":"clock is off"' in log.replace('": "', '":"')
    assert "s after the other one." in log


async def test_the_clock_is_compared_once_a_minute_and_recovers() -> None:
    clock, ticks = HeldClock(START + TEN_MINUTES), [0.0]
    watch = ClockWatch(punctual, lambda: ticks[0])
    assert await watch.is_far_off(clock, MemoryDocuments())
    clock.instant = START
    assert await watch.is_far_off(clock, MemoryDocuments())
    ticks[0] += EVERY_SECONDS
    assert not await watch.is_far_off(clock, MemoryDocuments())


async def test_a_silent_source_does_not_make_the_server_unready() -> None:
    assert not await ClockWatch(silent).is_far_off(HeldClock(), MemoryDocuments())


@pytest.mark.parametrize(
    ("off", "status"), [(0, "pass"), (10, "pass"), (11, "warn"), (300, "warn"), (301, "fail"), (-301, "fail")]
)
def test_a_difference_has_a_status(off: int, status: str) -> None:
    assert difference_of("clock", START + timedelta(seconds=off), START).status == status


async def test_the_date_of_another_server_is_read(time_url: str) -> None:
    assert abs(await date_of(time_url) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://", "nowhere"])
async def test_a_url_without_a_date_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(RuntimeError, match="PREAUTH_TIME_URL gives no Date"):
        await date_of(url)


@pytest.mark.acceptance("I87")
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 8, 7, 0, tzinfo=UTC),
        datetime(2016, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
    ],
)
async def test_the_clock_is_compared_at_the_ends_of_years_days_and_summer_time(moment: datetime) -> None:
    header = format_datetime(moment, usegmt=True)

    async def read() -> datetime:
        return datetime.strptime(header, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)

    assert not await ClockWatch(read).is_far_off(HeldClock(moment), MemoryDocuments())
