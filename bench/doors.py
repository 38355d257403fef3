"""Whether the time of an answer tells who has an account: run inside a house of its own, by `bench.house.doors`.

Prints, for each door, the chance that a known name's answer took longer than an unknown one's: a half tells nothing.
"""

import json
import os
import sys
import time
from collections.abc import Mapping

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Organisation, User  # noqa: E402
from accounts.rules import Kind  # noqa: E402
from rulebook.credit_code import check_character  # noqa: E402

TURNS, UNMEASURED = 40, 4
WORD = "correct horse battery staple"
Form = Mapping[str, str]


def told(turn: int, *, known: bool) -> dict[str, Form]:
    """What is typed at each door: names, numbers and codes of one shape, of an account that is there or of none."""
    phone, code = f"13{int(known)}{turn:08d}", code_of(turn, known=known)
    house = {"code": code, "firm": "甲乙丙有限公司", "name": "王小明", "phone": f"15{int(known)}{turn:08d}"}
    return {
        "/accounts/login/": {"username": phone, "password": "wrong"},
        "/accounts/lost/": {"username": phone, "code": "0" * 20, "fresh": WORD},
        "/accounts/sign-up/": {"name": "王小明", "phone": phone, "password": WORD},
        "/enter/provider/": {**house, "password": WORD, "promised": "on", "agreed": "on"},
    }


def code_of(turn: int, *, known: bool) -> str:
    """A credit code that is well formed and belongs to nobody."""
    head = f"91152900MB{int(known)}{turn:06d}"
    return head + check_character(head)


def taken(door: str, form: Form, source: str) -> float:
    """Seconds one answer takes, to somebody who comes from a network of his own."""
    client = Client(REMOTE_ADDR=source)
    start = time.perf_counter()
    client.post(door, form)
    return time.perf_counter() - start


def longer(known: list[float], unknown: list[float]) -> float:
    """The share of pairs in which the known one took longer (the area under the curve of who guesses by time)."""
    pairs = [(a > b) + (a == b) / 2 for a in known for b in unknown]
    return sum(pairs) / len(pairs)


def main() -> None:
    """Known and unknown in turn, the order changing, so that a busy machine is busy for both."""
    hashed = make_password(WORD)
    for turn in range(TURNS + UNMEASURED):
        house = Organisation.objects.create(code=code_of(turn, known=True), name=f"{turn}号公司", kind=Kind.PROVIDER)
        User.objects.create(
            username=f"131{turn:08d}", name="王小明", password=hashed, role="provider", organisation=house
        )
    found = {}
    for place, door in enumerate(told(0, known=True)):
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(TURNS + UNMEASURED):
            for known in sorted(times, reverse=bool(turn % 2)):
                spent = taken(door, told(turn, known=known)[door], f"10.{place}{int(known)}.{turn}.1")
                if turn >= UNMEASURED:
                    times[known].append(spent)
        found[door.strip("/").replace("accounts/", "").partition("/")[0]] = longer(times[True], times[False])
    json.dump({"ratios": found, "floor": TURNS}, sys.stdout)


if __name__ == "__main__":
    main()
