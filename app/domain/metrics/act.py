"""An act on a request, as the log of decisions has it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.domain.decision import ReviewAction
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.origin import Channel
from app.domain.urgency import Urgency


class LoggedItem(Struct, frozen=True):
    """An item after the act: its line, its action, the type of its review, and the code of its service."""

    line: str
    action: ReviewAction
    type: AuthorizationType = AuthorizationType.PRIOR
    service: str = ""
    late: bool = False


class LoggedRequest(Struct, frozen=True, omit_defaults=True):
    """The facts of the request at the act that the figures need.

    `zone`: the time zone of the payer's calendar; None is UTC. `extended`: the payer has extended its time.
    `appealed`: the id of the denied request, if this one is an appeal. `channel`: that of an imported decision.
    `requestor`: the NPI of the organization that asks. `program`: that of the member's plan.
    """

    urgency: Urgency
    zone: str | None = None
    extended: bool = False
    appealed: str | None = None
    channel: Channel | None = None
    requestor: str | None = None
    program: str | None = None


class LoggedAct(Struct, frozen=True):
    """An act on a request. `id` is that of its row in the log.

    `items` is None for an act that decides nothing, such as a purge; `request` is None for one of an earlier release.
    """

    subject: str
    at: datetime
    id: str = ""
    items: tuple[LoggedItem, ...] | None = None
    request: LoggedRequest | None = None
