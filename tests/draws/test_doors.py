import json

import pytest
from django.test import Client

from draws.models import Draw
from proofs import transcript
from tests import cast
from tests.cast import NOON
from tests.make import accounts
from tests.make import draws as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)


def post(draw, body, client=None):
    return (client or Client()).post(
        f"/api/draws/{draw.pk}/statements", json.dumps(body), content_type="application/json"
    )


def test_a_signed_statement_needs_no_session(noon):
    draw = make.draw()

    answer = post(draw, make.Contributor(draw, 1).keys(NOON))

    assert answer.status_code == 200
    assert answer.json()["entry"] == draw.messages.get().seq


@pytest.mark.parametrize("body", [
    {}, {"statement": None}, {"statement": []}, {"statement": {"v": "dk/1"}}, {"statement": {"v": ["dk/1"]}},
    {"statement": {"v": "sub/1"}}, {"keys": 5}, [], "x", 7,
])  # fmt: skip
def test_nonsense_is_refused_in_words(noon, body):
    answer = post(make.draw(), body)

    assert answer.status_code == 422


@pytest.mark.parametrize("extra", [None, "", "AAAA", 5, ["x"], "=" * 128])
def test_keys_that_are_not_those_of_the_statement_are_refused(noon, extra):
    draw = make.draw()
    body = make.Contributor(draw, 1).keys(NOON)
    body["keys"] = extra

    assert post(draw, body).status_code == 422
    assert not draw.messages.exists()


def test_an_unknown_draw_is_not_found(noon):
    draw = make.draw()
    body = make.Contributor(draw, 1).keys(NOON)

    assert post(Draw(pk="P-1/panel/7"), body).status_code == 404
    assert Client().get("/api/draws/P-1/panel/7").status_code == 404
    assert Client().get("/draws/P-1/panel/7/").status_code == 404


def test_too_early_is_a_conflict(noon):
    draw = make.draw()
    people = make.until(draw, "pool", at=NOON)

    answer = post(draw, people[0].commits(NOON))

    assert answer.status_code == 409
    assert answer.json()["reasons"][0]["code"] == "draw.not-the-moment"


def test_anyone_reads_a_draw_and_verifies_it(noon):
    draw = make.settled(make.draw())

    state = Client().get(f"/api/draws/{draw.pk}").json()

    assert state["phase"] == "settled" and state["result"] == draw.result and len(state["statements"]) == 13
    read = transcript.read(state)
    assert transcript.rerun(read).seed.hex() == draw.seed
    keys = {code: {1: accounts.signer(code).key} for code in (*make.CONTRIBUTORS, cast.BUREAU)}
    assert transcript.why_not_authentic(read, keys) == ()
    assert "openings" not in state and draw.openings[0]["number"] not in json.dumps(state)


@pytest.mark.parametrize("actor, status", [
    (cast.SUPERVISOR, 200), (cast.OFFICER, 404), (cast.EXPERT, 404), (cast.PROVIDER, 404), (cast.WITNESS, 404),
    (cast.OPERATOR, 404), (cast.AUDITOR, 404), (cast.STRANGER, 401),
])  # fmt: skip
def test_the_openings_door_is_the_supervision_bodys(noon, actor, status):
    draw = make.draw()

    answer = accounts.client_of(actor).get(f"/api/draws/{draw.pk}/openings")

    assert answer.status_code == status
    assert (draw.openings[0]["number"] in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize("phase", ["keys", "pool", "commits", "deals", "complaints", "reveals", "settled"])
def test_the_page_of_a_draw_is_for_everybody_in_every_phase(noon, phase):
    draw = make.draw()
    make.until(draw, phase, at=NOON)
    draw = make.draw_row(draw)

    for actor in (cast.STRANGER, cast.OFFICER, cast.SUPERVISOR):
        page = accounts.client_of(actor).get(f"/draws/{draw.pk}/")
        text = page.content.decode()
        assert page.status_code == 200
        assert all(row["number"] not in text for row in draw.openings)
        assert ("openssl" in text) == (phase == "settled")
        assert ("data-attest" in text) == (actor is cast.SUPERVISOR and phase in ("keys", "pool"))
        assert ("data-contribute" in text) == (actor is cast.OFFICER and phase != "settled")


def test_the_page_of_a_void_draw_says_why(noon):
    draw = make.draw()
    Draw.objects.filter(pk=draw.pk).update(phase="void", void_reason="参与方未在时限内交齐密钥")

    assert "参与方未在时限内交齐密钥" in Client().get(f"/draws/{draw.pk}/").content.decode()
