"""From draft to notice: each promise of the acts."""

import io
import json

import pytest

from bidding.tender import committees, drafting, queries, services, tasks
from bidding.tender.models import KeyCommittee, Slot, Taking
from ledger import blobs
from ledger.models import Entry, Log
from market.projects import services as projects
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import manifest
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.bidding.tender import act
from tests.hardening.secrecy.seen import Work, counting_rows
from tests.make import accounts, bidding, holding

pytestmark = pytest.mark.django_db


def test_a_tender_goes_from_draft_to_notice_in_one_transaction_at_its_minute():
    tender = act.scheduled()
    number = tender.project.number

    tasks.publish_due(by=SYSTEM, at=tender.project.publish_at - cast.MINUTE)
    assert Project.objects.get(number=number).stage == Stage.DRAFT
    tasks.publish_due(by=SYSTEM, at=tender.project.publish_at)

    project = Project.objects.get(number=number)
    tender = queries.tender(number)
    entries = list(Entry.objects.filter(stream=project.log).order_by("seq"))
    assert project.stage == Stage.OPEN
    assert [entry.kind for entry in entries] == ["market.notice-published", "tender.terms"]
    notice = project.notices.get()
    assert blobs.read(notice.sha256) == notice.text.encode()
    assert json.loads(entries[0].event)["d"]["sha256"] == notice.sha256
    pinned = {key: value for key, value in json.loads(entries[1].event)["d"].items() if key not in ("stream", "seq")}
    assert pinned == tender.terms
    assert notice.content["keys"]["units"] == {part: each.cmh for part, each in queries.committees(tender).items()}
    assert blobs.read(queries.documents(tender)[0].sha256) == b"%PDF"


@pytest.mark.embedded
def test_what_is_missing_is_said_all_at_once_with_its_articles():
    tender = act.draft(
        facts={"price_cap": "1400000", "publish_at": act.START + cast.DAY},
        closes_at=act.START + 10 * cast.DAY,
        supply_ends_at=act.START + 3 * cast.DAY,
        price_weight=20,
        qualifications=["注册资本不少于 500 万元"],
    )

    with pytest.raises(Refused) as refusal:
        drafting.submit_for_approval(project_number=tender.project.number, by=cast.OFFICER, at=act.START)

    codes = {reason.code: str(reason.law) for reason in refusal.value.reasons}
    assert codes["timetable.preparation"] == "政府采购法 第35条"
    assert codes["timetable.supply"] == "政府采购法实施条例 第31条"
    assert codes["criteria.scale"] == "87号令 第17条"
    assert codes["criteria.price-weight"] == codes["criteria.sum"] == "87号令 第55条"
    assert {"project.cap-above-budget", "tender.no-documents", "tender.keys-not-asked"} <= set(codes)


@pytest.mark.embedded
def test_the_drafter_cannot_approve_and_another_house_does_not_count():
    tender = act.complete()
    number = tender.project.number
    drafting.submit_for_approval(project_number=number, by=cast.OFFICER, at=act.START)

    with pytest.raises(Refused, match="approval.own-draft"):
        projects.approve(number=number, by=cast.OFFICER, at=act.START)
    with pytest.raises(Refused, match="project.not-officer"):
        projects.approve(number=number, by=cast.OTHER_OFFICER, at=act.START)


def test_a_returned_draft_can_be_changed_and_says_why():
    tender = act.complete()
    number = tender.project.number
    drafting.submit_for_approval(project_number=number, by=cast.OFFICER, at=act.START)
    with pytest.raises(Refused, match="project.in-approval"):
        drafting.edit(project_number=number, facts=act.facts(), terms=act.terms(), by=cast.OFFICER, at=act.START)

    project = projects.send_back(number=number, comment="预算依据不足", by=cast.APPROVER, at=act.START)

    assert project.returned_comment == "预算依据不足"
    drafting.edit(
        project_number=number, facts=act.facts(title="新名"), terms=act.terms(), by=cast.OFFICER, at=act.START
    )
    assert Project.objects.get(number=number).title == "新名"


def test_a_scheduled_notice_can_be_cancelled_until_its_minute():
    tender = act.scheduled()
    number, minute = tender.project.number, tender.project.publish_at

    with pytest.raises(Refused, match="schedule.too-late"):
        projects.cancel_schedule(number=number, by=cast.OFFICER, at=minute)
    projects.cancel_schedule(number=number, by=cast.OFFICER, at=minute - cast.MINUTE)
    tasks.publish_due(by=SYSTEM, at=minute)

    assert Project.objects.get(number=number).stage == Stage.DRAFT


@pytest.mark.embedded
def test_a_publication_that_comes_too_late_for_the_periods_goes_back_with_the_reasons():
    tender = act.scheduled()

    tasks.publish_due(by=SYSTEM, at=tender.closes_at - 5 * cast.DAY)

    project = Project.objects.get(number=tender.project.number)
    assert project.stage == Stage.DRAFT
    assert project.submitted_at is None
    assert "不得少于20日" in project.returned_comment
    assert not project.notices.exists()


@pytest.mark.embedded
def test_publication_is_refused_before_both_parts_were_opened_in_trial():
    tender = act.draft()
    act.ready_keys(tender, parts=("sheet",))

    with pytest.raises(Refused, match="tender.not-rehearsed"):
        services.publish(project_number=tender.project.number, by=SYSTEM, at=tender.project.publish_at)


@pytest.mark.embedded
def test_the_manifest_holds_the_three_holders_and_is_public():
    tender = act.draft()
    act.ready_keys(tender, parts=("sheet",))

    committee = queries.committee(tender, "sheet")
    made = manifest.parse(queries.kcm_bytes(committee))
    assert [member.org for member in made.c.members] == list(act.HOLDERS)
    assert (made.c.k, made.c.n, made.cmh.hex()) == (2, 3, committee.cmh)
    kinds = [entry.kind for entry in Entry.objects.filter(stream="keys").order_by("seq")]
    assert kinds[-7:] == [
        "tender.keys-wanted", *["tender.slots-posted"] * 3, "tender.manifest", "tender.rehearsal-wanted",
        "tender.rehearsed",
    ]  # fmt: skip


def test_a_holder_that_posts_again_changes_nothing_and_a_stranger_is_refused():
    tender = act.draft()
    holding.stand(*act.HOLDERS)
    accounts.key(cast.PLATFORM)
    committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)

    act.post(tender, "sheet", cast.NOTARY)
    act.post(tender, "sheet", cast.NOTARY)

    assert queries.committee(tender, "sheet").members.count() == 1
    with pytest.raises(Refused, match="keys.not-a-holder"):
        act.post(tender, "sheet", cast.PLATFORM)
    with pytest.raises(Refused, match="keys.already-asked"):
        committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)


@pytest.mark.embedded
def test_keys_are_not_asked_without_three_organisations_that_have_one():
    tender = act.draft()
    accounts.key(cast.BUYER)

    with pytest.raises(Refused, match="keys.no-roster"):
        committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)


@pytest.mark.embedded
def test_a_wrong_key_at_the_trial_opening_is_refused():
    tender = act.draft()
    holding.stand(*act.HOLDERS)
    committees.request_keys(project_number=tender.project.number, by=cast.OFFICER, at=act.START)
    for code in act.HOLDERS:
        act.post(tender, "sheet", code)
    said = act.release(tender, "sheet", cast.NOTARY, sk="A" * 43)

    with pytest.raises(Refused, match="trial.wrong-key"):
        committees.rehearse_release(project_number=tender.project.number, statement=said, at=act.START)


def test_a_slot_is_given_once_and_not_more_than_sixteen_to_one_bidder():
    tender = bidding.tender(slots=18)

    numbers = [
        services.allot_slots(tender=tender, parts=["sheet"], org=cast.HETAO, at=cast.NOON - cast.HOUR)["sheet"]
        for _ in range(16)
    ]

    assert len(set(numbers)) == 16
    assert 0 not in numbers
    with pytest.raises(Refused, match="slot.too-many-versions"):
        services.allot_slots(tender=tender, parts=["sheet"], org=cast.HETAO, at=cast.NOON - cast.HOUR)["sheet"]
    last = services.allot_slots(tender=tender, parts=["sheet"], org=cast.YINSHAN, at=cast.NOON - cast.HOUR)["sheet"]
    assert {*numbers, last} == set(range(1, 18))
    with pytest.raises(Refused, match="slot.none-free"):
        services.allot_slots(tender=tender, parts=["sheet"], org=cast.YINSHAN, at=cast.NOON - cast.HOUR)


@pytest.mark.embedded
def test_what_is_read_for_a_slot_does_not_tell_how_many_are_gone(monkeypatch):
    tender, work = bidding.tender(slots=400), Work()
    committee = KeyCommittee.objects.get(tender=tender, part="sheet")
    Slot.objects.bulk_create(
        Slot(committee=committee, number=number, allotted_to=cast.HETAO, allotted_at=cast.NOON)
        for number in range(1, 21)
    )

    with counting_rows(monkeypatch, work):
        services.allot_slots(tender=tender, parts=["sheet"], org=cast.YINSHAN, at=cast.NOON - cast.HOUR)

    assert max(rows for _, rows in work.said) <= services.AT_ONCE  # all four gone: six times in a million


def test_taking_the_documents_needs_no_approval_and_leaves_only_a_sealed_trace():
    tender = bidding.tender()
    accounts.user(cast.PROVIDER)
    before = Entry.objects.filter(log=Log.PUBLIC).count()

    first = services.take_documents(project_number=tender.project.number, by=cast.PROVIDER, at=cast.NOON - 5 * cast.DAY)
    again = services.take_documents(project_number=tender.project.number, by=cast.PROVIDER, at=cast.NOON - cast.HOUR)

    assert first == again
    assert Taking.objects.count() == 1
    assert "objections-until" in first.receipt
    assert Entry.objects.filter(log=Log.PUBLIC).count() == before
    assert Entry.objects.get(log=Log.SEALED).kind == "tender.documents-taken"


def test_documents_are_taken_by_providers_while_they_are_supplied():
    tender = bidding.tender()

    with pytest.raises(Refused, match="take.not-provider"):
        services.take_documents(project_number=tender.project.number, by=cast.OFFICER, at=cast.NOON - 5 * cast.DAY)
    with pytest.raises(Refused, match="take.over"):
        services.take_documents(project_number=tender.project.number, by=cast.PROVIDER, at=tender.supply_ends_at)


@pytest.mark.embedded
def test_a_rehearsal_edition_has_no_place_on_a_real_site(settings):
    settings.PRODUCTION = True

    with pytest.raises(Refused, match="project.rehearsal-for-real"):
        act.draft(facts={"edition": "rehearsal"})


@pytest.mark.embedded
def test_a_document_is_named_once_and_not_too_large():
    tender = act.draft()
    number = tender.project.number
    drafting.add_document(project_number=number, name="a.pdf", file=io.BytesIO(b"%PDF"), by=cast.OFFICER, at=act.START)

    with pytest.raises(Refused, match="document.same-name"):
        drafting.add_document(project_number=number, name="a.pdf", file=io.BytesIO(b"x"), by=cast.OFFICER, at=act.START)
    with pytest.raises(Refused, match="document.size"):
        drafting.add_document(project_number=number, name="b.pdf", file=io.BytesIO(b""), by=cast.OFFICER, at=act.START)
    drafting.remove_document(project_number=number, name="a.pdf", by=cast.OFFICER, at=act.START)
    assert not queries.documents(tender)
