from app.adapters.memory import MemoryDocuments
from app.records.replays import Replay, replay_insert, replayed


async def test_a_first_answer_is_kept_as_it_is_and_takes_no_more_room_than_it_has() -> None:
    answer = Replay("c1", '{"resourceType":"Bundle","note":"\\"quoted\\"\\n\\n"}\n\nand lines')
    documents = MemoryDocuments()
    await documents.commit(replay_insert("key", answer))

    assert await replayed(documents, "key") == answer
    assert await replayed(documents, "other") is None
    kept = await documents.get("replay", "key")
    assert kept is not None
    assert len(kept.body) < len(answer.body) + 5
