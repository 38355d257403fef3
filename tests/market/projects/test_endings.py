"""Ending a purchase by hand, and buying again what failed: every ground, method and gate. Pure."""

import pytest

from market.projects import again, endings
from market.projects.again import Said
from market.projects.models import Project
from market.projects.procedures import PROCEDURES
from market.projects.rules import Category, Edition, Stage, procedure_of
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast

pytestmark = pytest.mark.embedded
ROWS = {row.edition: row for row in PROCEDURES.values() if row.for_real}
GOODS, WORKS = ROWS[Edition.LAW_2017], ROWS[Edition.WORKS_2019]
TALKS, QUOTES, CONSULT = (
    ROWS[each] for each in (Edition.NEGOTIATION_2014, Edition.INQUIRY_2014, Edition.CONSULTATION_2014)
)
SAID = Said("只有两家投标，资格条件过窄，公告时间与展会重叠", "删去两项与履约无关的资格条件，延长公告", "")


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


def end(row=GOODS, *, stage=Stage.DECIDING, to=Stage.FAILED, ground="few", facts="只有两家", by=cast.OFFICER):
    return endings.why_not_end_on(
        row=row, stage=stage, buyer=cast.BUYER, to=to, ground=ground, facts=facts, by=by
    )  # fmt: skip


def test_every_procedure_may_be_terminated_and_only_for_what_its_law_names():
    for row in ROWS.values():
        told = [(each.key, str(each.article(row))) for each in endings.possible(row, to=Stage.CANCELLED)]
        law = {"A": "招标投标法实施条例 第31条", "B": "87号令 第29条", "D": "明标平台规则 第29条"}.get(row.regime)
        if law is None:
            law = "财库〔2014〕214号 第35条" if row is CONSULT else "74号令 第23条"
        assert told[0] == ("change", law)
        more = {"A": ["force"], "D": ["nobody"]}.get(row.regime, [])
        assert [key for key, _ in told] == ["change", *more]
    failing = {row.edition: [each.key for each in endings.possible(row, to=Stage.FAILED)] for row in ROWS.values()}
    assert failing[Edition.LAW_2017] == ["few", "unfair", "price"]
    assert failing[Edition.WORKS_2019] == ["rejected", "unfair", "none"]
    assert failing[Edition.INQUIRY_2014] == ["few", "unfair", "price", "unfit"]
    assert not failing[Edition.RANDOM]  # in the supermarket the count alone decides that
    assert str(endings.BY_KEY["few"].article(QUOTES)) == "74号令 第50条"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"by": cast.PROVIDER}, "project.not-officer"),
        ({"by": cast.OTHER_OFFICER}, "project.not-officer"),
        ({"by": SYSTEM}, "project.not-officer"),
        ({"stage": Stage.OPEN}, "project.failed-by-hand"),
        ({"stage": Stage.CONTRACTED}, "project.stage-not-now"),
        ({"stage": Stage.FAILED}, "project.stage-not-now"),
        ({"ground": "change"}, "project.ground-unknown"),
        ({"ground": "few", "to": Stage.CANCELLED}, "project.ground-unknown"),
        ({"ground": ""}, "project.ground-unknown"),
        ({"facts": " "}, "project.no-facts"),
        ({"facts": "长" * 501}, "project.no-facts"),
    ],
)
def test_an_end_by_hand_has_its_person_its_time_and_its_ground(other, code):
    assert codes(end()) == []
    assert codes(end(**other)) == [code]


def test_what_failed_is_bought_again_once_at_a_time_by_its_own_officer():
    def why(*, stage=Stage.FAILED, by=cast.OFFICER, by_offers=True, under_way=False):
        return codes(
            again.why_not_again(stage=stage, buyer=cast.BUYER, by_offers=by_offers, under_way=under_way, by=by)
        )

    assert why() == []
    assert why(by=cast.OTHER_OFFICER) == why(by=cast.SUPERVISOR) == ["project.not-officer"]
    assert why(stage=Stage.CANCELLED) == ["again.cancelled"]
    assert why(stage=Stage.OPEN) == why(by_offers=False) == ["again.not-failed"]
    assert why(under_way=True) == ["again.under-way"]


def test_the_second_says_why_the_first_failed_and_who_let_it_go_another_way():
    def why(said, before=GOODS, row=GOODS, category=Category.GOODS):
        found = again.why_not_said(said, before=before, row=row, category=category)
        return [(each.code, str(each.law)) for each in found]

    assert why(SAID) == []
    assert why(Said()) == [("again.no-analysis", "87号令 第43条"), ("again.no-measures", "87号令 第43条")]
    assert why(Said(), WORKS, WORKS, Category.WORKS)[0][1] == "30号令 第38条"
    assert why(Said(), WORKS, WORKS, Category.GOODS)[0][1] == "27号令 第34条"
    assert [why(Said(), row, row)[0][1] for row in (TALKS, QUOTES, CONSULT)] == [
        "74号令 第37条", "74号令 第50条", "财库〔2014〕214号 第34条",
    ]  # fmt: skip
    assert why(SAID, GOODS, TALKS) == [("again.no-approval", "政府采购法 第37条")]
    assert why(Said(SAID.analysis, SAID.measures, "河财购〔2026〕9号"), GOODS, TALKS) == []
    assert procedure_of(TALKS.method, TALKS.edition) is TALKS


@pytest.mark.parametrize(
    ("row", "words", "law"),
    [
        (GOODS, "15日", "87号令 第27条"),
        (WORKS, "15日", "招标投标法实施条例 第21条"),
        (CONSULT, "5日", "政府采购竞争性磋商采购方式管理暂行办法 第10条"),
        (TALKS, "3个工作日", "74号令 第29条"),
        (QUOTES, "3个工作日", "74号令 第45条"),
    ],
)
def test_a_correction_that_may_affect_offers_leaves_the_days_of_its_law(row, words, law):
    assert (row.correction.words, str(row.correction.law)) == (words, law)


@pytest.mark.parametrize("stage", [Stage.FAILED, Stage.CANCELLED, Stage.COMPLETED, Stage.TERMINATED])
def test_what_has_ended_is_written_to_no_other_stage(stage):
    """Before anything is saved: there is no table here to save it in."""
    project = Project(stage=stage.value)

    for other in Stage:
        with pytest.raises(Refused):
            project.advance(other, at=cast.NOON)

    assert project.stage == stage.value
