"""Protected tips: two bodies and the code read, nothing is kept of who and when, nobody buries anything."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from config.ticks import run
from ledger.models import Entry
from proofs import merkle, tip
from proofs.canonical import b64u
from rulebook import clock
from rulebook.calendar import CHINA
from rulebook.refusal import Refused
from supervision.tips import queries, rules, services
from supervision.tips.models import TipAct, TipDay, TipMessage, TipRecipient, TipThread
from tests import cast
from tests.make import accounts
from tests.make import tips as make

pytestmark = pytest.mark.django_db
NEXT = cast.NOON + cast.DAY
TODAY = cast.NOON.astimezone(CHINA).date()
CODE = tip.code_of(bytes(range(17)))
OTHER = tip.code_of(bytes(range(1, 18)))
OWN = {"TipThread", "TipMessage", "TipAct", "TipDay"}


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tip, "WORK", 6)
    monkeypatch.setattr(clock, "system", lambda: cast.NOON)


def posted(client: Client, path: str, told: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(told), content_type="application/json")


def sent(code: str, text: str, *, seq: int = 1, client: Client | None = None) -> Any:
    told = make.letter(code, make.sealed(code, text, seq=seq), seq=seq)
    told |= {name: b64u(told[name]) for name in ("lookup", "sealed")}
    return posted(client or Client(), "/api/tips/send", told)


def codes(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.reasons[0].code


def test_a_tip_is_read_by_either_body_and_answered_by_its_code_alone() -> None:
    make.standing()
    first = make.tell(CODE, "评标前有人打招呼")
    bodies = [accounts.signer(code) for code in make.BODIES]
    for place, by in enumerate((tip.tipster(CODE), *bodies)):
        told = make.opened(first, by, by.org, place)
        assert told and told["text"] == "评标前有人打招呼" and tip.verify(told, tip.tipster(CODE).key)
    # A third key, another place, another tip, one bit: nothing opens.
    third = accounts.signer(make.THIRD)
    assert not any(make.opened(first, third, whose, n) for n in (1, 2) for whose in (third.org, *make.BODIES))
    assert make.opened(first, bodies[0], bodies[0].org, 2) is None
    bad = bytearray(first.sealed)
    bad[-1] ^= 1
    first.sealed = bytes(bad)
    assert make.opened(first, bodies[1], bodies[1].org, 2) is None and make.opened(first, bodies[0], bodies[0].org, 1)

    answer = make.answer(CODE, "请说明时间", seq=2)
    told = make.opened(answer, tip.tipster(CODE), tip.TIPSTER, 0)
    assert told and tip.verify(told, accounts.signer(cast.BUREAU).key) and not tip.verify(told, tip.tipster(CODE).key)
    other_body = make.opened(
        answer, accounts.signer(make.COMMISSION), make.COMMISSION, make.BODIES.index(make.COMMISSION) + 1
    )
    assert other_body and other_body["text"] == "请说明时间", "the other body sees every answer"
    make.tell(CODE, "上周三下午", seq=3)
    row = TipThread.objects.get()
    got = queries.told(queries.of_code(tip.lookup_of(CODE)), on=TODAY)
    assert [each["side"] for each in got["messages"]] == ["tipster", cast.BUREAU, "tipster"]
    assert {len(each["sealed"]) for each in got["messages"]} == {len(got["messages"][0]["sealed"])}
    assert row.first_body < row.second_body
    with pytest.raises(DatabaseError), transaction.atomic():
        TipThread.objects.create(
            thread="x", first=row.first, second=row.first, first_body=row.first_body, second_body=row.first_body,
            day=TODAY,
        )  # fmt: skip


def idle(code: str, data: bytes) -> int:
    """A number that shows no work."""
    digest = tip.digest_of(tip.thread_of(tip.lookup_of(code)), 1, data)
    return next(n for n in range(9) if not tip.worked(digest, n))


@pytest.mark.embedded
def test_what_is_no_sealed_tip_for_two_bodies_is_refused() -> None:
    make.standing()
    data = make.sealed(CODE, "一")
    good = make.letter(CODE, data) | {"by": cast.STRANGER, "at": cast.NOON}
    wrongs = {
        "tips.malformed": {"sealed": data[:-1]}, "tips.no-work": {"work": idle(CODE, data)},
        "tips.two-bodies": {"to": [cast.BUREAU, cast.BUREAU]},
    }  # fmt: skip
    for code, other in wrongs.items():
        with pytest.raises(Refused) as caught:
            services.send(**good | other)
        assert codes(caught) == code
    with pytest.raises(Refused) as caught:
        services.send(**good | {"to": [cast.BUREAU, make.THIRD]})
    assert codes(caught) == "tips.two-bodies"
    assert not TipThread.objects.exists()

    made = services.send(**good)
    assert services.send(**good) == made, "the very same again is the same"
    with pytest.raises(Refused) as caught:  # and elsewhere, or as another message, it is none
        services.send(**make.letter(CODE, make.sealed(CODE, "二")), by=cast.STRANGER, at=cast.NOON)
    assert codes(caught) == "tips.out-of-turn"
    with pytest.raises(Refused) as caught:
        services.send(**good | {"lookup": tip.lookup_of(OTHER), "work": idle(OTHER, data)})
    assert codes(caught) == "tips.no-work"
    assert TipMessage.objects.count() == 1


@pytest.mark.embedded
def test_who_told_and_when_is_kept_and_logged_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    make.standing()
    caplog.set_level(logging.DEBUG)
    client = accounts.client_of(cast.OFFICER)  # somebody's own session does not reach his tip either
    assert "您现在是登录状态" in client.get("/tips/").content.decode()
    answers = [Client().get(path) for path in ("/tips/", "/tips/read/", "/tips/recipients/")]
    with CaptureQueriesContext(connection) as asked:
        assert sent(CODE, "一", client=client).json() == {"seq": 1, "day": TODAY.isoformat()}
    told = {"lookup": b64u(tip.lookup_of(CODE))}
    answers.append(posted(client, "/api/tips/read", told))
    assert all(answer.status_code == 200 and not answer.cookies for answer in answers)
    assert "no-store" in answers[0]["Cache-Control"]
    assert not [each for each in asked.captured_queries if "session" in each["sql"] or "accounts_user" in each["sql"]]

    fields = {
        field.name: field.get_internal_type() for model in (TipThread, TipMessage) for field in model._meta.fields
    }
    assert "DateTimeField" not in fields.values() and "AutoField" not in str(fields)
    said = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert "127.0.0.1" not in said and told["lookup"] not in said and cast.OFFICER.person not in said
    assert b64u(tip.lookup_of(CODE)) not in str(list(TipThread.objects.values())), "what the house keeps opens no door"


@pytest.mark.embedded
def test_a_wrong_code_is_answered_like_none() -> None:
    make.standing()
    sent(CODE, "一")
    answers, counts = [], []
    for lookup in (b64u(tip.lookup_of(OTHER)), b64u(bytes(32)), "", "###"):
        with CaptureQueriesContext(connection) as asked:
            answers.append(posted(Client(), "/api/tips/read", {"lookup": lookup}))
        counts.append(len(asked))
    assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)} and set(counts) == {counts[0]}


def seen(viewers: dict[str, Client]) -> dict[tuple[str, str], Any]:
    paths = ("/", "/tips/", "/desk/", "/supervision/", "/tips/desk/", "/api/streams/tips/entries")
    told = {}
    for name, client in viewers.items():
        for path in paths:
            answer = client.get(path)
            data = answer.json() if "entries" in path else None
            entries = [{**e, "data": {**e["data"], "root": ""}} for e in data["entries"]] if data else None
            body = entries if data else len(answer.content)
            told[name, path] = (answer.status_code, body, sorted(answer.headers))
    return told


@pytest.mark.embedded
def test_a_world_with_tips_and_one_without_are_alike_for_everybody_else() -> None:
    make.standing()
    accounts.world()
    make.regulator(make.OUTSIDER)
    actors = {"stranger": cast.STRANGER, "officer": cast.OFFICER, "operator": cast.OPERATOR, "other": make.OUTSIDER,
              "auditor": cast.AUDITOR}  # fmt: skip
    viewers = {name: accounts.client_of(actor) for name, actor in actors.items()}
    worlds = []
    for tips in (0, 3):
        with transaction.atomic():
            for n in range(tips):
                make.tell(tip.code_of(bytes([n] * 17)), "一" * (n + 1))
                services.open_held(public_id=make.held(tip.code_of(bytes([n] * 17))), by=cast.SUPERVISOR, at=cast.NOON)
            run("supervision.tips.tasks.close_days", at=NEXT)
            rows = {m._meta.db_table: m._default_manager.count() for m in apps.get_models() if m.__name__ not in OWN}
            rows.pop("accounts_message")  # to the two bodies, once a day
            worlds.append((seen(viewers), rows, [len(str(e.event)) for e in Entry.objects.filter(stream="tips")]))
            assert Message.objects.filter(subject="有密封线索待查看").count() == (2 if tips else 0)
            transaction.set_rollback(True)
        cache.clear()
    assert worlds[0] == worlds[1]


def test_every_day_is_logged_alike_and_a_message_is_proven_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    make.standing(at=cast.NOON - 2 * cast.DAY)
    message = make.tell(CODE, "一")
    assert queries.proof(message) is None
    for at in (NEXT, NEXT + cast.HOUR):
        run("supervision.tips.tasks.close_days", at=at)
    entries = [json.loads(entry.event) for entry in Entry.objects.filter(kind="tips.day").order_by("seq")]
    assert [each["d"]["day"] for each in entries] == [(TODAY + timedelta(days=n)).isoformat() for n in (-2, -1, 0)], (
        "one a day, with or without"
    )
    assert {(each["d"]["size"], len(each["d"]["root"])) for each in entries} == {(tip.LEAVES, 64)}
    proof = queries.proof(message)
    assert proof and proof["root"] == entries[-1]["d"]["root"]
    claim = {"index": proof["index"], "size": tip.LEAVES, "proof": [bytes.fromhex(each) for each in proof["path"]]}
    leaf = tip.leaf_of(bytes.fromhex(proof["nonce"]), bytes.fromhex(message.digest))
    assert merkle.verify_inclusion(leaf=leaf, root=bytes.fromhex(proof["root"]), **claim)
    assert not merkle.verify_inclusion(leaf=leaf, root=bytes.fromhex(entries[0]["d"]["root"]), **claim)
    assert len({TipDay.objects.get(day=each["d"]["day"]).root for each in entries}) == 3


def test_a_body_opens_acknowledges_and_closes_and_the_other_sees_when_it_does_not() -> None:
    make.standing()
    make.tell(CODE, "一")
    held = make.held(CODE)
    path = f"/tips/desk/{held}/"
    make.regulator(make.OUTSIDER)
    accounts.world()
    for nobody in (make.OUTSIDER, cast.OPERATOR, cast.OFFICER, cast.AUDITOR, cast.PROVIDER):
        client = accounts.client_of(nobody)
        assert [client.get(at).status_code for at in ("/tips/desk/", path)] == [404, 404]
        assert client.post(path).status_code == 404
        assert posted(client, f"/api/tips/held/{held}/open", {}).status_code == 404
        said = {"seq": 2, "sealed": "", "outcome": ""}
        assert posted(client, f"/api/tips/held/{held}/say", said).status_code == 404
    assert Client().get(path).status_code == 302 and not TipAct.objects.exists()

    bureau = accounts.client_of(cast.SUPERVISOR)
    assert posted(bureau, f"/api/tips/held/{held}/open", {}).json()["messages"][0]["seq"] == 1
    assert bureau.post(path).status_code == 302 and bureau.post(path).status_code == 409
    make.answer(CODE, "查实，已处理", seq=2, outcome="founded")
    with pytest.raises(Refused) as caught:
        make.answer(CODE, "又一次", seq=3, outcome="unfounded")
    assert codes(caught) == "tips.closed"
    with pytest.raises(Refused) as caught:
        make.answer(CODE, "没有结果", seq=3, by=make.INSPECTOR, outcome="buried")
    assert codes(caught) == "tips.no-outcome"
    make.answer(CODE, "办结后还可以答复", seq=3)
    assert [act.what for act in TipAct.objects.order_by("seq", "what")] == ["acknowledged", "opened", "closed"]

    due = rules.acknowledge_by(TODAY)
    row = TipThread.objects.get()
    for on, late in ((due, False), (due + timedelta(days=1), True)):
        states = {state.body: state for state in queries.states(row, on=on)}
        assert (states[make.COMMISSION].overdue, states[cast.BUREAU].overdue) == (late, False)
    assert states[cast.BUREAU].outcome == "founded" and states[make.COMMISSION].unread
    shown = bureau.get("/tips/desk/").content.decode()
    assert "属实，已处理" in shown and "最迟" in shown


def test_only_a_bodys_own_signed_key_is_entered_and_a_new_generation_takes_its_place() -> None:
    make.standing()
    by = accounts.signer(cast.BUREAU)
    told, key = make.said(by, at=cast.NOON)
    assert services.stand(statement=told, key=key, by=cast.SUPERVISOR, at=cast.NOON) == TipRecipient.objects.get(
        organisation_id=cast.BUREAU
    )
    for code, who, other in (
        ("tips.not-supervisor", cast.OPERATOR, key), ("tips.foreign-key", make.INSPECTOR, key),
        ("tips.wrong-key", cast.SUPERVISOR, b64u(bytes(32))), ("tips.key-malformed", cast.SUPERVISOR, "#"),
    ):  # fmt: skip
        with pytest.raises(Refused) as caught:
            services.stand(statement=told, key=other, by=who, at=cast.NOON)
        assert codes(caught) == code
    assert accounts.client_of(cast.SUPERVISOR).post("/tips/recipients/leave/").status_code == 302
    assert [row.organisation_id for row in queries.standing()] == [make.COMMISSION]
    with pytest.raises(Refused) as caught:
        make.tell(CODE, "一")
    assert codes(caught) == "tips.two-bodies"
    services.stand(statement=told, key=key, by=cast.SUPERVISOR, at=cast.NOON)
    assert len(Entry.objects.filter(kind="tips.recipient")) == 4
    assert len(Client().get("/api/tips/recipients").json()) == 2


@pytest.mark.embedded
def test_a_flood_is_met_by_a_budget_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    make.standing()
    monkeypatch.setattr(rules, "FROM_OUTSIDE", 1)
    assert sent(CODE, "一").status_code == 200
    assert sent(OTHER, "二").json()["reasons"][0]["code"] == "tips.busy-day"
    make.answer(CODE, "答复不受影响", seq=2)
    key = f"tips:send:{int(cast.NOON.timestamp()) // 60}"
    cache.set(key, rules.SENT_A_MINUTE)
    assert sent(CODE, "三", seq=3).json()["reasons"][0]["code"] == "tips.busy"


def test_a_budget_that_cannot_be_counted_keeps_no_tip_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*key: object, **told: object) -> None:
        raise ValueError("down")

    make.standing()
    monkeypatch.setattr(cache, "incr", down)
    assert sent(CODE, "一").status_code == 200


@pytest.mark.embedded
def test_a_code_misread_is_noticed_and_forgiven_its_spaces() -> None:
    assert tip.secret_of(" ".join((CODE[:16].lower(), CODE[16:]))) == bytes(range(17))
    for wrong in (CODE[:-1], CODE[:-1] + "A", "1" * 32):
        with pytest.raises(ValueError):
            tip.secret_of(wrong)
    with pytest.raises(ValueError):
        make.sealed(CODE, "一" * 6_000)
