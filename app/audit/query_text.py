"""Write the query of a search for its AuditEvent: as sent in the URL, without secrets."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

SECRETS = frozenset({
    *("access_token", "refresh_token", "id_token", "token", "client_assertion", "client_secret", "assertion"),
    *("code", "code_verifier", "password", "secret", "authorization", "api_key"),
})  # fmt: skip
"""Parameters whose values are never written. A client may send them to a search by mistake."""

MASK = "***"
LONGEST = 4_000


def query_text(path: str, query: str) -> str:
    """Return the path below the base with its query as it was sent, up to LONGEST characters; secrets are masked."""
    parameters = parse_qsl(query, keep_blank_values=True)
    if any(name.lower() in SECRETS for name, _ in parameters):
        query = urlencode([(name, MASK if name.lower() in SECRETS else value) for name, value in parameters])
    return f"{path}?{query}"[:LONGEST] if query else path
