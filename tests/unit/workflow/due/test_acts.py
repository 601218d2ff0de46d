"""Each act that can be due has a workflow."""

from __future__ import annotations

from app.domain.parts.due_act import ActName
from app.workflow.due.acts import ACTS


def test_each_act_has_a_workflow() -> None:
    assert set(ACTS) == set(ActName)
