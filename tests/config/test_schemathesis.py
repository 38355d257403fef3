"""What is made up from the API's own schema, sent as everybody there is: no bug, and every answer as the schema says.

Each case is made once and sent by every role, and what an answer has changed is undone before the next: all of them
meet the same world. Long campaigns are cut into slices, which are always the same and need not be run in one go:
`SCHEMATHESIS_EXAMPLES=50 SCHEMATHESIS_SLICE=3 python -m tests --sqlite tests/config/test_schemathesis.py` sends as many
to each operation, a quarter of them not as the schema says; `SCHEMATHESIS_ROLES=officer,expert` sends as those alone.
How many were sent stands in `$SCHEMATHESIS_TOLD`, a line for each slice and role.
"""

import contextlib
import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.wsgi import WSGI_TRANSPORT
from werkzeug.test import Client

from config.wsgi import application
from rulebook import clock
from tests import cast
from tests.make import accounts, choices, performance
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "1"))
SLICE = int(os.environ.get("SCHEMATHESIS_SLICE", "0"))
TOLD = os.environ.get("SCHEMATHESIS_TOLD", "")
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
ROLES = {
    "stranger": None, "officer": cast.OFFICER, "bidder": cast.PROVIDER, "expert": cast.EXPERT,
    "supervisor": cast.SUPERVISOR, "witness": cast.WITNESS, "holder": cast.HOLDER, "operator": cast.OPERATOR,
    "auditor": cast.AUDITOR,
}  # fmt: skip
ASKED = os.environ.get("SCHEMATHESIS_ROLES", ",".join(ROLES)).split(",")
SIGNED = "T-2026-090"
TOKEN = "t" * 32
MOST = 40  # faults told of: one mistake is found many times


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A tender that takes bids, a contract under way, a purchase that is chosen by lot."""
    make.open_tender()
    performance.agreed(number=SIGNED)
    chosen = choices.open_choice()
    monkeypatch.setattr(connection, "close", lambda: None)  # as it would after every request: here all share one
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)
    monkeypatch.setattr(logging.root.manager, "disable", logging.ERROR)  # a line of each refusal costs more than it
    return [NUMBER, SIGNED, chosen.number]


def headers(role: str) -> dict[str, str]:
    actor = ROLES[role]
    if actor is None:
        return {}
    session = accounts.client_of(actor).cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Origin": "http://localhost"}


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """What is written in the block, and counted against whoever asks, is as if it had not been."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ways() -> dict[GenerationMode, int]:
    """How many as the schema says, and how many as it does not."""
    against = EXAMPLES // 4
    return {GenerationMode.POSITIVE: EXAMPLES - against} | ({GenerationMode.NEGATIVE: against} if against else {})


@pytest.mark.timeout(7200)
def test_whatever_is_sent_is_answered_as_the_schema_says(numbers: list[str]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    sent: Counter[str] = Counter()
    statuses: Counter[tuple[str, int]] = Counter()
    wrong = []
    people = {role: headers(role) for role in ASKED}
    browser = Client(application, use_cookies=False)
    operations = [found.ok() for found in schema.get_all_operations()]

    def play(operation: Any, way: GenerationMode, some: list[str]) -> None:
        @seed(SLICE * 100_003 + sum(map(ord, operation.label)) + (way is GenerationMode.NEGATIVE))
        @settings(
            max_examples=ways()[way], database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=way), number=st.sampled_from(numbers))
        def send(case: Any, number: str) -> None:
            if "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = number
            made = None
            for role in some:
                if made is None or "multipart" in (case.media_type or ""):  # a file is read once
                    made = WSGI_TRANSPORT.serialize_case(case)
                with undone():
                    answer = browser.open(**made | {"headers": {**made["headers"], **people[role]}})
                sent[role] += 1
                statuses[role, answer.status_code] += 1
                try:
                    case.validate_response(answer, checks=CHECKS)
                except (AssertionError, FailureGroup) as fault:
                    said = [str(one) for one in getattr(fault, "exceptions", [fault])]
                    wrong.append((operation.label, role, answer.status_code, said, case.as_curl_command()))

        with contextlib.suppress(Unsatisfiable):  # nothing can be said against the schema where it asks for nothing
            send()

    for turn, (operation, way) in enumerate((each, way) for each in operations for way in ways()):
        # A single example goes to five of them, others for each operation.
        play(operation, way, ASKED if EXAMPLES > 1 else [ASKED[(turn + 2 * n) % len(ASKED)] for n in range(5)])

    if TOLD:
        with Path(TOLD).open("a") as out:
            for role, count in sent.items():
                answered = {status: statuses[one, status] for one, status in sorted(statuses) if one == role}
                out.write(f"{SLICE} {role} {count} {answered} {len(wrong)} wrong\n")
    assert wrong[:MOST] == []
    there = sum(count for (_, status), count in statuses.items() if status != 404)
    assert sum(sent.values()) >= 5 * len(operations) and there > sum(sent.values()) / 3
