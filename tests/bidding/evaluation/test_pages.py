import re

import pytest
from django.urls import reverse

from bidding.evaluation.models import Review, Sheet
from bidding.evaluation.rules import Step
from experts.registry.models import Expert
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # pages do not change with the engine
person = experts.person_of


@pytest.fixture(autouse=True)
def later(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)


def url(name, evaluation, *more):
    return reverse(f"bidding:{name}", args=[evaluation.project.number, *more])


def get(actor, address, status=200):
    answer = accounts.client_of(actor).get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content).decode()


def post(actor, address, data=None, status=302, **headers):
    answer = accounts.client_of(actor).post(address, data or {}, headers=headers)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-600:])
    return answer


def test_the_officer_reviews_qualifications_on_the_page():
    project = make.opened()
    address = reverse("bidding:evaluation", args=[project.number])
    page = get(cast.OFFICER, address)
    assert page.count('value="yes"') == 9 and "河套仪器有限公司" in page

    data = {f"passed:{f.org}:{f.key}": "yes" for f in make.findings(project)}
    post(cast.OFFICER, reverse("bidding:qualify", args=[project.number]), data)

    project.refresh_from_db()
    assert project.evaluation.step == Step.PANEL
    assert "抽取评审小组" in get(cast.OFFICER, address)


def test_before_the_hall_has_ended_the_form_is_grey_with_its_article_and_names_nobody():
    project = make.bidding_offers.closed_tender(3).project

    page = get(cast.OFFICER, reverse("bidding:evaluation", args=[project.number]))

    assert "87号令" in page and "第44条" in page and 'aria-disabled="true"' in page
    assert "河套仪器有限公司" not in page


def test_an_incomplete_review_of_qualifications_is_refused_in_words():
    project = make.opened()

    answer = post(cast.OFFICER, reverse("bidding:qualify", args=[project.number]), {}, status=422)

    assert "每个投标人的每项资格条件" in answer.content.decode()


def test_the_officer_calls_the_panel_and_sees_numbers_only():
    evaluation = make.qualified()
    for code in (*make.draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    address = url("panel", evaluation)
    assert "发起抽取" in get(cast.OFFICER, address)
    assert "发起抽取" not in get(cast.STRANGER, address)

    post(cast.OFFICER, url("call_panel", evaluation), {"specialty": ["A-it", ""], "seats": ["5", ""]})

    from experts.panels.models import Panel

    experts.seated(Panel.objects.get(), at=LATER, played=False)
    page = get(cast.OFFICER, address)
    assert "已确认 5 / 5" in page and "发起抽取" not in page


@pytest.mark.parametrize("seats", ["", "x", "-5", "５", "99999999999999999999"])
def test_nonsense_for_seats_is_refused(seats):
    evaluation = make.qualified()

    post(cast.OFFICER, url("call_panel", evaluation), {"specialty": "A-it", "seats": seats}, status=422)


def outsider(evaluation):
    sitting = {expert_of(seat).pk for seat in make.members(evaluation)}
    return Expert.objects.exclude(pk__in=sitting).order_by("pk").first().user.as_actor()


ACTS = ("declare", "recuse", "review", "save_review", "save_scores", "lock_sheet", "reopen_sheet", "sign_report")


def test_the_evaluation_is_not_there_for_anybody_else():
    evaluation = make.scoring_open()

    for other in (cast.PROVIDER, cast.RIVAL, cast.OTHER_OFFICER, cast.WITNESS, cast.OPERATOR, cast.AUDITOR,
                  outsider(evaluation)):  # fmt: skip
        get(other, url("evaluation", evaluation), 404)
        get(other, url("body_file", evaluation, cast.HETAO, "body", "技术方案.txt"), 404)
    assert accounts.client_of(cast.STRANGER).get(url("evaluation", evaluation)).status_code == 302


def test_nobody_but_a_member_does_a_members_act():
    evaluation = make.scoring_open()

    for name in ACTS:
        for other in (cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER, outsider(evaluation)):
            post(other, url(name, evaluation), {"reason": "x"}, status=404)
        assert accounts.client_of(cast.STRANGER).post(url(name, evaluation)).status_code == 302
        assert accounts.client_of(person(make.members(evaluation)[0])).get(url(name, evaluation)).status_code == 405


def test_only_the_officer_qualifies_and_calls():
    project = make.opened()

    for other in (cast.SUPERVISOR, cast.PROVIDER, cast.OTHER_OFFICER, cast.EXPERT):
        post(other, reverse("bidding:qualify", args=[project.number]), status=403)
        post(other, reverse("bidding:call_panel", args=[project.number]), status=403)


def test_a_member_plays_his_whole_part_on_the_page():
    evaluation = make.seated()
    *others, mine = make.members(evaluation)
    who, address = person(mine), url("evaluation", evaluation)
    page = get(who, address)
    assert "我承诺遵守以上纪律" in page and "我声明并遵守" not in page and "河套仪器有限公司" not in page
    post(who, url("declare", evaluation), status=409)
    post(who, url("sign_in_panel", evaluation), status=422)
    post(who, url("sign_in_panel", evaluation), {"promised": "yes"})
    page = get(who, address)
    assert "我声明并遵守" in page and "河套仪器有限公司" in page and "技术方案.txt" not in page
    get(who, url("body_file", evaluation, cast.HETAO, "body", "技术方案.txt"), 409)
    post(who, url("declare", evaluation))
    assert get(who, url("body_file", evaluation, cast.HETAO, "body", "技术方案.txt")) == "本单位的技术方案"
    assert "推选评审组长" in get(who, address)
    post(who, url("elect_leader", evaluation), {"seat": "9"}, status=422)
    post(who, url("elect_leader", evaluation), {"seat": "1"})
    assert "您这一步已完成" in get(who, address)
    make.declared(evaluation)
    assert "提交符合性审查意见" in get(who, address)
    orgs = (cast.HETAO, cast.YINSHAN, cast.WULIANG)
    written = {
        f"compliant:{cast.HETAO}": "no",
        f"ground:{cast.HETAO}": ["unsigned", "?"],
        f"note:{cast.HETAO}": "见第3页",
    }
    post(who, url("save_review", evaluation), written)
    page = get(who, address)  # after a lost connection, in another browser
    assert f'name="compliant:{cast.HETAO}" value="no" checked' in page and ">见第3页</textarea>" in page
    assert 'value="unsigned" checked' in page and page.count(" checked") == 2 and "已保存" in page
    page = get(person(others[0]), address)
    assert "提交符合性审查意见" in page and " checked" not in page and "见第3页" not in page
    assert evaluation.reviews.count() == 0
    post(who, url("review", evaluation), {f"compliant:{org}": "yes" for org in orgs})
    post(who, url("save_review", evaluation), written, status=409)
    make.reviewed(evaluation)
    assert "锁定评分" in get(who, address)
    sheet = {f"points:{org}:{key}": points for org in orgs for key, points in make.EQUAL.items()}
    post(who, url("save_scores", evaluation), {f"points:{cast.HETAO}:f1": "12.5"})
    assert 'value="12.5"' in get(who, address)
    post(who, url("lock_sheet", evaluation), sheet, status=422)
    assert Sheet.objects.get(seat=mine).scores[cast.WULIANG] == make.EQUAL
    post(who, url("lock_sheet", evaluation), {**sheet, "confirmed": "yes"})
    assert "您这一步已完成" in get(who, address)
    for seat in others:
        make.locks(evaluation, seat)
    page = get(who, address)
    assert "签署评审报告" in page and "1,100,000.00" in page and "80.00" in page
    post(who, url("sign_report", evaluation), {"dissent": ""}, status=409)
    post(who, url("sign_report", evaluation), {"dissent": "", "seen": "of the report before"}, status=409)
    read = accounts.seen_on(accounts.client_of(who).get(address), "/evaluation/sign")
    post(who, url("sign_report", evaluation), {"dissent": "", **read})
    for seat in others:
        make.signs(evaluation, seat)
    assert "评审报告已送达采购人" in get(who, address)
    assert "确定中标人" in get(cast.OFFICER, address)


def test_the_script_gets_the_moment_of_saving_and_a_refusal_it_can_read():
    evaluation = make.scoring_open()
    who, address = person(make.members(evaluation)[0]), url("save_scores", evaluation)

    said = post(who, address, {f"points:{cast.HETAO}:f1": "12.5"}, status=200, accept="application/json")
    assert said.json() == {"saved_at": "2026-11-24T04:10:00.000000Z"}
    refused = post(who, address, {f"points:{cast.HETAO}:f1": "99"}, status=422, accept="application/json")
    assert refused.json()["reasons"][0]["code"] == "sheet.points"


def test_strange_cells_never_break_the_door():
    evaluation = make.scoring_open()
    client = accounts.client_of(person(make.members(evaluation)[0]))

    for name in ("points:", "points::", "points:x", "points:x:y:z", "passed:a:b", "x" * 300):
        assert client.post(url("save_scores", evaluation), {name: "1"}).status_code in (302, 422), name


def test_a_dispute_shows_the_disputed_cells_alone():
    evaluation = make.scoring_open()
    seats = make.members(evaluation)
    for n, seat in enumerate(seats):
        points = {"f1": "25" if n == 0 else "30", "f2": f"1{n}.5"}
        make.locks(evaluation, seat, make.cells(evaluation, **{cast.HETAO: points}))
    who = person(seats[0])

    page = get(who, url("evaluation", evaluation))
    assert "1 号：25" in page and "2 号：30" in page and "11.5" not in page
    post(who, url("reopen_sheet", evaluation), {"reason": "漏看"})
    page = get(who, url("evaluation", evaluation))
    assert page.count(" readonly") == 5
    post(who, url("lock_sheet", evaluation), {f"points:{cast.HETAO}:f1": "30", "confirmed": "yes"})
    assert "签署评审报告" in get(who, url("evaluation", evaluation))


def test_a_recusal_and_an_excuse_through_the_pages():
    evaluation = make.seated()
    seat = make.members(evaluation)[0]
    post(person(seat), url("recuse", evaluation), {"reason": "亲属任职"})
    get(person(seat), url("evaluation", evaluation), 404)
    post(cast.SUPERVISOR, url("excuse", evaluation), {"seat": "2", "reason": "失联"})
    post(cast.SUPERVISOR, url("excuse", evaluation), {"seat": "x", "reason": "失联"}, status=404)
    post(cast.OFFICER, url("excuse", evaluation), {"seat": "3", "reason": "换人"}, status=403)

    assert len(make.members(evaluation)) == 3


def test_the_supervision_body_sees_counts_and_masked_calls():
    evaluation = make.scoring_open()
    make.locks(evaluation, make.members(evaluation)[0])

    page = get(cast.SUPERVISOR, url("evaluation", evaluation))
    assert "1 / 5" in page and "评分已锁定" in page
    assert "邀请顺序" in get(cast.SUPERVISOR, url("panel", evaluation))
    assert "邀请顺序" not in get(cast.OFFICER, url("panel", evaluation))


def test_a_member_sees_nothing_of_how_far_another_is():
    """Two worlds: in one the others have locked, in the other nobody has; the page, its length and the inbox agree."""
    evaluation = make.scoring_open()
    mine, *others = make.members(evaluation)
    make.locks(evaluation, mine)
    pages = (url("evaluation", evaluation), url("panel", evaluation), f"/draws/{evaluation.project.number}/panel/1/",
             f"/api/streams/project/{evaluation.project.number}/entries?after=0")  # fmt: skip
    before = [plain(get(person(mine), page)) for page in pages]
    for seat in others[:3]:
        make.locks(evaluation, seat, make.cells(evaluation, {"f1": "40", "f2": "30"}))

    assert [plain(get(person(mine), page)) for page in pages] == before


def plain(page):
    """A page without what differs each time it is made."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_votes_not_sent_are_not_counted_as_compliant():
    evaluation = make.declared(make.seated())

    post(person(make.members(evaluation)[0]), url("review", evaluation), {f"compliant:{cast.HETAO}": "yes"}, status=422)
    assert not Review.objects.exists()
