"""Check the B2B extension of a client assertion: for which organization, and why, the client asks.

https://hl7.org/fhir/us/udap-security/b2b.html#b2b-authorization-extension-object
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from app.access.registry import Organization
from app.access.udap.community import VERSION

NAME = "hl7-b2b"
NPI_URN = "urn:oid:2.16.840.1.113883.4.6."
"""An NPI as a URI."""

MOST_PURPOSES = 20


class B2bRefused(Exception):  # noqa: N818 - a fault of the sender
    """The extension is missing, malformed, or names another organization than those of the client."""


class _Extension(Struct, frozen=True):
    version: str
    organization_id: str
    purpose_of_use: list[str]


def organization_of(
    claims: Mapping[str, Any], bound: Iterable[Organization], known_ids: Mapping[str, str]
) -> Organization:
    """Return the organization that the extension names, one of those `bound` to the client. Raises B2bRefused.

    A client may assert any organization, so only the ones of its record count. `known_ids` maps URIs to ids.
    """
    extensions = claims.get("extensions")
    raw = extensions.get(NAME) if isinstance(extensions, dict) else None
    try:
        extension = msgspec.convert(raw, _Extension)
    except msgspec.ValidationError as malformed:
        raise B2bRefused(f"The assertion must have the extension {NAME}, as UDAP defines it.") from malformed
    if extension.version != VERSION or not 0 < len(extension.purpose_of_use) <= MOST_PURPOSES:
        raise B2bRefused(f"The extension {NAME} must have version 1 and a purpose_of_use.")
    for organization in bound:
        if _is_named(organization, extension.organization_id, known_ids):
            return organization
    raise B2bRefused("organization_id must be an organization that is bound to the client.")


def _is_named(organization: Organization, uri: str, known_ids: Mapping[str, str]) -> bool:
    return known_ids.get(uri) == organization.id or uri in [NPI_URN + npi for npi in organization.npis]
