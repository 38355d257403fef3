"""Who sees which project."""

import pytest

from market.projects import queries, services
from market.projects.models import Project
from market.projects.rules import Stage
from rulebook.refusal import Refused
from tests import cast
from tests.make import market

pytestmark = pytest.mark.django_db


def test_drafts_are_the_houses_and_everything_else_is_everybodys():
    draft = market.project(number="D-1", stage=Stage.DRAFT)
    public = market.project(number="P-1")

    assert set(queries.visible_to(cast.APPROVER)) == {draft, public}
    for viewer in (cast.OTHER_OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.OPERATOR, cast.STRANGER):
        assert set(queries.visible_to(viewer)) == {public}
        with pytest.raises(Project.DoesNotExist):
            queries.visible("D-1", viewer)
    assert list(queries.published()) == [public]


def test_an_officers_register_holds_only_the_own_house():
    own = market.project(number="P-1")
    market.project(number="P-2", buyer=cast.OTHER_BUYER)

    assert list(queries.of_buyer(cast.OFFICER)) == [own]
    assert not queries.of_buyer(cast.PROVIDER)


def test_a_stage_moves_only_along_the_table():
    project = market.project()

    services.decide(project=project, at=cast.NOON)

    assert (project.stage, project.stage_at) == (Stage.DECIDING, cast.NOON)
    with pytest.raises(Refused, match="project.stage-not-now"):
        services.decide(project=project, at=cast.NOON)
    with pytest.raises(Project.DoesNotExist):
        queries.hold("nothing")


@pytest.mark.parametrize("stage", list(Stage))
def test_the_stage_bar_has_one_present(stage):
    project = market.project(stage=stage)

    states = [step["state"] for step in project.steps()]

    assert states.count("now") + states.count("off") == (0 if stage in (Stage.DRAFT, Stage.COMPLETED) else 1)
    assert project.stage_words
