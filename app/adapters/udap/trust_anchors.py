"""Check chains of certificates against the trust anchors of a folder, and only those.

The folder has anchors as `*.pem`, and revocation lists of their authorities as `*.crl`. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from app.access.udap.community import NotTrusted

LONGEST_CHAIN = 4

_MEMBER = ExtensionPolicy.permit_all().require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
_AUTHORITY = ExtensionPolicy.webpki_defaults_ca()


class TrustAnchors:
    """The anchors and the revocation lists of one folder, read once."""

    def __init__(self, folder: Path) -> None:
        """Read the folder. Raises RuntimeError, with a sentence for the operator."""
        try:
            files = [file.read_bytes() for file in sorted(folder.glob("*.pem"))]
            anchors = [anchor for data in files for anchor in x509.load_pem_x509_certificates(data)]
            self._revoked = [x509.load_pem_x509_crl(file.read_bytes()) for file in sorted(folder.glob("*.crl"))]
        except (OSError, ValueError) as unreadable:
            raise RuntimeError(
                f"{folder} must have certificates as *.pem and revocation lists as *.crl."
            ) from unreadable
        if not anchors:
            raise RuntimeError(f"{folder} has no trust anchor. Add the certificate of the community as a *.pem file.")
        self._store = Store(anchors)

    def check(self, chain: Sequence[x509.Certificate], now: datetime) -> None:
        """Check that the chain, the sender's certificate first, leads to an anchor. Raises NotTrusted."""
        policy = PolicyBuilder().store(self._store).time(now.replace(tzinfo=None)).max_chain_depth(LONGEST_CHAIN)
        policy = policy.extension_policies(ca_policy=_AUTHORITY, ee_policy=_MEMBER)
        try:
            verified = policy.build_client_verifier().verify(chain[0], list(chain[1:])).chain
        except (VerificationError, ValueError, UnsupportedAlgorithm) as refused:
            raise NotTrusted("The certificate does not lead to a trust anchor of this server.") from refused
        for certificate, authority in pairwise(verified):
            self._check_not_revoked(certificate, authority, now)

    def _check_not_revoked(self, certificate: x509.Certificate, authority: x509.Certificate, now: datetime) -> None:
        """Raise NotTrusted for a revoked certificate, and if the only lists of its authority are out of date."""
        lists = [row for row in self._revoked if row.issuer == authority.subject and _is_signed_by(row, authority)]
        current = [row for row in lists if row.next_update_utc is None or now < row.next_update_utc]
        if lists and not current:
            raise NotTrusted("The revocation list of a certificate's authority is out of date.")
        if any(row.get_revoked_certificate_by_serial_number(certificate.serial_number) for row in current):
            raise NotTrusted("The certificate was revoked.")


def _is_signed_by(row: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    try:
        return row.is_signature_valid(authority.public_key())  # type: ignore[arg-type]  # refuses keys of other kinds
    except (TypeError, UnsupportedAlgorithm):
        return False
