"""A quote far below the others: explained, judged by the buyer with reasons, or out; everybody reads why."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from bidding.sealed import low, queries
from ledger.models import Entry
from market.awards.models import Proposal
from proofs.selection import why_not_selection
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, purchases
from tests.make import sealed as make

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATE = make.OPENS + timedelta(minutes=5)
FOURTH = cast.FOURTH.organisation


def opened(monkeypatch):
    tender = make.offered(("2600.00", "900.00", "2700.00", "1000.00"))
    make.opened(tender)
    make.released(monkeypatch)
    return tender


def explained(by, at=make.OPENS, text="本单位就在附近。"):
    return low.explain(project_number=make.NUMBER, text=text, by=by, at=at)


def judged(org, *, accepted=True, reason="人员就近，成本属实。", by=None, at=make.OPENS):
    by = by or purchases.enterprise()
    return low.judge(project_number=make.NUMBER, org=org, accepted=accepted, reason=reason, by=by, at=at)


def result():
    told = json.loads(Proposal.objects.get().report)
    assert why_not_selection(told) == ()
    return {bid["org"]: (bid["rank"], bid["reasons"]) for bid in told["bids"]}


def test_it_is_explained_and_judged_with_reasons_or_it_does_not_win(monkeypatch):
    tender = opened(monkeypatch)
    assert [row.organisation for row in queries.low(tender)] == sorted([cast.YINSHAN, FOURTH])
    assert not Proposal.objects.exists()
    with pytest.raises(Refused, match="explanation.not-asked"):
        explained(cast.PROVIDER)
    with pytest.raises(Refused, match="explanation.none"):
        judged(cast.YINSHAN)  # there is nothing to judge yet
    explained(cast.RIVAL)
    explained(cast.FOURTH, text="薄利多销。")
    with pytest.raises(Refused, match="explanation.given"):
        explained(cast.RIVAL)
    make.ticked(at=make.OPENS)
    assert not Proposal.objects.exists()  # the buyer has not said yet
    with pytest.raises(Refused, match="explanation.not-buyer"):
        judged(cast.YINSHAN, by=cast.RIVAL)
    with pytest.raises(Refused, match="explanation.why"):
        judged(cast.YINSHAN, reason=" ")
    firm, page, act = (
        purchases.enterprise(),
        *(reverse(f"bidding:{name}", args=[make.NUMBER]) for name in ("offers", "judge_low")),
    )
    assert "等待业主认定" in accounts.client_of(cast.STRANGER).get(page).content.decode()
    assert "认定的理由" not in accounts.client_of(cast.STRANGER).get(page).content.decode()
    client = accounts.client_of(firm)
    assert "认定的理由" in client.get(page).content.decode()
    told = {"org": cast.YINSHAN, "accepted": "0", "reason": "没有成本构成，不能履约。"}
    assert accounts.client_of(cast.RIVAL).post(act, told).status_code == 403
    assert client.post(act, told).status_code == 302
    with pytest.raises(Refused, match="explanation.judged"):
        judged(cast.YINSHAN)
    judged(FOURTH)
    make.ticked(at=make.OPENS)

    found = result()
    assert found[cast.YINSHAN][0] is None and "没有成本构成" in found[cast.YINSHAN][1][0]
    assert found[FOURTH] == (1, [])
    said = accounts.client_of(cast.STRANGER).get(page).content.decode()
    assert "没有成本构成，不能履约。" in said and "说明不成立" in said
    kinds = list(Entry.objects.filter(kind="sealed.explanation-judged").values_list("event", flat=True))
    assert [json.loads(event)["d"]["accepted"] for event in kinds] == [False, True]


def test_silence_of_the_provider_is_his_loss_and_silence_of_the_buyer_is_nobodys(monkeypatch):
    tender = opened(monkeypatch)
    explained(cast.RIVAL)
    make.ticked(at=make.OPENS)
    assert not Proposal.objects.exists()
    with pytest.raises(Refused, match="explanation.late"):
        explained(cast.FOURTH, at=LATE)
    with pytest.raises(Refused, match="explanation.judged-late"):
        judged(cast.YINSHAN, at=LATE)
    make.ticked(at=LATE)

    found = result()
    assert (found[cast.YINSHAN][0], found[FOURTH][0]) == (1, None)
    assert [row.reason for row in queries.low(tender) if row.accepted] == ["业主逾期未认定，视为成立"]
    assert "未在期限内说明理由" in found[FOURTH][1][0]
