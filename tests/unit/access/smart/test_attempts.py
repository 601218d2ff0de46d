"""Failed attempts are limited per client and per address."""

from __future__ import annotations

import pytest

from app.access.smart.attempts import MOST_FAILURES, WINDOW_SECONDS, Attempts

BAD, GOOD = "192.0.2.1", "192.0.2.2"


def failed(times: int, client: str = "ehr-a", address: str = BAD) -> Attempts:
    attempts = Attempts()
    for second in range(times):
        attempts.failed(client, address, float(second))
    return attempts


def test_ten_failures_of_a_client_within_a_minute_make_it_wait_until_the_first_is_a_minute_old() -> None:
    assert failed(MOST_FAILURES - 1).wait("ehr-a", BAD, 10.0) == 0
    attempts = failed(MOST_FAILURES)
    assert attempts.wait("ehr-a", BAD, 10.0) == 50
    assert attempts.wait("ehr-a", BAD, float(WINDOW_SECONDS)) == 0


def test_ten_failures_from_an_address_make_every_new_client_there_wait() -> None:
    attempts = failed(MOST_FAILURES)
    assert attempts.wait("ehr-b", BAD, 10.0) > 0
    assert attempts.wait("ehr-b", GOOD, 10.0) == 0


def test_failures_in_the_name_of_a_client_do_not_stop_it_where_it_succeeded() -> None:
    attempts = failed(MOST_FAILURES)
    assert attempts.wait("ehr-a", GOOD, 10.0) > 0
    attempts.succeeded("ehr-a", GOOD)
    assert attempts.wait("ehr-a", GOOD, 10.0) == 0


@pytest.mark.parametrize("address", [BAD, GOOD])
def test_a_client_that_succeeded_is_stopped_by_its_own_failures(address: str) -> None:
    attempts = Attempts()
    attempts.succeeded("ehr-a", address)
    for second in range(MOST_FAILURES):
        attempts.failed("ehr-a", address, float(second))
    assert attempts.wait("ehr-a", address, 10.0) == 50
