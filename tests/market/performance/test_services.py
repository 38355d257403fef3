"""From the contract to its end: by whom, when, once; and what everybody may read of it."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Message
from intermediaries.ratings.models import Occasion
from ledger.models import Entry
from market.performance import ending, money, queries, services, tasks
from market.performance.models import Attachment, Delivery, Plan
from market.performance.rules import Outcome
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import SYSTEM
from rulebook.calendar import day_in_china
from rulebook.refusal import Refused
from tests import cast
from tests.make import performance as make

pytestmark = pytest.mark.django_db
STRANGERS = (cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.STRANGER)
NUMBER = make.market.NUMBER


def stage() -> str:
    return Project.objects.get(number=NUMBER).stage


def entries() -> list[dict]:
    rows = Entry.objects.filter(stream=f"project/{NUMBER}", log="public").order_by("seq")
    return [json.loads(row.event) for row in rows]


def kinds() -> list[str]:
    return [entry["t"] for entry in entries()]


def refused(code, act, **facts):
    with pytest.raises(Refused, match=code):
        act(number=NUMBER, **({"by": cast.PROVIDER, "at": cast.NOON} | facts))


def test_delivered_returned_delivered_again_accepted_and_completed():
    made = make.agreed()
    late = cast.NOON + 13 * cast.DAY  # due on Friday 4 December; Monday 7th
    for stranger in (*STRANGERS, cast.OFFICER):
        refused("performance.not-p", services.deliver, milestone=1, note="x", by=stranger)
    refused("delivery.nothing", services.deliver, milestone=1, note=" ")
    refused("delivery.no-milestone", services.deliver, milestone=3, note="x")
    refused("delivery.files", services.deliver, milestone=1, note="x", files=[make.given(data=b"")])
    make.handed(made, 1, at=late)
    refused("delivery.waiting", services.deliver, milestone=1, note="再次", at=late)
    for stranger in (*STRANGERS, cast.PROVIDER):
        refused("performance.not-", services.inspect, milestone=1, accepted=True, by=stranger, at=late)
    refused("inspection.nothing", services.inspect, milestone=2, accepted=True, by=cast.OFFICER, at=late)
    refused("inspection.no-reason", services.inspect, milestone=1, accepted=False, reasons="不", by=cast.OFFICER)

    services.inspect(number=NUMBER, milestone=1, accepted=False, reasons="缺少监测数据附件", by=cast.OFFICER, at=late)
    refused("inspection.nothing", services.inspect, milestone=1, accepted=True, by=cast.OFFICER, at=late)  # twice
    make.accepted(made, 1, at=late + cast.DAY)
    refused("delivery.accepted", services.deliver, milestone=1, note="又一次", at=late + cast.DAY)
    assert stage() == Stage.CONTRACTED and not Occasion.objects.exists()
    make.accepted(made, 2, at=late + cast.DAY)

    assert stage() == Stage.COMPLETED
    assert kinds() == [
        "performance.plan-agreed", "performance.delivered", "performance.inspected", "performance.delivered",
        "performance.inspected", "performance.delivered", "performance.inspected", "performance.completed",
    ]  # fmt: skip
    assert [each["d"]["days_late"] for each in entries() if "days_late" in each["d"]] == [1, 2, 0, 2]
    public = json.dumps(entries(), ensure_ascii=False)
    assert "监测数据" not in public and "报告.pdf" not in public
    occasion = Occasion.objects.get()
    assert (occasion.buyer, occasion.provider, occasion.completed) == (cast.BUYER, cast.HETAO, True)
    refused("project.stage-not-now", services.deliver, milestone=2, note="太晚", at=late + cast.DAY)


def test_the_log_commits_to_what_was_handed_over_and_gives_nothing_away():
    made = make.agreed()
    make.handed(made, 1, at=cast.NOON)
    row = Delivery.objects.get()

    told = {"v": "delivery/1", "salt": row.salt, "note": row.note, "files": [
        {"name": file.name, "size": file.size, "sha256": hashlib.sha256(file.file.read()).hexdigest()}
        for file in row.files.all()
    ]}  # fmt: skip
    assert hashlib.sha256(canonical.dumps(told)).hexdigest() == row.sha256 == entries()[-1]["d"]["sha256"]
    assert row.salt not in json.dumps(entries())


def test_a_plan_takes_both_sides_and_either_may_put_it_forward():
    made = make.contract()
    on = day_in_china(cast.NOON)
    refused("delivery.no-plan", services.deliver, milestone=1, note="x")
    services.propose_plan(number=NUMBER, lines=make.lines(on=on), by=cast.PROVIDER, at=cast.NOON)
    refused("plan.waiting", services.propose_plan, lines=make.lines(on=on), by=cast.OFFICER)
    refused("plan.own", services.settle_plan, agree=True)
    for stranger in STRANGERS:
        refused("performance.not-party", services.settle_plan, agree=True, by=stranger)
    refused("plan.why-not", services.settle_plan, agree=False, by=cast.OFFICER)
    refused("plan.not-own", services.withdraw_plan, by=cast.OFFICER)

    services.settle_plan(number=NUMBER, agree=False, reason="第二节点提前一周", by=cast.OFFICER, at=cast.NOON)
    assert queries.plan(made) is None and not kinds()  # what was not agreed is nobody else's
    services.propose_plan(number=NUMBER, lines=make.lines(on=on, days=(10, 13)), by=cast.PROVIDER, at=cast.NOON)
    services.withdraw_plan(number=NUMBER, by=cast.PROVIDER, at=cast.NOON)
    services.propose_plan(number=NUMBER, lines=make.lines(on=on, days=(10, 13)), by=cast.PROVIDER, at=cast.NOON)
    services.settle_plan(number=NUMBER, agree=True, by=cast.APPROVER, at=cast.NOON)
    refused("plan.none", services.settle_plan, agree=True, by=cast.OFFICER)

    assert kinds() == ["performance.plan-agreed"]
    assert Message.objects.filter(subject__startswith="请确认履约计划", to_organisation=cast.BUYER).count() == 3


def test_a_change_of_the_contract_is_agreed_flagged_and_leaves_the_past():
    made = make.agreed()
    make.accepted(made, 1, at=cast.NOON)
    first, second = make.lines(on=day_in_china(cast.NOON))
    more = type(second)(2, "成果2及补充监测", second.due_on + timedelta(days=30), Decimal("700000"))
    services.propose_plan(number=NUMBER, lines=[first, more], reason="业主增加两处点位", by=cast.OFFICER, at=cast.NOON)
    make.handed(made, 2, at=cast.NOON)
    refused("plan.delivered", services.settle_plan, agree=True)  # handed over meanwhile: it may change no longer
    services.inspect(
        number=NUMBER, milestone=2, accepted=False, reasons="按变更后的要求", by=cast.OFFICER, at=cast.NOON
    )
    services.withdraw_plan(number=NUMBER, by=cast.OFFICER, at=cast.NOON)
    third = type(second)(3, "补充监测", second.due_on, Decimal("100000"))
    services.propose_plan(
        number=NUMBER, lines=[first, second, third], reason="增加监测点位", by=cast.PROVIDER, at=cast.NOON
    )
    refused("performance.not-party", services.settle_plan, agree=True, by=cast.RIVAL)
    services.settle_plan(number=NUMBER, agree=True, by=cast.OFFICER, at=cast.NOON)

    told = entries()[-1]["d"]
    assert (told["was"], told["amount"], told["reason"]) == ("1000000.00", "1100000.00", "增加监测点位")
    page = make.accounts.client_of(cast.STRANGER).get(f"/projects/{NUMBER}/performance/").content.decode()
    assert "合同变更" in page and "1,100,000.00" in page and "增加监测点位" in page and "按变更后的要求" not in page


def test_money_is_noted_by_who_moves_it_and_answered_by_who_gets_it():
    made = make.agreed()
    today = day_in_china(cast.NOON)
    bill = {"invoice": "0001", "amount": Decimal("400000"), "issued_on": today}
    money.record_invoice(number=NUMBER, **bill, by=cast.PROVIDER, at=cast.NOON)
    refused("invoice.again", money.record_invoice, **bill)
    refused(
        "performance.above-contract", money.record_invoice, **(bill | {"invoice": "2", "amount": Decimal("600000.01")})
    )
    for _ in range(2):
        paid = money.record_payment(
            number=NUMBER, amount=Decimal("500000"), paid_on=today, by=cast.OFFICER, at=cast.NOON
        )
    refused("performance.above-contract", money.record_payment, amount=Decimal("0.01"), paid_on=today, by=cast.OFFICER)
    refused("performance.not-provider", money.answer_payment, payment=paid.public_id, received=True, by=cast.OFFICER)
    refused("payment.why-not", money.answer_payment, payment=paid.public_id, received=False)
    money.answer_payment(
        number=NUMBER, payment=paid.public_id, received=False, text="账户没有入账", by=cast.PROVIDER, at=cast.NOON
    )
    refused("payment.answered", money.answer_payment, payment=paid.public_id, received=True)

    assert (queries.invoiced(made), queries.paid(made)) == (
        Decimal("400000"),
        Decimal("500000"),
    )  # what never came is not paid
    money.record_payment(number=NUMBER, amount=Decimal("500000"), paid_on=today, by=cast.OFFICER, at=cast.NOON)
    public = json.dumps(entries(), ensure_ascii=False)
    assert "0001" not in public.replace("T-2026-001", "").replace("2026-", "") and "账户" not in public


def notice(**other):
    facts = {"grounds": "多次催告仍不交付", "files": [make.given("催告函.pdf")], "by": cast.OFFICER, "at": cast.NOON}
    return ending.give_notice(number=NUMBER, **(facts | other))


def test_a_contract_ends_when_the_other_side_agrees_and_both_may_rate():
    make.agreed()
    for stranger in STRANGERS:
        refused("performance.not-party", ending.give_notice, grounds="x" * 9, files=[make.given()], by=stranger)
    refused("termination.no-evidence", ending.give_notice, grounds="多次催告仍不交付", files=[])
    notice()
    refused("termination.waiting", ending.give_notice, grounds="多次催告仍不付款", files=[make.given()])
    refused("termination.own", ending.reply, agrees=True, by=cast.OFFICER)
    assert "催告" not in json.dumps(entries(), ensure_ascii=False)  # the other side is heard first

    ending.reply(number=NUMBER, agrees=True, by=cast.PROVIDER, at=cast.NOON)

    assert stage() == Stage.TERMINATED
    assert kinds()[-2:] == ["performance.termination-noticed", "performance.termination-ended"]
    assert entries()[-1]["d"]["grounds"] == "多次催告仍不交付"
    assert not Occasion.objects.get().completed
    refused("project.stage-not-now", services.deliver, milestone=1, note="x")
    refused("project.stage-not-now", ending.withdraw_notice, by=cast.OFFICER)


def test_silence_ends_it_after_five_working_days_and_not_a_minute_before():
    make.agreed()
    row = notice()

    tasks.end_silent(by=SYSTEM, at=row.due_at - cast.MINUTE)
    assert stage() == Stage.CONTRACTED
    refused("termination.not-system", ending.end_silent, by=cast.OFFICER, at=row.due_at)
    tasks.end_silent(by=SYSTEM, at=row.due_at)
    tasks.end_silent(by=SYSTEM, at=row.due_at)

    assert stage() == Stage.TERMINATED and kinds().count("performance.termination-ended") == 1


def test_a_dispute_lets_the_contract_go_on_until_somebody_with_power_decided_it():
    made = make.agreed()
    row = notice()
    refused("termination.no-answer", ending.reply, agrees=False)
    ending.reply(
        number=NUMBER,
        agrees=False,
        text="因业主未提供场地",
        files=[make.given("函.pdf")],
        by=cast.PROVIDER,
        at=cast.NOON,
    )
    tasks.end_silent(by=SYSTEM, at=row.due_at + cast.DAY)
    assert stage() == Stage.CONTRACTED
    decided = {"outcome": "rejected", "text": "（2026）内01民初1号判决"}
    for by in (cast.OFFICER, cast.PROVIDER, cast.OPERATOR):
        refused("termination.not-supervisor", ending.decide, **decided, by=by)
    refused("termination.no-decision", ending.decide, outcome="agreed", text="判决书", by=cast.SUPERVISOR)
    ending.decide(number=NUMBER, **decided, by=cast.SUPERVISOR, at=cast.NOON)
    told = json.dumps(entries(), ensure_ascii=False)
    assert stage() == Stage.CONTRACTED and "因业主" not in told and "催告" not in told  # the contract goes on
    refused("termination.no-dispute", ending.decide, **decided, by=cast.SUPERVISOR)

    notice(by=cast.PROVIDER, grounds="业主长期不付款")
    ending.withdraw_notice(number=NUMBER, by=cast.PROVIDER, at=cast.NOON)
    notice(by=cast.PROVIDER, grounds="业主长期不付款")
    for n in (1, 2):
        make.accepted(made, n, at=cast.NOON)
    assert stage() == Stage.COMPLETED
    assert made.terminations.order_by("-pk").first().outcome == Outcome.LAPSED  # all was accepted: nothing to end


@pytest.mark.embedded
def test_pages_show_everybody_the_dates_and_the_two_sides_the_files():
    made = make.agreed()
    make.handed(made, 1, at=cast.NOON)
    services.inspect(
        number=NUMBER, milestone=1, accepted=False, reasons="缺少监测数据附件", by=cast.OFFICER, at=cast.NOON
    )
    file = Attachment.objects.get()
    here, at_file = f"/projects/{NUMBER}/performance/", f"/projects/{NUMBER}/performance/files/{file.public_id}"
    for viewer in (*STRANGERS, cast.EXPERT, cast.AUDITOR):
        client = make.accounts.client_of(viewer)
        page = client.get(here).content.decode()
        assert "成果1" in page and "退回整改" in page and "缺少监测" not in page and "报告.pdf" not in page, viewer
        assert client.get(at_file).status_code == (404 if viewer.person else 302)
    for viewer in (cast.OFFICER, cast.PROVIDER):
        client = make.accounts.client_of(viewer)
        page = client.get(here).content.decode()
        assert "缺少监测" in page and "报告.pdf" in page
        assert b"".join(client.get(at_file).streaming_content) == b"%PDF-1.7 report"
    assert "整改后再次交付" in page
    data = make.accounts.client_of(cast.STRANGER).get(here.rstrip("/") + ".json")
    first = data.json()["milestones"][0]
    assert (first["delivered_on"], first["accepted"], first["days_late"] >= 0) == (["2026-11-24"], False, True)
    assert "缺少监测" not in data.content.decode() and "报告.pdf" not in data.content.decode()
    posted = make.accounts.client_of(cast.RIVAL).post(f"{here}deliver", {"milestone": 1, "note": "x"})
    assert posted.status_code == 403
    assert make.accounts.client_of(cast.PROVIDER).post(f"{here}unknown").status_code == 404
    announced = make.accounts.client_of(cast.STRANGER).get(made.notice.get_absolute_url())
    assert cast.NAMES[cast.HETAO] in announced.content.decode()


@pytest.mark.embedded
def test_a_yes_to_a_notice_that_was_taken_back_ends_no_contract_by_the_next():
    make.agreed()
    here, other = f"/projects/{NUMBER}/performance/", make.accounts.client_of(cast.PROVIDER)
    read = [notice().public_id]
    ending.withdraw_notice(number=NUMBER, by=cast.OFFICER, at=cast.NOON)
    read.append(notice(grounds="多次催告仍不付款").public_id)
    assert f'name="r-seen" value="{read[1]}"' in other.get(here).content.decode()

    for seen in ("", read[0]):
        said = other.post(f"{here}reply", {"r-agrees": "1", "r-seen": seen})
        assert "读过的内容已被修改" in said.content.decode() and stage() == Stage.CONTRACTED
    assert other.post(f"{here}reply", {"r-agrees": "1", "r-seen": read[1]}).status_code == 302
    assert stage() == Stage.TERMINATED


def test_before_there_is_a_contract_there_is_no_page():
    make.market.project(stage=Stage.AWARDED)

    assert make.accounts.client_of(cast.OFFICER).get(f"/projects/{NUMBER}/performance/").status_code == 404


def test_the_plan_is_filled_in_on_the_page_row_by_row():
    make.contract()
    client = make.accounts.client_of(cast.OFFICER)
    here = f"/projects/{NUMBER}/performance/"
    assert "填写履约计划" in client.get(here).content.decode()
    told = {"m-TOTAL_FORMS": "3", "m-INITIAL_FORMS": "1", "m-0-what": "初稿", "m-0-due_on": "2026-12-10",
            "m-0-amount": "400000", "m-1-what": "终稿", "m-1-due_on": "2026-12-20", "m-1-amount": ""}  # fmt: skip
    short = client.post(f"{here}plan", told)
    assert short.status_code == 422 and "这一行没有填完" in short.content.decode()
    assert client.post(f"{here}plan", told | {"m-1-amount": "600000"}).status_code == 302
    assert [line.what for line in queries.lines(Plan.objects.get())] == ["初稿", "终稿"]
    page = make.accounts.client_of(cast.PROVIDER).get(here).content.decode()
    assert "待确认的履约计划" in page and "终稿" in page
    assert "终稿" not in make.accounts.client_of(cast.RIVAL).get(here).content.decode()
    other = make.accounts.client_of(cast.PROVIDER)
    for read in ({}, {"seen": "2"}):
        assert "读过的内容已被修改" in other.post(f"{here}settle", {"agree": "1"} | read).content.decode()
    read = make.accounts.seen_on(other.get(here), "/settle")
    assert other.post(f"{here}settle", {"agree": "1"} | read).status_code == 302
    assert queries.plan(queries.contract(Project.objects.get(number=NUMBER)))
