from app.adapters.memory import MemoryDocuments
from app.fhir.json import parsed
from app.records.replays import Replay, find_replay, replay_insert, replay_keys

SENT = (
    b'{"type":"collection","timestamp":"2026-11-20","id":"b-1","entry":[{"b":1.50,"a":"\xc3\xa9"}],"meta":{"tag":[]}}'
)
DIGEST = "bec0c1eba5f9888bd94a2b0a3eb90b052a690af6c423bc9f8dce65242aafc36e"
"""The SHA-256 of `{"entry":[{"a":"é","b":1.50}],"type":"collection"}|clinic|2.2.1`, as databases hold it."""


def test_the_key_is_the_digest_of_the_content_whether_parsed_or_canonical() -> None:
    content = parsed(SENT)
    assert replay_keys(["lab", "clinic"], "2.2.1", content.elements)["clinic"] == DIGEST
    assert replay_keys(["clinic"], "2.2.1", content.resource) == {"clinic": DIGEST}


async def test_a_first_answer_is_kept_unchanged_and_unescaped() -> None:
    answer = Replay("key", "c1", '{"resourceType":"Bundle","note":"\\"quoted\\"\\n\\n"}\n\nand lines')
    documents = MemoryDocuments()
    await documents.commit(replay_insert(answer))

    assert await find_replay(documents, ["none", "key"]) == answer
    assert await find_replay(documents, ["other"]) is None
    kept = await documents.get("replay", "key")
    assert kept is not None
    assert len(kept.body) < len(answer.body) + 5
