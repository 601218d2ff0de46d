"""Read the YAML file of the external issuers that the operator trusts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from app.access.grant import Role
from app.access.issuers.trusted_issuer import (
    ALGORITHMS,
    WITHOUT_TYPE,
    Alternatives,
    ClaimPath,
    ClaimPaths,
    TrustedIssuer,
)
from app.access.outbound.endpoint import EndpointRefused, OutboundRules, read_endpoint
from app.policy.yaml.model import Data, NotEmpty, Text, read_model
from app.policy.yaml.text import YamlRefused, YamlText, read_yaml

DISCOVERED = "auto"


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _algorithm(value: Any) -> Any:
    if value not in ALGORITHMS:
        raise ValueError(f"must be one of {', '.join(ALGORITHMS)}")
    return value


Places = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Algorithm = Annotated[str, BeforeValidator(_algorithm)]


class _Claims(Data):
    scope: Places = ("scope",)
    client: Places = ("client_id",)
    user: Places = ("sub",)
    token: Places = ("jti",)
    org: Places = ()
    patient: Places = ()
    payers: Places = ()
    roles: Places = ()


class _Issuer(Data):
    issuer: Text
    jwks: Text
    algs: Annotated[tuple[Algorithm, ...], NotEmpty]
    audience: Text
    types: Annotated[tuple[Text, ...], NotEmpty] = ("at+jwt",)
    longest_lifetime: Annotated[int, Field(ge=60, le=86_400)] = 3600
    claims: _Claims
    roles: dict[str, Role] = Field(default={})
    required: dict[str, Text] = Field(default={})
    unregistered: Literal["refuse", "claims"] = "refuse"
    token_endpoint: Text | None = None
    authorization_endpoint: Text | None = None


class _File(Data):
    issuers: Annotated[tuple[_Issuer, ...], NotEmpty]


def read_issuers(file: Path, rules: OutboundRules) -> tuple[TrustedIssuer, ...]:
    """Read the issuers of a file. Raises YamlRefused with file and line, and OSError without the file."""
    text = read_yaml(file.read_text(encoding="utf-8"), str(file))
    rows = read_model(text, _File).issuers
    problems = [problem for number, row in enumerate(rows) for problem in _problems(text, number, rows, rules)]
    if problems:
        raise YamlRefused(problems)
    return tuple(_trusted(row, file.parent) for row in rows)


def _problems(text: YamlText, number: int, rows: tuple[_Issuer, ...], rules: OutboundRules) -> list[str]:
    """Return the problems of one issuer that its shape does not show."""
    row = rows[number]
    problems = []
    if row.issuer in [earlier.issuer for earlier in rows[:number]]:
        problems.append(("issuer", "`issuer` must not appear twice."))
    urls = {
        "issuer": row.issuer,
        "jwks": row.jwks if "://" in row.jwks else None,
        "token-endpoint": row.token_endpoint,
        "authorization-endpoint": row.authorization_endpoint,
    }
    for name, url in urls.items():
        if url is None:
            continue
        try:
            read_endpoint(url, rules)
        except EndpointRefused as refused:
            problems.append((name, f"`{name}` cannot be used. {refused}"))
    if not (row.claims.org or row.claims.patient or row.claims.payers):
        problems.append(("claims", "`claims` must say where a token has its org, patient or payers."))
    return [text.refusal(("issuers", number, name), sentence) for name, sentence in problems]


def _trusted(row: _Issuer, folder: Path) -> TrustedIssuer:
    return TrustedIssuer(
        issuer=row.issuer,
        audience=row.audience,
        jwks=_key_set(row.jwks, folder),
        algorithms=frozenset(row.algs),
        types=frozenset(_type(name) for name in row.types),
        longest_lifetime=row.longest_lifetime,
        claims=_claim_paths(row.claims),
        roles=row.roles,
        required=tuple((_path(place), value) for place, value in row.required.items()),
        unregistered=row.unregistered == "claims",
        token_endpoint=row.token_endpoint,
        authorization_endpoint=row.authorization_endpoint,
    )


def _claim_paths(claims: _Claims) -> ClaimPaths:
    return ClaimPaths(
        scope=_places(claims.scope),
        client=_places(claims.client),
        user=_places(claims.user),
        token=_places(claims.token),
        organizations=_places(claims.org),
        patient=_places(claims.patient),
        payers=_places(claims.payers),
        roles=_places(claims.roles),
    )


def _key_set(text: str, folder: Path) -> str | None:
    if text == DISCOVERED:
        return None
    return text if "://" in text else str(folder / text)


def _type(name: str) -> str:
    """Return the header `typ` to compare with; `none` stands for a header without one."""
    return "" if name == WITHOUT_TYPE else name.lower().removeprefix("application/")


def _places(texts: tuple[str, ...]) -> Alternatives:
    return tuple(_path(text) for text in texts)


def _path(text: str) -> ClaimPath:
    """Return the names of a path such as `realm_access.roles`; a name that is a URL has no path."""
    return (text,) if ":" in text else tuple(text.split("."))
