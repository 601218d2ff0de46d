"""The rules by which reviewers take, assign and release the review of a request."""

from __future__ import annotations

from msgspec import Struct

from app.domain.datatypes import Identifier


class NotAssignable(Exception):  # noqa: N818 - a normal outcome
    """The work cannot change hands now. The text is for the caller."""


class NotTheirs(Exception):  # noqa: N818 - a normal outcome
    """The work belongs to another person. The text is for the caller."""


class Hands(Struct, frozen=True):
    """The state of a review: whether it is open, its owner, if a person has it, and whether it waits for a decision.

    A review that waits for a signature or a release has its decision.
    """

    open: bool
    owner: Identifier | None = None
    undecided: bool = True


def taken(hands: Hands, actor: Identifier) -> Identifier:
    """Return the owner after the actor takes the review. Raises NotAssignable."""
    _check_open(hands)
    if hands.owner is not None:
        raise NotAssignable("The Task has an owner. The owner or an administrator must release or assign it first.")
    return actor


def assigned(hands: Hands, actor: Identifier, owner: Identifier, *, administrator: bool) -> Identifier:
    """Return the owner after the actor gives the review to a colleague. Raises NotAssignable or NotTheirs."""
    _check_open(hands)
    _check_own(hands, actor, administrator=administrator)
    if hands.owner == owner:
        raise NotAssignable("The Task has this owner already.")
    return owner


def asked(hands: Hands, actor: Identifier, owner: Identifier, *, administrator: bool) -> Identifier:
    """Return the owner after the actor asks a colleague for a second opinion. Raises NotAssignable or NotTheirs."""
    if hands.open and not hands.undecided:
        raise NotAssignable("The review has a decision. A second opinion is for a review without one.")
    if owner == actor:
        raise NotAssignable("A second opinion must be that of another person.")
    return assigned(hands, actor, owner, administrator=administrator)


def released(hands: Hands, actor: Identifier, *, administrator: bool) -> None:
    """Give the review back to all. Raises NotAssignable or NotTheirs."""
    _check_open(hands)
    if hands.owner is None:
        raise NotAssignable("The Task has no owner.")
    _check_own(hands, actor, administrator=administrator)


def _check_open(hands: Hands) -> None:
    if not hands.open:
        raise NotAssignable("The review is done. Only an open Task can change its owner.")


def _check_own(hands: Hands, actor: Identifier, *, administrator: bool) -> None:
    if hands.owner not in {None, actor} and not administrator:
        raise NotTheirs("The Task has another owner. Only the owner or an administrator can give it away.")
