"""Complaints and cases on the wall and in a procurement's story: whose turn, what is late, and nobody's name."""

import pytest

from blacklist.cases import process
from blacklist.cases.rules import GROUNDS
from blacklist.cases.turns import Whose, turn
from rulebook import clock
from rulebook.actor import Actor, Role
from tests import cast
from tests.make import accounts, cases, market
from tests.market.complaints.test_complaints import filed

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_complaints_and_cases_are_on_the_wall_with_their_turn_and_what_is_late(monkeypatch):
    accounts.world()
    held = filed()
    case = cases.noticed(project=market.NUMBER)
    story = f"/projects/{held.project.number}/timeline/"
    client = accounts.client_of(cast.SUPERVISOR)

    def read(path, at, *, by=client):
        monkeypatch.setattr(clock, "now", lambda: at)
        return by.get(path).content.decode()

    for path in ("/supervision/", story):
        page = read(path, cast.NOON + cast.HOUR)
        told = ("投诉：", "待审查", "轮到受理部门", "轮到当事人", GROUNDS[case.ground].name, held.get_absolute_url())
        for words in (*told, f"/cases/{case.public_id}/"):
            assert words in page, (path, words)
        assert "已逾期" not in page.partition('id="complaints"')[2].partition('id="running"')[0]
        for name in (cast.NAMES[cast.HETAO], cast.PROVIDER.name):
            assert name not in page, (path, name)
        assert page.count("已逾期") < read(path, cast.NOON + 60 * cast.DAY).count("已逾期")
    late = read("/supervision/", cast.NOON + 60 * cast.DAY)
    assert "轮到承办人员" in late

    for who in (cast.STRANGER, cast.OFFICER, cast.RIVAL):
        public = read(story, cast.NOON + cast.HOUR, by=accounts.client_of(who))
        assert "平台案件" not in public and str(case.public_id) not in public and str(held.public_id) not in public
    elsewhere = Actor("00000000-0000-4000-8000-000000000063", Role.SUPERVISOR, cast.CENTRE, "别处监督")
    accounts.user(elsewhere)  # what was filed with one body is not another's
    for path in ("/supervision/", story):
        assert held.get_absolute_url() not in read(path, cast.NOON, by=accounts.client_of(elsewhere))


def test_a_party_is_never_late_and_a_keeper_is_from_the_first_instant_after():
    file = process.File("late", "reporter", state=process.State.NOTICED, defence_until=cast.NOON)
    assert turn(file, at=cast.NOON - cast.MINUTE).whose is Whose.PARTY
    theirs = turn(file, at=cast.NOON)
    assert theirs.whose is Whose.KEEPER and not theirs.late(at=theirs.until - cast.MINUTE)
    assert theirs.late(at=theirs.until)
    heard = process.replace(file, state=process.State.HEARING, hearing_at=cast.NOON + 30 * cast.DAY, heard=True)
    assert turn(heard, at=cast.NOON).until == process.window(heard.hearing_at, process.DECIDE_IN)
    assert turn(process.replace(file, state=process.State.SERVED), at=cast.NOON) is None
