"""Work on large bodies leaves the event loop, and no client's queue keeps the others waiting."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest

from app.workflow.aside import LARGE, Aside

HERE = threading.get_ident


def _work_hard() -> None:
    """Take 20 ms of processor time."""
    end = time.thread_time() + 0.02
    while time.thread_time() < end:
        pass


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    made = Aside()
    yield made
    made.close()


async def test_small_work_is_done_here_and_large_work_on_a_thread(aside: Aside) -> None:
    assert await aside.run(LARGE - 1, "a", HERE) == HERE()
    assert await aside.run(LARGE, "a", HERE) != HERE()


async def test_small_work_of_a_client_goes_to_the_thread_while_its_last_piece_was_slow(aside: Aside) -> None:
    await aside.run(0, "a", _work_hard)
    assert await aside.run(0, "b", HERE) == HERE()
    assert await aside.run(0, "a", HERE) != HERE()
    assert await aside.run(0, "a", HERE) == HERE()


async def test_large_work_however_slow_leaves_small_work_where_it_was(aside: Aside) -> None:
    await aside.run(LARGE, "a", _work_hard)
    assert await aside.run(0, "a", HERE) == HERE()


async def test_the_event_loop_goes_on_while_large_work_lasts(aside: Aside) -> None:
    gate = threading.Event()
    work = asyncio.create_task(aside.run(LARGE, "a", gate.wait, 30))
    await asyncio.sleep(0)
    assert await aside.run(0, "b", HERE) == HERE()
    assert not work.done()
    gate.set()
    assert await work


async def test_the_work_of_another_client_comes_before_the_next_of_the_same(aside: Aside) -> None:
    done: list[str] = []
    work = [aside.run(LARGE, client, done.append, f"{client}{number}") for client in "ab" for number in range(3)]
    await asyncio.gather(*work)
    assert done == ["a0", "b0", "a1", "b1", "a2", "b2"]


async def test_large_work_lets_others_have_the_interpreter_more_often_and_only_while_it_lasts(aside: Aside) -> None:
    usual = sys.getswitchinterval()
    assert await aside.run(LARGE, "a", sys.getswitchinterval) < usual
    assert await aside.run(0, "a", sys.getswitchinterval) == usual


async def test_no_garbage_is_collected_while_large_work_lasts(aside: Aside) -> None:
    assert not await aside.run(LARGE, "a", gc.isenabled)
    assert gc.isenabled()


@pytest.mark.parametrize("size", [0, LARGE])
async def test_an_error_reaches_the_caller_and_the_next_work_runs(aside: Aside, size: int) -> None:
    with pytest.raises(ZeroDivisionError):
        await aside.run(size, "a", divmod, 1, 0)
    assert await aside.run(size, "a", divmod, 7, 2) == (3, 1)
