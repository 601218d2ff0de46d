"""What to write in place of a path that is nearly right. Ids are never repeated, only the base and the type."""

from __future__ import annotations

from app.operations import OPERATIONS
from app.search.canonicals import DEFINED
from app.web.bases import BASES

_NAMES = {name.lower(): name for name in ("metadata", *DEFINED, *(type_ for row in OPERATIONS for type_ in row.types))}

_NOWHERE = "Nothing is served at this path; GET /fhir/metadata tells what is."


def hint(path: str) -> str:
    """Say where to go from a path that is not served."""
    base = next((base for base in BASES if f"{path.lower()}/".startswith(f"{base}/")), None)
    if base is None:
        return _NOWHERE
    first, slash, _ = path[len(base) :].strip("/").partition("/")
    if not first:
        return f"This is a FHIR base. GET {base}/metadata tells what is served."
    name = _NAMES.get(first.lower())
    if name is None or (path.startswith(f"{base}/{name}") and not path.endswith("/")):
        return f"Nothing is served at this path; GET {base}/metadata tells what is."
    rest = ", then the rest of the path" if slash else ""
    return f"Write {base}/{name}{rest}: names are case-sensitive, and no path ends with a slash."
