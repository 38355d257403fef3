"""The pages of the register: whose they are, what they show, and that every act has a door."""

import pytest

from experts.registry.models import Application, Expert, Look
from experts.registry.rules import Standing
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import accounts
from tests.make import experts as make_experts
from tests.make import registry as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TOLD = make.said()["personal"]


def form(**other):
    said = make.said()
    typed = {field: value for field, value in said.items() if field not in ("personal", "keys", "promised")}
    return typed | {"key1": "A-it", "promised": "on"} | TOLD | other


def shown(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, (path, response.status_code)
    return response.content.decode()


def test_a_person_applies_two_keepers_agree_and_every_page_masks_him():
    me, operator, supervisor = map(accounts.client_of, (cast.EXPERT, cast.OPERATOR, cast.SUPERVISOR))
    assert "提交申请" in shown(me, "/experts/apply/")
    wrong = me.post("/experts/apply/", form(phone=""))
    assert wrong.status_code == 422 and "请先改正" in wrong.content.decode()
    assert me.post("/experts/apply/", form(promised="")).status_code == 422
    assert me.post("/experts/apply/", form()).status_code == 302
    mine = shown(me, "/experts/apply/")
    assert "等待初审" in mine and "苏**" not in mine.split("</header>")[1].split("办理经过")[0]

    place = f"/experts/applications/{Application.objects.get().public_id}/"
    assert place in shown(operator, "/experts/register/")
    page = shown(operator, place)
    assert "苏**" in page and "138****1234" in page
    assert operator.post(f"{place}judge/", {"verdict": "agree"}).status_code == 302
    assert "复核须由初审以外的另一人办理" in shown(operator, place)
    assert operator.post(f"{place}judge/", {"verdict": "agree"}).status_code == 403
    assert supervisor.post(f"{place}judge/", {"verdict": "agree"}).status_code == 302
    expert = Expert.objects.get()
    pages = [shown(me, "/experts/me/"), shown(supervisor, f"/experts/register/{expert.public_id}/"),
             shown(supervisor, "/experts/register/"), shown(operator, place), shown(me, "/experts/apply/")]  # fmt: skip
    assert not [value for value in TOLD.values() for page in pages if value in page]


def test_a_full_look_asks_why_and_is_there_for_its_person_to_see():
    make.accepted(make.application())
    expert = Expert.objects.get()
    me, operator = accounts.client_of(cast.EXPERT), accounts.client_of(cast.OPERATOR)
    place = f"/experts/register/{expert.public_id}/"
    assert operator.post(f"{place}look/", {"purpose": "看"}).status_code == 422
    assert not Look.objects.exists()
    seen = operator.post(f"{place}look/", {"purpose": "核对银行账号以发放劳务报酬"})
    assert TOLD["phone"] in seen.content.decode() and seen["Cache-Control"] == "no-store"

    for client, where in ((me, "/experts/me/"), (accounts.client_of(cast.SUPERVISOR), place)):
        assert "核对银行账号以发放劳务报酬" in shown(client, where)
    watched = shown(accounts.client_of(cast.SUPERVISOR), "/experts/register/looks/")
    assert "核对银行账号以发放劳务报酬" in watched and expert.number in watched
    assert "/experts/register/looks/" in shown(accounts.client_of(cast.SUPERVISOR), "/experts/register/")
    for other in (operator, me, accounts.client_of(cast.AUDITOR)):
        shown(other, "/experts/register/looks/", 404)
    assert TOLD["id_number"] in me.post("/experts/me/look/").content.decode()
    assert [look.by_name for look in Look.objects.order_by("pk")] == [cast.OPERATOR.name, "苏**"]


@pytest.mark.parametrize("who", [cast.OFFICER, cast.PROVIDER, cast.WITNESS, cast.AUDITOR, cast.EXPERTS[1]])
def test_the_register_does_not_exist_for_others(who):
    row = make.application()
    expert = make_experts.expert(2, world="k")
    client = accounts.client_of(who)
    for path in ("/experts/register/", f"/experts/register/{expert.public_id}/",
                 f"/experts/applications/{row.public_id}/"):  # fmt: skip
        shown(client, path, 404)
    place, asked = f"/experts/register/{expert.public_id}", f"/experts/applications/{row.public_id}"
    for path in (f"{place}/look/", f"{place}/remove/", f"{asked}/judge/", f"{asked}/look/"):
        assert client.post(path, {"purpose": "随便看看而已", "verdict": "agree"}).status_code == 404
    assert not Look.objects.exists()


def test_an_expert_keeps_his_own_page_and_a_keeper_his_standing():
    expert = make_experts.expert(1)
    me, keeper = accounts.client_of(cast.EXPERT), accounts.client_of(cast.SUPERVISOR)
    today = day_in_china(expert.enrolled_at)
    new = {"post": "main", "code": cast.COLLEGE, "name": "河套学院", "since": "2026-11-01"}
    board = {"post": "board", "code": cast.HETAO, "name": "河套仪器有限公司", "since": "2026-10-01"}
    for path, said in (("employments/", new), ("employments/", board), ("contact/", {"phone": "13900005678"}),
                       ("leave/", {"first": "2020-01-01"})):  # fmt: skip
        assert me.post(f"/experts/me/{path}", said).status_code == 302, path
    page = shown(me, "/experts/me/")
    assert "河套学院" in page and "139****5678" in page and "提前销假" in page and "单位001" in page
    row = expert.employments.get(post="board")
    assert me.post(f"/experts/me/employments/{row.pk}/end/", {"until": "2026-10-20"}).status_code == 302
    assert me.post("/experts/me/leave/", {"back": "1"}).status_code == 302
    assert me.post("/experts/me/leave/", {"first": "x"}).status_code == 422
    assert me.post(f"/experts/me/employments/{make_experts.expert(2).employments.get().pk}/end/").status_code == 404

    place = f"/experts/register/{expert.public_id}/"
    training = {"subject": "政府采购法规", "hours": "8", "on": f"{today}"}
    for path, said in (("train/", training), ("review/", {"outcome": "failed", "note": "未参加培训"})):
        assert keeper.post(f"{place}{path}", said).status_code == 302
    expert.refresh_from_db()
    assert expert.state == Standing.SUSPENDED
    assert "未参加培训" in shown(me, "/experts/me/") and "政府采购法规" in shown(keeper, place)
    assert keeper.post(f"{place}bar/", {"decision": "内财罚〔2026〕3号", "until": "2099-01-01"}).status_code == 302
    assert "内财罚〔2026〕3号，至 2099-01-01" in shown(me, "/experts/me/")
    assert keeper.post(f"{place}remove/", {"decision": "", "reason": "x"}).status_code == 422
    assert keeper.post(f"{place}else/", {}).status_code == 404
    assert (
        keeper.post(f"{place}remove/", {"decision": "内财购〔2026〕9号", "reason": "提供虚假材料"}).status_code == 302
    )
    assert "内财购〔2026〕9号" in shown(me, "/experts/me/")
    assert me.post("/experts/me/exit/").status_code == 409


def test_the_keepers_find_people_by_what_is_not_personal():
    due = make_experts.register(3)[1].enrolled_at.date()
    Expert.objects.filter(number="expert-002").update(review_due_on=due)
    keeper = accounts.client_of(cast.OPERATOR)
    for query, found in (("q=expert-002", 1), ("specialty=A-it", 3), ("q=单位003&state=enrolled", 1), ("state=left", 0),
                         ("due=on", 1), ("q=专家甲", 0), ("region=河套市", 3)):  # fmt: skip
        page = shown(keeper, f"/experts/register/?{query}")
        assert page.count('<th scope="row">') == found, query
