"""The key of the limit by address, and the detection of stalled connections."""

from __future__ import annotations

import pytest

from app.web.protocol.door import network_of
from app.web.protocol.progress import Progress


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
    ],
)
def test_the_addresses_of_one_network_count_together(one: str, other: str, *, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_a_connection_with_too_little_progress_has_stalled() -> None:
    progress = Progress(0)
    assert not progress.stalled(1_000, 5, 10)
    assert not progress.stalled(1_100, 9, 10)
    assert not progress.stalled(1_200, 18, 10)
    assert progress.stalled(1_300, 19, 10)
    progress.restart(1_300, 19)
    assert not progress.stalled(1_300, 20, 10)


def test_a_client_that_reads_its_answer_makes_progress() -> None:
    progress = Progress(0)
    assert not progress.stalled(100_000, 1, 10)
    assert not progress.stalled(50_000, 10, 10)
    assert progress.stalled(50_000, 20, 10)
