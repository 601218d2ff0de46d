"""Ask another server for the time: the Date header of a HEAD request."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 3.0


async def date_of(url: str) -> datetime:
    """Return the Date of the server at `url`. Raises RuntimeError, with a sentence, if it gives none in time."""
    return await asyncio.to_thread(_date_of, url)


def _date_of(url: str) -> datetime:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        connection.request("HEAD", parts.path or "/")
        text = connection.getresponse().headers["Date"]
        return parsedate_to_datetime(text).astimezone(UTC)
    except (OSError, HTTPException, TypeError, ValueError) as failure:
        raise RuntimeError("PREAUTH_TIME_URL gives no Date.") from failure
    finally:
        connection.close()
