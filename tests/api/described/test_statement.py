"""The CapabilityStatement makes no false claims, and does not change over time."""

from __future__ import annotations

import pytest

from app.operations import OPERATIONS
from tests.api.described.declaring import BASES, declared, statement
from tests.support.server import Server


@pytest.mark.parametrize("base", BASES)
async def test_no_type_has_two_operations_of_one_name(server: Server, base: str) -> None:
    for resource in await declared(server, base):
        names = [row["name"] for row in resource.get("operation", [])]
        assert len(names) == len(set(names)), resource["type"]


@pytest.mark.parametrize("base", BASES)
async def test_smart_is_claimed_only_while_its_configuration_is_served(server: Server, base: str) -> None:
    services = (await statement(server, base))["rest"][0]["security"].get("service", [])
    claimed = any(coding["code"] == "SMART-on-FHIR" for service in services for coding in service["coding"])
    configuration = await server.http.get(f"{base}/.well-known/smart-configuration")
    assert claimed is configuration.is_success


@pytest.mark.parametrize("base", BASES)
async def test_the_capability_statement_does_not_change_between_reads(server: Server, base: str) -> None:
    before = await statement(server, base)
    server.clock.move(days=1)
    assert await statement(server, base) == before


@pytest.mark.parametrize("base", BASES)
async def test_the_capability_statement_lists_the_operations_of_the_whole_system(server: Server, base: str) -> None:
    [rest] = (await statement(server, base))["rest"]
    promised = {(row["name"], row["definition"]) for row in rest["operation"]}
    assert promised == {(row.code, row.definition) for row in OPERATIONS if not row.types}
    [attachment] = rest["operation"]
    assert "413" in attachment["documentation"]
    assert "Final is supported" in attachment["documentation"]
