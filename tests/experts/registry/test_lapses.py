"""Panels somebody let down: written down by one keeper, answered by its expert, decided by another keeper."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Message
from experts.panels import queries, services
from experts.registry import conduct, lapses
from experts.registry.conduct import Fault, Said
from experts.registry.models import Lapse
from ledger.events import Event
from ledger.services import record
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts
from tests.make import experts as make
from tests.make.notifier import expert_of

TODAY = NOON.date()


@pytest.mark.parametrize("facts, wrong", [
    ({}, []), ({"by": cast.OFFICER}, ["expert.not-keeper"]), ({"project": " "}, ["lapse.project"]),
    ({"on": TODAY + cast.DAY, "note": "x"}, ["lapse.project", "lapse.note"]), ({"known": True}, ["lapse.known"]),
    ({"panel": conduct.OfPanel(public=False), "known": True}, ["lapse.panel-secret"]),
    ({"panel": conduct.OfPanel(public=True)}, ["lapse.not-of-panel"]),
    ({"panel": conduct.OfPanel(public=True, drawn=True)}, []),
])  # fmt: skip
def test_a_lapse_says_which_panel_when_and_how(facts, wrong):
    told = {
        "project": "T-1",
        "on": TODAY,
        "note": "开评前一小时取消",
        "known": False,
        "today": TODAY,
        "by": cast.OPERATOR,
    }
    assert [reason.code for reason in conduct.why_not_record(**told | facts)] == wrong


@pytest.mark.parametrize("facts, wrong", [
    ({}, []), ({"by": cast.OPERATOR}, ["lapse.second-person"]), ({"by": cast.EXPERT}, ["expert.not-keeper"]),
    ({"said": frozenset()}, ["lapse.unheard"]), ({"note": " "}, ["lapse.no-reason"]),
    ({"said": frozenset(), "at": NOON + conduct.ANSWER_WITHIN}, []),
    ({"said": frozenset({Said.ANSWERED, Said.EXCUSED})}, ["lapse.decided"]),
])  # fmt: skip
def test_another_keeper_decides_once_its_expert_was_heard_or_had_his_time(facts, wrong):
    told = {"said": frozenset({Said.ANSWERED}), "recorded_by": cast.OPERATOR.person, "recorded_at": NOON,
            "note": "无正当理由", "at": NOON + timedelta(hours=1), "by": cast.SUPERVISOR}  # fmt: skip
    assert [reason.code for reason in conduct.why_not_decide_lapse(**told | facts)] == wrong


@pytest.mark.django_db
def test_a_lapse_goes_from_keeper_to_expert_to_another_keeper_and_into_the_review(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)
    expert = make.expert(1)
    me, operator, supervisor = map(accounts.client_of, (cast.EXPERT, cast.OPERATOR, cast.SUPERVISOR))
    place = f"/experts/register/{expert.public_id}/"
    told = {"fault": "cancelled", "project": "T-2026-001", "on": f"{TODAY}", "note": "开评前一小时取消"}
    assert [operator.post(f"{place}lapse/", body).status_code for body in (told | {"on": ""}, told, told)] == [
        422, 302, 409,
    ]  # fmt: skip
    row = Lapse.objects.get()
    answer, decide = (f"/experts/lapses/{row.public_id}/{act}/" for act in ("answer", "decide"))
    assert "本人尚未说明" in supervisor.get(place).content.decode()
    assert supervisor.post(decide, {"outcome": "upheld", "note": "x"}).status_code == 409
    make.expert(2)
    for other, path in (
        (cast.EXPERTS[1], answer),
        (cast.OPERATOR, answer),
        (cast.EXPERT, decide),
        (cast.OFFICER, decide),
    ):
        assert accounts.client_of(other).post(path, {"text": "与我无关"}).status_code == 404
    assert "我的说明" in me.get("/experts/me/").content.decode()
    assert [me.post(answer, {"text": "当天突发疾病住院"}).status_code for _ in range(2)] == [302, 409]
    assert operator.post(decide, {"outcome": "upheld", "note": "x"}).status_code == 403
    assert "当天突发疾病住院" in supervisor.get(place).content.decode() and lapses.counted(expert, on=TODAY) == 0
    assert supervisor.post(decide, {"outcome": "excused", "note": "住院证明属实"}).status_code == 302
    assert "住院证明属实" in me.get("/experts/me/").content.decode() and lapses.counted(expert, on=TODAY) == 0

    second = {"fault": Fault.ABSENT, "project": "T-2026-002", "on": TODAY, "note": "未签到也未请假"}
    again = lapses.record(number=expert.number, **second, by=cast.OPERATOR, at=NOON)
    late = NOON + conduct.ANSWER_WITHIN
    lapses.decide(lapse=again, upheld=True, note="无正当理由", by=cast.SUPERVISOR, at=late)
    with pytest.raises(Refused, match="lapse.answered"):
        lapses.answer(lapse=again, text="我当时在路上", by=cast.EXPERT, at=late)
    assert lapses.counted(expert, on=TODAY) == 1 and lapses.counted(expert, on=TODAY + 365 * cast.DAY) == 0
    assert "计入履职情况 1 次" in supervisor.get(place).content.decode()
    assert Message.objects.filter(to_user=expert.user, subject__startswith="履职情况").count() == 4


@pytest.mark.django_db
def test_a_lapse_is_tied_to_the_panel_it_is_about_and_tells_nobody_who_sits_before_the_result():
    panel = make.seated_panel()
    gone = queries.seated("P-1")[0]
    services.recuse(seat=gone, reason="临时外出", by=make.person_of(gone), at=NOON)
    outside = make.expert(40)

    def writes(expert):
        return lapses.record(number=expert.number, fault=Fault.LEFT, project=" P-1 ", on=TODAY, note="签署前离开",
                             by=cast.OPERATOR, at=NOON)  # fmt: skip

    for expert in (expert_of(gone), outside):  # the same for both
        with pytest.raises(Refused, match="lapse.panel-secret"):
            writes(expert)
    with transaction.atomic():
        record(Announced(stream="project/P-1"), at=NOON)
    with pytest.raises(Refused, match="lapse.not-of-panel"):
        writes(outside)
    assert writes(expert_of(gone)).panel == panel
    elsewhere = lapses.record(number=outside.number, fault=Fault.LEFT, project="Z-9", on=TODAY, note="签署前离开",
                              by=cast.OPERATOR, at=NOON)  # fmt: skip
    assert elsewhere.panel is None


class Announced(Event):
    """The result is announced."""

    kind = "market.award-published"
