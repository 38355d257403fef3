"""Who may act for a house on a project is asked at one door, on either engine."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from market.projects.models import Project
from people.powers import services as authorising
from people.powers.models import Power
from people.powers.queries import why_not_act
from people.powers.rules import why_not_give
from rulebook.actor import Actor, Role
from tests import cast
from tests.make.accounts import client_of
from tests.people.test_colleagues import COLLEAGUE, house, refused, whats

pytestmark = pytest.mark.django_db


def test_a_house_lets_only_whom_it_authorises_act_on_a_project_from_the_next_word_on(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    house(COLLEAGUE)
    page, door = f"/people/{COLLEAGUE.person}/", "/purchases/P-1/enrol/"
    his = client_of(COLLEAGUE)
    assert why_not_act("P-1", by=COLLEAGUE) == () and his.post(door).status_code == 404
    head = client_of(cast.PROVIDER)
    head.post("/people/switch", {"only": "yes"})
    for shut in (door, "/api/projects/P-1/slots"):
        with CaptureQueriesContext(connection) as asked:
            assert his.post(shut).status_code == 403
        assert sum("people_onlyauthorised" in each["sql"] for each in asked.captured_queries) == 1  # once a request
    assert "只由被授权的人办理" in his.post(door, HTTP_ACCEPT="text/html").content.decode()
    assert his.get("/notices/").status_code == 200  # reading is free
    head.post(page + "give", {"number": "P-1"})
    assert his.post(door).status_code == 404 and his.post("/purchases/P-2/enrol/").status_code == 403
    assert refused(authorising.give, person=COLLEAGUE.person, number="P-1") == "people.authorised-already"
    assert refused(authorising.give, person=COLLEAGUE.person, number="../P") == "people.project-number"
    assert refused(authorising.give, person=COLLEAGUE.person, number="P-1", by=cast.RIVAL) == "people.not-administrator"
    head.post(f"/people/powers/{Power.objects.get().pk}/withdraw")
    assert his.post(door).status_code == 403
    assert head.post(page + "give", {"number": ""}).status_code == 422
    head.post(page + "give-every")
    assert [why_not_act(number, by=COLLEAGUE) for number in ("", "P-9")] == [(), ()]
    assert why_not_act("", by=cast.PROVIDER) and not why_not_act("P-1", by=cast.RIVAL)
    assert not why_not_act("P-1", by=Actor("", Role.PROVIDER, cast.HETAO))  # the key of the house speaks
    head.post("/people/switch", {"only": "no"})
    assert why_not_act("", by=cast.PROVIDER) == ()
    assert whats()[1:] == ["only-authorised", "given", "withdrawn", "given", "everybody"]
    assert why_not_give(number="", every=True, active=True, role=Role.HOLDER, given=False)
    assert not Project.objects.exists()
