"""Render the pages: templates that escape every value, and a policy that forbids scripts, frames and other hosts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.web.pages.assets import asset_path


def strict_policy(form_action: str = "'none'") -> dict[str, str]:
    """Return the headers of a page without scripts, whose forms may be sent to `form_action`."""
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action {form_action}"
    )
    return {"Content-Security-Policy": policy}


def html_page(name: str, headers: Mapping[str, str], *, up: str = "", status: int = 200, **facts: Any) -> Response:
    """Render a template. `up` is the path to the root of the server, with a slash at its end; empty: relative."""
    page = (
        _templates()
        .get_template(name)
        .render(
            style=up + asset_path("preauth.css"),
            forms_style=up + asset_path("forms.css"),
            icon=up + asset_path("favicon.svg"),
            **facts,
        )
    )
    return HTMLResponse(page, status, headers=dict(headers))


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
