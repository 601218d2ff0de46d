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
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from msgspec import Struct

from app import log
from app.access.udap.community import NotTrusted
from app.adapters.udap.chain_policies import AUTHORITY, MEMBER

LONGEST_CHAIN = 4


class _Trusted(Struct, frozen=True):
    """The anchors and the revocation lists of the folder, as its files were when they were read."""

    files: Sequence[tuple[str, int, int]]
    store: Store
    revoked: Sequence[x509.CertificateRevocationList]


class TrustAnchors:
    """The anchors and the revocation lists of one folder. A check reads the files again if they have changed."""

    def __init__(self, folder: Path) -> None:
        """Read the folder. Raises RuntimeError, with a sentence for the operator."""
        self._folder = folder
        self._trusted = _read(folder)

    def check(self, chain: Sequence[x509.Certificate], now: datetime) -> None:
        """Check that the chain, the sender's certificate first, leads to an anchor. Raises NotTrusted."""
        trusted = self._current()
        policy = PolicyBuilder().store(trusted.store).time(now.replace(tzinfo=None)).max_chain_depth(LONGEST_CHAIN)
        policy = policy.extension_policies(ca_policy=AUTHORITY, ee_policy=MEMBER)
        try:
            verified = policy.build_client_verifier().verify(chain[0], list(chain[1:])).chain
        except (VerificationError, ValueError, UnsupportedAlgorithm) as refused:
            raise NotTrusted("The certificate does not lead to a trust anchor of this server.") from refused
        for certificate, authority in pairwise(verified):
            lists = [row for row in trusted.revoked if row.issuer == authority.subject]
            _check_not_revoked(certificate, [row for row in lists if _is_signed_by(row, authority)], now)

    def _current(self) -> _Trusted:
        """Return the files as they are now. Files that cannot be read leave the ones before them in use."""
        try:
            if _files(self._folder) != self._trusted.files:
                self._trusted = _read(self._folder)
        except (OSError, RuntimeError):
            log.get_logger().error("trust anchors cannot be read", exc_info=True)
        return self._trusted


def _read(folder: Path) -> _Trusted:
    try:
        files = _files(folder)
        texts = [file.read_bytes() for file in sorted(folder.glob("*.pem"))]
        anchors = [anchor for text in texts for anchor in x509.load_pem_x509_certificates(text)]
        revoked = [x509.load_pem_x509_crl(file.read_bytes()) for file in sorted(folder.glob("*.crl"))]
    except (OSError, ValueError) as unreadable:
        raise RuntimeError(f"{folder} must have certificates as *.pem and revocation lists as *.crl.") from unreadable
    if not anchors:
        raise RuntimeError(f"{folder} has no trust anchor. Add the certificate of the community as a *.pem file.")
    return _Trusted(files, Store(anchors), revoked)


def _files(folder: Path) -> Sequence[tuple[str, int, int]]:
    """Return names, sizes and times of the files, which tell whether one has changed."""
    states = [(file.name, file.stat()) for kind in ("*.pem", "*.crl") for file in sorted(folder.glob(kind))]
    return [(name, state.st_size, state.st_mtime_ns) for name, state in states]


def _check_not_revoked(
    certificate: x509.Certificate, lists: Sequence[x509.CertificateRevocationList], now: datetime
) -> None:
    """Raise NotTrusted for a revoked certificate, and if the only lists of its authority are out of date."""
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
