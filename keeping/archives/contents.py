"""What goes into a package, in the order in which it is read: each file with what it is in words."""

import html
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from django.utils import translation
from django.utils.html import strip_tags

from accounts.templatetags.parts import minute
from bidding.papers import queries as papers
from bidding.tender.models import Tender
from documents.issued import queries as issued
from documents.issued.models import Issued
from keeping.archives.rules import Level
from ledger import blobs
from ledger import queries as ledger
from ledger.models import Log
from market.contracts.models import Contract, ContractProposal
from market.notices import queries as notices
from market.notices import words
from market.notices.models import Notice
from market.performance.models import Attachment, Delivery, Invoice, Payment
from market.projects.models import Project
from portal.record import queries as records
from proofs.package import FULL, RECORD, Item

BREAKS = re.compile(r"</(?:li|p|div|del|ins)>|<br\s*/?>")
ENDING = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def items(project: Project, level: Level, held: ExitStack) -> Iterator[Item]:
    """Every file of a package.  held: closes what is opened for it."""
    yield Item(RECORD, "公开记录：日志条目及其证明、附件，可脱机核验", io.BytesIO(records.record_of(project.number)))
    tender = Tender.objects.filter(project=project).select_related("project").first()
    if level is Level.FULL and tender and (full := records.everything_of(tender)):
        yield Item(FULL, "完整记录：公开记录与各投标人封存的技术商务文件及开启密钥", held.enter_context(full))
    for name in Log.values:
        if head := ledger.latest_checkpoint(name):
            said = {"public": "公开", "sealed": "密封"}[name]
            told = f"归档时{said}日志的检查点（平台签名与见证方会签）"
            yield Item(f"checkpoints/{name}.txt", told, io.BytesIO(head.note.encode()))
    yield from _notices(project)
    yield from _papers(project, level, held)
    contract = Contract.objects.filter(project=project).select_related("award").first()
    if level is Level.FULL and contract:
        yield from _contract(contract, held)


def _notices(project: Project) -> Iterator[Item]:
    """Each notice as it was published: its canonical text, and a page of it."""
    with translation.override("zh-hans"):
        for each in notices.of(project.number):
            title = f"{each.type_words}（{minute(each.published_at)}）"
            stem = f"notices/{each.number:02}-{each.type}"
            yield Item(f"{stem}.json", f"{title}：发布原文，SHA-256 记于日志", io.BytesIO(each.text.encode()))
            yield Item(f"{stem}.html", f"{title}：阅读版", io.BytesIO(_page(title, each, project).encode()))


def _papers(project: Project, level: Level, held: ExitStack) -> Iterator[Item]:
    """Opening records, and every paper issued in the procurement's stream; those that are not public in full alone."""
    for n, paper in enumerate(papers.of(project), start=1):
        path = f"papers/opening-{n:02}{ENDING.get(paper.type, '.bin')}"
        yield Item(path, f"开标记录（{minute(paper.entry.at)}）", held.enter_context(blobs.open_blob(paper.sha256)))
    rows = Issued.objects.filter(entry__log=Log.PUBLIC, entry__stream=project.log).order_by("entry__seq")
    for paper in rows:
        if paper.public or level is Level.FULL:
            told = f"{paper.title}（PDF/A，电子签名，{minute(paper.issued_at)}）"
            yield Item(f"papers/{paper.public_id}.pdf", told, held.enter_context(issued.opened(paper)))


def _contract(contract: Contract, held: ExitStack) -> Iterator[Item]:
    """The contract as both agreed on it, what was handed over and taken, and what was paid."""
    agreed = ContractProposal.objects.filter(award=contract.award, agreed=True).select_related("file").first()
    if agreed:
        source = held.enter_context(blobs.open_blob(agreed.file.sha256, folder="evidence"))
        yield Item(f"contract/contract-v{agreed.version}.pdf", "合同文本（双方确认的版本）", source)
    yield Item("contract/performance.json", "履约：交付、验收、发票、付款", io.BytesIO(_performance(contract)))
    for n, file in enumerate(Attachment.objects.filter(contract=contract).order_by("pk"), start=1):
        ending = "." + file.name.rsplit(".", 1)[-1].lower() if re.search(r"\.[A-Za-z0-9]{1,5}$", file.name) else ""
        what = "交付附件" if file.delivery_id else "解除合同的证据"
        source = held.enter_context(file.file.open("rb"))
        yield Item(f"contract/attachment-{n:03}{ending}", f"{what}：{file.name}", source)


def _performance(contract: Contract) -> bytes:
    given = Delivery.objects.filter(contract=contract).select_related("inspection").order_by("delivered_at")
    told = {
        "amount": str(contract.amount),
        "signed_on": contract.signed_on.isoformat(),
        "deliveries": [_delivered(each) for each in given],
        "invoices": [
            {"number": each.number, "amount": str(each.amount), "issued_on": each.issued_on.isoformat()}
            for each in Invoice.objects.filter(contract=contract).order_by("pk")
        ],
        "payments": [
            {"amount": str(each.amount), "paid_on": each.paid_on.isoformat(), "reference": each.reference}
            for each in Payment.objects.filter(contract=contract).order_by("pk")
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _delivered(each: Delivery) -> dict[str, Any]:
    said = getattr(each, "inspection", None)
    inspected = {"accepted": said.accepted, "reasons": said.reasons, "at": said.at.isoformat()} if said else None
    return {
        "milestone": each.milestone, "attempt": each.attempt, "note": each.note, "at": each.delivered_at.isoformat(),
        "inspection": inspected,
    }  # fmt: skip


def _page(title: str, each: Notice, project: Project) -> str:
    rows = [(str(row[0]), _text(row[1:])) for row in words.rows(each.content, project.terms)]
    body = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(text).replace(chr(10), '<br>')}</dd>"
        for name, text in rows
        if text
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title><h1>{html.escape(project.title)}</h1><h2>{html.escape(title)}</h2>"
        f"<dl>{body}</dl><p>SHA-256 {each.sha256}</p></html>"
    )


def _text(cells: Sequence[Any]) -> str:
    told = [html.unescape(strip_tags(BREAKS.sub("\n", str(cell)))).strip() for cell in cells if cell not in (None, "")]
    return "\n".join(line.strip() for text in told for line in text.splitlines() if line.strip())
