"""The file of external issuers: refusals name the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.access.grant import Role
from app.access.issuers.trusted_issuer import ClaimPaths, TrustedIssuer
from app.access.outbound.endpoint import OutboundRules
from app.policy.yaml.text import YamlRefused
from app.registry.issuers_file import read_issuers
from tests.support.issuers import FILE, LOCAL, issuers

GOOD = """\
issuers:
  - issuer: https://login.example
    jwks: auto
    algs: [RS256]
    audience: here
    claims:
      org: org
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "issuers.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def refusals(folder: Path, text: str) -> list[str]:
    with pytest.raises(YamlRefused) as refused:
        read_issuers(written(folder, text), OutboundRules())
    return [problem.partition("issuers.yaml:")[2] for problem in refused.value.problems]


def test_an_issuer_has_the_names_of_rfc_9068_unless_the_file_names_others(tmp_path: Path) -> None:
    assert read_issuers(written(tmp_path, GOOD), OutboundRules()) == (
        TrustedIssuer(
            issuer="https://login.example",
            audience="here",
            jwks=None,
            algorithms=frozenset({"RS256"}),
            claims=ClaimPaths(organizations=(("org",),)),
        ),
    )


def test_paths_roles_and_types_are_read() -> None:
    keycloak, entra, okta = issuers()
    assert keycloak.claims.roles == (("realm_access", "roles"), ("resource_access", "preauth", "roles"))
    assert keycloak.roles["pas-reviewer"] is Role.REVIEWER
    assert keycloak.required == ((("typ",), "Bearer"),)
    assert keycloak.jwks == str(FILE.with_name("keycloak.json"))
    assert (entra.unregistered, keycloak.unregistered) == (True, False)
    assert okta.types == {"", "okta-internal-at+jwt"}
    assert okta.claims.organizations == (("https://pas.payer.example/organizations",),)


@pytest.mark.parametrize(
    ("old", "new", "line", "fragment"),
    [
        ("algs: [RS256]", "algs: [HS256]", 4, "RS256, RS384"),
        ("algs: [RS256]", "algs: [none]", 4, "RS256, RS384"),
        ("algs: [RS256]", "algs: []", 4, "must not be empty"),
        ("    algs: [RS256]\n", "", 2, "`algs` is required"),
        ("    audience: here\n", "", 2, "`audience` is required"),
        ("org: org", "organization: org", 7, "unknown key"),
        ("org: org", "scope: scope", 6, "org, patient or payers"),
        ("jwks: auto", "jwks: http://login.example/keys", 3, "https://"),
        ("jwks: auto", "jwks: https://10.0.0.1/keys", 3, "public address"),
        ("https://login.example", "http://login.example", 2, "https://"),
        ("https://login.example", "login.example", 2, "https://"),
        ("audience: here", "audience: here\n    longest-lifetime: 86401", 6, "less than or equal"),
        ("audience: here", "audience: here\n    unregistered: allow", 6, "refuse"),
        ("audience: here", "audience: here\n    roles: {x: emperor}", 6, "provider"),
    ],
)
def test_a_bad_entry_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, fragment: str) -> None:
    [problem] = refusals(tmp_path, GOOD.replace(old, new))
    assert problem.startswith(f"{line}: ")
    assert fragment in problem


def test_an_issuer_must_not_appear_twice(tmp_path: Path) -> None:
    assert refusals(tmp_path, GOOD + GOOD.partition("\n")[2]) == ["8: `issuer` must not appear twice."]


def test_an_empty_list_of_issuers_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, "issuers: []\n") == ["1: `issuers` must not be empty."]


def test_a_demo_may_trust_an_issuer_on_loopback(tmp_path: Path) -> None:
    [issuer] = read_issuers(
        written(tmp_path, GOOD.replace("https://login.example", "http://127.0.0.1:8080/realms/x")), LOCAL
    )
    assert issuer.issuer == "http://127.0.0.1:8080/realms/x"
