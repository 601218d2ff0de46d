"""The extensions that the certificates of a chain must have: the member's, and those of the authorities above it.

A certificate without a key usage is for any use: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy

_FOR_CLIENTS = frozenset({ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE})


def _may_sign(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.digital_signature:
        raise ValueError("its key must not sign")


def _may_prove_a_client(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    if usage is not None and not _FOR_CLIENTS & set(usage):
        raise ValueError("it is not for clients")


def _is_no_authority(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("it is an authority")


MEMBER = (
    ExtensionPolicy.permit_all()
    .require_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, None)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _may_prove_a_client)
    .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _is_no_authority)
)
AUTHORITY = ExtensionPolicy.webpki_defaults_ca()
