"""A complaint from its first step to its decision: who sees it, what it stops, what is told to whom."""

import json

import pytest
from django.db import transaction

from accounts.models import Message
from blacklist.cases.models import Case
from ledger.models import Entry, Log
from market.complaints import queries, services
from market.complaints.models import Challenge, Complaint, ComplaintStep, Decision
from market.complaints.rules import About, Outcome
from market.notices import suspending
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.refusal import Refused
from tests import cast, final
from tests.cast import BUREAU, DAY, HOUR, NOON
from tests.make import accounts, market

pytestmark = pytest.mark.django_db
POINTS = ["参数只有一家产品满足", "评分标准没有量化"]


def challenged(*, stage=Stage.OPEN, answered=True) -> Challenge:
    accounts.organisation(BUREAU)
    for each in (cast.PROVIDER, cast.RIVAL, cast.SUPERVISOR):
        accounts.user(each)
    project = market.project(stage=stage, notice_ends_at=NOON - DAY)
    market.notice(project)
    made = services.challenge(
        number=project.number, about=About.DOCUMENTS, points=POINTS, by=cast.PROVIDER, at=NOON - 2 * HOUR
    )
    if answered:
        services.answer(public_id=made.public_id, text="参数不作调整", by=cast.OFFICER, at=NOON - HOUR)
    return made


def filed(**other) -> Complaint:
    after = challenged(**other)
    return services.file(
        about=About.DOCUMENTS, number=market.NUMBER, after=after.public_id, body=BUREAU, points=POINTS[:1],
        request="责令修改招标文件", interest="已获取文件的供应商", by=cast.PROVIDER, at=NOON,
    )  # fmt: skip


def accepted(**other) -> Complaint:
    return services.accept(public_id=filed(**other).public_id, by=cast.SUPERVISOR, at=NOON + HOUR)


def test_from_question_to_decision_with_one_notice_of_defects_and_a_rest_that_ends_with_it():
    made = filed()
    facts = {"public_id": made.public_id, "by": cast.SUPERVISOR}
    services.tell_defects(defects=["缺授权委托书", "缺营业执照"], **facts, at=NOON + HOUR)
    services.complete(public_id=made.public_id, text="已补交", by=cast.PROVIDER, at=NOON + DAY)
    with pytest.raises(Refused, match="complaint.told-once"):
        services.tell_defects(defects=["还缺一份"], **facts, at=NOON + DAY)
    services.accept(**facts, at=NOON + DAY)
    services.reply(public_id=made.public_id, text="参数有三家以上满足", by=cast.OFFICER, at=NOON + 2 * DAY)
    with pytest.raises(Refused, match="complaint.no-reply-now"):
        services.reply(public_id=made.public_id, text="再说一遍", by=cast.OFFICER, at=NOON + 2 * DAY)
    suspending.suspend(
        number=market.NUMBER, ground="complaint-b", text="投诉事项须查明", document="河财购〔2026〕7号",
        until=NOON + 20 * DAY, matter=str(made.public_id), by=cast.SUPERVISOR, at=NOON + 2 * DAY,
    )  # fmt: skip

    done = services.decide(outcome=Outcome.CORRECT, text="参数具有指向性，责令修改", **facts, at=NOON + 4 * DAY)
    assert (done.state, done.outcome) == ("decided", "correct")
    assert Project.objects.get().resting is None
    told = json.loads(Decision.objects.get().text)
    assert told["outcome"] == "correct"
    logged = [json.loads(entry.event)["d"] for entry in Entry.objects.filter(kind="market.complaint-decided")]
    assert [each["sha256"] for each in logged] == [Decision.objects.get().sha256]
    with pytest.raises(Refused, match="complaint.state"):
        services.decide(outcome=Outcome.VOID, text="再决定一次", **facts, at=NOON + 4 * DAY)


def test_no_public_word_tells_who_complained_and_the_buyer_learns_it_only_after_the_opening():
    made = accepted()
    services.decide(public_id=made.public_id, outcome=Outcome.UNFOUNDED, text="缺乏事实依据", by=cast.SUPERVISOR,
                    at=NOON + DAY)  # fmt: skip
    logged = Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True)
    public = Decision.objects.get().text + "".join(logged)
    for word in (cast.HETAO, cast.NAMES[cast.HETAO], cast.PROVIDER.name, str(made.public_id)):
        assert word not in public
    for message in Message.objects.exclude(to_organisation_id=cast.HETAO):
        assert cast.NAMES[cast.HETAO] not in message.subject + message.body

    held = Complaint.objects.get()
    assert queries.who(held, cast.OFFICER) == ""
    assert queries.who(held, cast.SUPERVISOR) == queries.who(held, cast.PROVIDER) == cast.NAMES[cast.HETAO]
    Project.objects.update(stage=Stage.DECIDING.value)
    assert queries.who(Complaint.objects.get(), cast.OFFICER) == cast.NAMES[cast.HETAO]


def steady(page: bytes) -> list[bytes]:
    """A page without what differs from one look to the next."""
    moving = (b"csrf", b"nonce", b"data-clock")
    return [line for line in page.splitlines() if not any(word in line for word in moving)]


@pytest.mark.parametrize("who", [cast.STRANGER, cast.RIVAL, cast.OTHER_OFFICER, cast.OPERATOR, cast.WITNESS])
def test_for_everybody_else_two_worlds_are_the_same_with_and_without_a_complaint(client, who):
    page = f"/projects/{market.NUMBER}/award/"
    after = challenged(answered=False)
    if who.person:
        client.force_login(accounts.user(who))
    before = [client.get(url).content for url in (page, "/complaints/decisions/", "/complaints/")]
    Challenge.objects.filter(pk=after.pk).update(answer="-", answered_at=NOON - HOUR)
    made = services.file(
        about=About.DOCUMENTS, number=market.NUMBER, after=after.public_id, body=BUREAU, points=POINTS,
        request="修改", interest="供应商", by=cast.PROVIDER, at=NOON,
    )  # fmt: skip
    services.accept(public_id=made.public_id, by=cast.SUPERVISOR, at=NOON)
    for url, was in zip((page, "/complaints/decisions/", "/complaints/"), before, strict=True):
        assert steady(client.get(url).content) == steady(was), url
    known = [made.get_absolute_url(), f"/complaints/steps/{after.public_id}/"]
    nobody = "00000000-0000-4000-8000-000000000000/"
    unknown = [f"/complaints/{nobody}", f"/complaints/steps/{nobody}"]
    for held, none in zip(known, unknown, strict=True):
        assert client.get(held).status_code == client.get(none).status_code
        assert client.get(held).status_code in ({404} if who.person else {302, 404})
        assert client.post(f"{held}answer").status_code == client.post(f"{none}answer").status_code


def test_each_act_is_its_own_persons_and_the_pages_say_what_is_next(client):
    made = filed()
    url = made.get_absolute_url()
    client.force_login(accounts.user(cast.OFFICER))
    assert client.get(url).status_code == 404  # not before acceptance
    client.force_login(accounts.user(cast.SUPERVISOR))
    assert "受理审查期限" in client.get(url).content.decode()
    assert client.post(f"{url}accept").status_code == 302
    client.force_login(accounts.user(cast.OFFICER))
    page = client.get(url).content.decode()
    assert cast.NAMES[cast.HETAO] not in page and "请在此前说明" in page
    assert client.post(f"{url}decide", {"outcome": "void", "text": "x"}).status_code == 403
    client.force_login(accounts.user(cast.PROVIDER))
    assert client.post(f"{url}reply", {"text": "x"}).status_code == 403
    assert client.get("/complaints/own/").status_code == 200
    assert client.post(f"{url}withdraw", {"text": "已协商解决"}).status_code == 302
    client.force_login(accounts.user(cast.SUPERVISOR))
    assert client.post(f"{url}decide", {"outcome": "void", "text": "x"}).status_code == 409
    other = accounts.organisation(cast.CENTRE)
    made.__class__.objects.create(
        route="conduct", about="staff", name="x", points=["x"], request="x", interest="x", body=other.code,
        filed_at=NOON, check_by=NOON,
    )  # fmt: skip
    theirs = Complaint.objects.get(about="staff").get_absolute_url()
    assert client.get(theirs).status_code == 404  # of another body


def test_what_was_said_is_final():
    made = accepted()
    for model, change in ((Complaint, {"points": []}), (ComplaintStep, {"text": "x"}), (Challenge, {"answer": "x"})):
        with final.refused(), transaction.atomic():
            model.objects.update(**change)
    services.withdraw(public_id=made.public_id, text="撤回", by=cast.PROVIDER, at=NOON + DAY)
    with final.refused(), transaction.atomic():
        Complaint.objects.update(ended_at=NOON)


def test_the_guide_tells_the_channel_the_body_the_last_day_and_what_is_needed(client):
    accounts.organisation(BUREAU)
    project = market.project()
    market.notice(project)
    page = client.get("/complaints/").content.decode()
    assert "您的渠道" not in page
    told = client.get(f"/complaints/?about=documents&number={project.number}").content.decode()
    assert "第一步：向采购人" in told and "质疑" in told and "财政部门" in told and "政府采购法 第55条" in told
    assert "请写明项目编号" in client.get("/complaints/?about=result").content.decode()
    assert "没有这个项目编号" in client.get("/complaints/?about=result&number=NONE").content.decode()
    direct = client.get("/complaints/?about=staff").content.decode()
    assert "直接向公共资源交易监管部门投诉" in direct and "明标平台规则 第62条" in direct

    client.force_login(accounts.user(cast.PROVIDER))
    form = {"points": "工作人员索要好处费", "request": "查处", "interest": "经办人", "body": BUREAU, "subject": "某某"}
    assert client.post("/complaints/new/?about=staff", form | {"body": "no"}).status_code == 422
    assert client.post("/complaints/new/?about=staff", form).status_code == 302
    assert client.get(Complaint.objects.get().get_absolute_url()).status_code == 200
    step = f"/complaints/steps/new/?about=documents&number={project.number}"
    assert client.get(step).status_code == 200
    assert client.get("/complaints/new/?about=nonsense").status_code == 404


def test_three_complaints_for_nothing_in_a_year_are_a_report_that_is_tried():
    accounts.organisation(BUREAU)
    for each in (cast.PROVIDER, cast.SUPERVISOR):
        accounts.user(each)
    for n in range(3):
        assert not Case.objects.exists()
        at = NOON + n * DAY
        made = services.file(
            about=About.STAFF, subject="工作人员", body=BUREAU, points=["索要好处费"], request="查处",
            interest="经办人", known_at=at, by=cast.PROVIDER, at=at,
        )  # fmt: skip
        facts = {"public_id": made.public_id, "by": cast.SUPERVISOR}
        services.accept(**facts, at=at)
        services.decide(outcome=Outcome.UNFOUNDED, text="查无实据", **facts, at=at + HOUR)
    case = Case.objects.get()
    assert (case.subject, case.ground, case.source) == (cast.HETAO, "complaint-abuse", "supervision")
