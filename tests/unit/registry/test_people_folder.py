"""All files of the operator's folder: every problem at once, with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.policy.yaml.text import YamlRefused
from app.registry.people_file import read_people_file


def test_all_problems_of_all_files_are_listed_at_once_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_text("id,npis,colour\nacme,12,red\nacme,,,,\n", encoding="utf-8")
    (tmp_path / "clients.csv").write_text(
        "id,role,organizations,scopes\nehr,provider,acme nowhere,system/Claim.x\nx y,painter,acme,\n", encoding="utf-8"
    )
    (tmp_path / "users.csv").write_text(
        "id,role,member-payer,member-id\nalex,patient,Bad Payer,\nbob,patient,,M1\n", encoding="utf-8"
    )
    (tmp_path / "people.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(YamlRefused) as refused:
        read_people_file(tmp_path)
    places = [problem.removeprefix(f"{tmp_path}/").partition(" must ")[0] for problem in refused.value.problems]
    assert [place.partition(" of ")[0].partition(". ")[0] for place in places] == [
        "clients.csv:2: `scopes`",
        "clients.csv:2: the organization nowhere",
        "clients.csv:3: `id`",
        "clients.csv:3: `role`",
        "clients.csv:3: `scopes` is required.",
        "organizations.csv:1: `colour` is an unknown column",
        "organizations.csv:2: `npis`",
        "organizations.csv:3: the row has more cells than the first line.",
        f"organizations.csv:3: the organization acme is listed already, at {tmp_path}/organizations.csv:2.",
        "people.csv:1: the name",
        "users.csv:2: `member-payer`",
        "users.csv:2: `member-id` is required.",
        "users.csv:3: `member-payer` is required.",
    ]


def test_rows_of_an_unreadable_file_contradict_no_others(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_text("name\nAcme\n", encoding="utf-8")
    (tmp_path / "users.csv").write_text("id,role,organizations\ndana,provider,acme\n", encoding="utf-8")
    with pytest.raises(YamlRefused, match="the first line must name the columns") as refused:
        read_people_file(tmp_path)
    assert len(refused.value.problems) == 1


def test_a_file_full_of_problems_gets_a_list_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "organizations.csv").write_text("id,npis\n" + "x y,1\n" * 200, encoding="utf-8")
    with pytest.raises(YamlRefused) as refused:
        read_people_file(tmp_path)
    assert len(refused.value.problems) == 101
    assert refused.value.problems[-1] == "More problems are not listed."


@pytest.mark.parametrize("suffix", ["yaml", "csv"])
def test_a_huge_file_is_not_read(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"clients.{suffix}"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    with pytest.raises(YamlRefused, match="the file must have at most"):
        read_people_file(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("clients.csv", b"name\nEHR\n", "clients.csv:1: the first line must name the columns, `id` among them."),
        ("clients.csv", b"id,sekret\n", "clients.csv:1: `sekret` is an unknown column. Known columns: id, "),
        ("clients.csv", b"id,name,name\n", "clients.csv:1: `name` appears twice."),
        ("clients.csv", b"id\nx,y\n", "clients.csv:2: the row has more cells than the first line."),
        ("clients.csv", b'id,name\nx,"a\nb"\ny,\n', "clients.csv:2: `role` is required."),
        ("clients.csv", b"id\n\xff\n", "clients.csv:1: the text must be UTF-8."),
        (
            "clients.csv",
            b'id,name\nx,"never closed\ny,\n',
            "clients.csv:2: the text is not CSV: unexpected end of data.",
        ),
        ("clients.csv", b"id\n" + b"x" * 200_000, "clients.csv:2: the text is not CSV: field larger than field limit"),
        ("clients.csv", b"id\n\0\n", "clients.csv:2: `id` must begin with a letter or a digit"),
        ("clients.csv", b"id\n=1+1\n", "clients.csv:2: `id` must begin with a letter or a digit"),
        ("client.csv", b"id\n", "client.csv:1: the name of a CSV file must be one of organizations.csv, clients.csv"),
        ("more.yaml", b"\xff", "more.yaml:1: the text must be UTF-8."),
        ("notes.txt", b"", ":1: the folder must have organizations.csv, clients.csv, users.csv, or YAML files."),
    ],
)
def test_an_unusable_file_of_a_folder_is_refused(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(YamlRefused) as refused:
        read_people_file(tmp_path)
    assert refused.value.problems[0].removeprefix(f"{tmp_path}").removeprefix("/").startswith(problem)
