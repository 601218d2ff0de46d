"""The values of registered organizations, clients and users: identifiers, URLs, scopes, keys and hashes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from app.access.origins import is_origin
from app.access.outbound.endpoint import EndpointRefused, read_url
from app.access.smart.jwks import MOST_KEYS, fault_of
from app.access.smart.redirects import fault_of_redirect
from app.access.smart.secret import is_hash
from app.codes import valid_npi
from app.policy.yaml.model import Code

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:/@+-]{0,254}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
_TIN = re.compile(r"[0-9]{2}-?[0-9]{7}|[0-9]{3}-[0-9]{2}-[0-9]{4}")
_SENDER = re.compile(r"[!-~]{1,80}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_FHIR_USER = re.compile(r"(Patient|Practitioner|PractitionerRole|RelatedPerson|Person)/[A-Za-z0-9.-]{1,64}")


def _matching(pattern: re.Pattern[str], rule: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(rule)
        return value

    return AfterValidator(check)


def _without(fault: Callable[[str], str | None]) -> AfterValidator:
    def check(value: str) -> str:
        if (rule := fault(value)) is not None:
            raise ValueError(rule)
        return value

    return AfterValidator(check)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _npi_fault(value: str) -> str | None:
    return None if valid_npi(value) else "must have NPIs: ten digits, the last of which is the check digit"


def _hash_fault(value: str) -> str | None:
    return None if is_hash(value) else "must have hashes, such as `preauth hash-secret` prints, and no plain secret"


def url_fault(url: str) -> str | None:
    """Return why a URL must not be registered; None for https, or http on the loopback address."""
    try:
        origin = read_url(url).origin
    except EndpointRefused as refused:
        return f"must have usable URLs: {_clause(str(refused))}"
    return None if origin.is_secure else "must have https:// URLs, or http:// URLs of the loopback address"


def origin_fault(origin: str) -> str | None:
    """Return why a text is no origin that may be registered."""
    fault = url_fault(origin)
    if fault is None and not is_origin(origin):
        return (
            "must have origins as browsers write them, in lower case without path and usual port: https://ehr.example"
        )
    return fault


def _tin(value: str) -> str:
    if not _TIN.fullmatch(value):
        raise ValueError("must have tax ids of nine digits: 12-3456789")
    return value.replace("-", "")


def checked_jwks(value: Any) -> dict[str, Any]:
    """Return a key set as plain JSON values. Raises ValueError for keys that must not verify signatures."""
    keys = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise ValueError("must be a key set with the public keys of the client: {keys: […]}")
    if len(keys) > MOST_KEYS:
        raise ValueError(f"must have at most {MOST_KEYS} keys")
    faults = [fault for key in keys if (fault := fault_of(key)) is not None]
    if faults:
        raise ValueError(f"must have usable keys: {_clause(faults[0])}")
    names = [(key["kid"], key["kty"]) for key in keys]
    if len(set(names)) < len(names):
        raise ValueError("must have another kid for each key")
    plain: dict[str, Any] = json.loads(json.dumps(value))
    return plain


def _clause(sentence: str) -> str:
    """Return a sentence as the end of another one."""
    return f"{sentence[0].lower()}{sentence[1:].rstrip('.')}"


Id = Annotated[
    str,
    BeforeValidator(_plain),
    _matching(_ID, "must begin with a letter or a digit, and have only letters, digits and . _ ~ : / @ + -"),
]
LoginName = Annotated[
    str,
    BeforeValidator(_plain),
    _matching(_LOGIN, "must have only lower-case letters, digits and . _ @ + -, at most 100"),
]
Npi = Annotated[Code, _without(_npi_fault)]
Tin = Annotated[Code, AfterValidator(_tin)]
SenderId = Annotated[Code, _matching(_SENDER, "must have sender ids of 1 to 80 characters without spaces")]
RedirectUri = Annotated[str, BeforeValidator(_plain), _without(fault_of_redirect)]
Url = Annotated[str, BeforeValidator(_plain), _without(url_fault)]
Origin = Annotated[str, BeforeValidator(_plain), _without(origin_fault)]
Hash = Annotated[str, BeforeValidator(_plain), _without(_hash_fault)]
Thumbprint = Annotated[
    str,
    BeforeValidator(_plain),
    _matching(_THUMBPRINT, "must have SHA-256 thumbprints in base64url, 43 characters each (x5t#S256)"),
]
FhirUser = Annotated[
    str, BeforeValidator(_plain), _matching(_FHIR_USER, "must be a reference such as Practitioner/dana or Patient/123")
]
Jwks = Annotated[dict[str, Any], BeforeValidator(checked_jwks)]
