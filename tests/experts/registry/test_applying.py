"""From a person's own application to the register: what the law asks, two keepers, nothing readable at rest."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Message, User
from experts.registry import queries, services
from experts.registry.models import Expert
from experts.registry.rules import ApplicationState, Title, Verdict
from rulebook.refusal import Refused
from tests import cast
from tests.cast import DAY, NOON
from tests.make import registry as make

pytestmark = pytest.mark.django_db


def refused(**other):
    with pytest.raises(Refused) as error:
        make.application(**other)
    return {reason.code for reason in error.value.reasons}


def judged(row, verdict=Verdict.AGREE, note="", by=cast.OPERATOR):
    return services.judge(application=row, verdict=verdict, note=note, by=by, at=NOON)


def test_the_law_is_asked_before_anything_is_kept():
    assert refused(promised=False) == {"expert.no-promise"}
    assert refused(title=Title.NONE) == {"expert.title"}
    assert refused(title=Title.MIDDLE, field_since=2019) == {"expert.years"}
    assert refused(keys=[]) == {"expert.specialties"}
    assert refused(keys=["A-it", "C-law", "B0134", "B02"]) == {"expert.specialties"}
    assert refused(employer_code="12152900MB1A00021X") == {"credit-code.bad-check"}
    personal = make.said()["personal"]
    assert refused(personal=personal | {"id_number": make.id_number(birthday=date(1956, 11, 24))}) == {"expert.age"}
    several = refused(personal=personal | {"phone": "1", "id_number": "1"}, keys=["alchemy"])
    assert several == {"expert.phone", "expert.id-number", "expert.unknown-specialty"}
    assert make.application(title=Title.MIDDLE, field_since=2018, keys=["B013401"]).state == "submitted"
    for other in (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR):
        assert refused(by=other) == {"expert.not-applicant"}


def test_two_keepers_enter_an_applicant_and_he_sees_how_far_it_is():
    row = make.application()
    assert refused() == {"expert.applied-already"}
    with pytest.raises(Refused, match="expert.not-keeper"):
        judged(row, by=cast.OFFICER)
    assert judged(row).state == "checked"
    assert not Expert.objects.exists()
    with pytest.raises(Refused, match="expert.second-person"):
        judged(row)
    assert judged(row, by=cast.SUPERVISOR).state == "accepted"

    expert = queries.of_person(cast.EXPERT)
    assert [each.pk for each in queries.with_any(["A-it"])] == [expert.pk]
    assert expert.review_due_on == date(2027, 11, 24)
    assert [(e.code, e.post) for e in expert.employments.all()] == [(cast.COLLEGE, "main")]
    assert [s.state for s in row.steps.order_by("pk")] == ["submitted", "checked", "accepted"]
    assert queries.names_of([expert]) == {expert.pk: "苏布德"}
    assert Message.objects.filter(to_user=expert.user, subject="您已入库").count() == 1
    assert refused() == {"expert.enrolled-already"}


def test_a_return_says_what_to_mend_and_a_refusal_why():
    row = make.application()
    for verdict in (Verdict.RETURN, Verdict.REFUSE):
        with pytest.raises(Refused, match="expert.no-note"):
            judged(row, verdict, " ")
    assert judged(row, Verdict.RETURN, "请补职称证书").state == "returned"
    mended = make.application(at=NOON + DAY, keys=["C-law"], personal={})  # what is sealed need not be told again
    assert (mended.pk, mended.state, mended.keys, mended.checked_by) == (row.pk, "submitted", ["C-law"], "")
    judged(mended)
    assert judged(mended, Verdict.REFUSE, "材料不实", by=cast.SUPERVISOR).state == "refused"
    with pytest.raises(Refused, match="expert.application-not-waiting"):
        judged(mended, by=cast.SUPERVISOR)

    again = make.application(at=NOON + 2 * DAY)
    with pytest.raises(Refused, match="expert.not-own-application"):
        services.withdraw(application=again, by=cast.EXPERTS[1], at=NOON)
    gone = services.withdraw(application=again, by=cast.EXPERT, at=NOON)
    assert ApplicationState(gone.state) is ApplicationState.WITHDRAWN


def test_nobody_is_entered_twice_under_two_accounts():
    make.application()
    with pytest.raises(Refused, match="expert.known-already"):
        make.application(cast.EXPERTS[1])


def test_no_table_holds_a_name_a_telephone_or_an_identity_number_of_an_expert():
    User.objects.filter(public_id=cast.EXPERT.person).delete()
    row = make.accepted(make.application())
    assert row.state == "accepted"
    held = set(make.said()["personal"].values()) | {cast.EXPERT.name}
    assert User.objects.get(public_id=cast.EXPERT.person).name == "苏**"
    found = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            text = repr(cursor.fetchall())
        found += [(model.__name__, value) for value in held if value in text]
    assert not found
