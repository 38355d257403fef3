"""Several lots of one batch: drafted together, tendered under one document, shown side by side."""

from decimal import Decimal

import pytest

from bidding.tender import batches, lots, queries
from bidding.tender.models import Tender
from market.projects import queries as projects
from market.projects.models import Project
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, bidding_offers, market
from tests.make import bidding as make

pytestmark = pytest.mark.django_db
NEW = {
    "title": "第二标段", "item": "数据平台", "demand": "一套", "budget": Decimal(500000), "price_cap": Decimal(450000),
    "most_lots": 1,
}  # fmt: skip


def drafted() -> Tender:
    return make.tender(stage=make.Stage.DRAFT, keys=False)


def added(tender: Tender, **other) -> Tender:
    facts = NEW | other
    return lots.add_lot(project_number=tender.project.number, **facts, by=cast.OFFICER, at=cast.NOON)


def test_a_lot_shares_timetable_criteria_and_documents_and_has_its_own_money():
    tender = drafted()
    made = added(tender)

    first, second = projects.lots(Project.objects.get(pk=tender.project_id))
    assert (first.lot, second.lot, first.batch) == (1, 2, second.batch) and first.batch
    assert (second.price_cap, second.title, second.most_lots, first.most_lots) == (Decimal(450000), "第二标段", 1, 1)
    assert made.closes_at == tender.closes_at and made.factors == tender.factors
    assert [each.sha256 for each in queries.documents(made)] == [each.sha256 for each in queries.documents(tender)]
    assert not queries.why_not_lots(made)


def test_a_third_lot_joins_the_same_batch():
    tender = drafted()
    added(tender)
    third = added(tender, title="第三标段")
    assert third.project.lot == 3 and len(projects.lots(third.project)) == 3


def test_lots_that_came_apart_are_named_before_approval():
    tender = drafted()
    made = added(tender)
    make.document(made, "补充.pdf")
    made.closes_at += cast.DAY
    made.save()
    codes = {reason.code for reason in queries.missing(made, at=cast.NOON)}
    assert {"lots.documents", "lots.times"} <= codes


def test_the_limit_is_one_for_all_and_twenty_lots_are_the_most():
    assert [r.code for r in batches.why_not_add(lots=20, most=1)] == ["lots.too-many"]
    assert [r.code for r in batches.why_not_add(lots=1, most=21)] == ["lots.most-odd"]


@pytest.mark.embedded
def test_nobody_else_adds_a_lot_and_not_to_what_is_published():
    tender = drafted()
    with pytest.raises(Refused):
        lots.add_lot(project_number=tender.project.number, **NEW, by=cast.PROVIDER, at=cast.NOON)
    published = make.tender(number="T-9", keys=False)
    with pytest.raises(Refused, match="project.published"):
        added(published)


def test_the_terms_and_the_notice_name_the_batch():
    project = market.project(number="T-1", batch="B-1", lot=2, most_lots=1)
    tender = make.tender(project=project, keys=False)
    assert tender.terms["batch"] == {"number": "B-1", "lot": 2, "most": 1}
    assert queries.notice_content(tender)["batch"] == tender.terms["batch"]


@pytest.mark.embedded
def test_the_lots_are_shown_together_but_no_draft_to_a_stranger():
    for n in (1, 2):
        project = market.project(number=f"T-{n}", title=f"道路工程第{n}段", batch="B-1", lot=n, most_lots=1)
        make.tender(project=project, keys=False)
    market.project(number="T-3", title="未发布的标段", stage=make.Stage.DRAFT, batch="B-1", lot=3, most_lots=1)
    page = accounts.client_of(cast.PROVIDER).get("/projects/T-1/")
    text = page.content.decode()
    assert "道路工程第2段" in text and "同批标段" in text and "每家至多中标 1 个" in text
    assert "未发布的标段" not in text


@pytest.mark.embedded
def test_an_officer_adds_a_lot_on_the_page_of_the_draft():
    tender = drafted()
    client = accounts.client_of(cast.OFFICER)
    number = tender.project.number
    data = {f"lot-{key}": str(value) for key, value in NEW.items()}
    answer = client.post(f"/projects/{number}/edit/lots", data)
    assert answer.status_code == 302 and Project.objects.filter(title="第二标段", lot=2).exists()
    assert "第 2 标段" in client.get(f"/projects/{number}/edit/").content.decode()


@pytest.mark.embedded
def test_a_bidders_workspace_leads_to_the_other_lots_and_tells_only_his_own_bids():
    tenders = []
    for n in (1, 2):
        project = market.project(number=f"T-{n}", title=f"道路工程第{n}段", batch="B-1", lot=n, most_lots=1)
        tenders.append(bidding_offers.open_tender(project=project))
    bidding_offers.sealed_bid(tenders[1], cast.RIVAL)

    def shown(who):
        return accounts.client_of(who).get("/projects/T-1/bid/").content.decode()

    assert "道路工程第2段" in shown(cast.PROVIDER) and "本单位尚未递交" in shown(cast.PROVIDER)
    assert "本单位已有回执" in shown(cast.RIVAL)
