"""The forms of errors outside FHIR: a page of the sign-in, or JSON of OAuth."""

from __future__ import annotations

from typing import Final

from app.web.bases import BASES
from app.web.error_answers import Forms
from app.web.smart.message_page import error_page
from app.web.smart.oauth_answers import oauth_error
from app.web.smart.visit import PATH

ERROR_FORMS: Final[Forms] = (
    (PATH, error_page),
    ("/oauth/", oauth_error),
    *((f"{base}/.well-known/", oauth_error) for base in ("", *BASES)),
)
