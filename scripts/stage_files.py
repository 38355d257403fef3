"""Whom to ask, and where, for what the house answers that is no page: a part of `scripts.stage`.

What everybody is told at an address without a hole need not stand here.
"""

from datetime import datetime

from accounts.reaching import services as reaching
from bidding.opening.models import Opening
from bidding.submission.models import Bid
from bidding.tender import queries as tenders
from blacklist.cases.models import Case, Restriction
from documents.evidence.models import Evidence
from documents.issued.models import Issued
from market.agency.models import Entrustment
from market.notices.models import Notice
from market.performance.models import Attachment
from market.purchases.models import Purchase
from portal.ocds import queries as releases
from proofs import canonical
from rulebook.actor import STRANGER, Actor
from rulebook.calendar import day_in_china
from scripts import spikes, stage, stage_contracts, stage_judged, stage_keeping, stage_purchases
from tests import cast
from tests.config.declaring import rows
from tests.make import accounts

SHOWN, READ, SIGNED, WON = "T-2026-001", "T-2026-006", "T-2026-012", "T-2026-004"
PART = "projects/<str:number>/"


def asked(now: datetime) -> list[tuple[str, Actor, str]]:
    """Of each address `declared/files.txt` says something comes from: itself, who asks, and with what in its holes."""
    told = filled(now)
    return [
        (address, *told.get(address, (STRANGER, f"/{address}")))
        for address, (comes, *_) in rows("files").items()
        if comes != "-"
    ]


def filled(now: datetime) -> dict[str, tuple[Actor, str]]:
    """Whom and where, of what is not everybody's or has a hole."""
    day = day_in_china(releases.oldest().at)  # yesterday may have nothing to tell
    opened = Opening.objects.filter(tender__project__number=READ).earliest("pk")
    bid = Bid.objects.filter(tender=opened.tender).earliest("pk")
    leaf = canonical.sha256(b"\0", bytes(bid.entry.leaf)).hex()
    notice, issued = (
        Notice.objects.filter(project__number=WON).latest("pk"),
        Issued.objects.filter(public=True).latest("pk"),
    )
    document = tenders.documents(opened.tender)[0]
    under_way, kept = stage_contracts.UNDER_WAY, stage_keeping.KEPT
    letter = Entrustment.objects.get(title=stage.stage_agency.make.TITLE)
    case = Case.objects.filter(state="served").latest("pk")
    shown = Restriction.objects.filter(case__state="served", kind="suspension").latest("pk")
    given = Attachment.objects.filter(contract__project__number=under_way).earliest("pk")
    contract = Evidence.objects.filter(about__startswith="contract", organisation=cast.BUYER).latest("pk")
    word = reaching.open_calendar(user=accounts.user(cast.OFFICER), names=True, by=cast.OFFICER, at=now)
    direct, open_ = (
        Purchase.objects.get(project__title=title).project.number
        for title in (stage_purchases.DIRECT, stage_purchases.OPEN)
    )
    receipt = f"/receipts/{bid.eid}/{leaf}.tlog-proof"
    item, history = "/catalogue/NM-HP-001", f"/statistics/{stage.SEEN_ELSEWHERE}"
    evaluation = f"/projects/{stage_judged.JUDGED}/evaluation"
    here = {
        r"^blobs/(?P<sha256>[0-9a-f]{64})$": f"/blobs/{notice.sha256}",
        r"^papers/by-hash/(?P<sha256>[0-9a-f]{64})\.json$": f"/papers/by-hash/{issued.sha256}.json",
        r"^receipts/(?P<eid>[0-9a-f]{32})/(?P<leaf>[0-9a-f]{64})\.tlog-proof$": receipt,
        "buyers/<str:code>.json": f"/buyers/{cast.BUYER}.json", "calendar/<str:key>.ics": f"/calendar/{word}.ics",
        "catalogue/<str:code>/item.json": f"{item}/item.json", "catalogue/<str:code>/sheet.pdf": f"{item}/sheet.pdf",
        "log/tile/<path:path>": "/log/tile/0/000", "notices.atom": "/notices.atom?q=%E7%9B%91%E6%B5%8B",
        "ocds/days/<day:day>.json": f"/ocds/days/{day}.json",
        "ocds/days/<day:day>.jsonl.gz": f"/ocds/days/{day}.jsonl.gz",
        "ocds/months/<month:month>.json": f"/ocds/months/{day:%Y-%m}.json",
        "ocds/months/<month:month>.jsonl.gz": f"/ocds/months/{day:%Y-%m}.jsonl.gz",
        "ocds/projects/<str:number>/record.json": f"/ocds/projects/{SHOWN}/record.json",
        "ocds/projects/<str:number>/releases.json": f"/ocds/projects/{SHOWN}/releases.json",
        "papers/<uuid:public_id>/file.pdf": f"/papers/{issued.public_id}/file.pdf",
        f"{PART}award.json": f"/projects/{WON}/award.json",
        f"{PART}award/letter.pdf": f"/projects/{under_way}/award/letter.pdf",
        f"{PART}calendar.ics": f"/projects/{SHOWN}/calendar.ics",
        f"{PART}documents/<str:sha256>": f"/projects/{READ}/documents/{document.sha256}",
        f"{PART}hall/fragment": f"/projects/{READ}/hall/fragment",
        f"{PART}notice.json": f"/projects/{WON}/notice.json",
        f"{PART}notices/<int:k>.json": f"/projects/{SHOWN}/notices/1.json",
        f"{PART}performance.json": f"/projects/{under_way}/performance.json",
        f"{PART}record.zip": f"/projects/{READ}/record.zip", f"{PART}archive.zip": f"/projects/{kept}/archive.zip",
        f"{PART}archive-proof.json": f"/projects/{kept}/archive-proof.json",
        "purchases/<str:number>/choice/entrants.json": f"/purchases/{stage_purchases.CHOSEN}/choice/entrants.json",
        "restrictions/<uuid:public_id>/decision.pdf": f"/restrictions/{shown.public_id}/decision.pdf",
        "sitemap-notices-<int:n>.xml": "/sitemap-notices-1.xml", "statistics/<slug:key>.csv": f"{history}.csv",
        "statistics/<slug:key>.json": f"{history}.json",
        "statistics/trade/rows/<slug:kind>.csv": "/statistics/trade/rows/purchases.csv",
    }  # fmt: skip
    own = {
        "accounts/step-up/": (cast.SUPERVISOR, "/accounts/step-up/"),
        "agency/<uuid:public_id>/letter.pdf": (cast.OFFICER, f"/agency/{letter.public_id}/letter.pdf"),
        "cases/<uuid:public_id>/decision.pdf": (cast.RIVAL, f"/cases/{case.public_id}/decision.pdf"),
        "evidence/<uuid:public_id>/": (cast.OFFICER, f"/evidence/{contract.public_id}/"),
        "experts/invitations/<uuid:public_id>/calendar.ics": (
            cast.EXPERTS[1], f"/experts/invitations/{spikes.SEATED}/calendar.ics"),
        f"{PART}bid/receipts.pdf": (cast.PROVIDER, f"/projects/{READ}/bid/receipts.pdf"),
        f"{PART}documents.zip": (cast.PROVIDER, f"/projects/{SHOWN}/documents.zip"),
        f"{PART}evaluation/report.pdf": (cast.OFFICER, f"{evaluation}/report.pdf"),
        f"{PART}evaluation/report.xlsx": (cast.OFFICER, f"{evaluation}/report.xlsx"),
        f"{PART}hall/actions": (cast.PROVIDER, f"/projects/{READ}/hall/actions"),
        f"{PART}hall/messages.json": (cast.OFFICER, "/projects/T-2026-009/hall/messages.json"),
        f"{PART}performance/files/<uuid:file>": (
            cast.PROVIDER, f"/projects/{under_way}/performance/files/{given.public_id}"),
        f"{PART}record-full.zip": (cast.PROVIDER, f"/projects/{SIGNED}/record-full.zip"),
        f"{PART}archive-full.zip": (cast.SUPERVISOR, f"/projects/{kept}/archive-full.zip"),
        "providers/me/staff/template/": (cast.PROVIDER, "/providers/me/staff/template/"),
        "purchases/<str:number>/auction/actions": (cast.RIVAL, "/purchases/A-004/auction/actions"),
        "purchases/<str:number>/enrol/receipt.pdf": (cast.PROVIDER, f"/purchases/{open_}/enrol/receipt.pdf"),
        "purchases/<str:number>/papers.pdf": (cast.OFFICER, f"/purchases/{direct}/papers.pdf"),
    }  # fmt: skip
    theirs = ("experts/register/export/", "experts/register/template/", "providers/register/template/",
              "supervision/pulse", "tickets/answers.xlsx", "tickets/template.xlsx")  # fmt: skip
    operations = {
        "GET /draws/{draw_id}": (STRANGER, f"/draws/{stage_purchases.CHOSEN}/provider/1"),
        "GET /holders/slots": (cast.HOLDER, "/holders/slots"), "GET /keys/{org}": (STRANGER, f"/keys/{cast.HETAO}"),
        "GET /projects/{number}": (STRANGER, f"/projects/{SHOWN}"),
        "GET /projects/{number}/changes/pending": (cast.OFFICER, f"/projects/{SHOWN}/changes/pending"),
        "GET /projects/{number}/draft/approval": (cast.OFFICER, "/projects/T-2026-002/draft/approval"),
        "GET /projects/{number}/my-bid": (cast.PROVIDER, f"/projects/{SIGNED}/my-bid"),
        "GET /projects/{number}/my-quotes": (cast.RIVAL, "/projects/A-002/my-quotes"),
        "GET /projects/{number}/notices": (STRANGER, f"/projects/{SHOWN}/notices"),
        "GET /projects/{number}/questions": (cast.OFFICER, f"/projects/{SHOWN}/questions"),
        "GET /projects/{number}/room": (cast.PROVIDER, f"/projects/{SHOWN}/room"),
        "GET /purchases/{number}/enrolments": (
            cast.PROVIDER, f"/purchases/{stage_purchases.CHOSEN}/enrolments"),
        "GET /streams/{stream}/entries": (STRANGER, "/streams/project/T-2026-010/entries"),
    }  # fmt: skip
    public = ("GET /notices", "GET /projects", "GET /streams", "GET /tips/recipients")
    operations |= {name: (STRANGER, name.removeprefix("GET ")) for name in public}
    return (
        {name: (who, f"/api{path}") for name, (who, path) in operations.items()}
        | {address: (STRANGER, path) for address, path in here.items()}
        | own
        | {address: (cast.SUPERVISOR, f"/{address}") for address in theirs}
    )
