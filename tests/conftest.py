"""What holds for all tests: none of them is a matter of time."""

from __future__ import annotations

import os

from hypothesis import settings

if "CI" not in os.environ:  # there, hypothesis has a profile of its own: no deadline, and the same examples every time
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
