"""What a notice says besides: its files, how it is paid, how quotes are put and for how long they bind."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.evidence.models import Evidence
from ledger.models import Entry
from market.purchases import attaching, details, queries, services
from proofs import canonical
from rulebook.refusal import Refused
from tests import cast
from tests.cast import NOON
from tests.make import accounts, purchases

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PDF = b"%PDF-1.7 demand\n%%EOF\n"
OTHER = b"%PDF-1.7 drawing\n%%EOF\n"
PAID = [{"share": "30", "when": "合同签订后 5 个工作日内"}, {"share": "70", "when": "验收合格后 30 日内"}]


def refused(act, /, **told):
    with pytest.raises(Refused) as found:
        act(**told)
    return [reason.code for reason in found.value.reasons]


def attach(number, data=PDF, by=cast.OFFICER, name="需求说明.pdf"):
    return attaching.attach(number=number, name=name, blob=data, by=by, at=NOON)


def got(row, by=cast.STRANGER):
    return accounts.client_of(by).get(reverse("documents:evidence", args=[row["id"]]))


def test_files_of_a_notice_are_its_buyers_until_it_is_published_and_everybodys_afterwards():
    row = purchases.draft(edition="zjcs-random", payment=PAID)
    number = row.project.number
    assert refused(attach, number=number, by=cast.OTHER_OFFICER) == ["project.not-officer"]
    assert refused(attach, number=number, data=b"MZ program") == ["evidence.type"]
    client = accounts.client_of(cast.OFFICER)
    sent = {"files": [SimpleUploadedFile("需求说明.pdf.exe", PDF), SimpleUploadedFile("图纸.pdf", OTHER)]}
    to = reverse("market:purchase_attach", args=[number])
    assert accounts.client_of(cast.RIVAL).post(to, {"files": [SimpleUploadedFile("a.pdf", PDF)]}).status_code == 404
    assert client.post(to, sent).status_code == 302
    attach(number)  # the same again changes nothing
    kept, gone = queries.purchase(number).attachments
    assert kept["name"] == "需求说明.pdf.exe.pdf" and Evidence.objects.count() == 2
    assert kept["name"] in client.get(reverse("market:purchase_step", args=[number, "preview"])).content.decode()
    assert (got(kept).status_code, got(kept, cast.RIVAL).status_code) == (404, 404)
    assert got(kept, cast.OFFICER).status_code == 200
    client.post(reverse("market:purchase_detach", args=[number]), {"sha256": gone["sha256"]})

    services.submit(number=number, by=cast.OFFICER, at=NOON)
    services.approve(number=number, by=cast.APPROVER, at=NOON)
    assert refused(attach, number=number) == ["project.published"]
    answer = got(kept)
    assert b"".join(answer.streaming_content) == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert got(gone).status_code == 404  # what was taken out again is nobody else's
    # Anyone compares a download with the public record.
    entry = canonical.parse(Entry.objects.get(kind="market.purchase-terms").event.encode())["d"]["terms"]
    assert [each["sha256"] for each in entry["attachments"]] == [hashlib.sha256(PDF).hexdigest()]
    assert entry["payment"] == PAID and "valid_days" not in entry  # lots take no quotes
    page = accounts.client_of(cast.STRANGER).get(f"/purchases/{number}/").content.decode()
    assert kept["sha256"] in page and f"/evidence/{kept['id']}/" in page and "70%：验收合格后 30 日内" in page


def test_how_it_is_paid_adds_up_and_how_quotes_are_put_is_within_reason():
    def codes(*reasons):
        return [reason.code for reason in reasons]

    assert codes(*details.why_not_payment(PAID)) == codes(*details.why_not_payment([])) == []
    assert codes(*details.why_not_payment(PAID[:1])) == ["terms.payment-sum"]
    assert codes(*details.why_not_payment([{"share": "100", "when": ""}])) == ["terms.payment"]
    for least, most in (("5", "5"), ("-1", "10"), ("0", "100"), ("0", "9.999"), ("一", "9")):
        assert codes(*details.why_not_rate({"least": least, "most": most})) == ["terms.rate"]
    assert details.why_not_rate({"least": "0.00", "most": "30.00"}) == details.why_not_rate(None) == ()
    assert codes(*details.why_not_valid(29)) == ["terms.valid"] and details.why_not_valid(30) == ()


def test_the_wizard_takes_them_and_the_preview_says_them():
    row = purchases.draft(price_cap=3000)
    number, client = row.project.number, accounts.client_of(cast.OFFICER)

    def step(name, **told):
        return client.post(reverse("market:purchase_step", args=[number, name]), told)

    money = {"fund": "fiscal", "price_cap": "3000", "payment": "30｜签订后\n60｜验收后"}
    assert step("money", **money).status_code == 302
    way = {"method": "sealed_price", "formula": "lowest", "by_rate": "on", "rate_least": "5", "rate_most": "40"}
    assert step("method", **way, valid_days="20").status_code == 302
    page = client.get(reverse("market:purchase_step", args=[number, "preview"])).content.decode()
    assert "付款比例合计应为 100%" in page and "报价有效期为 30 至 365 日" in page
    assert "下浮率，5.00% 至 40.00%" in page and "下浮越多价格越低" in page
    step("money", **money | {"payment": "40｜签订后\n60｜验收后"})
    step("method", **way, valid_days="45")
    row = queries.purchase(number)
    assert (row.rate, row.valid_days) == ({"least": "5.00", "most": "40.00"}, 45)
    reasons = [reason.code for reason in queries.why_not_ready(row, at=NOON)]
    assert not [code for code in reasons if code.startswith("terms.")]
    step("method", method="random")
    assert queries.purchase(number).rate is None
