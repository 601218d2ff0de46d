"""Suggest a path in place of one that is not served. The text never repeats an id, only the base and the type."""

from __future__ import annotations

from app.operations import OPERATIONS
from app.pas.asking.write_evidence import READABLE_TYPES
from app.search.canonicals import DEFINED
from app.web.bases import BASES

_TYPES = (*READABLE_TYPES, *DEFINED, *(type_ for row in OPERATIONS for type_ in row.types))
_NAMES = {name.lower(): name for name in ("metadata", *_TYPES)}

_OAUTH = "This endpoint does not exist. GET /.well-known/smart-configuration lists the endpoints."
_NO_BASE = "This path is not served. GET /fhir/metadata lists the resources and operations."


def hint(path: str) -> str:
    """Return a text for the client about a path that is not served."""
    base = next((base for base in BASES if f"{path.lower()}/".startswith(f"{base}/")), None)
    if base is None:
        return _OAUTH if path.startswith("/oauth/") else _NO_BASE
    first, slash, _ = path[len(base) :].strip("/").partition("/")
    if not first:
        return f"This is a FHIR base. GET {base}/metadata lists the resources and operations."
    name = _NAMES.get(first.lower())
    if name is None or (path.startswith(f"{base}/{name}") and not path.endswith("/")):
        return f"This path is not served. GET {base}/metadata lists the resources and operations."
    rest = ", then the rest of the path" if slash else ""
    return f"Use {base}/{name}{rest}: names are case-sensitive, and a path must not end with a slash."
