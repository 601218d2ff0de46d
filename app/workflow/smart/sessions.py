"""The sessions of users in their browsers. The browser has a random cookie, the store its hash."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from app.access.registry import User
from app.access.smart.consent_scopes import OFFLINE
from app.access.smart.secret import new_secret
from app.records.access.registry import find
from app.records.smart.kinds import SESSIONS, Approval, Session
from app.records.smart.shelf import Kept, digest
from app.workflow.system import System

LIFETIME = timedelta(hours=8)
"""How long a session lasts; then the user must sign in again."""


def form_token(cookie: str) -> str:
    """Return the token that a form must send with the cookie: another site knows neither of them."""
    return hmac.new(cookie.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(cookie: str, token: str) -> bool:
    """Return whether a form came from a page that this server made for this cookie."""
    return bool(cookie) and hmac.compare_digest(form_token(cookie).encode(), token.encode())


def password_of(user: User) -> str:
    """Return the digest of the hash of the user's password: it changes with the password."""
    return digest(user.password)


async def start_session(system: System, user: User) -> str:
    """Start a session after a login; return its cookie, which no one had before."""
    cookie, now = new_secret(), system.clock.now()
    session = Session(user=user.id, since=int(now.timestamp()), password=password_of(user))
    await SESSIONS.keep(system.documents, digest(cookie), session, now, now + LIFETIME)
    return cookie


async def find_session(system: System, cookie: str) -> tuple[User, Kept[Session]] | None:
    """Return the signed-in user and the session of a cookie.

    Returns None without a session, or if the user is disabled or has a new password.
    """
    kept = await SESSIONS.find(system.documents, digest(cookie), system.clock.now()) if cookie else None
    user = None if kept is None else await find(system.documents, User, kept.value.user)
    if kept is None or user is None or user.disabled or kept.value.password != password_of(user):
        return None
    return user, kept


async def is_over(system: System, approval: Approval) -> bool:
    """Return whether the user allowed access for as long as the session lasts, and has signed out."""
    if OFFLINE in approval.scopes:
        return False
    return await SESSIONS.find(system.documents, approval.session, system.clock.now()) is None


async def end_session(system: System, cookie: str) -> None:
    """End the session of a cookie, if there is one."""
    kept = await SESSIONS.find(system.documents, digest(cookie), system.clock.now()) if cookie else None
    if kept is not None:
        await SESSIONS.take(system.documents, kept)
