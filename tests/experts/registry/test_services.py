import pytest

from experts.registry import queries, services
from experts.registry.models import Expert
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import experts as make

pytestmark = pytest.mark.django_db


def test_an_expert_is_enrolled_with_his_specialties():
    make.expert(1, specialties=["A-it", "C-law"])

    assert queries.how_many() == {"A-it": 1, "C-law": 1}
    assert [e.number for e in queries.with_any(["C-law"])] == ["expert-001"]
    assert queries.with_any(["A-medical"]) == []


def test_an_officer_enrols_nobody():
    person = make.expert(1).user
    with pytest.raises(Refused, match="expert.not-keeper"):
        services.enrol(number="x", user=person, employer_code="c", employer_name="n", specialties=["A-it"],
                       region="r", by=cast.OFFICER, at=NOON)  # fmt: skip


def test_leave_and_bar_are_written_down():
    make.expert(1)
    services.take_leave(number="expert-001", first=NOON.date(), last=None, by=cast.EXPERT, at=NOON)
    services.bar(number="expert-001", until=NOON.date(), decision="财罚〔2026〕1号", by=cast.SUPERVISOR, at=NOON)

    row = Expert.objects.get(number="expert-001")
    assert row.on_leave_from == NOON.date() and row.barred_by == "财罚〔2026〕1号"
    with pytest.raises(Refused, match="expert.not-own-leave"):
        services.take_leave(number="expert-001", first=NOON.date(), last=None, by=cast.EXPERTS[1], at=NOON)
    with pytest.raises(Refused, match="expert.not-keeper"):
        services.bar(number="expert-001", until=NOON.date(), decision="x", by=cast.OFFICER, at=NOON)


def test_only_an_expert_finds_himself():
    row = make.expert(1)

    assert queries.of_person(cast.EXPERT) == row
    for other in (cast.OFFICER, cast.STRANGER, cast.EXPERTS[1]):
        with pytest.raises(Expert.DoesNotExist):
            queries.of_person(other)
