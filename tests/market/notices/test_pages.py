"""Notices, awards and contracts as anybody sees them."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from market.contracts.models import ContractProposal
from market.projects.models import Project
from market.projects.rules import Stage
from tests import cast
from tests.make import accounts, bidding, market
from tests.make.performance import PAPER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_the_json_of_a_notice_is_what_its_hash_is_over(client):
    tender = bidding.tender()
    notice = tender.project.notices.get()

    body = client.get(f"/projects/{tender.project.number}/notice.json").content

    assert hashlib.sha256(body).hexdigest() == notice.sha256


@pytest.mark.parametrize("page", ["notice/print/", "notices/1/", ""])
def test_a_notice_is_read_without_an_account(client, page):
    tender = bidding.tender()

    answer = client.get(f"/projects/{tender.project.number}/{page}")

    assert answer.status_code == 200
    for fact in ("河套市生态环境局", "1,300,000.00", "1,280,000.00", "依法缴纳税收", "王经办", "<p>监测站 2 套"):
        assert fact in answer.content.decode()


def test_a_notice_that_does_not_exist_is_404(client):
    bidding.tender()

    assert client.get("/projects/T-2026-001/notices/2/").status_code == 404
    assert client.get("/projects/nothing/notice.json").status_code == 404


def proposed() -> Project:
    tender = bidding.tender(stage=Stage.PROPOSED)
    market.proposal(tender.project)
    return tender.project


def test_before_the_award_only_the_buyers_officers_see_the_ranking(client):
    project = proposed()
    path = f"/projects/{project.number}/award/"

    for viewer in (cast.STRANGER, cast.PROVIDER, cast.RIVAL, cast.OTHER_OFFICER, cast.EXPERT, cast.SUPERVISOR):
        text = accounts.client_of(viewer).get(path).content.decode()
        assert "阴山环境" not in text.replace(viewer.name or "-", "")
        assert "1,100,000" not in text
    assert "确定为中标人" in accounts.client_of(cast.OFFICER).get(path).content.decode()
    Project.objects.update(edition="ztb-2019")  # candidates are published first: that stands against all of them alike
    works = accounts.client_of(cast.OFFICER).get(path).content.decode()
    assert works.count(">应先公示中标候选人") == 1 and works.count('aria-describedby="against-all"') == 3
    assert client.get(f"/projects/{project.number}/award.json").status_code == 404


def test_the_officer_determines_records_and_everybody_reads(client):
    project = proposed()
    officer = accounts.client_of(cast.OFFICER)
    base = f"/projects/{project.number}/award"

    assert officer.post(f"{base}/determine", {"org": cast.HETAO}).status_code == 422
    assert officer.post(f"{base}/determine", {"org": cast.YINSHAN}).status_code == 302
    text = client.get(f"{base}/").content.decode()
    for fact in ("阴山环境科技有限公司", "1,100,000.00", "专家甲", "河套仪器有限公司", "90.70"):
        assert fact in text
    winner, paper = accounts.client_of(cast.RIVAL), SimpleUploadedFile("合同.pdf", PAPER)
    deal = {"amount": "1100000.00", "payment": "验收后付清", "delivery": "六十日内交付"}
    assert officer.post(f"{base}/contract", deal).status_code == 422
    assert officer.post(f"{base}/contract", deal | {"amount": "990000", "file": paper}).status_code == 422
    paper.seek(0)
    assert officer.post(f"{base}/contract", deal | {"file": paper}).status_code == 302
    file = f"/evidence/{ContractProposal.objects.get().file.public_id}/"
    assert "等待对方确认合同" in officer.get("/desk/").content.decode()
    assert "确认后合同成立并公告" in winner.get("/desk/").content.decode()
    assert "退回合同" in winner.get(f"{base}/").content.decode()
    assert b"".join(winner.get(file).streaming_content) == PAPER
    for other in (client, accounts.client_of(cast.PROVIDER), accounts.client_of(cast.OTHER_OFFICER)):
        assert other.get(file).status_code == 404
        assert "六十日内交付" not in other.get(f"{base}/").content.decode()
        assert other.post(f"{base}/contract/confirm").status_code in (302, 403)
    read = accounts.seen_on(winner.get(f"{base}/"), "/contract/confirm")
    back = {"reasons": "付款期限与文件不符"}
    assert winner.post(f"{base}/contract/return", back).status_code == 409
    assert winner.post(f"{base}/contract/return", back | read).status_code == 302
    assert "付款期限与文件不符" in officer.get(f"{base}/").content.decode()
    paper.seek(0)
    assert officer.post(f"{base}/contract", deal | {"file": paper}).status_code == 302
    for other in ({}, read):
        assert "读过的内容已被修改" in winner.post(f"{base}/contract/confirm", other).content.decode()
    read = accounts.seen_on(winner.get(f"{base}/"), "/contract/confirm")
    assert winner.post(f"{base}/contract/confirm", read).status_code == 302
    assert winner.post(f"{base}/contract/confirm", read).status_code == 409
    assert "六十日内交付" in winner.get(f"{base}/").content.decode()
    assert client.get(f"/projects/{project.number}/notices/3/").status_code == 200


def test_the_winner_declines_on_the_page_and_others_cannot():
    project = proposed()
    base = f"/projects/{project.number}/award"
    accounts.client_of(cast.OFFICER).post(f"{base}/determine", {"org": cast.YINSHAN})

    assert accounts.client_of(cast.PROVIDER).post(f"{base}/decline", {"reason": "x"}).status_code == 403
    assert "放弃中标" not in accounts.client_of(cast.PROVIDER).get(f"{base}/").content.decode()
    assert "放弃中标" in accounts.client_of(cast.RIVAL).get(f"{base}/").content.decode()
    assert accounts.client_of(cast.RIVAL).post(f"{base}/decline", {"reason": ""}).status_code == 422
    assert accounts.client_of(cast.RIVAL).post(f"{base}/decline", {"reason": "缺货"}).status_code == 302
    assert Project.objects.get(pk=project.pk).stage == Stage.PROPOSED
    assert "缺货" in accounts.client_of(cast.STRANGER).get(f"{base}/").content.decode()


def test_an_officer_explains_a_delay_on_the_page():
    project = proposed()
    officer = accounts.client_of(cast.OFFICER)

    officer.post(f"/projects/{project.number}/award/delay", {"text": "正在核实业绩"})

    assert "正在核实业绩" in officer.get(f"/projects/{project.number}/award/").content.decode()


def test_a_purchase_is_cancelled_on_the_page_with_grounds(client):
    project = bidding.tender().project
    officer = accounts.client_of(cast.OFFICER)
    base = f"/projects/{project.number}/end"

    assert accounts.client_of(cast.OTHER_OFFICER).get(f"{base}/cancelled/").status_code == 404
    assert officer.get(f"{base}/open/").status_code == 404
    page = officer.get(f"{base}/cancelled/").content.decode()
    assert "《87号令》第29条" in page or "87号令 第29条" in page
    assert "不足三家" not in page and "永远不再开启" in page and "5个工作日内退还" in page
    assert officer.post(f"{base}/cancelled/", {"ground": "change"}).status_code == 422
    assert officer.post(f"{base}/failed/", {"ground": "few", "facts": "重大变故"}).status_code == 409
    assert officer.post(f"{base}/cancelled/", {"ground": "change", "facts": "规划调整"}).status_code == 302
    assert "规划调整" in client.get(f"/projects/{project.number}/notices/2/").content.decode()
