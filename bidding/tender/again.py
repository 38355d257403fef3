"""Buying again what failed: a new draft with what may be taken over, and what it says of the first."""

import unicodedata
from datetime import datetime, timedelta

from django.db import transaction

from bidding.tender import files, queries
from bidding.tender.models import Tender
from market.projects import again as rules
from market.projects import queries as projects
from market.projects import rules as project_rules
from market.projects import services as project_services
from market.projects.models import Again, Project
from rulebook.actor import Actor
from rulebook.refusal import Reason, refuse_if

TAKEN_OVER = ("envelopes", "price_weight", "small_deduction", "factors", "qualifications", "formula", "policies",
              "guarantee", "leader", "drain", "window", "min_bids", "policy")  # fmt: skip
DAYS = timedelta(days=1)


def why_not_begin(project: Project, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against buying this again now."""
    return rules.why_not_again(
        stage=project.stage, buyer=project.buyer_id, by_offers=project.procedure.selection is None,
        under_way=projects.begun_again(project), by=by,
    )  # fmt: skip


@transaction.atomic
def begin_again(*, project_number: str, by: Actor, at: datetime) -> Tender:
    """Draft a project that buys a failed one again: its facts, criteria and documents, as they stood at the end.

    Not its bids, keys, receipts or guarantees; and not its dates: they are put as near as the edition lets.
    Refused for anyone but the buyer's officer, for what did not fail, and while another one follows already.
    Law: 政府采购法 第37条; 87号令 第43条; 74号令 第37条.
    """
    before = projects.hold(project_number)
    first = queries.tender(project_number)
    refuse_if(why_not_begin(before, by=by))
    row = before.procedure
    publish = max(at, before.publish_at) + DAYS
    facts = {name: getattr(before, name) for name in project_services.FACTS} | {"publish_at": publish}
    made = project_services.draft(facts=facts, by=by, at=at)
    supply, closes = row.supply.due(publish), row.preparation.due(publish)
    tender = Tender.objects.create(
        project=made, supply_ends_at=supply, closes_at=max(supply, closes),
        **{name: getattr(first, name) for name in TAKEN_OVER},
    )  # fmt: skip
    for document in queries.documents(first):
        files.copy(document, tender=tender, at=at)
    Again.objects.create(project=made, before=before, begun_by=by.person, begun_at=at)
    return tender


@transaction.atomic
def say_why(*, project_number: str, said: rules.Said, by: Actor, at: datetime) -> Again:
    """Write what the second purchase says of the first. Refused once it is in approval; raises Again.DoesNotExist."""
    project = projects.hold(project_number)
    held = Again.objects.get(project=project)
    refuse_if(project_rules.why_not_edit(project, by=by))
    held.analysis, held.measures, held.approval = (_nfc(each) for each in (said.analysis, said.measures, said.approval))
    held.save(update_fields=["analysis", "measures", "approval"])
    return held


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
