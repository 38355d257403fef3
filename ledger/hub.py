"""One reader per stream and process: news is read once and encoded once, however many watch.

A viewer has a cursor and nothing else. Late join, lost nudge and reconnect are the same case: he is given what comes
after his cursor, from the frames kept here or, further back, from the database.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from ledger import lines, nudges, queries

log = logging.getLogger(__name__)

POLL = 3.0  # seconds between looks when no nudge comes
KEPT = 2000  # newest frames of a stream kept in memory
PACK = 64 * 1024  # characters of frames, one a line, that go out as one message to who has to catch up
THREADS = 8
AT_A_STRETCH = 500  # viewers told before others have their turn
APART = 0.08  # seconds between two rounds of telling: what comes faster goes out together, in one message
T = TypeVar("T")
Message = dict[str, Any]
Frame = tuple[int, Message]  # its number, and the message as a server sends it, the same to everyone
Send = Callable[[Message], Coroutine[Any, Any, None]]

# Of its own and bounded: a storm of joiners must not queue behind one thread, nor open a connection each.
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="ledger")


async def in_pool(work: Callable[[], T]) -> T:
    """Run database work off the event loop, in the bounded pool."""

    def tidy() -> T:
        close_old_connections()
        try:
            return work()
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool, tidy)


def frames_after(stream: str, after: int) -> list[Frame]:
    """The next page of a stream's frames, from the database."""
    found = queries.entries_after(stream, after)
    return [(entry.seq, {"type": "websocket.send", "text": lines.frame(entry)}) for entry in found]


def packed(frames: list[Frame]) -> list[Frame]:
    """The same frames, several in one message and one a line: to send a hundred costs a hundred times one."""
    packs: list[Frame] = []
    start = size = 0
    for place, (_, message) in enumerate(frames):
        size += len(message["text"])
        if size > PACK and place > start:
            packs.append(_pack(frames[start:place]))
            start, size = place, len(message["text"])
    return [*packs, _pack(frames[start:])] if frames else []


def _pack(frames: list[Frame]) -> Frame:
    text = "\n".join(message["text"] for _, message in frames)
    return frames[-1][0], {"type": "websocket.send", "text": text}


class RoomClosed(Exception):
    """The reader of a room has died of a bug: its viewers must be sent away, not left waiting."""


class Viewer:
    """One socket's place in a room. While it keeps up the room hands it what is new; else it catches up by itself."""

    def __init__(self, room: "Room", send: Send, cursor: int) -> None:
        self.room, self.send, self.cursor = room, send, cursor
        self.stuck: asyncio.Future[Awaitable[None]] | None = None

    async def follow(self) -> None:
        """Give it everything after its cursor, for as long as it stays. RoomClosed when nothing more will come."""
        await self.room.ready.wait()
        while True:
            try:
                while found := await self.room.after(self.cursor):
                    for seq, message in found:
                        await self.send(message)
                        self.cursor = seq
            except DatabaseError as error:
                log.warning("tail of %s: %s", self.room.stream, error)
                await asyncio.sleep(1)
                continue
            # Nothing is awaited from the last look to here, so nothing can be missed.
            self.stuck = asyncio.get_running_loop().create_future()
            self.room.keeping_up.add(self)
            try:
                rest = await self.stuck
            finally:
                self.room.keeping_up.discard(self)
            await rest

    def hand(self, frames: list[Frame] | None) -> None:
        """Give it frames in the room's own turn: waking a task for each of thousands costs more than sending.

        None: what comes next for it is no longer kept, so it catches up by itself.
        """
        assert self.stuck is not None
        if self.stuck.done():
            return
        if frames is None:
            self.stuck.set_result(asyncio.sleep(0))
            return
        for seq, message in frames:
            sending = self.send(message)
            self.cursor = seq
            try:
                waited = sending.send(None)
            except StopIteration:
                continue
            except (OSError, RuntimeError) as error:
                # The socket is gone or was closed on our side, and its own task hears of it.
                self.stuck.set_exception(error)
                return
            # Its line is full: the rest is for its own task to wait for.
            self.stuck.set_result(_Rest(sending, waited))
            return


class _Rest(Awaitable[None]):
    """What is left of a coroutine that has begun: first what it waits for, then itself."""

    def __init__(self, begun: Coroutine[Any, Any, None], waited: Any) -> None:
        self._begun, self._waited = begun, waited

    def __await__(self) -> Generator[Any, Any, None]:
        yield self._waited
        yield from self._begun.__await__()


class Room:
    """The newest frames of one stream, and the viewers who have them all."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.viewers = 0
        self.base = 0  # frames with a number above this are kept here
        self.frames: list[Frame] = []
        self.story: list[Frame] | None = None  # all of it packed, for those who come new
        self.dirty = asyncio.Event()
        self.ready = asyncio.Event()
        self.keeping_up: set[Viewer] = set()
        self.broken = False

    @property
    def last(self) -> int:
        """The number of the newest frame."""
        return self.frames[-1][0] if self.frames else self.base

    async def follow(self) -> None:
        """Read what is new, tell the viewers, wait for a nudge or a while; until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self.dirty.clear()
            began = loop.time()
            try:
                await self.look()
            except DatabaseError as error:  # the engine is down: viewers keep their place and are told later
                log.warning("stream %s: %s", self.stream, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.dirty.wait(), POLL)
            await asyncio.sleep(began + APART - loop.time())  # nothing where the last news is that old

    async def look(self) -> None:
        """Read once what came after the newest frame."""
        if not self.ready.is_set():
            newest = await in_pool(lambda: queries.last_seq(self.stream))
            self.base = max(0, newest - KEPT)
        while found := await in_pool(lambda: frames_after(self.stream, self.last)):
            self.frames += found
            self.story = None
            self._trim()
            await self._tell()
        self.ready.set()

    def _trim(self) -> None:
        if len(self.frames) > KEPT:
            extra = len(self.frames) - KEPT
            self.base = self.frames[extra - 1][0]
            del self.frames[:extra]

    async def _tell(self) -> None:
        packs: dict[int, list[Frame]] = {}  # by cursor: nearly everybody has the same
        for number, viewer in enumerate(tuple(self.keeping_up), start=1):
            if viewer in self.keeping_up:
                if viewer.cursor >= self.base and viewer.cursor not in packs:
                    packs[viewer.cursor] = packed(self._kept(viewer.cursor))
                viewer.hand(packs.get(viewer.cursor))
            if number % AT_A_STRETCH == 0:
                await asyncio.sleep(0)

    def ended(self, task: "asyncio.Task[None]") -> None:
        """The reader has ended: cancelled after the last viewer left, or by a bug."""
        if task.cancelled() or task.exception() is None:
            return
        log.error("the reader of stream %s failed", self.stream, exc_info=task.exception())
        self.broken = True
        self.ready.set()
        for viewer in self.keeping_up:
            if viewer.stuck and not viewer.stuck.done():
                viewer.stuck.set_exception(RoomClosed(self.stream))

    async def after(self, cursor: int) -> list[Frame]:
        """What follows a cursor, packed; empty for who has everything. RoomClosed when nothing will."""
        if self.broken:
            raise RoomClosed(self.stream)
        if cursor < self.base:
            return packed(await in_pool(lambda: frames_after(self.stream, cursor)))
        if cursor:
            return packed(self._kept(cursor))
        if self.story is None:
            self.story = packed(self.frames)
        return self.story

    def _kept(self, cursor: int) -> list[Frame]:
        # Numbers have no gaps, so the place is the distance; never before the first that is kept.
        return self.frames[max(0, cursor - self.base) :]


class Hub:
    """The rooms of one event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[str, Room] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ear: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def watching(self, stream: str, send: Send, cursor: int) -> AsyncIterator[Viewer]:
        """Be a viewer of a stream from a cursor on; its room is closed after its last viewer."""
        room = self._enter(stream)
        try:
            yield Viewer(room, send, cursor)
        finally:
            self._leave(room)

    def _enter(self, stream: str) -> Room:
        if not self.rooms:
            nudges.listen(self.hear)
            if settings.REDIS_URL:
                self.ear = asyncio.ensure_future(self._hear_redis())
        room = self.rooms.get(stream)
        if room is None:
            room = self.rooms[stream] = Room(stream)
            self.tasks[stream] = asyncio.ensure_future(room.follow())
            self.tasks[stream].add_done_callback(room.ended)
        room.viewers += 1
        return room

    def _leave(self, room: Room) -> None:
        room.viewers -= 1
        if room.viewers:
            return
        self.tasks.pop(room.stream).cancel()
        del self.rooms[room.stream]
        if not self.rooms:
            nudges.leave(self.hear)
            if self.ear is not None:
                self.ear.cancel()

    def hear(self, stream: str) -> None:
        """A nudge, from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has just closed: nobody is left to tell
            self.loop.call_soon_threadsafe(self._look_again, stream)

    def _look_again(self, stream: str) -> None:
        if room := self.rooms.get(stream):
            room.dirty.set()

    async def _hear_redis(self) -> None:
        from redis import RedisError
        from redis import asyncio as aioredis

        while True:
            # No socket timeout: a quiet subscription is not a dead one.
            client = aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, health_check_interval=15)
            try:
                async with client, client.pubsub() as subscription:
                    await subscription.subscribe(nudges.CHANNEL)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._look_again(message["data"].decode())
            except (RedisError, OSError) as error:
                log.warning("no nudges from redis: %s", error)
            await asyncio.sleep(POLL)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for closed in [other for other in _hubs if other.is_closed()]:
            del _hubs[closed]
        _hubs[loop] = Hub()
    return _hubs[loop]


def viewers() -> int:
    """How many sockets watch anything in this process; from any thread."""
    return sum(room.viewers for each in tuple(_hubs.values()) for room in tuple(each.rooms.values()))
