"""Invitations on several ways: what they say, when they go, how often, and what a gateway says of them."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from accounts.models import Message
from experts.panels import calls, services
from experts.panels.tasks import carry_out_calls
from experts.panels.ways import WAYS, Channel, due, next_try, words
from ledger.models import Entry
from notifier import gateways
from tests import cast
from tests.cast import HOUR, NOON
from tests.make import accounts, notifier
from tests.make import experts as make

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_the_words_are_time_and_place_and_until_when():
    said = words(starts="2026-11-25 09:00", venue="三楼评标室", answer_by="2026-11-24 14:00")
    assert "2026-11-25 09:00" in said and "三楼评标室" in said and "2026-11-24 14:00" in said
    assert "评审小组到齐后" in words(starts="", venue="", answer_by="x") and "网上评审" in words(
        starts="", venue="", answer_by="x"
    )


def test_the_telephone_rings_after_a_quarter_and_every_way_is_given_up_some_day():
    assert due(Channel.SMS, invited_at=NOON, answer_by=NOON + HOUR) == NOON
    assert due(Channel.VOICE, invited_at=NOON, answer_by=NOON + HOUR) == NOON + HOUR / 4
    for channel, way in WAYS.items():
        assert next_try(channel, tries=way.tries, at=NOON) is None
    assert next_try(Channel.SMS, tries=1, at=NOON) == NOON + 30 * SECOND


class Tower:
    """A gateway that writes down what it is given, and takes nothing while it is down."""

    def __init__(self):
        self.given, self.down = [], False

    def send(self, message):
        self.given.append(message)
        if self.down:
            raise gateways.Undelivered("Tower")
        return message.channel == "voice"


@pytest.fixture
def tower(monkeypatch):
    made = Tower()
    monkeypatch.setattr(notifier.running(), "gateway", lambda channel: made)
    return made


def states(seat):
    return dict(seat.calls.values_list("channel", "state"))


def test_an_invitation_goes_by_message_at_once_and_by_telephone_to_who_is_silent(tower, settings):
    make.register()
    panel = make.drawn_panel(make.called_panel(number="P-777", venue="三楼"))
    first, *others = make.invited(panel)
    assert states(first) == {"inbox": "delivered", "sms": "waiting", "voice": "waiting"}

    carry_out_calls(by=cast.SYSTEM, at=NOON)
    make.answers(first)
    carry_out_calls(by=cast.SYSTEM, at=NOON + make.ANSWER_WITHIN / 2)
    carry_out_calls(by=cast.SYSTEM, at=NOON + make.ANSWER_WITHIN / 2)

    assert states(first) == {"inbox": "delivered", "sms": "sent", "voice": "dropped"}
    assert states(others[0]) == {"inbox": "delivered", "sms": "sent", "voice": "delivered"}
    assert (len(tower.given), len({m.reference for m in tower.given})) == (9, 9)
    everything, person = " ".join(str(m) for m in tower.given), notifier.expert_of(first)
    for told in ("P-777", "信息技术", person.number, person.employer_name, person.user.name, first.cid):
        assert told not in everything
    assert "三楼" in everything
    assert not Entry.objects.filter(kind__contains="call").exists() and not Message.objects.exists()

    settings.GATEWAY_TOKEN = "long-enough"
    sms = first.calls.get(channel="sms")
    report = {"reference": sms.reference, "arrived": False, "fault": "switched off"}
    client = accounts.client_of(cast.STRANGER)

    def said(token, **more):
        return client.post("/api/gateways/reports", json.dumps({**report, **more}), content_type="application/json",
                           headers={"Authorization": f"Bearer {token}"}).status_code  # fmt: skip

    assert (said("wrong"), said("long-enough", reference="nobody's"), said("long-enough"), said("long-enough")) == (
        404, 404, 200, 409,
    )  # fmt: skip
    sms.refresh_from_db()
    assert (sms.state, sms.fault) == ("failed", "switched off")
    settings.GATEWAY_TOKEN = ""
    assert said("") == 404


@pytest.mark.embedded
def test_a_gateway_that_is_down_is_tried_again_with_the_same_reference_and_given_up(tower):
    make.register()
    seat = make.invited(make.drawn_panel(make.called_panel()))[0]
    tower.down = True
    sms = seat.calls.get(channel="sms")

    for n in range(6):
        calls.carry_out(call=sms.pk, by=cast.SYSTEM, at=NOON + n * 20 * SECOND)

    sms.refresh_from_db()
    assert (sms.state, sms.tries, sms.fault) == ("failed", 3, "Tower")
    assert [m.reference for m in tower.given] == [sms.reference] * 3


def test_who_takes_his_acceptance_back_is_followed_by_the_next_standby_and_it_is_logged_as_that():
    make.register()
    panel = make.drawn_panel(make.called_panel())
    gone = make.answers(make.invited(panel)[0])
    client = accounts.client_of(make.person_of(gone))

    client.post(f"/experts/invitations/{gone.public_id}/cancel/", {"reason": "突发急病"})

    gone.refresh_from_db()
    assert (gone.state, gone.why) == ("recused", "突发急病")
    (told,) = [json.loads(e.event)["d"] for e in Entry.objects.filter(kind="evaluation.replaced")]
    assert (told["out"], told["reason"]) == (gone.cid, "cancelled") and told["in"]
    assert services.queries.confirmed(panel) == 0
    assert client.post(f"/experts/invitations/{gone.public_id}/cancel/", {"reason": "x"}).status_code == 409


class Elsewhere(BaseHTTPRequestHandler):
    """A gateway elsewhere: it takes what shows the token."""

    taken: ClassVar[list] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.headers["Authorization"] == "Bearer t"
        self.send_response(202 if known else 403)
        self.end_headers()
        self.taken.extend([body] if known else [])

    def log_message(self, *_):
        pass


def test_a_gateway_elsewhere_gets_one_post_and_one_that_refuses_or_is_away_is_undelivered():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    told = gateways.Outgoing("ref", "sms", "handle", "words")
    try:
        assert gateways.Remote(url, "t").send(told) is False
        with pytest.raises(gateways.Undelivered):
            gateways.Remote(url, "wrong").send(told)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(gateways.Undelivered):
        gateways.Remote(url, "t").send(told)
    assert Elsewhere.taken == [{"reference": "ref", "channel": "sms", "to": "handle", "words": "words"}]
    assert isinstance(gateways.gateway("sms", {}, ""), gateways.Console) and gateways.Console().send(told)
