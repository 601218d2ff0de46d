"""The tables of `preauth client list` and its siblings."""

from __future__ import annotations

import pytest

from app.access.grant import Role
from app.access.registry import Client
from app.cli.registry.shown import print_table


def test_a_list_shows_the_whole_id_of_each_client(capsys: pytest.CaptureFixture[str]) -> None:
    name = "The name of an EHR " * 6
    client = Client(id="an-ehr-with-quite-a-long-id-of-its-own", role=Role.PROVIDER, scopes=(), name=name)
    print_table([client], Client)
    assert client.id in capsys.readouterr().out
