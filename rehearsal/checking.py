"""At the end: the public record, verified offline with keys known from elsewhere."""

import io
import zipfile

from rehearsal.story import Story, expect, until

MARKS = {True: "✓", False: "✗", None: "·"}


def verify_record(story: Story) -> str:
    """Download record.zip as anybody may and run the verifier on it."""
    path = story.folder / "record.zip"
    path.write_bytes(until(lambda: _whole(story), "the record reaches its end", seconds=60))
    vkey = story.stranger.get("/log/vkey").decode().strip()
    answer = story.keys.run("verify", str(path), "--vkey", vkey, holds=False)
    for line in answer.get("checks", []):
        print(f"           {MARKS[line['holds']]} {line['text']}")
    expect(bool(answer["holds"]), f"the record does not hold: {answer}")
    return f"record.zip {path.stat().st_size:,} 字节，全部相符"


def _whole(story: Story) -> bytes:
    """The record, once the checkpoint it rests on holds the last entry of the story; nothing before."""
    data = story.stranger.get(story.page("record.zip"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".jsonl"))
    last = [story.kind.last.encode(), *([b"opening.room-disclosed"] if story.kind.rounds else [])]
    return data if all(kind in told for kind in last) else b""
