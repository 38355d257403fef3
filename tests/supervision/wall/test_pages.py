"""The wall shows what runs to supervisors and auditors, the same with one bid and with many, and acts on nothing."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bidding.submission.models import Bid
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook import clock
from rulebook.actor import SYSTEM, Actor
from supervision.monitors import looks, services, tasks
from supervision.monitors.models import Alert, Watched
from supervision.wall import queries
from supervision.wall.queries import Asked
from tests import cast
from tests.make import accounts, bidding_offers, market
from tests.make.ledger import sequenced
from tests.make.performance import PAPER
from tests.supervision.monitors.stories import HALL, HONEST, but
from tests.supervision.monitors.test_looks import told

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
DAY = cast.DAY
WALL = "/supervision/"
CHANCE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|alerts/[0-9a-f-]{36}|x[0-9a-f]{8}')
FORM = re.compile(r'<form[^>]*method="post"[^>]*>', re.IGNORECASE)


def seen(path: str, who: Actor | None = cast.SUPERVISOR, *, status: int = 200, **given: str) -> str:
    client = Client()
    if who is not None:
        accounts.user(who)
        client.force_login(User.objects.get(public_id=who.person))
    answer = client.get(path, given)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def late() -> Project:
    """One whose contract is not signed, a month and more after its award; the clock stands there."""
    accounts.user(cast.SUPERVISOR)
    project = market.project(stage=Stage.AWARDED)
    told(project, *HONEST[:7])
    tasks.watch(by=SYSTEM, at=cast.NOON + 60 * DAY)
    return project


def test_the_wall_shows_what_is_late_with_its_light_owner_and_deadline(late: Project) -> None:
    page = seen(WALL)
    for words in (late.title, "按期签订合同", "红", "承办：赵监督", f"/projects/{late.number}/timeline/"):
        assert words in page
    assert late.title in seen(WALL, cast.AUDITOR)
    alert = Alert.objects.get()
    assert "结论" in seen(f"/supervision/alerts/{alert.public_id}/")
    assert "按期签订合同" in seen("/supervision/alerts/")
    assert "没有预警" in seen("/supervision/alerts/", state="closed")
    rules = seen("/supervision/rules/")
    assert "T09" in rules and "F02" in rules
    desk = seen("/desk/")
    assert "写明预警的结论" in desk


@pytest.mark.parametrize("who", [cast.OFFICER, cast.PROVIDER, cast.EXPERT, cast.OPERATOR])
def test_nobody_else_learns_of_an_alert(late: Project, who: Actor) -> None:
    alert = Alert.objects.get()
    for path in (WALL, "/supervision/alerts/", f"/supervision/alerts/{alert.public_id}/", "/supervision/rules/",
                 "/supervision/pulse"):  # fmt: skip
        seen(path, who, status=404)
    assert "预警" not in seen(f"/projects/{late.number}/timeline/", who)
    assert "预警" not in seen(f"/projects/{late.number}/timeline/", None)
    seen(WALL, None, status=302)


def test_the_whole_process_is_told_in_order_with_what_each_step_sets_a_clock_for(late: Project) -> None:
    for who, alerts in ((cast.SUPERVISOR, True), (None, False)):
        page = seen(f"/projects/{late.number}/timeline/", who)
        places = [page.index(f'id="entry-{seq}"') for seq in range(1, 8)]
        assert places == sorted(places)
        assert "起算：按期签订合同" in page and "《政府采购法》第46条" in page
        assert ("按期签订合同：已超过期限" in page) is alerts
    seen(f"/projects/{market.project(number='T-D', stage=Stage.DRAFT).number}/timeline/", None, status=404)


def test_the_owner_closes_on_the_page_and_the_trade_stays_as_it_was(late: Project) -> None:
    alert, client = Alert.objects.get(), Client()
    client.force_login(User.objects.get(public_id=cast.SUPERVISOR.person))
    here, before = f"/supervision/alerts/{alert.public_id}/", Project.objects.values().get(pk=late.pk)
    assert client.post(f"{here}note", {"note": "已约谈采购人"}).status_code == 302
    assert client.post(f"{here}nothing").status_code == 404
    assert client.post(here, {"finding": "", "text": ""}).status_code == 422
    assert client.post(here, {"finding": "false", "text": "系线下已签，登记晚了"}).status_code == 302
    assert client.post(f"{here}take").status_code == 409
    alert.refresh_from_db()
    assert alert.finding == "false"
    page = seen(here)
    assert "误报" in page and "已约谈采购人" in page and "已办结" in page
    assert "1 / 1" in seen("/supervision/rules/")
    assert Project.objects.values().get(pk=late.pk) == before


def test_no_page_of_the_supervision_about_a_procurement_offers_an_act_on_it(late: Project) -> None:
    for path in (WALL, f"/projects/{late.number}/timeline/", "/supervision/rules/", "/supervision/alerts/"):
        assert [form for form in FORM.findall(seen(path)) if "/logout" not in form] == []
        client = Client()
        client.force_login(User.objects.get(public_id=cast.SUPERVISOR.person))
        assert client.post(path).status_code == 405
    actions = FORM.findall(seen(f"/supervision/alerts/{Alert.objects.get().public_id}/"))
    assert all("action" not in form or "/supervision/alerts/" in form or "/logout" in form for form in actions)


ACTS: dict[str, dict[str, Any]] = {  # each well formed, so that nothing but who asks can be answered first
    "award/determine": {"org": cast.HETAO},
    "award/decline": {"reason": "中标人书面放弃中标"},
    "award/delay": {"text": "等待评审复核"},
    "award/contract": {"amount": "1190000.00", "payment": "验收后付清", "delivery": "四十五日", "file": PAPER},
    "hall/close": {},
    "hall/extend": {},
    "hall/reading/start": {},
    "hall/host": {},
    "hall/draw": {},
}


def posted(given: dict[str, Any]) -> dict[str, Any]:
    """A form as a browser sends it: bytes as a file, read from its beginning."""
    files = {name: SimpleUploadedFile("合同.pdf", each) for name, each in given.items() if isinstance(each, bytes)}
    return given | files


def test_a_supervisor_is_refused_the_acts_of_the_trade_as_the_wrong_person_before_anything_else() -> None:
    tender = bidding_offers.open_hall()
    clients = {}
    for who in (cast.SUPERVISOR, cast.OFFICER):
        accounts.user(who)
        clients[who] = Client(headers={"accept": "application/problem+json"})
        clients[who].force_login(User.objects.get(public_id=who.person))
    before = Project.objects.values().get(pk=tender.project_id)
    for act, given in ACTS.items():
        path = f"/projects/{tender.project.number}/{act}"
        answer = clients[cast.SUPERVISOR].post(path, posted(given))
        assert answer.status_code == 403 and answer.json()["reasons"], (act, answer.status_code)
    assert Project.objects.values().get(pk=tender.project_id) == before
    for act, given in ACTS.items():  # no missing page, no shut stage: the host may ask
        answer = clients[cast.OFFICER].post(f"/projects/{tender.project.number}/{act}", posted(given))
        assert answer.status_code not in (403, 404, 405), (act, answer.status_code)


def test_filters_and_pages_go_through_all_that_runs_once_and_cost_the_same_anywhere() -> None:
    accounts.organisation(cast.OTHER_BUYER)
    for n in range(45):
        buyer = cast.OTHER_BUYER if n % 5 == 0 else cast.BUYER
        project = market.project(number=f"T-{n}", buyer=buyer)
        at = looks.FAR if n % 7 == 0 else cast.NOON + (n % 3) * DAY
        Watched.objects.create(
            project=project, light=n % 3, next_at=at, next_what="T09", regime="ABCD"[n % 4], buyer=buyer
        )
    met: list[Watched] = []
    asked, costs = Asked(), []
    while True:
        with CaptureQueriesContext(connection) as cost:
            page = queries.running(asked, cast.SUPERVISOR)
        costs.append(len(cost))
        met += page
        if len(page) < queries.PAGE:
            break
        asked = Asked(after=queries.place_of(page[-1]))
    assert len(met) == len({row.pk for row in met}) == 45
    assert [row.light for row in met] == sorted((row.light for row in met), reverse=True)
    assert set(costs) == {1}
    assert {row.regime for row in queries.running(Asked(regime="B"), cast.SUPERVISOR)} == {"B"}
    assert {row.light for row in queries.running(Asked(light="2"), cast.SUPERVISOR)} == {2}
    for word in (cast.OTHER_BUYER, "教育"):
        assert {row.buyer for row in queries.running(Asked(buyer=word), cast.SUPERVISOR)} == {cast.OTHER_BUYER}
    assert queries.running(Asked(buyer="没有这家"), cast.SUPERVISOR) == []
    assert len(queries.running(Asked(after="0~x"), cast.SUPERVISOR)) == queries.PAGE
    assert "下一页" in seen(WALL) and "没有符合条件" in seen(WALL, buyer="没有这家")


def test_before_the_opening_the_wall_is_the_same_with_one_sealed_bid_and_with_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Real bids, sealed on their bidders' machines and handed in; one of them twice, one taken back."""

    def world(*bidders: Actor) -> list[str]:
        tender = bidding_offers.open_tender()
        at = tender.closes_at - cast.MINUTE
        told(tender.project, but(HONEST[0], -10 * DAY))
        for bidder in bidders:
            bidding_offers.sealed_bid(tender, bidder)
        if len(bidders) > 1:
            bidding_offers.sealed_bid(tender, bidders[1], price="999999.00", at=tender.closes_at - 50 * cast.MINUTE)
            bidding_offers.withdrawn(tender, bidders[-1], at=tender.closes_at - 2 * cast.MINUTE)
        pages: list[str] = []
        for instant in (at, tender.closes_at):  # bids lie here; the time is over and nothing is announced
            sequenced(at=instant)
            tasks.watch(by=SYSTEM, at=instant)
            still(monkeypatch, instant)
            story = f"/projects/{tender.project.number}/timeline/"
            paths = (WALL, story, "/supervision/alerts/", "/supervision/pulse", "/supervision/clues/")
            pages += [CHANCE.sub("", seen(path)) for path in paths]
        assert len(set(Bid.objects.values_list("organisation", flat=True))) == len(bidders)
        return pages

    with transaction.atomic():
        one = world(cast.PROVIDER)
        transaction.set_rollback(True)
    clock.forget()
    assert world(*bidding_offers.BIDDERS) == one
    told(Project.objects.get(), HONEST[1], HALL)  # nothing was hidden for want of looking
    tasks.watch(by=SYSTEM, at=cast.NOON + cast.HOUR)
    assert seen(WALL) != one[0]


def still(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def raised(**other: Any) -> Alert:
    return services.raise_alert(kind="x", subject="y", fact="z", what="事实", at=cast.NOON, **other)


def test_an_alert_about_no_procurement_is_shown_as_well() -> None:
    accounts.user(cast.SUPERVISOR)
    alert = raised(evidence={"rows": [["地址", "同一"]], "link": "/supervision/"})
    assert "同一" in seen(f"/supervision/alerts/{alert.public_id}/")
