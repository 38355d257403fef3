"""Between host and bidders: messages nobody else reads, identities, confirmed prices, and the list before the end."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bidding.opening import rules, services, talk, talking
from bidding.opening.models import HallMessage, PriceCheck
from bidding.opening.rules import Act, Facts
from ledger.models import Entry
from proofs import canonical, commitment
from rulebook import clock
from rulebook.refusal import Refused
from tests.cast import (
    BUYER,
    CENTRE,
    FOURTH,
    HETAO,
    MINUTE,
    NOON,
    OFFICER,
    OTHER_OFFICER,
    PROVIDER,
    RIVAL,
    SUPERVISOR,
    WITNESS,
    YINSHAN,
)
from tests.make import accounts
from tests.make import bidding_offers as make
from tests.make.market import NUMBER

pytestmark = pytest.mark.embedded

LATER = NOON + 2 * MINUTE
READ = NOON + 4 * MINUTE
HALL = f"/projects/{NUMBER}/hall/"
TURN = Facts(act=Act.BIDDERS, hosts=frozenset({BUYER}), bidders=frozenset({HETAO, YINSHAN}))


def told(kind: str) -> list[dict[str, Any]]:
    found = Entry.objects.filter(stream=f"project/{NUMBER}", kind=kind).order_by("seq")
    return [canonical.parse(entry.event.encode())["d"] for entry in found]


def codes(reasons: Any) -> list[str]:
    return [reason.code for reason in reasons]


def refused(act: Any, **fields: Any) -> str:
    with pytest.raises(Refused) as why:
        act(project_number=NUMBER, **fields)
    return why.value.reasons[0].code


def say(by: Any, to: str, facts: Facts = TURN, *, sent: int = 0, muted: bool = False) -> list[str]:
    return codes(talk.why_not_say(facts, by=by, to=to, sent=sent, muted=muted))


def test_bidders_write_to_the_host_and_never_to_one_another():
    assert say(PROVIDER, talk.HOST) == say(OFFICER, talk.ALL) == say(OFFICER, HETAO) == []
    assert say(PROVIDER, YINSHAN) == say(PROVIDER, talk.ALL) == say(PROVIDER, HETAO) == ["message.among-bidders"]
    assert say(OFFICER, BUYER) == ["message.no-such-bidder"]
    for by in (FOURTH, SUPERVISOR, WITNESS, OTHER_OFFICER):
        assert say(by, talk.HOST) == ["message.not-yours"]


@pytest.mark.parametrize("act", [Act.WAITING, Act.SEALING, Act.CLOSED, Act.NOT_OPENED])
def test_before_the_opening_nobody_learns_from_a_message_who_bids(act):
    before = replace(TURN, act=act)
    assert say(PROVIDER, talk.HOST, before) == say(FOURTH, talk.HOST, before) == say(OFFICER, HETAO, before)


def test_messages_are_few_and_the_muted_send_none():
    assert say(PROVIDER, talk.HOST, sent=talk.AT_MOST - 1) == []
    assert say(PROVIDER, talk.HOST, sent=talk.AT_MOST) == ["message.too-many"]
    assert say(PROVIDER, talk.HOST, muted=True) == ["message.muted"]
    assert say(PROVIDER, talk.HOST, replace(TURN, act=Act.ENDED)) == ["hall.ended"]


def test_the_end_waits_for_the_witness_or_says_why_not():
    record = Facts(act=Act.RECORD, hosts=frozenset({BUYER}), effective=3, witnessed=False)
    assert codes(rules.why_not_end(record, by=OFFICER)) == ["hall.not-countersigned"]
    assert rules.why_not_end(record, by=OFFICER, reason="见证人临时离场") == ()
    assert rules.why_not_end(replace(record, witnessed=True), by=OFFICER) == ()


@pytest.mark.django_db
def test_a_message_to_one_is_a_commitment_in_the_log_and_read_by_those_two_and_the_supervisor():
    make.open_hall()
    secret, answer = "授权书扫描件稍后补传", "请在五分钟内补传"
    talking.say(project_number=NUMBER, to=talk.HOST, text=secret, by=PROVIDER, at=LATER)
    talking.say(project_number=NUMBER, to=HETAO, text=answer, by=OFFICER, at=LATER)
    talking.say(project_number=NUMBER, to=talk.ALL, text="请各位抓紧解密", by=OFFICER, at=LATER)

    everything = "".join(Entry.objects.filter(stream=f"project/{NUMBER}").values_list("event", flat=True))
    assert secret not in everything and answer not in everything
    assert set(told("opening.message-sent")[0]) == {"stream", "seq", "commitment"}
    assert told("opening.host-said")[0]["text"] == "请各位抓紧解密"

    def exported(by: Any) -> list[dict[str, Any]]:
        client = accounts.client_of(by) if by else Client()
        answer = client.get(f"{HALL}messages.json")
        assert answer["Content-Disposition"] == f'attachment; filename="messages-{NUMBER}.json"'
        return answer.json()["messages"]

    assert [len(exported(by)) for by in (PROVIDER, OFFICER, SUPERVISOR)] == [3, 3, 3]
    assert [one["text"] for one in exported(RIVAL)] == [one["text"] for one in exported(None)] == ["请各位抓紧解密"]
    first = exported(PROVIDER)[0]
    opens = {key: first[key] for key in ("from", "to", "text", "at")}
    assert commitment.matches(first["commitment"], commitment.MESSAGE, opens, bytes.fromhex(first["salt"]))
    assert first["commitment"] == told("opening.message-sent")[0]["commitment"]
    with pytest.raises(IntegrityError), transaction.atomic():
        HallMessage.objects.update(text="改过")


@pytest.mark.django_db
def test_a_flood_is_cut_and_a_muted_bidder_may_still_object():
    tender = make.open_hall()
    for n in range(talk.AT_MOST):
        talking.say(project_number=NUMBER, to=talk.HOST, text=str(n), by=PROVIDER, at=LATER)
    again = {"to": talk.HOST, "text": "x", "by": PROVIDER}
    assert refused(talking.say, **again, at=LATER) == "message.too-many"
    assert refused(talking.say, **{**again, "text": "长" * 301}, at=LATER + 2 * MINUTE) == "message.length"
    mute = {"bidder": HETAO, "reason": "刷屏"}
    assert refused(talking.mute, **mute, muted=True, by=RIVAL, at=LATER) == "hall.not-officer"
    talking.mute(project_number=NUMBER, **mute, muted=True, by=OFFICER, at=LATER)
    assert refused(talking.say, **again, at=LATER + 2 * MINUTE) == "message.muted"
    make.heard(tender, [make.said("obj/1", HETAO, {"text": "异议"}, number=NUMBER)], at=LATER + 2 * MINUTE)
    talking.mute(project_number=NUMBER, **mute, muted=False, by=OFFICER, at=LATER + 2 * MINUTE)
    talking.say(project_number=NUMBER, **again, at=LATER + 2 * MINUTE)
    assert [one["muted"] for one in told("opening.muted")] == [True, False]


@pytest.mark.django_db
def test_identity_prices_and_the_list_before_the_end_are_on_the_page(monkeypatch):
    tender = make.open_hall()
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: LATER)
    host, bidder = accounts.client_of(OFFICER), accounts.client_of(PROVIDER)
    wrong = {"fits": "no", "deposit": "missing"}
    assert host.post(f"{HALL}identity/{HETAO}", wrong).status_code == 422
    assert bidder.post(f"{HALL}identity/{HETAO}", wrong).status_code == 403
    fits = {"fits": "yes", "deposit": "received", "by_hand": "yes"}
    assert host.post(f"{HALL}identity/{HETAO}", fits).status_code == 302
    assert host.post(f"{HALL}identity/{YINSHAN}", {**wrong, "reason": "授权书过期"}).status_code == 302
    assert bidder.post(f"{HALL}price", {"agrees": "yes"}).status_code == 409
    assert bidder.post(f"{HALL}messages", {"to": "host", "text": "请稍候"}).status_code == 302
    assert "请稍候" in host.get(HALL).content.decode()
    assert "请稍候" not in accounts.client_of(RIVAL).get(HALL).content.decode()
    make.halves_released(tender)
    make.keys_released(tender)
    monkeypatch.setattr(clock, "system", lambda: READ)
    assert "唱标记载的本单位报价为 1,000,000.00 元" in bidder.get(HALL).content.decode()
    assert bidder.post(f"{HALL}price", {"agrees": "yes"}).status_code == 302
    assert bidder.post(f"{HALL}price", {"agrees": "yes"}).status_code == 409
    rival = accounts.client_of(RIVAL)
    assert rival.post(f"{HALL}price", {"agrees": "no"}).status_code == 422
    assert rival.post(f"{HALL}price", {"agrees": "no", "reason": "漏记优惠"}).status_code == 302
    assert host.post(f"{HALL}identity/{HETAO}", fits).status_code == 409

    seen = Client().get(HALL).content.decode()
    for words in (
        "身份查验符合（线下人工查验），保证金或保函已收到", "身份查验不符合，保证金或保函未收到：授权书过期",
        "确认报价无误", "声明报价有误：漏记优惠", "身份查验 2/3 家", "投标人确认报价 1/3 家",
        "见证人已在开标记录上签署",
    ):  # fmt: skip
        assert words in seen
    assert 'id="hall-talk"' not in seen
    assert PriceCheck.objects.count() == 2
    assert "不等待的理由" in host.get(HALL).content.decode()
    assert host.post(f"{HALL}close").status_code == 409
    record = tender.openings.get().record_sha256
    make.heard(tender, [make.said("ack/1", CENTRE, {"record_sha256": record}, number=NUMBER)], at=READ)
    assert "不等待的理由" not in host.get(HALL).content.decode()
    assert host.post(f"{HALL}close").status_code == 302
    assert told("opening.ended")[0]["reason"] == ""


@pytest.mark.django_db
def test_the_host_who_does_not_wait_for_the_witness_says_why():
    make.read_out_tender()
    services.close_hall(project_number=NUMBER, by=OFFICER, at=READ, reason="见证人临时离场，已电话确认")
    assert told("opening.ended")[0]["reason"] == "见证人临时离场，已电话确认"
