"""Answer with a file of another format as a Binary (http://hl7.org/fhir/R4/binary.html)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any


def binary(media_type: str, data: bytes) -> dict[str, Any]:
    """Return the Binary with the bytes of a file."""
    return {"resourceType": "Binary", "contentType": media_type, "data": b64encode(data).decode()}
