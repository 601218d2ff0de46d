"""Compare the server's clock with the store's, and with the Date of another server."""

from __future__ import annotations

from app.adapters.clock import system_clock
from app.adapters.http_date import date_of
from app.adapters.state import State
from app.doctor.attempt import REFUSALS, first_sentence
from app.safety.check import Check, failed, passed, warned
from app.safety.clock import FAR_OFF, difference_of
from app.settings import Settings


def check_clock(settings: Settings, state: State) -> Check:
    """Compare the clock with the store's, or with its newest record if both share a machine."""
    now = system_clock(settings).now()
    if state.time is not None:
        return difference_of("clock of the store", now, state.time)
    if state.newest is not None and state.newest - now > FAR_OFF:
        text = f"The store has a record of {state.newest:%Y-%m-%dT%H:%M:%SZ}, after the server's time."
        return failed("clock of the store", text, "Set the clock of this machine.")
    return passed("clock of the store", "No record is newer than the server's clock.")


async def check_time_url(settings: Settings) -> list[Check]:
    """Compare the clock with the Date header of PREAUTH_TIME_URL, if set."""
    if settings.time_url is None:
        return [warned("clock", "The clock is not compared with another server.", "Set PREAUTH_TIME_URL.")]
    try:
        then = await date_of(settings.time_url)
    except REFUSALS as refused:
        return [warned("clock", first_sentence(refused), "Check PREAUTH_TIME_URL.")]
    return [difference_of("clock", system_clock(settings).now(), then)]
