"""Verify JWTs that carry the chain of certificates of their signer (`x5c`), and sign the server's own.

joserfc limits a header to 512 bytes. A chain needs more, so these JWTs have a registry of their own.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.access.issuers.trusted_issuer import ALGORITHMS
from app.access.signed import NotSigned, read_signed, verified_payload
from app.access.udap.community import NotTrusted, Stated
from app.access.udap.metadata import STATEMENT_ALGORITHMS
from app.adapters.udap.trust_anchors import LONGEST_CHAIN, TrustAnchors

LONGEST_STATEMENT = 32_768
SIGNING_ALGORITHM = "RS256"
SMALLEST_RSA = 2048

UNSIGNED = "The statement must be a JWT with an x5c header, signed with the key of its certificate."
MALFORMED = (
    ValueError, TypeError, LookupError, RecursionError,
    x509.DuplicateExtension, x509.ExtensionNotFound, x509.InvalidVersion, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""The exceptions that reading a malformed statement or certificate can raise."""


class _Registry(jws.JWSRegistry):
    max_header_length = 16_384


class _Header(msgspec.Struct, frozen=True):
    alg: str
    x5c: list[str]


_REGISTRY = _Registry(algorithms=list(STATEMENT_ALGORITHMS), strict_check_header=False)


class Statements:
    """The statements of members of the community. Implements `StatementVerifier`."""

    def __init__(self, anchors: TrustAnchors) -> None:
        self._anchors = anchors

    def verify(self, text: str, now: datetime) -> Stated:
        """Return the claims and the URIs of the certificate. Raises NotTrusted."""
        try:
            header, chain = _read(text)
            self._anchors.check(chain, now)
            key = _key_of(chain[0], header.alg)
            payload = verified_payload(text, key, header.alg, _REGISTRY)
            return Stated(msgspec.json.decode(payload, type=dict[str, Any]), names_of(chain[0]))
        except (NotSigned, JoseError, *MALFORMED) as refused:
            raise NotTrusted(UNSIGNED) from refused


class OwnCertificate:
    """The server's certificate of the community with its key. Implements `MetadataSigner`."""

    def __init__(self, certificate: Path, key: Path) -> None:
        """Read the chain and the key. Raises RuntimeError, with a sentence for the operator."""
        try:
            chain = x509.load_pem_x509_certificates(certificate.read_bytes())
            self.names = names_of(chain[0])
            self._key = RSAKey.import_key(key.read_bytes())
        except (OSError, JoseError, *MALFORMED) as unreadable:
            raise RuntimeError(f"{certificate} must have a chain with a SAN, and {key} an RSA key.") from unreadable
        private = self._key.raw_value
        if not isinstance(private, RSAPrivateKey) or private.public_key() != chain[0].public_key():
            raise RuntimeError(f"{key} must have the private key of the first certificate in {certificate}.")
        self._x5c = [b64encode(row.public_bytes(Encoding.DER)).decode() for row in chain]

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a JWT."""
        header = {"alg": SIGNING_ALGORITHM, "x5c": self._x5c}
        return jws.serialize_compact(header, msgspec.json.encode(claims), self._key, registry=_REGISTRY)


def names_of(certificate: x509.Certificate) -> frozenset[str]:
    """Return the URIs of the certificate's SAN."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return frozenset(names.get_values_for_type(x509.UniformResourceIdentifier))


def _read(text: str) -> tuple[_Header, list[x509.Certificate]]:
    if len(text) > LONGEST_STATEMENT or not text.isascii():
        raise ValueError
    header, _ = read_signed(text, _Header, _REGISTRY)
    if header.alg not in STATEMENT_ALGORITHMS or not 0 < len(header.x5c) <= LONGEST_CHAIN + 1:
        raise ValueError
    return header, [x509.load_der_x509_certificate(b64decode(row, validate=True)) for row in header.x5c]


def _key_of(certificate: x509.Certificate, algorithm: str) -> RSAKey | ECKey:
    """Return the key of a certificate. Raises ValueError if it is weak, or does not fit the algorithm."""
    public = certificate.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    needed = ALGORITHMS[algorithm]
    if needed == "RSA" and isinstance(public, RSAPublicKey) and public.key_size >= SMALLEST_RSA:
        return RSAKey.import_key(pem)
    if needed != "RSA" and isinstance(public, EllipticCurvePublicKey):
        key = ECKey.import_key(pem)
        if key.curve_name == needed:
            return key
    raise ValueError
