"""Drive a headless Chromium: Debian's, or the one that PREAUTH_TEST_CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.node import missing

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Options for a container, without connections of the browser's own."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser. Without one, skip the test; in CI, fail it."""
    program = _program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def _program() -> Path:
    named = os.environ.get("PREAUTH_TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        missing("Chromium is not installed: apt install chromium, or set PREAUTH_TEST_CHROMIUM")
    return Path(str(found))
