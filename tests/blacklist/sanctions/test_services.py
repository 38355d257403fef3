"""Recording and lifting, the gate, the public list."""

from datetime import UTC, date, datetime

import pytest

from blacklist.gate import queries
from blacklist.sanctions import services
from blacklist.sanctions.models import Sanction
from blacklist.sanctions.queries import shown
from ledger import lines
from ledger.models import Entry
from ledger.queries import entries_after
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, blacklist

pytestmark = pytest.mark.django_db


def test_a_recorded_ban_is_asked_at_the_gate_and_public_in_the_log():
    blacklist.sanction()

    (reason,) = queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)

    assert "河财采罚〔2026〕3号" in reason.sentence()
    assert queries.banned({cast.HETAO, cast.YINSHAN}, regime="B", at=cast.NOON) == {cast.HETAO}
    assert [entry.kind for entry in Entry.objects.filter(stream="sanctions")] == ["sanctions.imposed"]


def test_the_record_tells_it_in_a_sentence():
    row = blacklist.sanction()
    services.lift(public_id=row.public_id, reason="复议决定撤销", by=cast.SUPERVISOR, at=cast.NOON)

    imposed, lifted = (lines.line(entry) for entry in entries_after("sanctions"))

    assert (
        "河套市财政局以河财采罚〔2026〕3号决定禁止河套仪器有限公司参加采购活动，自 2026-03-01 至 2027-02-28" in imposed
    )
    assert "自 2026-11-24 起解除：复议决定撤销" in lifted


def test_the_gate_opens_at_midnight_in_beijing():
    blacklist.sanction()

    assert queries.why_not_take_part(cast.HETAO, regime="B", at=datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC))
    assert not queries.why_not_take_part(cast.HETAO, regime="B", at=datetime(2027, 2, 28, 16, 0, tzinfo=UTC))


def test_the_gate_costs_one_query_that_uses_its_index(django_assert_num_queries):
    blacklist.sanction()

    with django_assert_num_queries(1) as seen:
        queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)

    assert "ORDER BY" not in seen[0]["sql"]


def test_a_refused_decision_leaves_nothing():
    with pytest.raises(Refused, match="blacklist.not-supervisor"):
        services.record_decision(**blacklist.FACTS, by=cast.PROVIDER, at=cast.NOON)

    assert not Sanction.objects.exists()
    assert not Entry.objects.exists()


def test_recording_a_decision_twice_records_it_once():
    first, again = blacklist.sanction(), blacklist.sanction()

    assert first == again
    assert Entry.objects.count() == 1


def test_a_document_number_cannot_come_to_mean_something_else():
    blacklist.sanction()

    with pytest.raises(Refused, match="blacklist.decision-differs"):
        blacklist.sanction(ends_on=date(2028, 2, 29))


def test_a_lifted_ban_opens_the_gate_at_once_and_leaves_the_list_the_day_after():
    row = blacklist.sanction()

    services.lift(public_id=row.public_id, reason="复议决定撤销", by=cast.SUPERVISOR, at=cast.NOON)

    assert not queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)
    assert shown(at=cast.NOON).exists()
    assert not shown(at=cast.NOON + cast.DAY).exists()
    assert Entry.objects.filter(kind="sanctions.lifted").count() == 1


def test_a_ban_cannot_be_lifted_twice():
    row = blacklist.sanction()
    services.lift(public_id=row.public_id, reason="复议决定撤销", by=cast.SUPERVISOR, at=cast.NOON)

    with pytest.raises(Refused, match="blacklist.already-lifted"):
        services.lift(public_id=row.public_id, reason="复议决定撤销", by=cast.SUPERVISOR, at=cast.NOON)


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)


@pytest.mark.usefixtures("noon")
class TestPages:
    def test_the_list_says_when_it_is_empty(self, client):
        assert "名单上没有单位" in client.get("/blacklist/").content.decode()

    def test_anyone_reads_who_is_banned_by_whom_why_and_until_when(self, client):
        blacklist.sanction()

        page = client.get("/blacklist/").content.decode()

        for told in (
            "河套仪器有限公司",
            "河套市财政局",
            "提供虚假材料谋取中标",
            "2027-02-28",
            "禁入中",
            "《政府采购法》第77条",
        ):
            assert told in page
        assert client.get("/blacklist.json").json()["sanctions"][0]["in_force"] is True

    def test_a_search_finds_by_name_code_and_document(self, client):
        blacklist.sanction()

        for words in ("河套仪器", cast.HETAO.lower(), "河财采罚〔2026〕3号"):
            assert "提供虚假材料" in client.get("/blacklist/", {"q": words}).content.decode()
        assert "没有查到" in client.get("/blacklist/", {"q": "阴山"}).content.decode()

    def test_a_supervisor_records_a_decision_on_a_page(self):
        told = {**blacklist.FACTS}

        answer = accounts.client_of(cast.SUPERVISOR).post("/blacklist/new/", told)

        assert answer.status_code == 302
        assert Sanction.objects.get().ends_on == date(2027, 2, 28)

    def test_a_term_beyond_the_article_comes_back_as_a_refusal_with_the_article(self):
        told = {**blacklist.FACTS, "ends_on": "2036-01-01"}

        answer = accounts.client_of(cast.SUPERVISOR).post("/blacklist/new/", told)

        assert answer.status_code == 422
        assert "所依据条款的禁入期为1年至3年" in answer.content.decode()

    def test_whoever_is_not_the_supervision_sees_a_grey_button_that_says_why(self):
        page = accounts.client_of(cast.PROVIDER).get("/blacklist/new/").content.decode()

        assert 'aria-disabled="true"' in page
        assert "仅监督管理部门可登记或解除禁入决定" in page

    def test_nobody_else_records_through_the_page_either(self):
        answer = accounts.client_of(cast.PROVIDER).post("/blacklist/new/", blacklist.FACTS)

        assert answer.status_code == 403
        assert not Sanction.objects.exists()

    def test_a_supervisor_lifts_a_ban_on_a_page(self):
        row = blacklist.sanction()

        page = accounts.client_of(cast.SUPERVISOR)
        assert "解除后即日起可以参加" in page.get(f"/blacklist/{row.public_id}/lift/").content.decode()
        page.post(f"/blacklist/{row.public_id}/lift/", {"reason": "信用修复"})

        row.refresh_from_db()
        assert row.lifted_because == "信用修复"
