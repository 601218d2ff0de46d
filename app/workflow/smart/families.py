"""The tokens that follow from one consent: they rotate, and they are revoked together."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from app.access.smart.secret import new_secret
from app.ports import Conflict
from app.records.smart.kinds import FAMILIES, Approval, Family
from app.records.smart.shelf import Kept, digest
from app.workflow.contention import retried
from app.workflow.system import System


class RefreshToken(Struct, frozen=True):
    """A refresh token: a secret that stays, by which the family is found, and one that is good once."""

    family: str
    once: str

    @property
    def text(self) -> str:
        """The token as the client gets it."""
        return f"{self.family}.{self.once}"

    @property
    def id(self) -> str:
        """The id of the family. It shows in access tokens and reveals no part of the refresh token."""
        return digest(self.family)


def read_refresh_token(text: str) -> RefreshToken:
    """Split a refresh token, or any other text."""
    family, _, once = text.partition(".")
    return RefreshToken(family, once)


async def start_family(
    system: System, approval: Approval, now: datetime, until: datetime, *, refreshable: bool
) -> RefreshToken:
    """Store a new family; return its first refresh token, which is good only if the family is `refreshable`."""
    token = RefreshToken(new_secret(), new_secret())
    family = Family(approval=approval, current=digest(token.once) if refreshable else "")
    await FAMILIES.keep(system.documents, token.id, family, now, until)
    return token


def is_current(token: RefreshToken, family: Family) -> bool:
    """Return whether the token is the one that is good."""
    return secrets.compare_digest(family.current, digest(token.once))


async def rotated(
    system: System, token: RefreshToken, kept: Kept[Family], now: datetime, until: datetime
) -> RefreshToken | None:
    """Return the token after the current one. If another call used that at the same time, revoke the family: None."""
    following = RefreshToken(token.family, new_secret())
    try:
        await FAMILIES.change(system.documents, kept, replace(kept.value, current=digest(following.once)), now, until)
    except Conflict:
        await revoke_family(system, kept.id)
        return None
    return following


async def revoke_family(system: System, id_: str) -> None:
    """Revoke all tokens of a family, at once in this process and within 30 seconds in others."""

    async def attempt() -> None:
        now = system.clock.now()
        kept = await FAMILIES.find(system.documents, id_, now)
        if kept is not None and not kept.value.revoked:
            await FAMILIES.change(system.documents, kept, replace(kept.value, current="", revoked=True), now)

    await retried(attempt)
    system.identity.revocations.forget(id_)


def lasts(now: datetime, seconds: int) -> datetime:
    """Return when a family with a token of so many seconds may be forgotten: after the token and a skew of clocks."""
    return now + timedelta(seconds=seconds + 60)
