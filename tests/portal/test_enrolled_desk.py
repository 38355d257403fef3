"""A provider that enrolled sees what it waits for, step by step; a rival's enrolment changes nothing on its desk."""

import pytest

from portal.desk.queries import duties
from tests import cast
from tests.make import choices

pytestmark = pytest.mark.django_db


def lines(viewer, at):
    return [str(each.what) for each in duties(viewer, at=at) if each.waits]


def test_an_enrolled_provider_sees_what_it_waits_for_and_nobody_else_does():
    project = choices.open_choice(firms=4)
    before, after = choices.CLOSES - cast.MINUTE, choices.CLOSES + 2 * cast.MINUTE
    assert lines(cast.PROVIDER, before) == []

    choices.enrolled(project, cast.PROVIDER)
    mine = lines(cast.PROVIDER, before)
    choices.enrolled(project, cast.RIVAL, cast.THIRD)

    assert mine == lines(cast.PROVIDER, before) == ["等待报名截止"]
    assert lines(cast.FOURTH, before) == []
    choices.closed(project)
    assert lines(cast.PROVIDER, after) == ["等待选取"]
