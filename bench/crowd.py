"""Half of a great crowd of viewers, in a process of its own: one may have no more files open than its limit.

The plan comes as one line of JSON, `[[file of a server, address, viewers], …]`; "ready" when all are in. Then for each
line with a number, once everybody has seen that many frames, the seconds the slowest of each row took for the last.
"""

import asyncio
import json
import sys
from pathlib import Path

import uvloop

from bench import viewers


async def watch() -> None:
    """Join, and tell of each round, until there is nothing more to read."""
    plan = json.loads(await asyncio.to_thread(sys.stdin.readline))
    rows = [await viewers.join(Path(file), path, count) for file, path, count in plan]
    print("ready", flush=True)  # noqa: T201
    while line := await asyncio.to_thread(sys.stdin.readline):
        for row in rows:
            await viewers.all_saw(row, int(line), within=120)
        slowest = [max(viewer.seen[int(line) - 1][1] for viewer in row) for row in rows]
        print(json.dumps(slowest), flush=True)  # noqa: T201


if __name__ == "__main__":
    uvloop.run(watch())
