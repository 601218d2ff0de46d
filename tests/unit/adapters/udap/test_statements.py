"""Signed statements: their chain must lead to a trust anchor, and their key must be that of the certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID as Use

from app.access.udap.community import NotTrusted
from app.adapters.udap.statements import OwnCertificate, Statements, names_of
from app.adapters.udap.trust_anchors import TrustAnchors
from tests.support.assertions import altered, forged
from tests.support.community import (
    DAY,
    MEMBER,
    NOW,
    Party,
    anchor,
    anchors_in,
    authority,
    ehr,
    intermediate,
    member,
    revocations,
    rsa_of,
    statement,
)

CLAIMS = {"iss": MEMBER}


@pytest.fixture
def statements(tmp_path: Path) -> Statements:
    return Statements(TrustAnchors(anchors_in(tmp_path)))


def test_a_statement_of_a_member_names_the_uris_of_its_certificate(statements: Statements) -> None:
    stated = statements.verify(statement(ehr(), CLAIMS), NOW)
    assert (stated.claims, stated.names) == (CLAIMS, frozenset({MEMBER}))


def test_a_member_of_the_anchor_itself_is_trusted(statements: Statements) -> None:
    assert statements.verify(statement(member(anchor(), MEMBER), CLAIMS), NOW).names == {MEMBER}


def stranger() -> Party:
    return member(authority("stranger"), MEMBER)


def with_extension(*more: x509.ExtensionType) -> Party:
    return member(intermediate(), MEMBER, more=more)


def for_use(*uses: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage(uses)


def usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(sign, False, True, False, False, False, False, False, False)


@pytest.mark.parametrize("use", [Use.CLIENT_AUTH, Use.ANY_EXTENDED_KEY_USAGE])
def test_a_certificate_for_clients_is_trusted(statements: Statements, use: x509.ObjectIdentifier) -> None:
    party = with_extension(for_use(Use.SERVER_AUTH, use), usage(sign=True), x509.BasicConstraints(False, None))
    assert statements.verify(statement(party, CLAIMS), NOW).names == {MEMBER}


HOSTILE: Mapping[str, Callable[[], str]] = {
    "a chain to another anchor": lambda: statement(
        stranger(), CLAIMS, [*stranger().chain, authority("stranger").certificate]
    ),
    "a self-signed certificate": lambda: statement(authority("self"), CLAIMS),
    "a chain without its middle": lambda: statement(ehr(), CLAIMS, ehr().chain[:1]),
    "the certificate of another member": lambda: statement(
        member(intermediate(), MEMBER, key=rsa_of("other")), CLAIMS, ehr().chain
    ),
    "an expired certificate": lambda: statement(
        member(intermediate(), MEMBER, begin=NOW - 9 * DAY, end=NOW - DAY), CLAIMS
    ),
    "a certificate that is not valid yet": lambda: statement(
        member(intermediate(), MEMBER, begin=NOW + DAY, end=NOW + 2 * DAY), CLAIMS
    ),
    "a member as an authority": lambda: statement(member(ehr(), MEMBER, key=rsa_of("other")), CLAIMS),
    "no name": lambda: statement(member(intermediate(), named=False), CLAIMS),
    "a weak key": lambda: statement(member(intermediate(), MEMBER, key=rsa_of("weak", 1024)), CLAIMS),
    "a certificate for servers only": lambda: statement(with_extension(for_use(Use.SERVER_AUTH)), CLAIMS),
    "a certificate for mail and code": lambda: statement(
        with_extension(for_use(Use.EMAIL_PROTECTION, Use.CODE_SIGNING)), CLAIMS
    ),
    "a key that must not sign": lambda: statement(with_extension(usage(sign=False)), CLAIMS),
    "an authority as a member": lambda: statement(
        with_extension(x509.BasicConstraints(ca=True, path_length=None)), CLAIMS
    ),
    "an unknown critical extension": lambda: statement(
        with_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")), CLAIMS
    ),
    "no chain": lambda: statement(ehr(), CLAIMS, []),
    "a long chain": lambda: statement(ehr(), CLAIMS, [*ehr().chain, *[anchor().certificate] * 5]),
    "a chain that is text": lambda: forged({"alg": "RS256", "x5c": "MII"}, CLAIMS),
    "a chain of broken base64": lambda: statement(ehr(), CLAIMS, x5c=["!"]),
    "a chain of other bytes": lambda: statement(ehr(), CLAIMS, x5c=["AAAA"]),
    "an altered signature": lambda: altered(statement(ehr(), CLAIMS)),
    "too long": lambda: statement(ehr(), {"x": "x" * 40_000}),
    "no JWT": lambda: "a.b",
    "characters beyond ASCII": lambda: "é.é.é",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_statement_that_the_community_does_not_vouch_for_is_refused(statements: Statements, name: str) -> None:
    with pytest.raises(NotTrusted):
        statements.verify(HOSTILE[name](), NOW)


def test_a_revoked_member_is_refused(tmp_path: Path) -> None:
    revoked = Statements(TrustAnchors(anchors_in(tmp_path, revocations(intermediate(), ehr().certificate))))
    with pytest.raises(NotTrusted, match="revoked"):
        revoked.verify(statement(ehr(), CLAIMS), NOW)
    assert revoked.verify(statement(member(intermediate(), MEMBER), CLAIMS), NOW)


def test_a_revoked_authority_ends_the_trust_in_its_members(tmp_path: Path) -> None:
    revoked = Statements(TrustAnchors(anchors_in(tmp_path, revocations(anchor(), intermediate().certificate))))
    with pytest.raises(NotTrusted, match="revoked"):
        revoked.verify(statement(ehr(), CLAIMS), NOW)


def test_a_revocation_list_out_of_date_ends_the_trust(tmp_path: Path) -> None:
    old = Statements(TrustAnchors(anchors_in(tmp_path, revocations(intermediate(), until=NOW))))
    with pytest.raises(NotTrusted, match="out of date"):
        old.verify(statement(ehr(), CLAIMS), NOW)


def test_a_revocation_list_of_another_signer_changes_nothing(tmp_path: Path) -> None:
    impostor = Party(rsa_of("other"), intermediate().certificate)
    forged = Statements(TrustAnchors(anchors_in(tmp_path, revocations(impostor, ehr().certificate))))
    assert forged.verify(statement(ehr(), CLAIMS), NOW)


def test_a_new_revocation_list_counts_at_the_next_check(tmp_path: Path, statements: Statements) -> None:
    assert statements.verify(statement(ehr(), CLAIMS), NOW)
    anchors_in(tmp_path, revocations(intermediate(), ehr().certificate))
    with pytest.raises(NotTrusted, match="revoked"):
        statements.verify(statement(ehr(), CLAIMS), NOW)


def test_a_folder_that_cannot_be_read_leaves_its_lists_in_use(tmp_path: Path) -> None:
    anchors_in(tmp_path, revocations(intermediate(), ehr().certificate))
    statements = Statements(TrustAnchors(tmp_path))
    (tmp_path / "0.crl").write_bytes(b"half a list")
    with pytest.raises(NotTrusted, match="revoked"):
        statements.verify(statement(ehr(), CLAIMS), NOW)
    (tmp_path / "0.crl").unlink()
    assert statements.verify(statement(ehr(), CLAIMS), NOW)


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_folder_without_an_anchor_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "anchor.pem").write_bytes(content)
    with pytest.raises(RuntimeError, match=str(tmp_path)):
        TrustAnchors(tmp_path)


def test_the_server_signs_with_the_key_of_its_certificate(tmp_path: Path, statements: Statements) -> None:
    (tmp_path / "own.pem").write_bytes(ehr().pem)
    (tmp_path / "own.key").write_bytes(ehr().key_pem)
    own = OwnCertificate(tmp_path / "own.pem", tmp_path / "own.key")
    assert own.names == names_of(ehr().certificate) == {MEMBER}
    assert statements.verify(own.sign(CLAIMS), NOW).claims == CLAIMS


@pytest.mark.parametrize("key", [None, b"no key", authority("other").key_pem])
def test_a_key_that_is_not_that_of_the_certificate_stops_the_start(tmp_path: Path, key: bytes | None) -> None:
    (tmp_path / "own.pem").write_bytes(ehr().pem)
    if key is not None:
        (tmp_path / "own.key").write_bytes(
            key if isinstance(key, bytes) else Party(rsa_of("other"), ehr().certificate).key_pem
        )
    with pytest.raises(RuntimeError, match=r"own\.key"):
        OwnCertificate(tmp_path / "own.pem", tmp_path / "own.key")
