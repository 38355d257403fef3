"""The page of red flags: public facts after the result, each with its definition, nothing before, rehearsals apart."""

import pytest
from django.test import Client

from config.ticks import TICKS
from market.awards.models import Award
from rulebook.refusal import Refused
from supervision.flags import queries, services
from supervision.flags.models import FlagFacts
from supervision.flags.tasks import note_results
from supervision.flags.words import WORDS
from tests import cast
from tests.cast import NOON
from tests.make import evaluation as make
from tests.make.market import NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_a_published_result_is_noted_once_and_its_flags_are_everybodys_to_read():
    evaluation = make.ranked()
    client = Client()
    note_results(by=cast.SYSTEM, at=make.LATER)
    assert not FlagFacts.objects.exists()  # judged, but not published
    before = client.get("/flags/").content.decode()
    assert all(code in before for code in WORDS) and evaluation.project.title not in before
    make.awarded(NUMBER, evaluation.project.proposals.get().order[0], at=make.LATER)

    note_results(by=cast.SYSTEM, at=make.LATER)
    note_results(by=cast.SYSTEM, at=make.LATER)

    row = FlagFacts.objects.get()
    told = queries.purchase(Award.objects.get())
    assert [bid.org for bid in told.bids] == sorted(bid.org for bid in told.bids) and len(told.bids) == 3
    assert all(bid.valid and not bid.late for bid in told.bids) and told.open and told.competitive and told.priced
    assert row.facts["winner"] == told.winner and not row.played
    page = client.get("/flags/")
    text = page.content.decode()
    assert page.status_code == 200 and "不说明有人做错了什么" in text and "也可能是" in text
    assert "1 个结果" in text and "0 个结果" in client.get("/flags/?played=1").content.decode()
    with pytest.raises(Refused):
        services.note_result(award=Award.objects.get(), by=cast.SUPERVISOR, at=NOON)
    assert "supervision.flags.tasks.note_results" in {tick.task for tick in TICKS}
