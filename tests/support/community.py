"""A UDAP community of the tests: a trust anchor, an authority below it, and members with certificates."""

from __future__ import annotations

import ipaddress
import warnings
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey
from msgspec import Struct, json

NOW = datetime(2026, 1, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)
MEMBER = "https://ehr.example/fhir"

Json = dict[str, Any]


class Headers(jws.JWSRegistry):
    max_header_length = 20_000


class Party(Struct, frozen=True):
    """A certificate with its key, and the chain above it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return (self.certificate, *self.above)

    @property
    def pem(self) -> bytes:
        return b"".join(row.public_bytes(Encoding.PEM) for row in self.chain)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def rsa_of(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:  # noqa: ARG001 - a part of the key of the cache
    """Return the key of this name; creating one takes longer than most tests."""
    return rsa.generate_private_key(65537, bits)


def authority(name: str, parent: Party | None = None, **dates: datetime) -> Party:
    """Return an authority: an anchor, or one that `parent` signed."""
    key = rsa_of(name)
    builder = _builder(name, key, parent, **dates)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = builder.add_extension(usage, critical=True)
    return _signed(builder, key, parent)


def member(
    issuer: Party,
    *uris: str,
    key: rsa.RSAPrivateKey | None = None,
    named: bool = True,
    more: Sequence[x509.ExtensionType] = (),
    **dates: datetime,
) -> Party:
    """Return a member with these URIs in its certificate; without a SAN unless `named`. `more` are critical."""
    used = key or rsa_of("member")
    builder = _builder("member", used, issuer, **dates)
    for extension in more:
        builder = builder.add_extension(extension, critical=True)
    if named:
        names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri) for uri in uris]
        names.append(x509.IPAddress(ipaddress.ip_address("203.0.113.7")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _signed(builder, used, issuer)


def _builder(
    name: str, key: rsa.RSAPrivateKey, parent: Party | None, *, begin: datetime = NOW - DAY, end: datetime = NOW + DAY
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = parent.key if parent else key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent.certificate.subject if parent else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, key: rsa.RSAPrivateKey, parent: Party | None) -> Party:
    certificate = builder.sign(parent.key if parent else key, hashes.SHA256())
    above = () if parent is None or (not parent.above and _is_anchor(parent)) else parent.chain
    return Party(key, certificate, above)


def _is_anchor(party: Party) -> bool:
    return party.certificate.issuer == party.certificate.subject


def revocations(issuer: Party, *revoked: x509.Certificate, until: datetime = NOW + DAY) -> bytes:
    """Return a revocation list of an authority."""
    builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, NOW - DAY, until)
    for certificate in revoked:
        row = x509.RevokedCertificateBuilder(certificate.serial_number, NOW - DAY).build()
        builder = builder.add_revoked_certificate(row)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def statement(party: Party, claims: Json, chain: Sequence[x509.Certificate] | None = None, **header: Any) -> str:
    """Sign claims with the key of a party; `chain` replaces its own."""
    rows = [b64encode(row.public_bytes(Encoding.DER)).decode() for row in (party.chain if chain is None else chain)]
    members = {"alg": "RS256", "x5c": rows, **header}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # for a key that is weak on purpose
        key = RSAKey.import_key(party.key_pem)
    return jws.serialize_compact(members, json.encode(claims), key, registry=Headers(strict_check_header=False))


@cache
def anchor() -> Party:
    return authority("anchor")


@cache
def intermediate() -> Party:
    return authority("intermediate", anchor())


@cache
def ehr() -> Party:
    """The member that most tests register."""
    return member(intermediate(), MEMBER)


def anchors_in(folder: Path, *lists: bytes) -> Path:
    """Write the anchor of the community, and revocation lists, to a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "anchor.pem").write_bytes(anchor().pem)
    for number, row in enumerate(lists):
        (folder / f"{number}.crl").write_bytes(row)
    return folder
