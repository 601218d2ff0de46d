"""Write the query of a search for its AuditEvent: as sent, without secrets and without the body of a form."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

SECRETS = frozenset({
    *("access_token", "refresh_token", "id_token", "token", "client_assertion", "client_secret", "assertion"),
    *("code", "code_verifier", "password", "secret", "authorization", "api_key"),
})  # fmt: skip
"""Parameters whose values are never written. A client may send them to a search by mistake."""

MASK = "***"
LONGEST = 4_000


def query_text(path: str, query: str, form: Sequence[str] = ()) -> str:
    """Return the path below the base with its query. Of a form, only the names of the parameters are kept.

    A query is kept as it was sent, up to LONGEST characters, unless it has a secret.
    """
    if any(name.lower() in SECRETS for name, _ in parse_qsl(query, keep_blank_values=True)):
        masked = [
            (name, MASK if name.lower() in SECRETS else value)
            for name, value in parse_qsl(query, keep_blank_values=True)
        ]
        query = urlencode(masked)
    names = "&".join(f"{name}=" for name in dict.fromkeys(form))
    text = "&".join(filter(None, (query, names)))
    return f"{path}?{text}"[:LONGEST] if text else path
