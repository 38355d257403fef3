"""Guarantees: how much, in which form, and until when each goes back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from bidding.guarantees import queries, services
from bidding.guarantees.models import Refund
from bidding.guarantees.rules import refund_due
from bidding.tender import queries as tenders
from bidding.tender import rules as tender_rules
from bidding.tender.models import Tender
from market.notices import words
from market.projects.models import Project
from market.projects.rules import PROCEDURES, Edition, Method, Stage
from portal.desk import queries as desks
from rulebook.refusal import Refused
from rulebook.terms import USUAL
from tests import cast, final
from tests.make import accounts
from tests.make import evaluation as make
from tests.make.bidding import tender as a_tender

pytestmark = pytest.mark.django_db
GOODS, WORKS = PROCEDURES[Method.TENDER, Edition.LAW_2017], PROCEDURES[Method.TENDER, Edition.WORKS_2019]
ASKED = {"amount": "20000.00", "forms": ["bank", "transfer"]}


@pytest.mark.parametrize(
    ("row", "budget", "amount", "fine"),
    [
        (GOODS, "1000000", "20000.00", True),
        (GOODS, "1000000", "20000.01", False),
        (GOODS, "1000000", "0", False),
        (WORKS, "100000000", "800000", True),
        (WORKS, "100000000", "800000.01", False),
    ],
)
def test_a_guarantee_is_no_more_than_the_law_allows(row, budget, amount, fine):
    found = tender_rules.why_not_guarantee(
        procedure=row, guarantee={"amount": amount, "forms": ["bank"]}, budget=Decimal(budget)
    )

    assert [reason.code for reason in found] == ([] if fine else ["guarantee.amount"])
    assert all(reason.law == row.guarantee[1] for reason in found)


def test_a_guarantee_says_in_which_form_and_none_is_asked_by_default():
    one = {"procedure": GOODS, "budget": Decimal(10**6)}
    assert not tender_rules.why_not_guarantee(guarantee=None, **one)
    for forms in ([], ["cash"]):
        told = tender_rules.why_not_guarantee(guarantee={"amount": "1", "forms": forms}, **one)
        assert [reason.code for reason in told] == ["guarantee.forms"]


def test_each_goes_back_within_the_days_of_its_law():
    def due(row, won=False, awarded=None, contracted=None, ended=None):
        return refund_due(procedure=row, won=won, awarded_at=awarded, contracted_at=contracted, ended_at=ended)

    assert due(GOODS, awarded=cast.NOON) == GOODS.refund.due(cast.NOON)
    assert due(GOODS, won=True, awarded=cast.NOON) is None
    assert due(GOODS, won=True, awarded=cast.NOON, contracted=cast.NOON) == GOODS.refund_winner.due(cast.NOON)
    assert due(WORKS, awarded=cast.NOON) is None
    assert due(WORKS, awarded=cast.NOON, contracted=cast.NOON) == WORKS.refund.due(cast.NOON)
    assert due(GOODS) is None
    assert due(GOODS, ended=cast.NOON) == GOODS.refund.due(cast.NOON)


def asked() -> Project:
    project = make.opened()
    Tender.objects.update(guarantee=ASKED)
    return project


def test_what_goes_back_is_noted_once_and_stays_on_the_desk_until_then():
    project = asked()
    number, day = project.number, date(2026, 11, 24)
    assert [each.due for each in queries.owed(tenders.tender(number))] == [None] * 3
    Project.objects.update(stage="failed", stage_at=cast.NOON)
    (first, *_) = queries.owed(tenders.tender(number))
    assert not first.overdue(cast.NOON + cast.DAY) and first.overdue(cast.NOON + 30 * cast.DAY)
    assert [due for _, due, _ in queries.outstanding(cast.OFFICER)] == [GOODS.refund.due(cast.NOON)]
    assert not list(queries.outstanding(cast.OTHER_OFFICER)) + list(queries.outstanding(cast.PROVIDER))

    def note(org=cast.HETAO, by=cast.OFFICER, on=day):
        return services.note_refund(project_number=number, org=org, on=on, by=by, at=cast.NOON)

    for wrong, code in (
        ({"by": cast.OTHER_OFFICER}, "project.not-officer"),
        ({"org": cast.LANGSHAN}, "guarantee.not-owed"),
        ({"on": day + timedelta(days=1)}, "guarantee.ahead"),
    ):
        with pytest.raises(Refused, match=code):
            note(**wrong)
    for org in (cast.HETAO, cast.YINSHAN, cast.WULIANG):
        note(org)
    with pytest.raises(Refused, match="guarantee.refunded"):
        note()
    assert not list(queries.outstanding(cast.OFFICER))
    with final.refused(), transaction.atomic():
        Refund.objects.update(refunded_on=day - timedelta(days=9))


@pytest.mark.embedded
def test_the_page_is_the_officers_and_each_bidders_own():
    project = asked()
    Project.objects.update(stage="failed", stage_at=cast.NOON - 60 * cast.DAY)
    path = f"/projects/{project.number}/guarantees/"
    officer = accounts.client_of(cast.OFFICER)

    text = officer.get(path).content.decode()
    assert "逾期" in text and cast.NAMES[cast.HETAO] in text and "20,000.00" in text
    assert officer.post(f"{path}refund", {"org": cast.HETAO, "on": ""}).status_code == 302
    assert officer.post(f"{path}refund", {"org": cast.HETAO, "on": "2026-11-01"}).status_code == 302
    own = accounts.client_of(cast.PROVIDER).get(path).content.decode()
    assert "已退还" in own and cast.NAMES[cast.YINSHAN] not in own
    for other in (cast.FOURTH, cast.SUPERVISOR, cast.OTHER_OFFICER):
        assert accounts.client_of(other).get(path).status_code == 404
    assert accounts.client_of(cast.PROVIDER).post(f"{path}refund", {}).status_code == 404
    assert "退还投标保证金" in officer.get("/desk/").content.decode()


def test_a_notice_says_what_is_asked():
    assert words._guarantee(None, USUAL) == []
    ((label, amount, forms),) = words._guarantee(ASKED, USUAL)
    assert (label, amount) == ("投标保证金", "20,000.00 元") and "银行保函、转账" in forms


def test_what_ended_unopened_stays_on_two_desks_until_all_went_back_and_names_nobody():
    accounts.world()
    unopened = a_tender(stage=Stage.FAILED, closes_at=cast.NOON)
    number = unopened.project.number
    Tender.objects.update(guarantee=ASKED)
    Project.objects.update(stage_at=cast.NOON)
    path = f"/projects/{number}/guarantees/"
    make.handed_in(unopened, cast.HETAO)

    def lines(who):
        told = desks.duties(who, at=cast.NOON)
        return [(each.by, each.law, each.waits) for each in told if each.href == path]

    due = (GOODS.refund.due(cast.NOON), GOODS.refund.law)
    assert (lines(cast.OFFICER), lines(cast.PROVIDER)) == ([(*due, False)], [(*due, True)])
    assert lines(cast.RIVAL) == lines(cast.OTHER_OFFICER) == []
    officer = accounts.client_of(cast.OFFICER)
    assert "名单和家数保持封存" in officer.get(path).content.decode()
    assert cast.NAMES[cast.HETAO] not in officer.get(path).content.decode()
    assert "到期没有收到的" in accounts.client_of(cast.PROVIDER).get(path).content.decode()
    for other in (cast.RIVAL, cast.SUPERVISOR, cast.OTHER_OFFICER):
        assert accounts.client_of(other).get(path).status_code == 404

    told = {"project_number": number, "org": "", "on": date(2026, 11, 24), "at": cast.NOON}
    for wrong, code in (
        ({"by": cast.OTHER_OFFICER}, "project.not-officer"),
        ({"org": cast.HETAO}, "guarantee.not-owed"),
    ):
        with pytest.raises(Refused, match=code):
            services.note_refund(**({"by": cast.OFFICER} | told | wrong))
    services.note_refund(**told, by=cast.OFFICER)
    with pytest.raises(Refused, match="guarantee.refunded"):
        services.note_refund(**told, by=cast.OFFICER)
    assert lines(cast.OFFICER) == lines(cast.PROVIDER) == []
    assert "已全部退还" in officer.get(path).content.decode()
