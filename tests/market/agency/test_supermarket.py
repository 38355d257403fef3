"""A purchase in the supermarket under a letter: the agent drafts and runs it, the purchaser publishes and chooses."""

import pytest

from experts.affiliates import services as affiliates
from experts.affiliates.rules import Bond
from ledger import queries as ledger
from market.agency import services as letters
from market.agency.models import Entrustment
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.rules import Stage
from market.projects.sides import IN_SUPERMARKET, Work
from market.purchases import queries, services
from market.purchases.models import Purchase
from market.selection import direct
from market.selection.gate import why_not_take_part
from portal.desk import queries as desks
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.cast import HOUR, NOON
from tests.make import accounts, purchases
from tests.make import agency as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
STRANGERS = (cast.OTHER_OFFICER, cast.PROVIDER, cast.STRANGER, cast.SUPERVISOR)


def refused(code, does, /, **told):
    with pytest.raises(Refused) as why:
        does(**told)
    assert code in [reason.code for reason in why.value.reasons], why.value.reasons


def whats(viewer, *, at=NOON):
    return [(duty.what, duty.waits) for duty in desks.duties(viewer, at=at)]


def begun(letter, *, by=cast.AGENT_OFFICER, **facts):
    """A draft that lacks nothing, by direct choice of the purchaser."""
    purchases.item()
    facts = {name: value for name, value in (purchases.FACTS | facts).items() if not name.startswith("contact")}
    return services.draft(facts=facts, letter=letter.public_id, by=by, at=NOON).project.number


def test_the_agent_drafts_the_purchaser_publishes_and_chooses():
    accounts.world()
    letter = make.agreed()
    for other in (cast.OFFICER, *STRANGERS):
        with pytest.raises((Entrustment.DoesNotExist, Refused)):
            begun(letter, by=other)
    number = begun(letter)
    told, project = {"number": number, "at": NOON}, projects.visible(number, viewer=cast.OFFICER)
    assert (project.buyer_id, project.agent_id, project.contact_name) == (cast.BUYER, cast.AGENT, letter.contact_name)
    assert set(project.mandate["works"]) == {each.value for each in IN_SUPERMARKET}
    assert project.doer(Work.EVALUATE) == cast.BUYER and project.doer(Work.ANSWER) == cast.AGENT
    for stranger in STRANGERS:
        with pytest.raises(Purchase.DoesNotExist):
            queries.own(number, stranger)
    assert ("等待河套招标代理有限公司：编制采购", True) in whats(cast.OFFICER)
    assert ("编制采购", False) in whats(cast.AGENT_OFFICER)

    refused("project.not-officer", services.edit, **told, facts={"days": 9}, by=cast.OFFICER)
    refused("project.not-officer", services.submit, **told, by=cast.OFFICER)
    refused("confirm.not-approved", services.confirm, **told, by=cast.OFFICER)
    services.submit(**told, by=cast.AGENT_OFFICER)
    refused("approval.own-draft", services.approve, **told, by=cast.AGENT_OFFICER)
    refused("project.not-officer", services.approve, **told, by=cast.APPROVER)
    services.approve(**told, by=cast.AGENT_APPROVER)
    assert not projects.visible_to(cast.STRANGER).filter(number=number).exists()
    for other in (cast.AGENT_OFFICER, cast.AGENT_APPROVER, *STRANGERS):
        refused("project.not-officer", services.confirm, **told, by=other)
    assert ("确认采购文件", False) in whats(cast.APPROVER)
    project_services.refuse_documents(**told, comment="限价写高了", by=cast.OFFICER)
    services.submit(**told, by=cast.AGENT_OFFICER)
    services.approve(**told, by=cast.AGENT_APPROVER)

    services.confirm(**told, by=cast.APPROVER)

    refused("confirm.not-approved", services.confirm, **told, by=cast.OFFICER)
    notice = Notice.objects.get(project=project)
    assert (notice.content["buyer"]["org"], notice.content["agent"]["org"]) == (cast.BUYER, cast.AGENT)
    kinds = [entry.kind for entry in ledger.entries_after(project.log)]
    assert kinds == ["market.notice-published", "agency.agent-named", "market.purchase-terms"]
    assert ("等待河套市生态环境局：选定机构", True) in whats(cast.AGENT_OFFICER)

    purchases.able()
    pick = {"org": cast.HETAO, "amount": purchases.FACTS["price_cap"], "reason": "做过同类项目"}
    refused("project.not-officer", direct.pick, **told, **pick, by=cast.AGENT_OFFICER)
    direct.pick(**told, **pick, by=cast.OFFICER)
    assert projects.visible(number, viewer=cast.STRANGER).stage == Stage.PROPOSED


def test_nothing_goes_out_beyond_the_letter_or_after_it_ended():
    accounts.world()
    small = make.agreed(categories=frozenset({"goods"}), most=purchases.FACTS["price_cap"] - 1)
    number = begun(small)
    for code in ("agency.other-category", "agency.over-most"):
        refused(code, services.submit, number=number, by=cast.AGENT_OFFICER, at=NOON)
    letter = make.agreed(title="专项", single=True)
    number = begun(letter)
    with pytest.raises(Refused, match=r"agency\.used"):
        begun(letter)
    services.submit(number=number, by=cast.AGENT_OFFICER, at=NOON)
    services.approve(number=number, by=cast.AGENT_APPROVER, at=NOON)

    ends = {"public_id": letter.public_id, "reason": "多次延误", "successors": {number: "self"}}
    letters.end(**ends, by=cast.OFFICER, at=NOON + HOUR)

    told = {"number": number, "at": NOON + HOUR}
    refused("confirm.no-agent", services.confirm, **told, by=cast.OFFICER)
    with pytest.raises(Purchase.DoesNotExist):
        queries.own(number, cast.AGENT_OFFICER)
    refused("project.not-officer", services.submit, **told, by=cast.AGENT_OFFICER)
    refused("agency.not-in-force", services.draft, facts=purchases.FACTS, letter=letter.public_id,
            by=cast.AGENT_OFFICER, at=NOON + HOUR)  # fmt: skip
    services.submit(**told, by=cast.OFFICER)
    services.approve(**told, by=cast.APPROVER)
    assert projects.visible(number, viewer=cast.STRANGER).agent_id is None


def test_whoever_belongs_to_the_agent_is_not_chosen():
    accounts.world()
    number = begun(make.agreed())
    purchases.able()
    project = queries.purchase(number).project
    assert why_not_take_part(project, org=cast.HETAO, at=NOON) == ()
    told = {"one_name": cast.NAMES[cast.AGENT], "other_name": cast.NAMES[cast.HETAO], "basis": "工商登记"}
    affiliates.agree(by=cast.PROVIDER, at=NOON, affiliation=affiliates.declare(
        bond=Bond.HOLDING, one=cast.AGENT, other=cast.HETAO, since=(NOON - 400 * cast.DAY).date(), until=None, **told,
        by=cast.SUPERVISOR, at=NOON,
    ))  # fmt: skip

    assert [each.code for each in why_not_take_part(project, org=cast.HETAO, at=NOON)] == ["gate.affiliated"]


def test_the_pages_and_the_program_lead_the_same_way(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    accounts.world()
    letter = make.agreed()
    purchases.item()
    as_one = accounts.client_of
    agent = as_one(cast.AGENT_OFFICER)
    begin = f"/purchases/new/?letter={letter.public_id}"
    assert begin in agent.get("/agency/").content.decode()
    assert "受河套市生态环境局委托" in agent.get(begin).content.decode()
    assert agent.get(f"/purchases/new/?letter={cast.OFFICER.person}").url == "/agency/"
    number = agent.post(begin, {"item": purchases.ITEM}).url.split("/")[2]
    assert queries.purchase(number).project.buyer_id == cast.BUYER
    body = {"said": {"item": purchases.ITEM}, "letter": str(letter.public_id)}
    made = agent.post("/api/purchases", body, content_type="application/json")
    assert queries.purchase(made.json()["number"]).project.agent_id == cast.AGENT
    assert as_one(cast.OTHER_OFFICER).post("/api/purchases", body, content_type="application/json").status_code == 404

    services.edit(number=number, facts=purchases.FACTS, by=cast.AGENT_OFFICER, at=NOON)
    services.submit(number=number, by=cast.AGENT_OFFICER, at=NOON)
    services.approve(number=number, by=cast.AGENT_APPROVER, at=NOON)
    preview, door = f"/purchases/{number}/edit/preview/", f"/purchases/{number}/confirm"
    assert "确认后公告" in as_one(cast.AGENT_OFFICER).get(preview).content.decode()
    assert as_one(cast.AGENT_OFFICER).post(door).status_code == 403
    assert as_one(cast.OTHER_OFFICER).post(door).status_code == 404
    client = as_one(cast.OFFICER)
    assert f'action="{door}"' in client.get(preview).content.decode()
    back, read = {"comment": "改一下"}, accounts.seen_on(client.get(preview), f"/purchases/{number}/refuse")
    assert client.post(f"/purchases/{number}/refuse", back).status_code == 409
    assert client.post(f"/purchases/{number}/refuse", back | read).status_code == 302
    services.submit(number=number, by=cast.AGENT_OFFICER, at=NOON)
    services.approve(number=number, by=cast.AGENT_APPROVER, at=NOON)
    assert client.post(door, accounts.seen_on(client.get(preview), door)).url == f"/purchases/{number}/"
    shown = f"/purchases/{number}/"
    assert "/choose/" in client.get(shown).content.decode() and "采购代理机构" in client.get(shown).content.decode()
    client = as_one(cast.AGENT_OFFICER)
    hers = client.get(shown).content.decode()
    for shut in ("/choose/", "papers.pdf", "/end/"):
        assert shut not in hers
    assert client.get(f"/purchases/{number}/papers.pdf").status_code == 404
