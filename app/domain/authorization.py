"""The payer's record of a request: its items with their decisions, its numbers and its clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from app.domain.datatypes import Coding, Identifier
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.notice import AppealTerms
from app.domain.parts.attachment import Attachment
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.decision_clock import DecisionClock
from app.domain.parts.due_act import DueAct
from app.domain.parts.origin import Origin
from app.domain.parts.reminder_terms import ReminderTerms
from app.domain.parts.retention import LegalHold, RetentionTerms
from app.domain.parts.reviewer import InternalNote, ReviewTerms
from app.domain.parts.statements import Stay
from app.domain.parts.transmission import Department, Transmission
from app.domain.proposal import Proposal
from app.domain.request import Member, Party, RequestedItem

UNKNOWN_PAYER = "unknown"
"""The placeholder payer of requests to an unknown insurer. It has no staff, and no policy may have this name."""


class Standing(Struct, frozen=True):
    """An item as it was granted before an update: bills may still draw on it."""

    requested: RequestedItem
    decision: ItemDecision


class AuthorizedItem(Struct, frozen=True):
    """A requested item with its decision, and the units that billing claims have drawn from it.

    `standing`: the earlier grant that stays while an update of the item grants nothing: because it is pended, denied or
    a cancellation. After a cancellation, it ends on that day.
    `previous_number`: the authorization number of an earlier grant, if an update has replaced the number.
    `proposal`: a person's decision on the pended item that does not count yet.
    `shares_with`: the item of the appealed request, if the units of both are those of one request.
    `shared`: the units that appeals of the item have drawn.
    """

    requested: RequestedItem
    decision: ItemDecision
    consumed: Decimal = Decimal(0)
    standing: Standing | None = None
    previous_number: str | None = None
    proposal: Proposal | None = None
    shares_with: str | None = None
    shared: Decimal = Decimal(0)

    @property
    def granted(self) -> Granted | None:
        """The grant that bills may draw on: that of the decision, else the standing one."""
        own = self.decision.granted
        return own if own is not None or self.standing is None else self.standing.decision.granted

    @property
    def in_force(self) -> Granted | None:
        """The grant for services from now on. A cancelled item has none."""
        return None if self.decision.action is ReviewAction.CANCELLED else self.granted

    @property
    def as_granted(self) -> AuthorizedItem | None:
        """The item as its standing grant has it; None without one."""
        if self.standing is None:
            return None
        return AuthorizedItem(
            self.standing.requested,
            self.standing.decision,
            self.consumed,
            shares_with=self.shares_with,
            shared=self.shared,
        )


class PolicyVersion(Struct, frozen=True, omit_defaults=True):
    """The policy that decided: its name, the digest of its text, and the terms of a reviewer's decision.

    A reviewer may decide when the payer has no policy any longer. Records of release 0.1.0 have no terms. Without
    `retention`, the payer keeps the record for good.
    """

    policy: str
    digest: str
    timezone: str | None = None
    appeal: AppealTerms | None = None
    review: ReviewTerms = ReviewTerms()
    reminders: ReminderTerms = ReminderTerms()
    retention: RetentionTerms | None = None


class Appealed(Struct, frozen=True):
    """The request whose denial is reviewed again: the id of its record, and its case reference.

    `turn`: the number of its earlier appeals, which were withdrawn.
    """

    id: str
    number: str | None = None
    turn: int = 0

    @property
    def reservation(self) -> str:
        """The key that only one appeal of the request can have in its turn. It is no number that a caller can give."""
        return f"appeal {self.turn} of {self.id}"


class Authorization(Struct, frozen=True):
    """The payer's record of one request, from its first answer to the last unit billed.

    `id`: the id of its ClaimResponse.
    `number`: the authorization number (preAuthRef), set once an item is granted.
    `administration_number`: the case reference of the request, if an item was pended or denied.
    `owner`: the organization whose client submitted the request.
    `patient`, `coverage`: the payer's own ids of the member.
    `sender_ids`: the interchange sender ids of the request.
    `covered_on_record`: False if facts of the sender counted, because the payer accepted the member unknown.
    `claim_url`: the fullUrl under which the owner sent the Claim.
    `submissions`: the ids of the Bundles received after the first, which has the id of the record.
    `former_claims`: the fullUrls and identifiers of the Claims that an update has replaced.
    `former_numbers`: the authorization numbers that an update has replaced, oldest first.
    `attachments`: the documents that came after the request, oldest first.
    `control_numbers`: the control numbers that the submitter gave to documents which it sends apart.
    `appealed`: the denied request, if this request is to review it again.
    `peer_to_peer`: the id of the Task of an open talk between clinicians.
    `program`: the program of the member's plan at the receipt, such as medicare-advantage; None if it is not known.
    `transmission`, `department`, `stay`: identifiers and days of the request that the answer repeats.
    `clock`: the clock of the pended items, whose end is `due`. Records of earlier builds have none.
    `done`: the acts of the server that are done, such as the mark of a late decision.
    `origin`: the channel of a decision that was imported; None for a request that came by FHIR.
    `aliases`: other numbers of an imported decision, such as a vendor's.
    `hold`: a legal hold, under which the record is not purged.
    `internal_notes`: notes for the payer's staff only, oldest first. No answer has them.
    """

    id: str
    payer: str
    owner: str
    edition: str
    claim: str
    patient: str
    coverage: str
    identifier: Identifier
    claim_type: Coding
    member: Member
    requestor: Party
    created: datetime
    updated: datetime
    policy: PolicyVersion
    items: tuple[AuthorizedItem, ...]
    diagnoses: tuple[Coding, ...] = ()
    number: str | None = None
    administration_number: str | None = None
    due: datetime | None = None
    urgency: str | None = None
    errors: tuple[RequestError, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()
    covered_on_record: bool = True
    sender_ids: tuple[str, ...] = ()
    claim_url: str = ""
    submissions: tuple[str, ...] = ()
    former_claims: tuple[str, ...] = ()
    former_numbers: tuple[str, ...] = ()
    transmission: Transmission | None = None
    department: Department | None = None
    stay: Stay | None = None
    done: tuple[DueAct, ...] = ()
    origin: Origin | None = None
    aliases: tuple[str, ...] = ()
    hold: LegalHold | None = None
    internal_notes: tuple[InternalNote, ...] = ()
    clock: DecisionClock | None = None
    attachments: tuple[Attachment, ...] = ()
    control_numbers: tuple[str, ...] = ()
    appealed: Appealed | None = None
    peer_to_peer: str | None = None
    program: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The authorization number and those that it replaced, the newest first, then its aliases."""
        own = () if self.number is None else (self.number,)
        issued = (*own, *reversed(self.former_numbers))
        return (*issued, *self.aliases) if issued else ()

    @property
    def references(self) -> tuple[str, ...]:
        """The case reference, and the aliases, which name a denied request, too."""
        own = () if self.administration_number is None else (self.administration_number,)
        return (*own, *self.aliases)

    @property
    def newest_submission(self) -> str:
        """The id of the Bundle received last."""
        return self.submissions[-1] if self.submissions else self.id

    @property
    def has_claim(self) -> bool:
        """Whether the request has a Claim here: an imported decision has none before an update."""
        return self.origin is None or bool(self.submissions)

    @property
    def types(self) -> tuple[AuthorizationType, ...]:
        """The types of the items, each once; a withdrawn item counts only if all are withdrawn."""
        requested = [item.requested for item in self.items]
        open_items = [item for item in requested if not item.cancelled] or requested
        return tuple(dict.fromkeys(item.type for item in open_items))

    @property
    def performers(self) -> set[str]:
        """The NPIs of the care team, also of standing grants."""
        requested = [item.requested for item in self.items]
        requested += [item.standing.requested for item in self.items if item.standing is not None]
        return {npi for line in requested for npi in (*line.providers, *line.assisting)}

    @property
    def npis(self) -> set[str]:
        """The NPIs of the requestor and the care team."""
        return self.performers | ({self.requestor.npi} if self.requestor.npi else set())


class RequestError(Struct, frozen=True):
    """A business error that stopped the review: X12 901 code, X12 889 follow-up, FHIRPath and text.

    `element`: the X12 278 element with the error: loop, segment and position.
    """

    code: str
    followup: str
    path: str
    text: str
    element: str = ""


class RequestWarning(Struct, frozen=True):
    """A fault of a request that did not stop the review: FHIRPath and text."""

    path: str
    text: str
