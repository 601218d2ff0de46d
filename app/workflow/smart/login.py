"""Check a user's password. Unknown users take as long as known ones, and too many bad attempts lock out."""

from __future__ import annotations

from msgspec.structs import replace

from app.access.registry import User
from app.access.smart.secret import hashed, is_outdated, is_secret, waste_time
from app.audit.access import Origin
from app.audit.admission import Admits
from app.records.access.registry import change_row, find
from app.workflow.smart.admissions import record_login, record_refused
from app.workflow.smart.hashing import on_hashing_thread
from app.workflow.smart.lockouts import LockedOut, count_attempt, forgive
from app.workflow.system import System

LONGEST_NAME = 200
NOWHERE = Origin()
"""The origin of a login that no request asked for."""


async def log_in(
    system: System, name: str, password: str, address: str, *, client: str = "", origin: Origin = NOWHERE
) -> User | None:
    """Return the user with this name and password, or None. Raises LockedOut after too many bad attempts.

    `address` is the network of the browser. A user name is not case-sensitive. Each attempt leaves an AuditEvent about
    the app, `client`, and the `origin` of the request.
    """
    name = name.strip().lower()[:LONGEST_NAME]
    names = (f"user {name}", f"address {address}")
    try:
        await count_attempt(system, names)
    except LockedOut:
        await record_refused(system, origin, Admits.LOGIN, "locked out", client=client, user=name)
        raise
    user = await find(system.documents, User, name)
    good = await on_hashing_thread(_is_good, user, password)
    if user is None or not good:
        await record_refused(system, origin, Admits.LOGIN, "wrong name or password", client=client, user=name)
        return None
    await record_login(system, origin, client, user.id)
    await forgive(system, names)
    if is_outdated(user.password):
        renewed = await on_hashing_thread(hashed, password)
        return await change_row(system.documents, User, user.id, lambda row: replace(row, password=renewed))
    return user


def _is_good(user: User | None, password: str) -> bool:
    if user is None or user.disabled or not user.password:
        waste_time(password)
        return False
    return is_secret(password, user.password)
