"""What a member of the public sees of a stream, live, kept so that a story can wait for it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from websockets.exceptions import WebSocketException

from rehearsal.client import Client, Refusal


class Silence(Exception):
    """What the story waits for did not come."""


class Watch:
    """Tails a public stream over the websocket in the background, reconnecting with its cursor."""

    def __init__(self, base: str, stream: str, after: int = 0) -> None:
        self.stream = stream
        self.entries: list[dict[str, Any]] = []
        self._client = Client(base)
        self._news = threading.Condition()
        self._after = after
        self._stopped = False
        threading.Thread(target=self._follow, daemon=True).start()

    def wait(
        self, kind: str, that: Callable[[dict[str, Any]], bool] = lambda data: True, *, seconds: float = 90.0,
        count: int = 1,
    ) -> dict[str, Any]:  # fmt: skip
        """The data of the entry of a kind that fits (the last of `count`). Silence when it does not come in time."""
        with self._news:
            if not self._news.wait_for(lambda: len(self._found(kind, that)) >= count, seconds):
                seen = [entry["kind"] for entry in self.entries][-8:]
                raise Silence(f"{self.stream}: no {kind} in {seconds:.0f} s; last came {seen}")
            return dict(self._found(kind, that)[count - 1])

    def all(self, kind: str) -> list[dict[str, Any]]:
        """The data of every entry of a kind so far."""
        with self._news:
            return self._found(kind, lambda data: True)

    def read_room(self, party: Client, path: str) -> None:
        """From here on read as well what a party alone may read, behind closed doors, in the order it happened."""
        threading.Thread(target=self._read_room, args=(party, path), daemon=True).start()

    def _read_room(self, party: Client, path: str) -> None:
        seen = 0
        while not self._stopped:
            try:
                told = [entry for entry in party.json(path)["entries"] if entry.get("room")]
            except (OSError, Refusal):
                told = []
            with self._news:
                self.entries += told[seen:]
                seen = max(seen, len(told))
                self._news.notify_all()
            time.sleep(1)

    def stop(self) -> None:
        self._stopped = True

    def _found(self, kind: str, that: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        return [entry["data"] for entry in self.entries if entry["kind"] == kind and that(entry["data"])]

    def _follow(self) -> None:
        while not self._stopped:
            try:
                for entry in self._client.tail(self.stream, self._after, timeout=300.0):
                    self._take(entry)
                    if self._stopped:
                        return
            except (OSError, WebSocketException):
                # A tail that breaks is taken up again where it stopped: late join, lost frame and reconnect are one.
                if not self._stopped:
                    time.sleep(0.5)

    def _take(self, entry: dict[str, Any]) -> None:
        with self._news:
            if entry["seq"] != self._after + 1:
                raise Silence(f"{self.stream}: {entry['seq']} came after {self._after}")
            self._after = entry["seq"]
            self.entries.append(entry)
            self._news.notify_all()
