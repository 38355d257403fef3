"""A house comes in by itself, brings a document where it buys with public money, or finds its code taken."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Message, Organisation, User
from ledger import blobs
from people.entering import rules, services
from people.entering.models import Agreement, Applicant
from rulebook.actor import STRANGER
from rulebook.refusal import Refused
from tests import cast
from tests.make import accounts, notifier
from tests.make.accounts import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FIRM, WORD = "91150702MA0ND9T13F", "xiang-ban-yi-jian-shi"
TYPED = {"code": FIRM, "firm": "克鲁伦牧业有限公司", "name": "巴特尔", "phone": "13904700001", "password": WORD}
SIGNED = {"promised": "on", "agreed": "on"}
PDF = b"%PDF-1.7 a certificate\n%%EOF"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("rulebook.clock.now", lambda: cast.NOON)


def knock(kind="provider", *, document=None, **other):
    """Type, get the code, type it: the client and where it was sent."""
    client = client_of(cast.STRANGER)
    told = {**TYPED, **SIGNED, **other}
    asked = client.post(f"/enter/{kind}/", told).url
    sent = {"code": notifier.code_for(told["phone"])}
    if document is not None:
        sent["document"] = SimpleUploadedFile("证书.pdf", document)
    return client, client.post(asked, sent)


def test_a_house_is_in_by_its_code_and_both_signatures_and_its_first_person_administers_it():
    client = client_of(cast.STRANGER)
    page = client.get("/enter/provider/").content.decode()
    assert rules.CLAUSES[1] in page and "电子签名法第13条" in page
    for missing, words in (("promised", "签署承诺书"), ("agreed", "签署电子签名协议")):
        typed = {**TYPED, **SIGNED}
        del typed[missing]
        assert words in client.post("/enter/provider/", typed).content.decode()
    assert client.post("/enter/provider/", {**TYPED, **SIGNED, "code": FIRM[:-1] + "A"}).status_code == 422
    assert client.get("/enter/platform/").status_code == 404

    client, answer = knock()

    user = User.objects.get(username=FIRM)
    assert answer.url == "/providers/enter/" and client.get(answer.url).status_code == 200
    assert (user.role, user.organisation.name, user.administrator.organisation_id) == ("provider", TYPED["firm"], FIRM)
    kept = Agreement.objects.get()
    assert (kept.user, kept.organisation_id, kept.at, len(kept.promise)) == (user, FIRM, cast.NOON, 64)
    assert (
        hashlib.sha256(blobs.read(kept.sha256)).hexdigest() == kept.sha256
        and kept.sha256 in client.get("/agreement/").content.decode()
    )
    assert "建议至少两名" in client.get("/people/").content.decode()


def test_a_stranger_is_answered_alike_and_the_second_who_has_a_telephone_learns_how_to_come_in():
    accounts.user(cast.SECURITY)
    knock()
    answers = []
    for code, phone in ((FIRM, "13904700002"), (cast.WULIANG, "13904700003")):
        client = client_of(cast.STRANGER)
        asked = client.post("/enter/provider/", {**TYPED, **SIGNED, "code": code, "phone": phone})
        page = client.get(asked.url).content.decode().partition("<main")[2].partition('name="csrf')[0]
        answers.append((asked.status_code, page.replace(phone[-4:], "")))
        wrong = client.post(asked.url, {"code": "000000"})
        answers[-1] += (wrong.status_code,)
    assert answers[0] == answers[1]

    client, answer = knock(phone="13904700004", name="卫投标")
    page = client.get(answer.url).content.decode()
    assert "请求邀请" in page and "提出异议" in page and not User.objects.filter(username=f"{FIRM}-2").exists()
    head = User.objects.get(username=FIRM)
    client.post(answer.url + "ask")
    assert "已告知单位管理员" in client.get(answer.url).content.decode()
    assert client.post(answer.url + "ask").status_code == 409  # once
    assert "卫投标（13904700004）" in Message.objects.get(to_user=head).body


def test_an_objection_that_holds_shuts_the_others_out_and_only_the_security_officer_finds_on_it():
    accounts.user(cast.OPERATOR)
    thief, _ = knock()
    client, answer = knock(phone="13904700005", name="真主人")
    assert client.post(answer.url + "object", {"text": "短"}).status_code == 422
    client.post(answer.url + "object", {"text": "本公司法定代表人，从未办理登记"})
    row = Applicant.objects.get()
    assert thief.get("/people/").status_code == 200
    seen = client_of(cast.SECURITY).get(f"/entries/{row.public_id}/").content.decode()
    assert "从未办理登记" in seen and row.firm in client_of(cast.SECURITY).get("/entries/").content.decode()
    for by, why in ((cast.OPERATOR, "other-keeper"), (cast.OFFICER, "not-keeper")):
        with pytest.raises(Refused, match=why):
            services.find(applicant=row.public_id, holds=True, text="已电话核实", by=by, at=cast.NOON)

    client_of(cast.SECURITY).post(f"/entries/{row.public_id}/find", {"holds": "yes", "text": "已当面核实执照"})

    assert thief.get("/people/").status_code == 302  # his session is over
    owner = User.objects.get(username=f"{FIRM}-2")
    assert owner.check_password(WORD) and [each.user for each in owner.organisation.administrators.all()] == [owner]
    with pytest.raises(Refused, match="entering.found"):
        services.find(applicant=row.public_id, holds=False, text="再来", by=cast.SECURITY, at=cast.NOON)


def test_a_buyer_is_in_once_the_operator_has_looked_at_its_document_which_nobody_else_may_have(
    django_capture_on_commit_callbacks,
):
    accounts.user(cast.OPERATOR)
    client, answer = knock("buyer")
    assert "请上传加盖公章" in answer.content.decode() and answer.status_code == 422
    asked = answer.wsgi_request.path
    code = notifier.code_for(TYPED["phone"])
    bad = client.post(asked, {"code": code, "document": SimpleUploadedFile("x.pdf", b"MZ")})
    assert bad.status_code == 422 and not Applicant.objects.exists()
    answer = client.post(asked, {"code": code, "document": SimpleUploadedFile("证书.pdf", PDF)})
    assert not Organisation.objects.filter(code=FIRM).exists() and "正在核对" in client.get(answer.url).content.decode()
    operator = client_of(cast.OPERATOR)
    page = operator.get(answer.url).content.decode()
    file = page.partition('href="/evidence/')[2].partition('"')[0]
    assert operator.get(f"/evidence/{file}").status_code == 200
    for other in (cast.STRANGER, cast.OFFICER, cast.SUPERVISOR):
        assert client_of(other).get(f"/evidence/{file}").status_code in (302, 404)
        assert client_of(other).get("/entries/").status_code in (302, 404)

    with django_capture_on_commit_callbacks(execute=True):
        operator.post(answer.url + "find", {"holds": "yes", "text": "证书与授权书相符"})

    user = User.objects.get(username=FIRM)
    assert (user.role, user.organisation.kind) == ("officer", "buyer") and user.administrator
    assert f"请用 {FIRM}" in notifier.last_words(TYPED["phone"]) and Applicant.objects.get().password == ""


def test_who_was_confirmed_first_has_the_code_and_the_other_document_becomes_a_claim():
    knock("buyer", document=PDF)
    knock("agent", phone="13904700006", document=PDF)
    first, second = Applicant.objects.order_by("pk")
    for row in (second, first):
        services.find(applicant=row.public_id, holds=True, text="相符", by=cast.OPERATOR, at=cast.NOON)
    first.refresh_from_db()
    assert Organisation.objects.get(code=FIRM).kind == "agent" and first.state == "known" and first.password
    late = cast.NOON + timedelta(days=1)
    services.ask(applicant=first.public_id, by=STRANGER, at=late)
    assert Applicant.objects.get(pk=first.pk).password == ""
