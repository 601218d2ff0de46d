"""The files of the pages: our style sheet, and the vendored script that shows the OpenAPI document.

Their addresses carry a digest of their content, so that a browser may keep them for good.
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
    "favicon.svg": ("static/favicon.svg", "image/svg+xml"),
    "docs.js": ("static/docs.js", "text/javascript"),
    "rapidoc-min.js": ("vendor/rapidoc/rapidoc-min.js", "text/javascript"),
}

FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


def asset_response(digest: str, name: str) -> Response:
    """Answer with a file that browsers may keep for good. Raises FhirError NOT_FOUND for another digest or name."""
    if name not in _FILES or digest != _digest(name):
        raise FhirError(Fault.NOT_FOUND, "No file is served at this address.")
    file, media_type = _FILES[name]
    return Response((_FOLDER / file).read_bytes(), headers=FOR_GOOD, media_type=media_type)


def asset_path(name: str) -> str:
    """Return the address of a file, relative to the root."""
    return f"assets/{_digest(name)}/{name}"


@cache
def _digest(name: str) -> str:
    file, _ = _FILES[name]
    return hashlib.sha256((_FOLDER / file).read_bytes()).hexdigest()[:_DIGITS]
