"""The detection of stalled connections."""

from __future__ import annotations

from app.web.protocol.progress import Progress


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
