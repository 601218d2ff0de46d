"""Find the payer's member that a client names, and refuse a client that contradicts the member's record."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.access.grant import OF_PROVIDERS
from app.domain.member.identity import Contradiction, contradiction, counted, is_withheld
from app.domain.member.member_number import candidates
from app.domain.request import Member
from app.policy.policy import Policy
from app.records.members import MemberRecord, StoredMember, find_members
from app.records.trail import Event
from app.workflow.call import Call
from app.workflow.changes import Change, MemberChange
from app.workflow.system import System


class Identified(Struct, frozen=True):
    """The member number that counts, and the member `stored` under it, if the payer has one.

    `refused` is the change of a refusal: the client contradicts the record (`contradiction`), or did so too often.
    """

    member_id: str
    stored: StoredMember | None = None
    refused: Change | None = None
    contradiction: Contradiction | None = None


async def identify(system: System, call: Call, policy: Policy, member: Member, digest: str) -> Identified:
    """Find the member by the numbers that may be the payer's. `digest` is that of the request.

    Numbers of two different members are a contradiction, so that no request is filed under another person.
    """
    numbers = candidates(member.numbers, subscriber=member.subscriber, systems=policy.member_systems)
    stored = await find_members(system.documents, policy.name, numbers)
    if not stored:
        return Identified(numbers[0] if numbers else "")
    return _refused(call, stored, member, digest) or Identified(stored[0].record.member_id, stored[0])


def _refused(call: Call, stored: Sequence[StoredMember], sent: Member, digest: str) -> Identified | None:
    """Refuse a client that contradicts the member's record, or did so too often today. None if nothing is wrong.

    The record counts the contradictions of each provider's client, and the trail notes each refusal. After too many,
    the client gets the answer of an unknown member, whether its demographics are right or wrong.
    """
    record, client, today = stored[0].record, call.grant.client, call.now.date()
    if any(is_withheld(member.record.contradicted, client, today) for member in stored):
        return Identified(record.member_id, refused=Change(events=(_event(record, "withhold"),)))
    contradicted = contradiction(sent, record.person) if len(stored) == 1 else Contradiction.NUMBER
    if contradicted is None:
        return None
    counting = stored if call.grant.role in OF_PROVIDERS else ()
    members = tuple(_counted(member, client, call, digest) for member in counting)
    change = Change(members=members, events=(_event(record, "contradict", about=contradicted.value),))
    return Identified(record.member_id, refused=change, contradiction=contradicted)


def _counted(stored: StoredMember, client: str, call: Call, digest: str) -> MemberChange:
    counts = counted(stored.record.contradicted, client, call.now.date(), digest)
    return MemberChange(stored, replace(stored.record, contradicted=counts))


def _event(record: MemberRecord, action: str, **detail: str) -> Event:
    """Return the event of a refusal. Its subject is the Patient."""
    return Event(action, record.payer, record.patient, detail)
