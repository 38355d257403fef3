"""What is made up from the API's own schema, sent as five roles: no bug, and every answer as the schema says.

`SCHEMATHESIS_EXAMPLES=50 python -m tests --sqlite tests/config/test_schemathesis.py` sends as many to each operation.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.db import connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from rulebook import clock
from tests import cast
from tests.make import accounts, choices, performance
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "1"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
ROLES = {
    "stranger": None, "officer": cast.OFFICER, "provider": cast.PROVIDER, "supervisor": cast.SUPERVISOR,
    "holder": cast.HOLDER,
}  # fmt: skip
SIGNED = "T-2026-090"
TOKEN = "t" * 32


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A tender that takes bids, a contract under way, a purchase that is chosen by lot."""
    make.open_tender()
    performance.agreed(number=SIGNED)
    chosen = choices.open_choice()
    monkeypatch.setattr(connection, "close", lambda: None)  # as it would after every request: here all share one
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: cast.NOON - cast.HOUR)
    return [NUMBER, SIGNED, chosen.number]


def headers(role: str) -> dict[str, str]:
    actor = ROLES[role]
    if actor is None:
        return {}
    session = accounts.client_of(actor).cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Origin": "http://localhost"}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_sent_is_answered_as_the_schema_says(role: str, numbers: list[str]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    sent, known = 0, 0
    signed = headers(role)

    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(sum(map(ord, role + operation.label)))
        @settings(
            max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(), number=st.sampled_from(numbers))
        def send(case: Any, number: str) -> None:
            nonlocal sent, known
            if "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = number
            answer = case.call_and_validate(headers=signed, checks=CHECKS)
            sent, known = sent + 1, known + (answer.status_code != 404)

        send()

    assert sent >= 90 * EXAMPLES and known > sent / 3
