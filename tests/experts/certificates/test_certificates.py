"""Certificates: checked by what they are, sealed at rest, seen with a purpose, reminded of before they end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import sealing
from accounts.models import Message
from experts.certificates import rules, services
from experts.certificates.models import Certificate
from experts.certificates.rules import MOST_BYTES, Proof, why_not_add
from experts.certificates.tasks import remind_of_ends
from experts.registry.models import Application, Look
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts
from tests.make import registry as make

TODAY = NOON.date()
SCAN = b"%PDF-1.7 senior engineer"


@pytest.mark.parametrize("facts, wrong", [
    ({}, []), ({"by": cast.OFFICER}, ["certificate.not-own"]), ({"has_dossier": False}, ["certificate.too-early"]),
    ({"size": MOST_BYTES}, []), ({"size": MOST_BYTES + 1}, ["certificate.size"]), ({"size": 0}, ["certificate.size"]),
    ({"suffix": "", "name": " "}, ["certificate.media", "certificate.name"]), ({"held": 12}, ["certificate.most"]),
    ({"valid_until": TODAY}, []), ({"valid_until": TODAY - cast.DAY}, ["certificate.over"]),
])  # fmt: skip
def test_what_may_be_handed_in(facts, wrong):
    told = {"has_dossier": True, "size": 9, "suffix": "pdf", "name": "高级工程师", "held": 0, "valid_until": None,
            "on": TODAY, "by": cast.EXPERT}  # fmt: skip
    assert [reason.code for reason in why_not_add(**told | facts)] == wrong


def test_a_file_is_what_it_begins_with_whatever_it_is_called():
    assert [rules.suffix_of(head) for head in (SCAN, b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n..", b"MZ", b"")] == [
        "pdf", "jpg", "png", "", "",
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_applicant_hands_one_in_keepers_see_it_with_a_purpose_and_nobody_else(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: NOON)
    me, keeper = accounts.client_of(cast.EXPERT), accounts.client_of(cast.OPERATOR)

    def hands_in(client, file=SCAN, **other):
        told = {"proof": "title", "name": "高级工程师（计算机）", "valid_until": f"{TODAY + 9 * cast.DAY}"}
        return client.post("/experts/certificates/", told | {"file": SimpleUploadedFile("x.exe", file)} | other)

    assert hands_in(me).status_code == 409  # nobody knows him yet
    make.application()
    assert "提交一份证明材料" in me.get("/experts/apply/").content.decode()
    assert [hands_in(me, b"MZ\x90").status_code, hands_in(me, name="").status_code, hands_in(keeper).status_code] == [
        422, 422, 404,
    ]  # fmt: skip
    assert hands_in(me)["Location"] == "/experts/apply/"
    row = Certificate.objects.get()
    assert SCAN[:12] not in bytes(row.file) and "高级工程师" not in row.sealed and row.suffix == "pdf"

    page = keeper.get(f"/experts/applications/{Application.objects.get().public_id}/").content.decode()
    assert "高级工程师（计算机）" in page and "即将到期" in page
    place = f"/experts/certificates/{row.public_id}/"
    assert keeper.post(place, {"purpose": "看"}).status_code == 422 and not Look.objects.exists()
    seen = keeper.post(place, {"purpose": "核对职称证书"})
    assert (seen.content, seen["Cache-Control"]) == (SCAN, "no-store") and "attachment" in seen["Content-Disposition"]
    assert me.post(place).content == SCAN
    assert [look.purpose for look in Look.objects.order_by("pk")] == [
        "证明材料（专业技术职称）：核对职称证书", "证明材料（专业技术职称）：本人查看",
    ]  # fmt: skip
    for other in (cast.OFFICER, cast.EXPERTS[1], cast.WITNESS):
        for path in (place, f"{place}remove/"):
            assert accounts.client_of(other).post(path, {"purpose": "随便看看而已"}).status_code == 404
    assert keeper.post(f"{place}remove/").status_code == 403
    assert me.post(f"{place}remove/").status_code == 302
    row.refresh_from_db()
    assert (bytes(row.file), row.sealed) == (b"", "") and me.post(place).status_code == 404


@pytest.mark.django_db
def test_its_person_is_reminded_once_and_a_new_key_opens_all_of_them(settings, tmp_path):
    make.accepted(make.application())

    def add(**other):
        told = {"proof": Proof.LICENCE, "name": "造价工程师", "file": SCAN, "valid_until": TODAY + 60 * cast.DAY}
        return services.add(**told | other, by=cast.EXPERT, at=NOON)

    ends, stays = add(), add(valid_until=None)
    for at, told in ((NOON, 0), (NOON + timedelta(days=30), 1), (NOON + timedelta(days=31), 1)):
        remind_of_ends(by=SYSTEM, at=at)
        assert Message.objects.filter(subject="证明材料即将到期").count() == told
    with pytest.raises(Refused, match="certificate.most"):
        for _ in range(rules.MOST):
            add()
    assert services.reseal(by=SYSTEM, at=NOON) == 0
    stays.refresh_from_db()
    Certificate.objects.filter(pk=stays.pk).update(file=ends.file)
    with pytest.raises(sealing.Unreadable):  # moved to another row, it does not open
        services.look(certificate=stays, purpose="", by=cast.EXPERT, at=NOON)
