"""Where weaknesses are told. Spec: RFC 9116."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.test import override_settings
from pydantic import ValidationError

from config.env import Env
from rulebook import clock

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
HERE = "/.well-known/security.txt"


def test_whoever_found_something_learns_whom_to_tell(client):
    assert client.get(HERE).status_code == 404  # nobody was named
    with override_settings(
        SECURITY_CONTACT=["mailto:security@market.example.cn", "https://market.example.cn/tell"],
        SECURITY_POLICY="https://market.example.cn/policy", SITE="https://market.example.cn",
    ):  # fmt: skip
        answer = client.get(HERE)

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    assert [value for name, value in told if name == "Contact"][0] == "mailto:security@market.example.cn"
    (until,) = (datetime.fromisoformat(value) for name, value in told if name == "Expires")
    assert timedelta(days=30) < until - clock.now() < timedelta(days=365)
    said = dict(told)
    assert said["Canonical"] == f"https://market.example.cn{HERE}" and said["Policy"].endswith("/policy")
    assert re.fullmatch(r"[a-z, ]+", said["Preferred-Languages"])
    assert client.post(HERE).status_code == 405


@pytest.mark.parametrize(
    "wrong", ["security@market.example.cn", "http://market.example.cn", "mailto:a@b\nExpires: 2099"]
)
def test_an_address_that_is_none_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("MINGBIAO_SECURITY_CONTACT", json.dumps([wrong]))
    with pytest.raises(ValidationError):
        Env()
