"""The files of a policy: the reasons and clocks beside it count for it, and a file that no policy reads is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.due.limit import Limit
from app.policy.loading import SHIPPED_POLICIES, load_files, load_policies, load_policy
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import TABLES, policy_text

OWN_ROW = "mine: {kind: deny, code: null, text: Not with us. Ask another payer., administrative: true}"
OWN_REASONS = f"review: {{{OWN_ROW}}}\n"
OWN_CLOCK = "standard: {within: P5D, source: State law}\n"


def folder_of(folder: Path, **texts: str) -> Path:
    """Write the texts under their names, with `_` for a dot, and a policy `p.yaml`."""
    for name, text in {"p_yaml": policy_text(), **texts}.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def other(name: str = "other", identifier: str = "2") -> str:
    return policy_text().replace("policy: test-payer", f"policy: {name}").replace('"1"', f'"{identifier}"')


def test_the_reasons_and_clocks_beside_a_policy_count_for_it(tmp_path: Path) -> None:
    folder_of(tmp_path, reasons_yaml=OWN_REASONS, clocks_yaml=OWN_CLOCK)
    for policy in (load_policies(tmp_path)["test-payer"], load_policy(tmp_path / "p.yaml")):
        assert policy.reasons["mine"].reason.text == "Not with us. Ask another payer."
        assert policy.reasons["age"] == TABLES.review_reasons["age"]
        assert policy.adjudication_reasons == TABLES.adjudication_reasons
        assert policy.clocks.standard.within == Limit(timedelta(days=5))
        assert policy.clocks.expedited == TABLES.clocks.expedited


def test_a_time_zone_in_quotes_can_be_stored_with_a_decision(tmp_path: Path) -> None:
    text = policy_text().replace("America/New_York", '"America/Boise"')
    assert type(load_policy(folder_of(tmp_path, p_yaml=text) / "p.yaml").version.timezone) is str


def test_a_policy_alone_has_the_shipped_reasons_and_clocks(tmp_path: Path) -> None:
    policy = load_policy(folder_of(tmp_path) / "p.yaml")
    assert policy.reasons == TABLES.review_reasons
    assert policy.adjudication_reasons == TABLES.adjudication_reasons
    assert policy.clocks == TABLES.clocks


def test_the_digest_covers_the_reasons_and_clocks_beside_the_policy(tmp_path: Path) -> None:
    alone = load_policy(folder_of(tmp_path) / "p.yaml").digest
    with_clocks = load_policy(folder_of(tmp_path, clocks_yaml=OWN_CLOCK) / "p.yaml").digest
    with_both = load_policy(folder_of(tmp_path, reasons_yaml=OWN_REASONS) / "p.yaml").digest
    assert len({alone, with_clocks, with_both}) == 3


def test_an_expedited_clock_must_not_exceed_the_standard_clock(tmp_path: Path) -> None:
    folder_of(tmp_path, clocks_yaml="standard: {within: PT24H, source: State law}\n")
    with pytest.raises(YamlRefused) as refused:
        load_policies(tmp_path)
    assert refused.value.problems == (f"{tmp_path / 'clocks.yaml'}:1: `expedited` must not be longer than `standard`.",)


UNKNOWN = ["clock.yaml", "reason.yml", "reasons.yml", "x.yml", "foo.json", "other.cases.yaml", "p.yaml.bak", "LICENSE"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_that_no_policy_reads_is_refused_with_the_accepted_names(tmp_path: Path, name: str) -> None:
    (folder_of(tmp_path) / name).write_text("standard: {within: P5D, source: S}\n", encoding="utf-8")
    with pytest.raises(RuntimeError) as refused:
        load_policies(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / name}: no policy reads this file. A folder of policies may have "
        "NAME.yaml (a policy), NAME.cases.yaml (its cases), reasons.yaml and clocks.yaml."
    )


def test_a_folder_beside_a_policy_is_refused(tmp_path: Path) -> None:
    (folder_of(tmp_path) / "more.yaml").mkdir()
    with pytest.raises(RuntimeError, match=r"more\.yaml: no policy reads this file"):
        load_policies(tmp_path)


def test_cases_documents_and_hidden_files_may_be_beside_a_policy(tmp_path: Path) -> None:
    folder_of(tmp_path, p_cases_yaml="not read here", README_md="Text.")
    (tmp_path / "..data").mkdir()
    (tmp_path / ".gitkeep").touch()
    assert list(load_policies(tmp_path)) == ["test-payer"]


@pytest.mark.parametrize(
    "name", ["clock.yaml", "reason.yml", "Reasons.json", "clocks.yaml.bak", "p.cases.yml", "p.case.yaml"]
)
def test_a_single_policy_is_refused_beside_a_file_that_looks_like_its_own(tmp_path: Path, name: str) -> None:
    (folder_of(tmp_path) / name).touch()
    with pytest.raises(RuntimeError, match="no policy reads this file"):
        load_policy(tmp_path / "p.yaml")


def test_a_single_policy_may_lie_among_other_files(tmp_path: Path) -> None:
    folder_of(tmp_path, notes_txt="x", other_yaml="x", clockwork_py="x", reasons_yaml=OWN_REASONS)
    assert "mine" in load_policy(tmp_path / "p.yaml").reasons


@pytest.mark.parametrize("content", ["- a list\n", "policy: [\n", "policy: other\n"])
def test_an_invalid_policy_is_refused_with_its_line_and_not_as_an_unknown_file(tmp_path: Path, content: str) -> None:
    folder_of(tmp_path, q_yaml=content)
    with pytest.raises(YamlRefused) as refused:
        load_policies(tmp_path)
    assert all(problem.startswith(f"{tmp_path / 'q.yaml'}:") for problem in refused.value.problems)


def test_two_policies_of_one_payer_identifier_are_refused_with_both_files(tmp_path: Path) -> None:
    folder_of(tmp_path, q_yaml=other(identifier="1"))
    with pytest.raises(YamlRefused) as refused:
        load_policies(tmp_path)
    assert refused.value.problems == (
        f"{tmp_path / 'q.yaml'}:2: `value` must be an identifier of one payer only, but p.yaml has it too.",
    )


def test_two_names_of_one_identifier_system_are_one_identifier(tmp_path: Path) -> None:
    text = other(identifier="1").replace("http://hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.6")
    with pytest.raises(YamlRefused, match="of one payer only"):
        load_policies(folder_of(tmp_path, q_yaml=text))


def test_policies_of_different_identifiers_share_a_folder(tmp_path: Path) -> None:
    folder_of(tmp_path, q_yaml=other(), reasons_yaml=OWN_REASONS)
    policies = load_files(tmp_path)
    assert [file.name for file in policies] == ["p.yaml", "q.yaml"]
    assert all("mine" in policy.reasons for policy in policies.values())


def test_the_shipped_folder_is_read_as_any_other(tmp_path: Path) -> None:
    for file in SHIPPED_POLICIES.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    copied, shipped = load_policies(tmp_path), load_policies(SHIPPED_POLICIES)
    assert list(copied) == list(shipped)
    assert [policy.reasons for policy in copied.values()] == [policy.reasons for policy in shipped.values()]
