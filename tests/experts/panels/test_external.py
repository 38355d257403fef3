"""A panel drawn by the pool the law prescribes: imported sealed, signed by two, named to nobody."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import sealing
from experts.panels import external, queries, services
from experts.panels.elsewhere import Outside, why_not_confirm, why_not_import
from experts.panels.models import EvidenceLook, ExternalDraw, Panel
from experts.panels.rules import PanelState
from experts.panels.tasks import call_drawn
from ledger.models import Entry, Log
from tests import cast
from tests.make import accounts, experts
from tests.make import evaluation as make
from tests.make.evaluation import LATER

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
EVIDENCE = b"%PDF-1.7 drawn by the province"
SHA256 = hashlib.sha256(EVIDENCE).hexdigest()
FIVE = tuple(("A-it", f"E{n}") for n in range(5))


@pytest.mark.parametrize("facts, wrong", [
    ({}, []),
    ({"by": cast.OFFICER}, ["external.not-witness"]),
    ({"source": " ", "evidence": 0}, ["external.source", "external.evidence"]),
    ({"members": (*FIVE, FIVE[0])}, ["external.twice"]),
    ({"known": ["E0", "E1", "E2"]}, ["external.unknown"] * 2),
    ({"left_out": {"E1": "employer-of-bidder", "E2": "barred"}}, ["external.conflict"] * 2),
])  # fmt: skip
def test_an_import_is_refused_with_every_reason(facts, wrong):
    told = Outside(facts.pop("source", "省综合评标专家库"), "2026-17", facts.pop("members", FIVE))
    given = {"evidence": 9, "known": [n for _, n in FIVE], "left_out": {}, "by": cast.WITNESS} | facts
    assert [reason.code for reason in why_not_import(told, **given)] == wrong


@pytest.mark.parametrize("facts, wrong", [
    ({}, []), ({"officer": False}, ["external.not-officer"]), ({"imported": False}, ["external.nothing"]),
    ({"seen": "00"}, ["external.another-file"]),
])  # fmt: skip
def test_the_buyer_signs_the_file_that_was_imported(facts, wrong):
    given = {"officer": True, "imported": True, "sha256": "ab", "seen": "ab"} | facts
    assert [reason.code for reason in why_not_confirm(**given)] == wrong


def public(kind):
    return [json.loads(row.event)["d"] for row in Entry.objects.filter(log=Log.PUBLIC, kind=kind).order_by("seq")]


def test_a_provincial_panel_comes_in_sealed_and_sits_once_the_buyer_has_signed(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: LATER)
    evaluation = make.qualified()
    number = evaluation.project.number
    people = experts.register(5)
    page, members = f"/projects/{number}/panel/", "\n".join(f"{e.number} A-it" for e in people)

    def imports(actor, members=members):
        body = {"source": "省综合评标专家库", "reference": "2026-17", "members": members,
                "evidence": SimpleUploadedFile("r.pdf", EVIDENCE)}  # fmt: skip
        return accounts.client_of(actor).post(f"{page}import", body).status_code

    def confirms(actor, sha256=SHA256):
        return accounts.client_of(actor).post(f"{page}confirm", {"sha256": sha256}).status_code

    assert (imports(cast.OFFICER), imports(cast.WITNESS, "expert-001 A-it\nnobody A-it")) == (403, 422)
    assert "panel/import" in accounts.client_of(cast.WITNESS).get(page).content.decode()
    assert imports(cast.WITNESS) == 302
    assert imports(cast.WITNESS) == 409
    call_drawn(by=cast.SYSTEM, at=LATER)
    panel = Panel.objects.get()
    assert (panel.state, queries.confirmed(panel)) == (PanelState.DRAWING, 0)
    for viewer in (cast.OFFICER, cast.PROVIDER, cast.STRANGER):
        body = accounts.client_of(viewer).get(page).content.decode()
        assert "2026-17" in body and not [e for e in people if e.user.name in body or e.number in body]

    assert (confirms(cast.WITNESS), confirms(cast.OFFICER, "00"), confirms(cast.OFFICER)) == (403, 422, 302)

    panel.refresh_from_db()
    assert panel.state == PanelState.SEATED and len(queries.seated(number)) == 5
    (told,), (signed,) = public("evaluation.external-imported"), public("evaluation.external-confirmed")
    assert (told["evidence_sha256"], signed["evidence_sha256"]) == (SHA256, SHA256)
    assert told["seats"] == public("evaluation.seated")[0]["seats"] == sorted(s.cid for s in queries.seated(number))
    kept = bytes(ExternalDraw.objects.get().evidence)
    assert EVIDENCE[:12] not in kept and external.waiting(number) is None
    told_all = " ".join(Entry.objects.filter(log=Log.PUBLIC).values_list("event", flat=True))
    assert not [e for e in people if e.number in told_all]

    why, supervisor = {"purpose": "核对抽取记录与省库存档"}, accounts.client_of(cast.SUPERVISOR)
    for viewer in (cast.OFFICER, cast.WITNESS, cast.OPERATOR, cast.PROVIDER):
        assert accounts.client_of(viewer).post(f"{page}evidence", why).status_code == 404
    assert supervisor.post(f"{page}evidence", {"purpose": "看"}).status_code == 422
    assert supervisor.get(f"{page}evidence").status_code == 405 and not EvidenceLook.objects.exists()
    assert supervisor.post(f"{page}evidence", why).content == EVIDENCE
    assert why["purpose"] in supervisor.get(page).content.decode()
    assert why["purpose"] not in accounts.client_of(cast.OFFICER).get(page).content.decode()
    ExternalDraw.objects.update(evidence=kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(sealing.Unreadable):
        supervisor.post(f"{page}evidence", why)
    ExternalDraw.objects.update(evidence=kept)
    assert external.reseal(by=cast.SYSTEM, at=LATER) == 0

    # Somebody leaves: the other pool's line is not ours, so a supplementary draw with a reason follows.
    gone = queries.seated(number)[0]
    services.recuse(seat=gone, reason="回避", by=experts.person_of(gone), at=LATER)
    panel.refresh_from_db()
    assert panel.state == PanelState.SHORT and public("evaluation.replaced")[0]["in"] == ""
