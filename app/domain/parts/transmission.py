"""The identifiers with which a request was sent, and which its answer repeats."""

from __future__ import annotations

from msgspec import Struct

from app.domain.datatypes import Coding


class Transmission(Struct, frozen=True):
    """The sender and the receiver of a message: application codes (GS02, GS03) and interchange ids (ISA06, ISA08)."""

    sender: str
    receiver: str
    interchange_sender: str | None = None
    interchange_receiver: str | None = None

    @property
    def answer(self) -> Transmission:
        """The identifiers of the answer: sender and receiver change places."""
        return Transmission(self.receiver, self.sender, self.interchange_receiver, self.interchange_sender)


class Department(Struct, frozen=True):
    """The department and the state within which the identifier of a request is unique."""

    sub_department: str | None = None
    jurisdiction: Coding | None = None
