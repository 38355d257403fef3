"""The notifier of a test process: the real server on a real socket, started once, with a database in memory."""

import re
from functools import cache

from django.conf import settings

from accounts.rules import masked_phone
from experts.panels.models import LeftOut, Seat
from experts.registry.models import Expert
from notifier import client
from notifier.server import Notifier, Server
from notifier.store import Store

TOKEN = "the-token-of-the-tests"  # noqa: S105


@cache
def running() -> Notifier:
    """The one of this process; the site is told where it is."""
    notifier = Notifier(Store(":memory:"), TOKEN)
    settings.NOTIFIER = Server(notifier).start().url
    settings.NOTIFIER_TOKEN.parent.mkdir(parents=True, exist_ok=True)
    settings.NOTIFIER_TOKEN.write_text(TOKEN)
    return notifier


def last_words(number: str) -> str:
    """The newest message that went to a number, as the demo's telephone shows it."""
    phone = masked_phone(number)
    return next(str(row["words"]) for row in running().store.last_sent(60) if row["number"] == phone)


def code_for(number: str) -> str:
    """The code that went to a telephone."""
    return re.search(r"验证码 (\d{6})", last_words(number))[1]  # type: ignore[index]


def expert_of(seat: Seat) -> Expert:
    """Who sits there, as only the notifier knows."""
    return Expert.objects.select_related("user").get(user__public_id=_person(seat.cid))


def left_out() -> dict[str, str]:
    """Register number → why not on a list, as only the notifier can tell."""
    store = running().store
    return {store.rows([row["cid"]])[0]["number"]: row["code"] for kept in LeftOut.objects.all() for row in kept.rows}


@cache
def _person(cid: str) -> str:
    people = [str(person) for person in Expert.objects.order_by("pk").values_list("user__public_id", flat=True)]
    ((person, _),) = client.whose(people, [cid])
    return person
