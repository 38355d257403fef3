"""Acts on a purchase: draft it, hand it in, approve, publish; look into an alert."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import inbox
from accounts.models import Organisation
from ledger.services import record
from market.agency import queries as letters
from market.agency import services as agency
from market.catalogue import queries as catalogue
from market.catalogue.models import ItemVersion
from market.notices import services as notices
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Category, Fund, Method, Stage, Timetable, why_not_edit
from market.projects.sides import IN_SUPERMARKET
from market.purchases import guess, notice, queries, rules
from market.purchases.events import SPLITS, PurchaseTerms, SplitFound
from market.purchases.limits import year_of
from market.purchases.models import Purchase, SplitAlert
from proofs import canonical
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Kind, Reason, Refused, refuse_if

# What the steps of the wizard fill in: of the project, and of the purchase.
OF_PROJECT = ("title", "demand", "price_cap", "contact_name", "contact_phone", "address", "edition", "publish_at")
OF_PURCHASE = (
    "item", "scale", "quantity", "region", "days", "need", "excluded", "fund", "fund_share", "price_known", "closes_at",
    "selects_at", "formula", "factors", "weights", "auction", "reason", "payment", "rate", "valid_days", "attachments",
)  # fmt: skip


@transaction.atomic
def draft(*, facts: Mapping[str, Any], letter: UUID | None = None, by: Actor, at: datetime) -> Purchase:
    """Begin a purchase of an item; everything not said yet has a first guess, which the wizard lets the buyer change.

    facts: of OF_PROJECT and OF_PURCHASE, at least `item`.  letter: public id of the one an agent acts under; what it
    then buys is its purchaser's, whose money and name it is. Raises Entrustment.DoesNotExist.
    Refused for whoever is no officer of a buyer, under a letter not in force, and for an item not in the directory.
    """
    mandate = agency.use(public_id=letter, by=by, at=at).among(IN_SUPERMARKET) if letter else None
    kind = queries.buys_as(by, owner=mandate.owner if mandate else "")
    refuse_if(rules.why_not_buy(kind=kind, by=by))
    version = _version(str(facts["item"]), at=at)
    asked = letters.contact(letter) if letter else {}
    first = guess.first(version, kind=kind, at=at) | asked | _plain(facts)
    if kind in rules.ALONE and "edition" not in facts:
        first["edition"] = queries.row_of(method=Method.RANDOM, real=True).edition.value
    project = project_services.draft(facts=_of_project(first, item=version.name), mandate=mandate, by=by, at=at)
    return Purchase.objects.create(project=project, **{name: first[name] for name in OF_PURCHASE if name in first})


@transaction.atomic
def edit(*, number: str, facts: Mapping[str, Any], by: Actor, at: datetime) -> Purchase:
    """Change what is given of a draft. Refused once it is handed in or published, and for another buyer's officer.

    Another item brings its own requirements with it.
    """
    project = projects.hold(number)
    refuse_if(why_not_edit(project, by=by))
    row = queries.purchase(number)
    told = _plain(facts)
    version = _version(told.get("item", row.item), at=at)
    if told.get("item", row.item) != row.item:
        told = {"need": guess.need_of(version.content)} | told
    held = {name: getattr(row.project, name) for name in OF_PROJECT} | told
    project_services.edit(number=number, facts=_of_project(held, item=version.name), by=by, at=at)
    changed = [name for name in OF_PURCHASE if name in told]
    for name in changed:
        setattr(row, name, told[name])
    if row.selects_at < row.closes_at:
        row.selects_at = row.closes_at
        changed.append("selects_at")
    if changed:
        row.save(update_fields=changed)
    return queries.purchase(number)


@transaction.atomic
def draft_again(*, number: str, by: Actor, at: datetime) -> Purchase:
    """Begin the purchase again after it failed, with what it said before; linked to it for everybody to see.

    An agent begins it under the letter it had, where that still allows a purchase; the buyer by itself.
    Refused unless it failed, for anyone but an officer of its side, and while such a draft is already under way.
    """
    project = projects.hold(number)
    before = queries.purchase(number)
    refuse_if(rules.why_not_again(
        stage=project.stage, buyer=project.acting(by), by=by,
        under_way=queries.begun_again(project),
    ))  # fmt: skip
    times = ("publish_at", "closes_at", "selects_at")
    facts = {name: getattr(before.project, name) for name in OF_PROJECT if name not in times}
    facts |= {name: getattr(before, name) for name in OF_PURCHASE if name not in times}
    letter = UUID(project.mandate["letter"]) if by.organisation == project.agent_id else None
    row = draft(facts=facts, letter=letter, by=by, at=at)
    row.again = number
    row.save(update_fields=["again"])
    return row


def submit(*, number: str, by: Actor, at: datetime) -> Project:
    """Hand a draft in: to a second officer, or straight to publication where one person decides.

    Refused with everything it still lacks, all at once. A split purchase is refused as well, and leaves an alert.
    """
    watch_split(number=number, by=by, at=at)
    with transaction.atomic():
        project = projects.hold(number)
        row = queries.purchase(number)
        if project.stage == Stage.DRAFT and project.buyer.kind in rules.TIMED and project.is_officer(by):
            row.closes_at, row.selects_at = guess.times(row.project.procedure, at=at)
            row.save(update_fields=["closes_at", "selects_at"])
        missing = queries.why_not_ready(row, at=at)
        if not queries.alone(project.preparer):
            return project_services.submit_for_approval(number=number, missing=missing, by=by, at=at)
        project = project_services.approve_alone(number=number, missing=missing, by=by, at=at)
        return _release(project, row, by=by, at=at)


def approve(*, number: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Approve as the second officer; the purchase is published at once, or at its minute.

    What an agent drafted waits for its purchaser's word instead, which publishes it.
    Refused for its drafter, where it is another draft than was read, and with whatever stands against it by now.
    """
    watch_split(number=number, by=by, at=at)
    with transaction.atomic():
        project = projects.hold(number)
        row = queries.purchase(number)
        project = project_services.approve(number=number, seen=seen, by=by, at=at)
        refuse_if(queries.why_not_ready(row, at=at))
        return project if project.unconfirmed else _release(project, row, by=by, at=at)


@transaction.atomic
def confirm(*, number: str, seen: str | None = None, by: Actor, at: datetime) -> Project:
    """Say yes, for the purchaser, to what its agent drafted: with that it is published, at once or at its minute.

    Refused for anyone but the purchaser's own officer, before the agent's second officer has approved it, twice, and
    with whatever stands against it by now.
    Law: 政府采购法实施条例 第16条.
    """
    project = project_services.confirm_documents(number=number, seen=seen, by=by, at=at)
    row = queries.purchase(number)
    refuse_if(queries.why_not_ready(row, at=at))
    return _release(project, row, by=SYSTEM, at=at)  # to set the minute is the agent's; here it follows by itself


def _release(project: Project, row: Purchase, *, by: Actor, at: datetime) -> Project:
    """Set the minute of publication; what takes no sealed offers and is due goes out now."""
    times = Timetable(max(project.publish_at, at), row.closes_at, row.closes_at)
    project = project_services.schedule(number=project.number, timetable=times, by=by, at=at)
    if project.publish_at <= at and not project.procedure.takes_offers:
        publish(number=project.number, by=SYSTEM, at=at)
    return projects.hold(project.number)


@transaction.atomic
def publish(*, number: str, terms: Mapping[str, Any] | None = None, by: Actor, at: datetime) -> Notice:
    """Publish a scheduled purchase: its terms are pinned, the notice is out, and providers may come.

    terms: what whoever takes sealed offers adds to them.
    Refused to anybody but the system, before its minute, and when the draft no longer stands against the rules.
    """
    project = projects.hold(number)
    # Two of one buyer at once would each not see the other in the year's sum.
    Organisation.objects.select_for_update().get(code=project.buyer_id)
    row = queries.purchase(number)
    refuse_if(queries.why_not_ready(row, at=at))
    version = _version(row.item, at=at)
    row.item_version, row.item_sha256 = version.number, version.sha256
    if row.project.procedure.selection and row.project.procedure.selection.picks:
        row.closes_at = row.selects_at = at  # nobody enrols: the buyer may choose from now on
    row.terms = notice.terms(row, more=terms or {})
    row.terms_sha256 = canonical.sha256(canonical.dumps(row.terms)).hex()
    row.save(update_fields=["item_version", "item_sha256", "closes_at", "selects_at", "terms", "terms_sha256"])
    times = Timetable(project.publish_at, row.closes_at, row.closes_at)
    project = project_services.publish(number=number, timetable=times, terms=row.terms_sha256, by=by, at=at)
    row.project = project
    made = notices.announce(project=project, type=Type.TENDER, content=notice.content(row, version), by=by, at=at)
    agency.name_agent(project=project, at=at)
    record(PurchaseTerms(stream=project.log, number=number, terms=row.terms, sha256=row.terms_sha256), at=at)
    return made


@transaction.atomic
def watch_split(*, number: str, by: Actor, at: datetime) -> SplitAlert | None:
    """Raise an alert where a purchase would pass the year's limit: the refusal that follows is not the end of it.

    Once for a purchase; supervisors are told. None where nothing is wrong, and for whoever has no say in it.
    """
    project = projects.hold(number)
    row = queries.purchase(number)
    if not project.is_officer(by) or project.stage != Stage.DRAFT or not queries.split(row, at=at):
        return None
    held = SplitAlert.objects.filter(project=project).first()
    if held is not None:
        return held
    selection = project.procedure.selection
    assert selection is not None  # `queries.split` has looked
    counted = queries.earlier(row, at=at)
    alert = SplitAlert.objects.create(
        project=project, item=row.item, year=year_of(at), amount=project.price_cap,
        limit=selection.limit[0][Fund(row.fund)], raised_at=at,
        earlier=[{"number": each.number, "title": each.title, "amount": str(each.amount), "on": each.on.isoformat()}
                 for each in counted],
    )  # fmt: skip
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_role=Role.SUPERVISOR, region=project.region, subject=f"拆分采购预警：{project.buyer.name}",
        body=(
            f"{project.item}：本年度已有{len(counted)}次直接选取，加上本次共 {alert.sum:,.2f} 元，"
            f"超过限额 {alert.limit:,.2f} 元，已阻止。"
        ),
        link=f"/purchases/alerts/{alert.public_id}/", at=at,
    )  # fmt: skip
    return alert


@transaction.atomic
def look_into(*, alert: SplitAlert, by: Actor, at: datetime) -> SplitAlert:
    """Take an alert: from now on it is this supervisor's to close. Refused for others, and when somebody has it."""
    row = _hold(alert)
    refuse_if(rules.why_not_look_into(owner=row.owner, closed=row.closed_at is not None, by=by))
    row.owner, row.owner_name, row.taken_at = by.person, by.name, at
    row.save(update_fields=["owner", "owner_name", "taken_at"])
    return row


@transaction.atomic
def find(*, alert: SplitAlert, finding: str, text: str, notes: str = "", by: Actor, at: datetime) -> SplitAlert:
    """Close an alert with what was found, which is published; its buyer is told.  notes: for the supervision alone.

    Refused for anyone but its owner, and twice.  Law: 明标平台规则 第19条.
    """
    row = _hold(alert)
    refuse_if(rules.why_not_find(
        owner=row.owner, closed=row.closed_at is not None, finding=finding, text=text, by=by
    ))  # fmt: skip
    row.finding, row.text, row.notes, row.closed_at = finding, _nfc(text), notes.strip(), at
    row.save(update_fields=["finding", "text", "notes", "closed_at"])
    inbox.post(
        to_organisation=row.project.buyer_id, to_role=Role.OFFICER, subject=f"拆分采购预警已办结：{row.project.title}",
        body=row.text, link=f"/purchases/alerts/{row.public_id}/", at=at,
    )  # fmt: skip
    buyer = row.project.buyer
    record(SplitFound(
        stream=SPLITS, org=buyer.code, name=buyer.name, item=row.item, year=row.year, limit=str(row.limit),
        earlier=[{"number": each["number"], "amount": each["amount"]} for each in row.earlier],
        amount=str(row.amount), finding=row.finding, text=row.text,
    ), at=at)  # fmt: skip
    return row


def _hold(alert: SplitAlert) -> SplitAlert:
    return SplitAlert.objects.select_for_update(of=("self",)).select_related("project__buyer").get(pk=alert.pk)


def _version(code: str, *, at: datetime) -> ItemVersion:
    """The item in force. Refused where there is none."""
    try:
        return catalogue.version(code, on=day_in_china(at))
    except ItemVersion.DoesNotExist as gone:
        raise Refused(Reason("purchase.no-such-item", Kind.NOT_VALID, "事项目录中没有这个事项")) from gone


def _of_project(told: Mapping[str, Any], *, item: str) -> dict[str, Any]:
    facts = {name: told[name] for name in OF_PROJECT}
    return facts | {"category": Category.SERVICES.value, "item": item, "budget": told["price_cap"]}


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Texts are hashed later, so they have one spelling, also those within lists."""
    return {name: _nfc(value) for name, value in facts.items()}


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if isinstance(value, list):
        return [_nfc(each) for each in value]
    return {key: _nfc(each) for key, each in value.items()} if isinstance(value, dict) else value
