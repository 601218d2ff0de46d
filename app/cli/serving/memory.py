"""Make the C library return freed memory to the system."""

from __future__ import annotations

import ctypes
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
"""Numbers of glibc's mallopt(3)."""

LARGE: Final = 1_048_576
MOST_KEPT: Final = 16_777_216


def give_back_freed_memory() -> None:
    """Return large blocks to the system when they are freed, and keep at most 16 MB of small ones.

    After the first large body, glibc raises both thresholds (to 32 and 64 MB) and then keeps that memory. Other C
    libraries have no mallopt and stay unchanged.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, MOST_KEPT)
