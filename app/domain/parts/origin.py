"""The origin of a decision that this server did not make: its channel, and the vendor that decided."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Channel(StrEnum):
    """The channel of a decision outside of FHIR."""

    PHONE = "phone"
    FAX = "fax"
    MAIL = "mail"
    PORTAL = "portal"
    VENDOR = "vendor"
    FORMER_PAYER = "former-payer"


class Origin(Struct, frozen=True, omit_defaults=True):
    """The channel of an imported decision, and the name of the delegated vendor."""

    channel: Channel
    vendor: str | None = None
