"""The boundary to what carries a message out of the house: one interface, an adapter for each way.

An adapter gets a handle of the person, never a telephone number: whoever runs the gateway keeps the numbers, and so
knows whom it calls. It gets no project, no name and no stratum, so that it cannot tell what somebody is called for.
"""

import json
import logging
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

log = logging.getLogger(__name__)
PATIENCE = 5  # seconds a gateway has to take a message


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows nobody who points elsewhere: what was asked would arrive where nobody configured it."""

    def redirect_request(self, *_: Any) -> None:
        return None


straight = urllib.request.build_opener(_Straight)


class Undelivered(Exception):
    """The gateway did not take it; another try may help."""


@dataclass(frozen=True)
class Outgoing:
    """One message. reference: the same on every try, so that a gateway sends nothing twice.  to: a person's handle.

    about: what may be written down in place of the words.
    """

    reference: str
    channel: str
    to: str
    words: str
    about: str = ""


class Gateway(Protocol):
    """What an adapter does."""

    def send(self, message: Outgoing) -> bool:
        """Hand a message over. True when it has arrived, False when the gateway will say so later.

        Raises Undelivered.
        """
        ...


class Console:
    """The demo's: the message goes to the process's log, without the person it is for."""

    def send(self, message: Outgoing) -> bool:
        """Write it down; it arrives at once."""
        log.info("gateway %s %s: %s", message.channel, message.reference[:8], message.about or message.words)
        return True


class Remote:
    """A gateway elsewhere: one POST of JSON; 2xx means that it has the message."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def send(self, message: Outgoing) -> bool:
        """Hand it over."""
        told = {name: value for name, value in asdict(message).items() if name != "about"}
        asked = urllib.request.Request(
            self.url, json.dumps(told).encode(), method="POST",
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )  # fmt: skip
        try:
            with straight.open(asked, timeout=PATIENCE):
                return False
        except (urllib.error.URLError, OSError) as wrong:
            raise Undelivered(type(wrong).__name__) from wrong


def gateway(channel: str, urls: Mapping[str, str], token: str) -> Gateway:
    """The adapter of a way: an address, or nothing for the demo's console."""
    return Remote(urls[channel], token) if urls.get(channel) else Console()
