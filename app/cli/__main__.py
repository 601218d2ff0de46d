"""`python -m app.cli` is `preauth`."""

from __future__ import annotations

from app.cli import main

main()
