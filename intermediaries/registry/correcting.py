"""Acts after a check that wants something set right: the firm says it is, is reminded, somebody looks again."""

from datetime import date, datetime

from django.db import transaction

from accounts import inbox
from blacklist.cases import services as cases
from blacklist.cases.process import Source
from blacklist.cases.rules import Body
from intermediaries.registry import corrections, keeping, queries, rules
from intermediaries.registry.models import Correction
from intermediaries.registry.rules import Outcome
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if
from rulebook.regions import region_of
from rulebook.rows import left_for_next_time

PLACE = "/providers/register/"


@transaction.atomic
def say(*, correction: Correction, text: str, by: Actor, at: datetime) -> Correction:
    """Say, as the firm, what has been set right. Refused for anyone else, without words, and once it was looked at."""
    row = _hold(correction)
    refuse_if(
        corrections.why_not_say(
            provider=row.check_row.provider.organisation_id, done=row.recheck_id is not None, text=text, by=by
        )
    )
    row.said, row.said_at = text.strip(), at
    row.save(update_fields=["said", "said_at"])
    return row


@transaction.atomic
def look_again(
    *, correction: Correction, corrected: bool, note: str, due_on: date | None = None, ground: str = "", by: Actor,
    at: datetime,
) -> Correction:  # fmt: skip
    """Publish what a second look found. What was not set right gets another day, and is reported to the cases.

    ground: of the cases' catalogue, what the report charges. The report is examined there like any other: nothing
    follows from it by itself.
    Refused for anyone but a keeper, a second time, before its day unless the firm has said that it is done, without
    facts, and where it was not set right without a further day and a ground.
    Law: 明标平台规则 第93条.
    """
    row = _hold(correction)
    refuse_if(
        corrections.why_not_look_again(
            done=row.recheck_id is not None, due=row.due_on < day_in_china(at), said=bool(row.said),
            corrected=corrected, note=note, ground=ground, by=by,
        )
    )  # fmt: skip
    code, first = row.check_row.provider.organisation_id, row.check_row
    outcome = Outcome.IN_ORDER if corrected else Outcome.TO_CORRECT
    row.recheck = keeping.check(
        code=code, subject=f"复查：{first.subject}"[:300], outcome=outcome.value, note=note,
        due_on=None if corrected else due_on, by=by, at=at,
    )  # fmt: skip
    if not corrected:
        made = cases.report(
            body=Body.ORGANISATION, subject=code, ground=ground, occurred_on=first.checked_on,
            facts=f"核查“{first.subject}”要求于{row.due_on:%Y-%m-%d}前改正：{first.note}。复查：{note.strip()}",
            source=Source.SUPERVISION, by=by, at=at,
        )  # fmt: skip
        row.case = str(made.public_id)
    row.save(update_fields=["recheck", "case"])
    return row


def watch(*, by: Actor, at: datetime) -> int:
    """Remind firms three days before a correction is due, and tell keepers once its day is over; each once."""
    done, on = 0, day_in_china(at)
    for each in queries.corrections(by, due_by=on + corrections.REMIND_BEFORE):
        with left_for_next_time(f"correction {each.pk}"), transaction.atomic():
            row = _hold(each)
            firm = row.check_row.provider.organisation
            about = f"{firm.name}：{row.check_row.subject}，改正期限{row.due_on:%Y-%m-%d}。"
            if row.recheck_id is None and row.due_on >= on and row.reminded_on is None:
                row.reminded_on = on
                body = f"{about}改正后请在本机构页面说明，等候复查。"
                inbox.post(
                    topic=inbox.Topic.DUTY,
                    to_organisation=firm.code,
                    subject="改正期限将至",
                    body=body,
                    link="/providers/me/",
                    at=at,
                )
            elif row.recheck_id is None and row.due_on < on and row.late_on is None:
                row.late_on = on
                for role in sorted(rules.KEEPERS):
                    inbox.post(
                        topic=inbox.Topic.DUTY,
                        to_role=Role(role),
                        region=region_of(firm.code),
                        subject="改正期满，请复查",
                        body=about,
                        link=PLACE,
                        at=at,
                    )
            else:
                continue
            row.save(update_fields=["reminded_on", "late_on"])
            done += 1
    return done


def _hold(correction: Correction) -> Correction:
    found = Correction.objects.select_for_update(of=("self",)).select_related("check_row__provider__organisation")
    return found.get(pk=correction.pk)
