"""Experts picked by the buyer, where the law lets it: proposed with evidence, agreed to by another, marked."""

import hashlib
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bidding.evaluation import selected
from experts.panels import calls, queries, ties
from experts.panels.models import Panel, Seat, Selection
from experts.panels.rules import PanelState
from experts.panels.selecting import why_not_decide, why_not_fill, why_not_propose
from experts.registry.models import Expert
from ledger.models import Entry
from market.projects.models import Project
from market.projects.rules import PROCEDURES
from rulebook.law import Article
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER
from tests.make.notifier import expert_of

pytestmark = pytest.mark.embedded

LAW = Article("政府采购评审专家管理办法", "第13条")
CONSENT = b"%PDF-1.7 agreed"
FIVE = [("A-it", f"E{n}") for n in range(5)]


@pytest.mark.parametrize("facts, wrong", [
    ({}, []),
    ({"law": None, "ground": "x"}, ["selection.never"]),
    ({"waiting": True}, ["selection.waiting"]),
    ({"ground": "like", "reason": "x", "evidence": 0}, ["selection.ground", "selection.reason", "selection.evidence"]),
    ({"ground": "short"}, ["selection.list-long-enough"]),
    ({"ground": "short", "short": True}, []),
    ({"members": []}, ["selection.twice"]),
    ({"members": [*FIVE, FIVE[0]]}, ["selection.twice", "selection.one-employer"]),
    ({"members": [("C-law", "E0"), ("A-it", "nobody")]}, ["selection.member"] * 2),
    ({"out": {"E1", "E2"}}, ["selection.member"] * 2),
    ({"employers": {f"E{n}": "one" for n in range(5)}}, ["selection.one-employer"]),
])  # fmt: skip
@pytest.mark.embedded
def test_a_proposal_is_refused_with_every_reason(facts, wrong):
    given = {
        "law": LAW, "ground": "special", "reason": "需要量子通信专家", "evidence": 9, "short": False, "members": FIVE,
        "employers": {n: n for _, n in FIVE}, "out": set(), "specialties": {n: {"A-it"} for _, n in FIVE},
        "waiting": False,
    }  # fmt: skip
    assert [reason.code for reason in why_not_propose(**given | facts)] == wrong


@pytest.mark.embedded
def test_the_supervision_body_decides_and_a_refusal_says_why_and_a_short_panel_gets_what_it_lacks():
    asked = {"waiting": True, "agreed": True, "why": "", "by": cast.SUPERVISOR}
    for facts, code in (({}, ""), ({"by": cast.OFFICER}, "selection.not-supervisor"),
                        ({"agreed": False}, "selection.why"),
                        ({"waiting": False}, "selection.none"), ({"agreed": None}, "selection.why")):  # fmt: skip
        assert [r.code for r in why_not_decide(**asked | facts)] == ([code] if code else [])
    assert why_not_fill([("A", 1)], wanted={"A": 1}) == ()
    assert why_not_fill([("A", 2)], wanted={"A": 1})[0].code == "selection.seats-wanted"
    assert all(row.self_selection for row in PROCEDURES.values())


def public(kind):
    return [json.loads(row.event)["d"] for row in Entry.objects.filter(kind=kind).order_by("seq")]


@pytest.mark.django_db
def test_a_panel_a_draw_cannot_give_is_picked_agreed_to_asked_published_and_marked(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    evaluation = make.qualified()
    number = evaluation.project.number
    people = experts.register(4)
    people += [experts.expert(30, specialties=["A-it", "C-law"]), experts.expert(31)]
    tied = experts.expert(32)
    ties.declare_tie(organisation=cast.HETAO, kind="relative", by=experts.actor(32), at=LATER)
    page = f"/projects/{number}/panel/"

    def proposes(members=people[:5], actor=cast.OFFICER, **told):
        named = "\n".join(f"{e.number} A-it" for e in members)
        body = {"ground": "special", "reason": "需要量子通信领域专家", "members": named,
                "evidence": SimpleUploadedFile("c.pdf", CONSENT)} | told  # fmt: skip
        return accounts.client_of(actor).post(f"{page}propose", body).status_code

    def decides(actor=cast.SUPERVISOR, **told):
        told = {"agreed": "yes", "seen": "".join(seen()[:1])} | told
        return accounts.client_of(actor).post(f"{page}decide", told).status_code

    def seen() -> list[str]:
        return re.findall('name="seen" value="([^"]*)"', accounts.client_of(cast.SUPERVISOR).get(page).content.decode())

    assert "提请核准" in accounts.client_of(cast.OFFICER).get(page).content.decode()
    for wrong in ({"actor": cast.SUPERVISOR}, {"members": people[:4]}, {"members": [*people[:4], tied]},
                  {"ground": "short"}, {"evidence": ""}):  # fmt: skip
        assert proposes(**wrong) in (403, 422)
    assert proposes() == 302 and proposes() == 409  # one at a time
    row = Selection.objects.get()
    assert people[0].number.encode() not in bytes(row.members) and CONSENT not in bytes(row.evidence)
    shown = {who: accounts.client_of(who).get(page).content.decode() for who in
             (cast.SUPERVISOR, cast.OFFICER, cast.PROVIDER)}  # fmt: skip
    assert people[0].number in shown[cast.SUPERVISOR] and people[0].number not in shown[cast.OFFICER]
    assert "量子通信" in shown[cast.OFFICER] and "量子通信" not in shown[cast.PROVIDER]
    file = accounts.client_of(cast.SUPERVISOR).get(f"{page}consent")
    assert file.content == CONSENT and accounts.client_of(cast.OFFICER).get(f"{page}consent").status_code == 404
    assert not Panel.objects.exists() and not public("evaluation.self-selected")

    assert decides(agreed="no") == 422 and decides(agreed="no", why="库内有足够的专家") == 302
    assert bytes(Selection.objects.get().members) == b"" and not Panel.objects.exists()
    assert proposes() == 302 and decides(seen="2026-11-01T00:00:00.000000Z") == 409  # he read another
    assert (decides(cast.OFFICER), decides(), decides()) == (403, 302, 409)
    assert bytes(Selection.objects.latest("pk").members) == b""  # it forgets whom it named

    panel = Panel.objects.get()
    (said,) = public("evaluation.self-selected")
    assert said["seats"] == sorted(s.cid for s in panel.seats.all()) and len(said["seats"]) == 5
    assert (said["reason"], said["law"]) == ("需要量子通信领域专家", str(LAW))
    assert said["evidence_sha256"] == hashlib.sha256(CONSENT).hexdigest()
    assert said["strata"] == [{"key": "A-it", "need": 5, "had": 6}]
    asked = experts.invited(panel)
    assert {expert_of(s).number for s in asked} == {e.number for e in people[:5]}
    assert "选定为评审专家" in calls.words_of(asked[0]) and "随机" not in calls.words_of(asked[0])
    mine = accounts.client_of(experts.person_of(asked[0])).get(f"/experts/invitations/{asked[0].public_id}/")
    assert "依法自行选定" in mine.content.decode() and "随机抽取产生" not in mine.content.decode()
    gone, *stay = asked
    experts.answers(gone, accepts=False, at=LATER)
    for seat in stay:
        experts.answers(seat, at=LATER)
    panel.refresh_from_db()
    assert panel.state == PanelState.SHORT
    assert proposes(members=[expert_of(gone)]) == 422  # asked once
    assert proposes(members=[people[4], people[5]]) == 422
    assert proposes(members=[people[5]]) == 302 and decides() == 302
    experts.answers(experts.invited(panel)[0], at=LATER)
    panel.refresh_from_db()
    assert panel.state == PanelState.SEATED and len(public("evaluation.self-selected")) == 2
    log = accounts.client_of(cast.STRANGER).get(f"/projects/{number}/log/").content.decode()
    assert "自行选定评审专家 5 人" in log and "量子通信" in log

    for seat in queries.seated(number):
        Seat.objects.filter(pk=seat.pk).update(expert=expert_of(seat), salt="00")
    told = queries.openings(number)
    assert all(row["selected"] for row in told)
    assert Expert.objects.count() == 7 and Project.objects.get().procedure.self_selection == LAW


@pytest.mark.django_db
def test_a_pick_agreed_to_too_late_or_after_a_draw_is_refused():
    evaluation = make.qualified()
    number = evaluation.project.number
    people = experts.register(16)
    told = {"project_number": number, "members": [("A-it", e.number) for e in people[:5]], "ground": "special",
            "reason": "技术复杂，难以抽取", "evidence": b"x", "by": cast.OFFICER, "at": LATER}  # fmt: skip
    selected.propose(**told)
    make.convened(evaluation)
    with pytest.raises(Refused, match="panel.called"):
        selected.decide(project_number=number, agreed=True, why="", by=cast.SUPERVISOR, at=LATER)
    assert Selection.objects.get().decided_at is None
