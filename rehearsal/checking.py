"""At the end: the public record, verified offline with keys known from elsewhere."""

from rehearsal.story import Story, expect

MARKS = {True: "✓", False: "✗", None: "·"}


def verify_record(story: Story) -> str:
    """Download record.zip as anybody may and run the verifier on it."""
    path = story.folder / "record.zip"
    path.write_bytes(story.stranger.get(story.page("record.zip")))
    vkey = story.stranger.get("/log/vkey").decode().strip()
    answer = story.keys.run("verify", str(path), "--vkey", vkey, holds=False)
    for line in answer.get("checks", []):
        print(f"           {MARKS[line['holds']]} {line['text']}")
    expect(bool(answer["holds"]), f"the record does not hold: {answer}")
    return f"record.zip {path.stat().st_size:,} 字节，全部相符"
