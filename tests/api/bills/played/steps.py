"""Play the steps of a scenario over HTTP, and check each answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal

from msgspec.structs import replace

from app.fhir.json import read
from app.workflow.due.perform import perform_due
from tests.api.bills.played.checks import check_answer, check_both_sides, check_units_left, check_units_said
from tests.api.bills.played.requests import cancellation_of, updated_request
from tests.api.bills.played.rows import Bill
from tests.api.bills.played.story import Decision, Refused, Scenario, Step, Units
from tests.api.bills.scenario_bodies import bill_of, in_bundle
from tests.api.bills.scenario_play import DOORS, Answered, Asked, authorize, typed
from tests.api.bills.scenario_table import table
from tests.api.reading import administration_number, issues
from tests.api.reviewing import decide, ruling
from tests.support.samples import Json
from tests.support.server import Server


@dataclass(slots=True)
class Play:
    """A scenario on its server: the authorizations so far, and the bills by name, each with its identifier."""

    server: Server
    scenario: Scenario
    door: str
    asked: dict[str, Asked]
    bills: dict[str, tuple[Bill, str, Answered]] = field(default_factory=dict)
    sent: int = 0

    async def act(self, step: Step) -> None:
        """Do what a step says, and check what it expects."""
        if step.bill is not None:
            await self._bill(step, step.bill)
        elif step.reread is not None:
            await self._reread(step, step.reread)
        elif step.units is not None:
            await self._units(step.units)
        elif step.clock is not None:
            self.server.clock.instant = datetime.combine(step.clock, time(15), UTC)
        else:
            await self._change(step)
        await check_units_left(self.server, step.left, self.asked)

    async def _change(self, step: Step) -> None:
        """Request, decide, update or cancel an authorization."""
        if step.request is not None:
            await self._request(step.request)
        if step.decide is not None:
            await self._decide(step.decide)
        if step.update is not None:
            await self._follow_up(updated_request(step.update))
        if step.cancel is not None:
            await self._follow_up(cancellation_of(step.cancel))

    async def _bill(self, step: Step, asked: Bill) -> None:
        """Send a bill that is answered or refused."""
        bill, related = self._related(asked)
        self.sent += 1
        identifier = f"BILL-{self.scenario.id}-{self.sent}"
        if bill.identifier_of is not None:
            identifier = self.bills[bill.identifier_of][1]
        claim = bill_of(bill, identifier, typed(self.asked), related)
        if step.refused is not None:
            await self._refused(step.refused, bill, claim)
        else:
            await self._answered(step, bill, identifier, claim)

    async def _answered(self, step: Step, bill: Bill, identifier: str, claim: Json) -> None:
        """Send a bill through the door. A dry run is only submitted, as FHIR create would store it."""
        door = "bare" if bill.dry_run and self.door == "create" else self.door
        answered = await DOORS[door](self.server, claim, bill)
        check_answer(self.server, step, bill, answered.response)
        if bill.as_ is not None:
            self.bills[bill.as_] = bill, identifier, answered
        if not bill.dry_run:
            await check_both_sides(self.server, bill, self.asked, answered)
        check_units_said(step.left, self.asked, answered.response)

    def _related(self, bill: Bill) -> tuple[Bill, str | None]:
        """Return the bill, and the identifier of the bill that it corrects. A void repeats the lines."""
        named = bill.replaces or bill.voids
        if named is None:
            return bill, None
        if named not in self.bills:
            return bill, f"NEVER-SENT-{named}"
        earlier, identifier, _ = self.bills[named]
        kept = replace(earlier, as_=bill.as_, voids=named, replaces=None)
        return (kept if bill.voids and not bill.lines else bill), identifier

    async def _refused(self, expected: Refused, bill: Bill, claim: Json) -> None:
        self.server.is_sent_junk()
        path = "/Claim" if self.door == "create" else "/Claim/$submit"
        sent = in_bundle(claim, bill) if self.door == "Bundle" else claim
        answer = await self.server.post(path, sent, client="biller")
        assert answer.status_code == expected.status, answer.text
        found = issues(answer)
        within = [one["expression"][0].replace("Bundle.entry[0].resource", "Claim") for one in found]
        assert set(within) == set(expected.at)
        assert expected.text in found[0]["details"]["text"]

    async def _reread(self, step: Step, name: str) -> None:
        """Read the stored answer to an earlier bill."""
        bill, _, answered = self.bills[name]
        found = await self.server.get(f"/ClaimResponse/{answered.id}", client="biller")
        assert found.status_code == 200, found.text
        check_answer(self.server, step, bill, read(found.content))

    async def _request(self, name: str) -> None:
        appealed = table().authorizations[name].appeals
        reference = None if appealed is None else administration_number(self.asked[appealed].response)
        self.asked[name] = await authorize(self.server, name, reference, at=None)

    async def _decide(self, decision: Decision) -> None:
        """Decide as a reviewer. What is due at once is then done, as the worker of a server does it."""
        parts: Json = {"for": "P90D"} if decision.action == "certify" else {}
        parts |= {} if decision.reason is None else {"reason": decision.reason}
        parts |= {} if decision.units is None else {"quantity": decision.units}
        item = ruling(1, decision.action, **parts)
        answer = await decide(self.server, self.asked[decision.request].id, item, client=decision.by)
        assert answer.status_code == 200, answer.text
        await perform_due(self.server.system)

    async def _follow_up(self, body: Json) -> None:
        answer = await self.server.post("/Claim/$submit", body)
        assert answer.status_code == 200, answer.text
        assert read(answer.content)["entry"][0]["resource"]["outcome"] != "error", answer.text

    async def _units(self, units: Units) -> None:
        path = f"/ClaimResponse/{self.asked[units.of].id}/$units-remaining"
        answer = await self.server.get(path, client="biller")
        assert answer.status_code == 200, answer.text
        [item] = [one for one in read(answer.content)["parameter"] if one["name"] == "item"][:1]
        said = {part["name"]: part["valueQuantity"]["value"] for part in item["part"] if "valueQuantity" in part}
        names = ("authorized", "used", "remaining", "usable")
        assert {name: Decimal(said[name]) for name in names} == {name: getattr(units, name) for name in names}
