import pytest

from experts.registry import availability, queries, services
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
    availability.take_leave(number="expert-001", first=NOON.date(), last=None, by=cast.EXPERT, at=NOON)
    day = NOON.date()
    for decision, until in (("财罚〔2026〕1号", day + 9 * cast.DAY), ("财罚〔2026〕2号", day)):  # the later day stands
        availability.bar(number="expert-001", until=until, decision=decision, by=cast.SUPERVISOR, at=NOON)
    for _ in range(2):
        availability.end_leave(number="expert-001", by=cast.EXPERT, at=NOON)

    row = Expert.objects.get(number="expert-001")
    assert row.on_leave_from is None and (row.barred_by, row.barred_until) == ("财罚〔2026〕1号", day + 9 * cast.DAY)
    assert [(line["what"], line["note"]) for line in queries.history(row)][::-1] == [
        ("enrolled", ""), ("on-leave", f"{day} 至 另行销假"), ("barred", f"财罚〔2026〕1号，至 {row.barred_until}"),
        ("barred", f"财罚〔2026〕2号，至 {day}"), ("back", ""),
    ]  # fmt: skip
    with pytest.raises(Refused, match="expert.bar-undecided.*expert.bar-over"):
        availability.bar(number="expert-001", until=day - cast.DAY, decision=" ", by=cast.OPERATOR, at=NOON)
    with pytest.raises(Refused, match="expert.not-own-leave"):
        availability.take_leave(number="expert-001", first=NOON.date(), last=None, by=cast.EXPERTS[1], at=NOON)
    with pytest.raises(Refused, match="expert.not-keeper"):
        availability.bar(number="expert-001", until=NOON.date(), decision="x", by=cast.OFFICER, at=NOON)


def test_only_an_expert_finds_himself():
    row = make.expert(1)

    assert queries.of_person(cast.EXPERT) == row
    for other in (cast.OFFICER, cast.STRANGER, cast.EXPERTS[1]):
        with pytest.raises(Expert.DoesNotExist):
            queries.of_person(other)
