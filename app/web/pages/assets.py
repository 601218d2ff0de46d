"""Serve the files of the pages: our style sheets, and the vendored script that shows the OpenAPI document.

Each URL contains a digest of the content, so that browsers may cache the file forever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starlette.responses import Response

from app.fhir.outcome import Fault, FhirError

_FOLDER = Path(__file__).parent
_DIGITS = 12
_FILES: Mapping[str, tuple[str, str]] = {
    "preauth.css": ("static/preauth.css", "text/css"),
    "forms.css": ("static/forms.css", "text/css"),
    "favicon.svg": ("static/favicon.svg", "image/svg+xml"),
    "docs.js": ("static/docs.js", "text/javascript"),
    "rapidoc-min.js": ("vendor/rapidoc/rapidoc-min.js", "text/javascript"),
}

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}


def asset_response(digest: str, name: str) -> Response:
    """Return a file that browsers may cache forever. Raises FhirError NOT_FOUND for an unknown name or digest."""
    if name not in _FILES or digest != _digest(name):
        raise FhirError(Fault.NOT_FOUND, "No file has this name and digest.")
    file, media_type = _FILES[name]
    return Response((_FOLDER / file).read_bytes(), headers=IMMUTABLE, media_type=media_type)


def asset_path(name: str) -> str:
    """Return the path of a file, relative to the root."""
    return f"assets/{_digest(name)}/{name}"


@cache
def _digest(name: str) -> str:
    file, _ = _FILES[name]
    return hashlib.sha256((_FOLDER / file).read_bytes()).hexdigest()[:_DIGITS]
