"""Build UDAP from the operator's file."""

from __future__ import annotations

from pathlib import Path

from app.access.udap.community import UdapServer
from app.adapters.udap.statements import OwnCertificate, Statements
from app.adapters.udap.trust_anchors import TrustAnchors
from app.registry.udap_file import read_udap
from app.settings import Settings


def configured_udap(settings: Settings, root: str) -> UdapServer | None:
    """Return UDAP as the settings configure it; None if it is off, as without the authorization server.

    Raises the errors of `udap_server`.
    """
    if settings.udap is None or settings.authorization_server == "off":
        return None
    return udap_server(settings.udap, root)


def udap_server(file: Path, root: str) -> UdapServer:
    """Return UDAP for the server at `root`.

    Raises YamlRefused with file and line, and RuntimeError, with a sentence for the operator, for other faults.
    """
    try:
        settings = read_udap(file)
    except (OSError, UnicodeDecodeError) as unreadable:
        raise RuntimeError(f"PREAUTH_UDAP: {file} cannot be read.") from unreadable
    signer = OwnCertificate(settings.certificate, settings.key)
    if f"{root}/fhir" not in signer.names:
        raise RuntimeError(f"{settings.certificate} must name {root}/fhir as a URI in its SAN.")
    return UdapServer(
        uri=settings.community,
        root=root,
        verifier=Statements(TrustAnchors(settings.anchors)),
        signer=signer,
        scopes=settings.scopes,
        organizations=settings.organizations,
        organization_ids=settings.organization_ids,
    )
