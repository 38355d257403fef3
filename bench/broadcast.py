"""The floor of the hall: `websockets` alone, sending the same words to everyone connected."""

import asyncio
import json
import sys
import time

import uvloop
from websockets.asyncio.server import broadcast, serve

from bench.hall import FILL


async def main(port: int) -> None:
    """Say a stamped frame for each that standard input asks for."""
    loop = asyncio.get_running_loop()
    async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", port, compression=None) as server:
        print("ready", flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            for _ in range(int(line)):
                text = f"{time.monotonic_ns()} {FILL}"
                frame = json.dumps(
                    {"data": {"text": text}, "line": f"<li>{text}</li>"}, ensure_ascii=False, separators=(",", ":")
                )
                broadcast(server.connections, frame)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
