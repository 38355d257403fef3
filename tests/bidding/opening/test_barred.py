"""Bans at the read-out and before the findings: shown to those who conduct or judge, with what becomes of them."""

from datetime import date

import pytest

from bidding.evaluation import services
from rulebook import clock
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, bidding_offers, blacklist
from tests.make import evaluation as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
NEXT = cast.NOON + cast.DAY


def test_who_conducts_the_read_out_sees_the_ban_with_its_basis_and_who_judges_sees_it_before_the_finding(monkeypatch):
    tender = bidding_offers.read_out_tender()
    before = blacklist.sanction()  # bound when the bid came in
    blacklist.sanction(
        code=cast.YINSHAN, decision_no="河财采罚〔2026〕9号", at=NEXT, decided_on=date(2026, 11, 25),
        starts_on=date(2026, 11, 25), ends_on=date(2027, 11, 24),
    )  # fmt: skip

    def seen(viewer, where="hall/actions", status=200):
        clock.forget()
        monkeypatch.setattr(clock, "system", lambda: NEXT)
        answer = accounts.client_of(viewer).get(f"/projects/{NUMBER}/{where}")
        assert answer.status_code == status
        return answer.content.decode()

    for viewer in (cast.OFFICER, cast.WITNESS, cast.SUPERVISOR):
        told = seen(viewer)
        assert told.count("data-barred") == 2 and "政府采购法》第77条" in told
        hetao, yinshan = told.split(f'data-barred="{cast.YINSHAN}"')
        assert before.decision_no in hetao and "资格审查不通过" in hetao
        assert "〔2026〕9号" in yinshan and "由采购人定标时处理" in yinshan and "第72条" in yinshan
    own = seen(cast.RIVAL)
    assert own.count("data-barred") == 1 and cast.YINSHAN in own and before.decision_no not in own
    for viewer in (cast.THIRD, cast.FOURTH, cast.HOLDER, cast.OTHER_OFFICER, cast.STRANGER):
        assert "data-barred" not in seen(viewer)
    for where in ("hall/fragment", "hall/"):  # what everybody shares says nothing of it
        assert "河财采罚" not in seen(cast.STRANGER, where)

    bidding_offers.session_ended(tender, [cast.HETAO, cast.YINSHAN, cast.WULIANG], at=NEXT)
    assert "data-barred" not in seen(cast.OFFICER)
    page = seen(cast.OFFICER, "evaluation/")
    assert page.count("data-barred") == 2 and page.index("data-barred") < page.index('id="qualify"')
    findings = make.findings(tender.project)
    with pytest.raises(Refused, match=r"blacklist\.banned"):
        services.qualify(project_number=NUMBER, findings=findings, by=cast.OFFICER, at=NEXT)
    failing = make.findings(tender.project, {cast.HETAO: "处于禁入期"})
    row = services.qualify(project_number=NUMBER, findings=failing, by=cast.OFFICER, at=NEXT)
    assert dict(row.qualifications.values_list("org", "passed")) == {
        cast.HETAO: False, cast.YINSHAN: True, cast.WULIANG: True,
    }  # fmt: skip
