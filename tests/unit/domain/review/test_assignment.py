"""A review goes from hand to hand: by its owner, by an administrator, or by any reviewer if it has no owner."""

from __future__ import annotations

from functools import partial

import pytest

from app.domain.datatypes import Identifier
from app.domain.review.assignment import Hands, NotAssignable, NotTheirs, assigned, released, taken

ANN, BEN, EVE = (Identifier("users", name) for name in ("ann", "ben", "eve"))
SAME_NAME = Identifier("clients", "ann")
FREE, OWNED, DONE = Hands(open=True), Hands(open=True, owner=ANN), Hands(open=False)


def test_a_free_review_is_taken_assigned_by_any_reviewer_and_kept_by_no_person() -> None:
    assert taken(FREE, ANN) == ANN
    assert assigned(FREE, EVE, BEN, administrator=False) == BEN
    with pytest.raises(NotAssignable):
        released(FREE, ANN, administrator=True)


@pytest.mark.parametrize(("actor", "administrator"), [(ANN, False), (EVE, True)])
def test_the_owner_and_an_administrator_give_a_review_away(actor: Identifier, administrator: bool) -> None:
    assert assigned(OWNED, actor, BEN, administrator=administrator) == BEN
    released(OWNED, actor, administrator=administrator)


@pytest.mark.parametrize("actor", [EVE, SAME_NAME])
def test_another_person_and_a_client_with_the_name_of_the_owner_do_not(actor: Identifier) -> None:
    with pytest.raises(NotAssignable):
        taken(OWNED, actor)
    with pytest.raises(NotTheirs):
        assigned(OWNED, actor, BEN, administrator=False)
    with pytest.raises(NotTheirs):
        released(OWNED, actor, administrator=False)


def test_a_review_is_not_assigned_to_its_owner_again() -> None:
    with pytest.raises(NotAssignable):
        assigned(OWNED, ANN, ANN, administrator=False)


@pytest.mark.parametrize(
    "act",
    [
        partial(taken, actor=ANN),
        partial(assigned, actor=ANN, owner=BEN, administrator=True),
        partial(released, actor=ANN, administrator=True),
    ],
    ids=["take", "assign", "release"],
)
def test_a_review_that_is_done_does_not_change_hands(act: partial[Identifier | None]) -> None:
    with pytest.raises(NotAssignable):
        act(DONE)
