"""Failure and cancellation: announced with grounds, silent about bidders."""

import pytest

from ledger import blobs
from ledger.models import Entry
from market.notices import services
from market.projects.endings import why_not_end_by_hand
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.law import Article
from rulebook.refusal import Kind, Reason, Refused
from tests import cast
from tests.make import market

pytestmark = pytest.mark.django_db
FEW = Reason("hall.too-few", Kind.NOT_NOW, "投标人不足 {least} 家,不得开标", Article("87号令", "第41条"), {"least": 3})


def test_a_failure_is_announced_with_its_grounds_and_article():
    project = market.project()
    market.notice(project)

    notice = services.fail(number=project.number, reasons=(FEW,), by=cast.OFFICER, at=cast.NOON)

    assert Project.objects.get(pk=project.pk).stage == Stage.FAILED
    assert (notice.number, notice.type) == (2, "failure")
    assert notice.content["reasons"] == [{"text": "投标人不足 3 家,不得开标", "law": "87号令 第41条"}]
    assert blobs.read(notice.sha256) == notice.text.encode()
    assert Entry.objects.get(stream=project.log).kind == "market.notice-published"


def test_an_end_is_the_buyers_and_final():
    project = market.project()

    with pytest.raises(Refused, match="project.not-officer"):
        services.cancel(number=project.number, reasons=(FEW,), by=cast.OTHER_OFFICER, at=cast.NOON)
    services.cancel(number=project.number, reasons=(FEW,), by=cast.OFFICER, at=cast.NOON)
    with pytest.raises(Refused, match="project.stage-not-now"):
        services.fail(number=project.number, reasons=(FEW,), by=cast.OFFICER, at=cast.NOON)


def test_nobody_fails_a_tender_by_hand_before_its_opening():
    """Otherwise an officer could get rid of bids he does not like without anybody counting them."""
    project = market.project()

    said = {"number": project.number, "facts": "只有两家", "by": cast.OFFICER, "at": cast.NOON}
    with pytest.raises(Refused, match="project.failed-by-hand"):
        services.end_by_hand(to=Stage.FAILED, ground="few", **said)
    with pytest.raises(Refused, match="project.ground-unknown"):
        services.end_by_hand(to=Stage.CANCELLED, ground="few", **said)
    assert not why_not_end_by_hand(project.procedure, stage=Stage.DECIDING, to=Stage.FAILED)
    notice = services.end_by_hand(to=Stage.CANCELLED, ground="change", **said)
    assert notice.type == "cancellation"
