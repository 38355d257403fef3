"""Both sides rate blind; both are shown at once; a low one is answered and found on; a mean shows its rows."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Message
from documents.evidence.models import Evidence
from intermediaries.ratings import queries, services, tasks
from intermediaries.ratings.models import Occasion, Rating
from intermediaries.ratings.rules import Side
from ledger.models import Entry
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts
from tests.make import performance as make

pytestmark = pytest.mark.django_db
NUMBER = make.market.NUMBER
HERE = f"/projects/{NUMBER}/ratings/"


def shown() -> list[dict]:
    rows = Entry.objects.filter(stream=f"project/{NUMBER}").order_by("seq")
    return [json.loads(row.event) for row in rows]


def page(viewer) -> str:
    return accounts.client_of(viewer).get(HERE).content.decode()


def test_nobody_sees_the_other_sides_word_before_both_are_in(monkeypatch):
    occasion = make.occasion()
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    make.rated(by=cast.OFFICER, points=(3,), level=3, text="报告尚可")

    assert "报告尚可" in page(cast.OFFICER)  # one's own
    for viewer in (cast.PROVIDER, cast.RIVAL, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.STRANGER):
        assert "报告尚可" not in page(viewer)
        assert not queries.given(occasion, viewer=viewer)
    assert not shown()  # nor does the public log
    assert not queries.shown_of(cast.HETAO) and queries.mean_of(cast.HETAO).n == 0
    sealed = Entry.objects.get(kind="ratings.sealed")
    assert sealed.log == "sealed" and "报告尚可".encode() not in bytes(sealed.leaf)
    with pytest.raises(Refused, match="ratings.done"):
        make.rated(by=cast.APPROVER, points=(5,))  # a colleague's is the same side's

    make.rated(by=cast.PROVIDER, points=(4,), level=4, text="付款及时")

    for viewer in (cast.OFFICER, cast.PROVIDER, cast.STRANGER):
        assert "报告尚可" in (told := page(viewer)) and "付款及时" in told
    [entry] = shown()
    assert {each["side"]: each["level"] for each in entry["d"]["ratings"]} == {"provider": 3, "buyer": 4}


def test_after_fifteen_days_what_was_said_is_shown_and_silence_is_marked_and_counts_nowhere():
    occasion = make.occasion()
    make.rated(by=cast.PROVIDER, points=(4,), level=4)

    with pytest.raises(Refused, match="ratings.not-over"):
        services.close(number=NUMBER, by=SYSTEM, at=occasion.closes_at - cast.MINUTE)
    with pytest.raises(Refused, match="ratings.not-system"):
        services.close(number=NUMBER, by=cast.OFFICER, at=occasion.closes_at)
    tasks.close_due(by=SYSTEM, at=occasion.closes_at - cast.MINUTE)
    assert not shown()
    tasks.close_due(by=SYSTEM, at=occasion.closes_at)
    tasks.close_due(by=SYSTEM, at=occasion.closes_at)

    assert len(shown()) == 1
    silent = Rating.objects.get(side="provider")
    assert silent.by_default and silent.scores == {}
    assert queries.mean_of(cast.HETAO).overall is None
    assert queries.mean_of(cast.BUYER, side=Side.BUYER).overall == Decimal("4.00")
    assert [counted.counts for counted in queries.shown_of(cast.HETAO)] == [False]
    with pytest.raises(Refused, match="ratings.over|ratings.done"):
        make.rated(by=cast.OFFICER, at=occasion.closes_at)
    told = accounts.client_of(cast.STRANGER).get(f"/providers/{cast.HETAO}/ratings/").content.decode()
    assert "否：系统默认" in told and "还没有计入均值的评价" in told


@pytest.mark.embedded
def test_a_mean_is_of_completed_purchases_alone_and_the_page_shows_its_rows():
    for n, (done, points) in enumerate([(True, (5,)), (True, (5, 5, 5, 5, 4)), (False, (1,))], 1):
        number = f"T-{n}"
        make.occasion(number=number, completed=done)
        make.rated(number, by=cast.OFFICER, points=points, level=3)
        make.rated(number, by=cast.PROVIDER)

    told = queries.mean_of(cast.HETAO)
    assert (told.overall, told.n, told.by_dimension["order"]) == (Decimal("4.90"), 2, Decimal("4.50"))
    page = accounts.client_of(cast.STRANGER).get(f"/providers/{cast.HETAO}/ratings/").content.decode()
    assert "4.90" in page and page.count("/ratings/") >= 3 and "否：合同解除" in page
    assert queries.mean_of(cast.YINSHAN).n == 0


def low() -> Occasion:
    make.occasion()
    make.rated(by=cast.OFFICER, points=(1, 5), level=2)
    make.rated(by=cast.PROVIDER)
    return queries.of(NUMBER)


def test_a_low_rating_is_answered_in_time_and_found_on_and_an_unfounded_one_leaves_the_mean():
    low()
    held = queries.to_answer(cast.PROVIDER).get()
    assert queries.mean_of(cast.HETAO).overall == Decimal("4.20")
    finding = {"number": NUMBER, "side": "provider", "finding": "unfounded", "text": "往来函件显示系业主延误"}
    answer = {"number": NUMBER, "side": "provider", "text": "延误因业主未提供资料，已补交", "at": cast.NOON}
    with pytest.raises(Refused, match="ratings.answer-first"):
        services.find(**finding, by=cast.SUPERVISOR, at=held.due_at - cast.MINUTE)
    for other in (cast.OFFICER, cast.RIVAL, cast.SUPERVISOR):
        with pytest.raises(Refused, match="ratings.not-rated"):
            services.answer(**answer, by=other)
    with pytest.raises(Refused, match="ratings.no-answer"):
        services.answer(**(answer | {"text": "不"}), by=cast.PROVIDER)
    with pytest.raises(Refused, match="ratings.nothing-to-answer"):
        services.answer(**(answer | {"side": "buyer"}), by=cast.OFFICER)  # that one was not low
    services.answer(**answer, by=cast.PROVIDER)
    with pytest.raises(Refused, match="ratings.answered"):
        services.answer(**answer, by=cast.PROVIDER)

    for other in (cast.OFFICER, cast.PROVIDER, cast.OPERATOR):
        with pytest.raises(Refused, match="ratings.not-keeper"):
            services.find(**finding, by=other, at=cast.NOON)
    with pytest.raises(Refused, match="ratings.no-finding"):
        services.find(**(finding | {"finding": "whatever"}), by=cast.SUPERVISOR, at=cast.NOON)
    assert queries.to_find(cast.SUPERVISOR, at=cast.NOON).get() == held
    services.find(**finding, by=cast.SUPERVISOR, at=cast.NOON)
    with pytest.raises(Refused, match="ratings.nothing-to-find"):
        services.find(**finding, by=cast.SUPERVISOR, at=cast.NOON)

    assert queries.mean_of(cast.HETAO).n == 0 and not queries.to_find(cast.SUPERVISOR, at=held.due_at)
    told = page(cast.STRANGER)
    for words in ("延误因业主未提供资料", "不属实，不计入均值", "往来函件显示"):
        assert words in told
    assert [entry["t"] for entry in shown()] == ["ratings.shown", "ratings.answered", "ratings.found"]
    assert Message.objects.filter(subject__startswith="差评待整改", to_organisation=cast.HETAO).exists()


def test_a_low_rating_nobody_answers_is_found_on_after_its_days():
    low()
    held = queries.to_answer(cast.PROVIDER).get()

    assert not queries.to_find(cast.SUPERVISOR, at=held.due_at - cast.MINUTE) and queries.to_find(
        cast.SUPERVISOR, at=held.due_at
    )
    finding = {"number": NUMBER, "side": "provider", "finding": "upheld", "text": "经查属实，未见整改"}
    services.find(**finding, by=cast.SUPERVISOR, at=held.due_at)
    assert queries.mean_of(cast.HETAO).n == 1
    with pytest.raises(Refused, match="ratings.answered"):
        services.answer(number=NUMBER, side="provider", text="现在才来答复", by=cast.PROVIDER, at=held.due_at)


@pytest.mark.embedded
def test_on_the_pages_both_rate_answer_and_find(monkeypatch):
    made = make.completed()
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)
    officer, provider, keeper = (accounts.client_of(who) for who in (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR))
    said = {"level": "2", **dict.fromkeys(make.DIMENSIONS[Side.PROVIDER], "4"), "text": "迟迟不交成果"}
    assert officer.get(HERE).status_code == 200 and officer.post(HERE, {"level": "5"}).status_code == 422
    assert officer.post(HERE, said).status_code == 422  # no evidence
    assert officer.post(HERE, said | {"evidence": "第一次交付迟到三天"}).status_code == 302
    assert accounts.client_of(cast.RIVAL).post(HERE, said).status_code == 403
    back = {"level": "5", **dict.fromkeys(make.DIMENSIONS[Side.BUYER], "5")}
    assert provider.post(HERE, back).status_code == 302
    assert provider.post(f"{HERE}provider/answer", {"text": "已派专人整改到位"}).status_code == 302
    assert keeper.get("/ratings/follow-ups/").status_code == 200
    assert officer.get("/ratings/follow-ups/").status_code == 404
    assert keeper.post(f"{HERE}provider/find", {"finding": "righted", "text": "回访确认已整改"}).status_code == 302
    assert "回访确认已整改" in page(cast.STRANGER)
    assert (
        made.project.title
        in accounts.client_of(cast.STRANGER).get(f"/providers/{cast.HETAO}/ratings/").content.decode()
    )


def test_before_the_end_there_is_nothing_to_rate():
    make.agreed()

    assert accounts.client_of(cast.OFFICER).get(HERE).status_code == 404


@pytest.mark.embedded
def test_files_that_prove_a_rating_are_for_both_sides_and_the_supervision_once_it_is_shown():
    make.occasion()
    accounts.user(cast.SUPERVISOR)
    make.rated(by=cast.OFFICER, points=(1, 5), level=2, files=[SimpleUploadedFile("照片.pdf", make.PAPER)])
    mine = f"/evidence/{Evidence.objects.get().public_id}/"
    people = {who: accounts.client_of(who) for who in (cast.OFFICER, cast.PROVIDER, cast.SUPERVISOR, cast.RIVAL)}

    def statuses(address: str) -> list[int]:
        return [client.get(address).status_code for client in people.values()]

    assert statuses(mine) == [200, 404, 404, 404]  # nobody learns before both are shown that one was given
    make.rated(by=cast.PROVIDER)
    assert statuses(mine) == [200, 200, 200, 404]
    page, told = f"/projects/{NUMBER}/ratings/", {"text": "延误因业主未提供资料，已补交"}
    paper = SimpleUploadedFile("往来函件.pdf", make.PAPER)
    assert people[cast.PROVIDER].post(f"{page}provider/answer", told | {"files": paper}).status_code == 302
    answer = Evidence.objects.latest("pk")
    assert statuses(f"/evidence/{answer.public_id}/") == [200, 200, 200, 404]
    assert "往来函件.pdf" in people[cast.OFFICER].get(page).content.decode()
    assert "往来函件.pdf" not in people[cast.RIVAL].get(page).content.decode()
    with pytest.raises(Refused, match="evidence.type"):
        make.occasion(number="T-2")
        make.rated("T-2", by=cast.OFFICER, files=[SimpleUploadedFile("x.pdf", b"MZ")])
