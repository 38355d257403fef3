"""Calendars: public times for everybody, one's own desk by a secret word, an expert's sitting for nobody else."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.reaching import services as reaching
from bidding.changes import services as changes
from bidding.tender.services import take_documents
from experts.panels.rules import SeatState
from market.notices import suspending
from market.projects.rules import Stage
from tests import cast
from tests.cast import NOON, OFFICER, PROVIDER, RIVAL
from tests.make import accounts, bidding, purchases
from tests.make import experts as panels
from tests.make.notifier import expert_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AHEAD = NOON + 400 * cast.DAY  # ahead of the clock the doors read, whenever the test runs


def entries(answer):
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def project_file(number, by=cast.STRANGER):
    return entries(accounts.client_of(by).get(f"/projects/{number}/calendar.ics"))


def move(number, to):
    changes.propose(project_number=number, text="延期", may_affect=False, closes_at=to, by=OFFICER, at=NOON)
    changes.approve(project_number=number, by=cast.APPROVER, at=NOON)


def address_of(actor, *, names=False):
    word = reaching.open_calendar(user=accounts.user(actor), names=names, by=actor, at=NOON)
    return f"/calendar/{word}.ics"


def test_a_project_s_file_says_what_its_notices_say_to_everybody_alike():
    tender = bidding.tender(closes_at=AHEAD)
    number = tender.project.number
    (one,) = project_file(number)
    assert one["DTSTART"].dt == AHEAD and "投标截止、开标" in one["SUMMARY"] and tender.project.title in one["SUMMARY"]
    assert (one["SEQUENCE"], one["STATUS"]) == (0, "CONFIRMED")
    take_documents(project_number=number, by=PROVIDER, at=NOON)
    for by in (PROVIDER, OFFICER, cast.OPERATOR):
        answer = accounts.client_of(by).get(f"/projects/{number}/calendar.ics")
        assert answer.content == accounts.client_of(cast.STRANGER).get(f"/projects/{number}/calendar.ics").content

    moved = AHEAD + 9 * cast.DAY
    move(number, moved)
    (two,) = project_file(number)
    assert (two["UID"], two["DTSTART"].dt) == (one["UID"], moved) and two["SEQUENCE"] > one["SEQUENCE"]

    draft = bidding.tender(number="T-2", stage=Stage.DRAFT)
    for by in (OFFICER, cast.STRANGER):
        assert accounts.client_of(by).get(f"/projects/{draft.project.number}/calendar.ics").status_code == 404


def test_a_search_is_followed_by_its_public_times(client):
    tender = bidding.tender(closes_at=AHEAD)
    bidding.tender(number="T-8", stage=Stage.PROPOSED, closes_at=AHEAD)
    bidding.tender(number="T-9", stage=Stage.DRAFT)

    (one,) = entries(client.get("/notices.ics", {"buyer": tender.project.buyer_id}))
    assert (one["DTSTART"].dt, tender.project.title in one["SUMMARY"]) == (AHEAD, True)
    assert entries(client.get("/notices.ics", {"item": "NM-CH-001"})) == []
    page = client.get(f"/buyers/{tender.project.buyer_id}/").content.decode()
    assert f'href="/notices.ics?buyer={tender.project.buyer_id}"' in page and "/notices.atom?buyer=" in page


def test_what_rests_is_tentative_and_what_came_to_nothing_cancelled():
    tender = bidding.tender(closes_at=AHEAD)
    project = tender.project
    order = {"ground": "complaint-b", "document": "河财采投〔2026〕5号", "until": NOON + 10 * cast.DAY}
    accounts.user(cast.SUPERVISOR)
    suspending.suspend(number=project.number, text="投诉处理期间", **order, by=cast.SUPERVISOR, at=NOON)
    (one,) = project_file(project.number)
    assert one["STATUS"] == "TENTATIVE" and "（暂停）" in one["SUMMARY"]
    failed = bidding.tender(number="T-2", stage=Stage.FAILED, closes_at=AHEAD)
    assert project_file(failed.project.number)[0]["STATUS"] == "CANCELLED"


def test_a_purchase_has_its_closing_and_its_choice():
    made = purchases.published()
    times = {each["UID"].split("-")[0]: each["DTSTART"].dt for each in project_file(made.project.number)}
    assert times == {"closes": made.closes_at, "selects": made.selects_at}


def test_one_s_own_calendar_is_one_s_desk_by_a_word_that_nobody_else_knows():
    tender = bidding.tender(closes_at=AHEAD)
    take_documents(project_number=tender.project.number, by=PROVIDER, at=NOON)
    here, rival = address_of(PROVIDER, names=True), address_of(RIVAL, names=True)
    anybody = accounts.client_of(cast.STRANGER)
    mine = [each for each in entries(anybody.get(here)) if each["DTSTART"].dt == AHEAD]
    assert len(mine) == 1 and tender.project.title in mine[0]["SUMMARY"] and tender.project.number in mine[0]["URL"]
    assert not any(each["DTSTART"].dt == AHEAD for each in entries(anybody.get(rival)))
    assert anybody.get(here)["Cache-Control"].count("no-store")

    nameless = address_of(PROVIDER)
    told = anybody.get(nameless).content.decode()
    assert anybody.get(here).status_code == 404  # another address ends the last
    for secret in (tender.project.title, tender.project.number, *cast.NAMES, *cast.NAMES.values()):
        assert secret not in told
    (bare,) = [each for each in entries(anybody.get(nameless)) if each["DTSTART"].dt == AHEAD]

    move(tender.project.number, AHEAD + 9 * cast.DAY)
    (later,) = [each for each in entries(anybody.get(nameless)) if each["UID"] == bare["UID"]]
    assert later["SEQUENCE"] > bare["SEQUENCE"] and later["DTSTART"].dt == AHEAD + 9 * cast.DAY

    reaching.close_calendar(user=accounts.user(PROVIDER), by=PROVIDER, at=NOON)
    for path in (nameless, "/calendar/x.ics", f"/calendar/{'A' * 43}.ics"):
        assert anybody.get(path).status_code == 404
    here = address_of(PROVIDER)
    user = accounts.user(PROVIDER)
    user.is_active = False
    user.save()
    assert anybody.get(here).status_code == 404


def test_the_word_is_shown_once_and_kept_nowhere():
    client = accounts.client_of(PROVIDER)
    page = client.post("/me/reaching/calendar/", {"names": "on"}).content.decode()
    word = page.split("/calendar/")[1].split(".ics")[0]
    assert len(word) == 43 and client.get(f"/calendar/{word}.ics").status_code == 200
    assert word not in client.get("/me/reaching/").content.decode()
    assert word not in str(list(accounts.user(PROVIDER).calendar_keys.values()))
    client.post("/me/reaching/calendar/close/")
    assert client.get(f"/calendar/{word}.ics").status_code == 404


def test_a_sitting_is_in_its_expert_s_calendar_alone_and_says_nothing_but_when():
    starts = AHEAD
    panel = panels.seated_panel("P-1", at=NOON)
    panel.starts_at = starts
    panel.save()
    seat = panel.seats.filter(state=SeatState.SEATED).first()
    user = expert_of(seat).user
    person = user.as_actor()
    others = [OFFICER, PROVIDER, cast.SUPERVISOR, cast.OPERATOR]
    for actor in (person, *others):
        told = accounts.client_of(cast.STRANGER).get(address_of(actor, names=True))
        times = [each["DTSTART"].dt for each in entries(told)]
        assert (starts in times) == (actor is person)
        assert "P-1" not in told.content.decode()
    path = f"/experts/invitations/{seat.public_id}/calendar.ics"
    (own,) = entries(accounts.client_of(person).get(path))
    assert (own["SUMMARY"], own["DTSTART"].dt) == ("评审工作", starts) and "P-1" not in str(own)
    for actor in others:
        assert accounts.client_of(actor).get(path).status_code == 404
    panel.starts_at = starts + timedelta(hours=2)
    panel.save()
    (moved,) = entries(accounts.client_of(person).get(path))
    assert moved["UID"] == own["UID"] and moved["SEQUENCE"] > own["SEQUENCE"]
