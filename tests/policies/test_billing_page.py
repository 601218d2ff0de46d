"""The page for billers matches reasons.yaml: its table of denials has the codes and the action of each reason."""

from __future__ import annotations

import re

from app.policy.loading import shipped_tables
from tests.house.code import ROOT

PAGE = (ROOT / "docs" / "billing.md").read_text(encoding="utf-8")


def test_the_table_of_denials_has_each_reason_with_its_codes_and_its_action() -> None:
    [table] = re.findall(r"<!-- denials -->\n(.*?)<!-- /denials -->", PAGE, re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    for reason in shipped_tables().adjudication_reasons.values():
        codes = {f"{reason.group}-{reason.carc}", *reason.remarks}
        named = [row for row in rows if codes <= set(re.findall(r"[A-Z0-9-]+", row[0]))]
        assert any(f"`{reason.action.value}`" in row[2] for row in named), (reason.key, codes)
