"""What goes wrong while an auction runs: the house killed or frozen, lines cut, clocks stepped, engines crashed."""

import asyncio
import contextlib
import http.client
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.engines import Breakable
from tests.races.house import House


class Wire:
    """The network between the clients and a house: everything passes, until it is cut.

    port: where clients reach the house.
    """

    def __init__(self, port: int) -> None:
        self._far, self._pairs = port, set[asyncio.StreamWriter]()
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._pairs |= ends
        try:
            await asyncio.gather(_pumped(reader, far_writer), _pumped(far_reader, writer))
        finally:
            self._pairs -= ends
            for end in ends:
                end.transport.abort()

    def cut(self) -> int:
        """Every line that is up now is reset at both ends, without a word; how many ends there were."""
        told = asyncio.run_coroutine_threadsafe(self._cut(), self._loop)
        return told.result(10)

    async def _cut(self) -> int:
        cut = list(self._pairs)
        for end in cut:
            end.transport.abort()
        return len(cut)

    def close(self) -> None:
        """Cut it for good."""
        self.cut()
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()


@dataclass
class Nemesis:
    """One fault, given to an auction while it is bid in.

    seconds: of the thick of it.  engines: what may be crashed under the house; None on files of its own.
    missed: acts that came after the end, where the machine is too busy for the auction to be long enough.
    """

    house: House
    wire: Wire
    told: dict[str, Any]
    seconds: float
    engines: Breakable | None = None
    missed: int = 0

    def _wait(self, share: float) -> None:
        time.sleep(self.seconds * share + secrets.randbelow(200) / 1000)

    def killed(self) -> None:
        """SIGKILL in the middle of it, and the machine's clock, which was ahead, is set right: time stands still."""
        self._wait(1 / 2)
        self.house.kill()
        self.house.run("ahead", "0.5")
        self.house.start()

    def killed_twice(self) -> None:
        """SIGKILL, and again a little later."""
        for _ in range(2):
            self._wait(1 / 3)
            self.house.kill()
            self.house.start()

    def paused(self) -> None:
        """The owner stops the clock for all, and lets it go on."""
        self._wait(1 / 2)
        for act, facts in (("pause", {"reason": "断电"}), ("resume", {})):
            connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=20)
            headers = {"Cookie": self.told["cookies"][self.told["buyer"]], "X-CSRFToken": "t" * 32,
                       "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
            connection.request("POST", f"/purchases/{self.told['number']}/auction/{act}", urlencode(facts), headers)
            status = connection.getresponse().status
            connection.close()
            assert status in (302, 409), status
            self.missed += status == 409
            time.sleep(1)

    def killed_and_paused(self) -> None:
        """One after the other."""
        self.killed()
        self.paused()

    def frozen(self) -> None:
        """SIGSTOP for seconds, and on; twice."""
        for _ in range(2):
            self._wait(1 / 3)
            self.house.freeze()
            time.sleep(1 + secrets.randbelow(1000) / 1000)
            self.house.thaw()

    def cut_off(self) -> None:
        """All lines reset again and again."""
        ends = 0
        for _ in range(6):
            self._wait(1 / 6)
            ends += self.wire.cut()
        assert ends > 6, "no line was up when it was cut"

    def stepped(self) -> None:
        """The machine's clock jumps ahead, is set back behind where it was, and then right."""
        for off in (0.7, -0.8, 0.0):
            self._wait(1 / 4)
            self.house.set_clock(off)

    def crashed_beneath(self) -> None:
        """PostgreSQL drops everything at once and comes back from its log; the house goes on by itself."""
        assert self.engines
        self._wait(1 / 2)
        self.engines.crash_postgres(gone=0.5)

    def crashed_both(self) -> None:
        """PostgreSQL, and then the house."""
        self.crashed_beneath()
        self.killed_twice()

    def crashed_beside(self) -> None:
        """Redis is killed, and an empty one takes its place."""
        assert self.engines
        self._wait(1 / 2)
        self.engines.crash_redis(gone=0.5)


# With how often the house is started again in each.
FAULTS: tuple[tuple[Callable[[Nemesis], None], int], ...] = (
    (Nemesis.killed_and_paused, 1), (Nemesis.frozen, 0), (Nemesis.cut_off, 0), (Nemesis.stepped, 0),
    (Nemesis.killed_twice, 2), (Nemesis.paused, 0), (Nemesis.killed, 1),
)  # fmt: skip
BENEATH: tuple[tuple[Callable[[Nemesis], None], int], ...] = (
    (Nemesis.crashed_beneath, 0), (Nemesis.crashed_beside, 0), (Nemesis.crashed_both, 2),
)  # fmt: skip
