"""Recording and lifting, the gate, the public list."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from accounts import sealing as experts
from blacklist.gate import queries
from blacklist.sanctions import services
from blacklist.sanctions.models import Sanction, SanctionDraft, SanctionKey
from blacklist.sanctions.queries import shown, visible
from intermediaries.registry import tags as practitioners
from ledger import lines
from ledger.models import Entry
from ledger.queries import entries_after
from rulebook.refusal import Refused
from tests import cast, final
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
    blacklist.followed(row.public_id, "stayed")
    blacklist.followed(row.public_id, "resumed")
    blacklist.followed(row.public_id, "annulled", reason="复议决定撤销")

    imposed, stayed, resumed, lifted = (lines.line(entry) for entry in entries_after("sanctions"))

    assert (
        "河套市财政局以河财采罚〔2026〕3号决定禁止河套仪器有限公司参加采购活动，自 2026-03-01 至 2027-02-28" in imposed
    )
    assert "河套市人民政府以河政复决〔2026〕8号决定，河套市财政局 河财采罚〔2026〕3号自 2026-11-24 起停止执行" in stayed
    assert "恢复执行" in resumed
    assert "自 2026-11-24 起解除：复议决定撤销" in lifted


def test_nothing_binds_or_frees_before_another_supervisor_confirms_it():
    draft = services.record_decision(**blacklist.FACTS, by=cast.SUPERVISOR, at=cast.NOON)

    assert not queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)
    for by, code in ((cast.SUPERVISOR, "blacklist.own-record"), (cast.OPERATOR, "blacklist.not-supervisor")):
        with pytest.raises(Refused, match=code):
            services.confirm(draft=draft.public_id, by=by, at=cast.NOON)
    assert not Entry.objects.exists()

    row = services.confirm(draft=draft.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)
    with pytest.raises(Refused, match="blacklist.record-done"):
        services.confirm(draft=draft.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)
    freed = services.note(
        public_id=row.public_id, fact="annulled", **blacklist.DOCUMENT, by=cast.SUPERVISOR, at=cast.NOON
    )

    assert queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)
    services.drop(draft=freed.public_id, by=cast.SUPERVISOR, at=cast.NOON)
    with pytest.raises(Refused, match="blacklist.record-done"):
        services.confirm(draft=freed.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)
    assert queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)


def test_a_person_is_found_by_every_registers_hash_and_named_nowhere():
    row = blacklist.person(blacklist.PERSON)

    for tags in (practitioners.tags, experts.tags):
        (reason,) = queries.why_not_take_part("", regime="D", people=tags(blacklist.PERSON), at=cast.NOON)
        assert "河财采罚〔2026〕3号" in reason.sentence()
        assert queries.why_not_take_part(cast.HETAO, regime="D", people=tags(blacklist.PERSON)[:1], at=cast.NOON)
    assert not queries.why_not_take_part(cast.HETAO, regime="D", at=cast.NOON)
    assert (row.name, row.code) == ("张**", "")
    kept = [*Sanction.objects.values(), *SanctionKey.objects.values(), *SanctionDraft.objects.values()]
    told = f"{kept}{list(Entry.objects.values())}"
    assert blacklist.PERSON not in told and "张建国" not in told


def test_the_gate_opens_at_midnight_in_beijing():
    blacklist.sanction()

    assert queries.why_not_take_part(cast.HETAO, regime="B", at=datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC))
    assert not queries.why_not_take_part(cast.HETAO, regime="B", at=datetime(2027, 2, 28, 16, 0, tzinfo=UTC))


def test_the_gate_costs_one_query_that_uses_its_index(django_assert_num_queries):
    blacklist.sanction()

    with django_assert_num_queries(2):  # what it is, only where there is something
        queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)
    with django_assert_num_queries(1) as seen:
        queries.why_not_take_part(cast.YINSHAN, regime="B", at=cast.NOON)

    assert "ORDER BY" not in seen[0]["sql"]


def test_a_refused_decision_leaves_nothing():
    with pytest.raises(Refused, match="blacklist.not-supervisor"):
        services.record_decision(**blacklist.FACTS, by=cast.PROVIDER, at=cast.NOON)

    assert not Sanction.objects.exists()
    assert not Entry.objects.exists()


def test_recording_a_decision_twice_records_it_once():
    first, again = (services.record_decision(**blacklist.FACTS, by=cast.SUPERVISOR, at=cast.NOON) for _ in range(2))
    assert first == again
    services.confirm(draft=first.public_id, by=cast.SECOND_SUPERVISOR, at=cast.NOON)

    with pytest.raises(Refused, match="blacklist.recorded-already"):
        blacklist.sanction()
    assert Entry.objects.count() == 1


def test_a_document_number_cannot_come_to_mean_something_else():
    blacklist.sanction()

    with pytest.raises(Refused, match="blacklist.decision-differs"):
        blacklist.sanction(ends_on=date(2028, 2, 29))


def test_what_is_annulled_leaves_the_gate_and_the_list_at_once_and_stays_in_history():
    row = blacklist.sanction()

    blacklist.followed(row.public_id, "annulled")

    assert not queries.why_not_take_part(cast.HETAO, regime="B", at=cast.NOON)
    assert not shown(at=cast.NOON).exists()
    assert visible(row.public_id, viewer=cast.SUPERVISOR, at=cast.NOON).followed == ["annulled"]
    with pytest.raises(Sanction.DoesNotExist):
        visible(row.public_id, viewer=cast.PROVIDER, at=cast.NOON)
    with pytest.raises(Refused, match="blacklist.already-lifted"):
        blacklist.followed(row.public_id, "annulled")


@pytest.mark.parametrize("lost", ["ends_on = '2026-11-01'", "ends_on = '2030-11-01'", "regimes = 'A'", None])
def test_the_database_lets_nobody_shorten_extend_or_delete_a_decision(lost):
    blacklist.sanction()

    for table in ("blacklist_sanction", "blacklist_sanctionkey"):
        if lost and table.endswith("key"):
            lost = "ends_on = '2026-11-01'"
        with final.refused(), transaction.atomic():
            connection.cursor().execute(f"UPDATE {table} SET {lost}" if lost else f"DELETE FROM {table}")


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
        first, second = (accounts.client_of(by) for by in (cast.SUPERVISOR, cast.SECOND_SUPERVISOR))

        assert first.post("/blacklist/new/", blacklist.FACTS).status_code == 302
        where = f"/blacklist/drafts/{SanctionDraft.objects.get().public_id}/"
        assert "须由另一名监督人员核对后确认" in first.get("/blacklist/drafts/").content.decode()
        assert first.post(where, {"what": "confirm"}).status_code == 403
        assert "河财采罚〔2026〕3号" in second.get("/blacklist/drafts/").content.decode()
        assert second.post(where, {"what": "confirm"}).status_code == 302
        assert accounts.client_of(cast.PROVIDER).get("/blacklist/drafts/").status_code == 404
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

    def test_a_person_or_a_body_is_named_not_both(self):
        page = accounts.client_of(cast.SUPERVISOR)
        told = {**blacklist.FACTS, "id_number": blacklist.PERSON}

        assert "二者填一" in page.post("/blacklist/new/", told).content.decode()

    def test_what_followed_is_recorded_on_a_page_and_read_on_the_decisions_own(self, client):
        row = blacklist.sanction()
        where = f"/blacklist/{row.public_id}/"
        first, second = (accounts.client_of(by) for by in (cast.SUPERVISOR, cast.SECOND_SUPERVISOR))

        told = {**blacklist.DOCUMENT, "fact": "stayed"}
        assert first.post(f"{where}following/", told).status_code == 302
        second.post(f"/blacklist/drafts/{SanctionDraft.objects.last().public_id}/", {"what": "confirm"})

        page = client.get(where).content.decode()
        assert "停止执行" in page and "河政复决〔2026〕8号" in page and "全国" in page
        assert accounts.client_of(cast.PROVIDER).post(f"{where}following/", told).status_code == 403
        blacklist.followed(row.public_id, "annulled")
        assert client.get(where).status_code == 404
        assert "已解除" in first.get(where).content.decode()
