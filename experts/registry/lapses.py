"""Acts on lapses: a keeper writes one down, its expert is heard, another keeper decides whether it counts."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts import inbox
from experts.panels import queries as panels
from experts.registry import conduct, particulars
from experts.registry.conduct import Fault, OfPanel, Said
from experts.registry.models import Expert, Lapse, LapseWord
from experts.registry.rules import why_not_keep_register
from experts.registry.words import FAULT_WORDS, SAID_WORDS
from ledger.locks import hold_final
from notifier.asking import asks_first
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if

SAME = "。"  # a decision without more to say than its form asks


def of(expert: Expert, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """An expert's lapses, the latest first, with what was said of each and what the viewer may still say."""
    own = str(expert.user.public_id) == by.person
    found = []
    for row in expert.lapses.order_by("-on", "-pk").prefetch_related("words"):
        said = _said(row)
        against = conduct.why_not_decide_lapse(
            said=said, recorded_by=row.by_person, recorded_at=row.at, note=SAME, at=at, by=by
        )
        words = [(word, SAID_WORDS[Said(word.said)]) for word in sorted(row.words.all(), key=lambda each: each.pk)]
        found.append({
            "row": row, "fault": FAULT_WORDS[Fault(row.fault)], "said": words, "answerable": own and not said,
            "decidable": not own and not against, "against": () if own or said & conduct.DECIDED else against,
        })  # fmt: skip
    return found


def counted(expert: Expert, *, on: date) -> int:
    """How many lapses another keeper has upheld count in a yearly review of this day."""
    since = on - conduct.LOOKED_BACK
    return expert.lapses.filter(on__gt=since, words__said=Said.UPHELD.value).count()


@asks_first
def record(*, number: str, fault: Fault, project: str, on: date, note: str, by: Actor, at: datetime) -> Lapse:
    """Write down that somebody let a panel down; he is told and may answer. It counts once another keeper says so.

    Written down after the panel is public, or the register would say who sits.
    Where the project has a panel here, the lapse is tied to it.
    Refused when it is no keeper, says nothing, is to come, or is written down already; and where there is a panel, when
    its result is not announced yet or he was never to sit on it.
    Law: 政府采购评审专家管理办法 第21条.
    """
    expert = Expert.objects.select_for_update(of=("self",)).select_related("user").get(number=number)
    known = expert.lapses.filter(project=project.strip(), fault=fault.value).exists()
    panel = None if why_not_keep_register(by=by) else panels.panel(project.strip())
    public = panel is not None and panels.is_public(panel)
    drawn = panel is not None and public and expert.number in panels.on_panel(panel, {expert.number: expert})
    about = OfPanel(public, drawn) if panel else None
    refuse_if(
        conduct.why_not_record(
            project=project, on=on, note=note, known=known, panel=about, today=day_in_china(at), by=by
        )
    )
    made = Lapse.objects.create(
        expert=expert, fault=fault.value, project=project.strip(), panel=panel, on=on, note=note.strip(),
        by_person=by.person, by_name=by.name, at=at,
    )  # fmt: skip
    body = f"登记了一条履职情况：{FAULT_WORDS[fault]}（{made.project}）。您可以作出说明；另一名管理人员听取后才作结论。"
    inbox.post(
        topic=inbox.Topic.REGISTER, to_user=expert.user, subject="履职情况登记", body=body, link="/experts/me/", at=at
    )
    return made


@transaction.atomic
def answer(*, lapse: Lapse, text: str, by: Actor, at: datetime) -> LapseWord:
    """Say how it was; the keepers read it before they decide.

    Refused when it is another's, said already, or decided.
    """
    row = _hold(lapse)
    own = by.role is Role.EXPERT and str(row.expert.user.public_id) == by.person
    refuse_if(conduct.why_not_answer_lapse(own=own, said=_said(row), text=text))
    return _say(row, Said.ANSWERED, text, by=by, at=at)


@transaction.atomic
def decide(*, lapse: Lapse, upheld: bool, note: str, by: Actor, at: datetime) -> LapseWord:
    """Decide whether a lapse counts, with a reason.

    Refused when it is no keeper or the one who wrote it down, before its expert was heard or had his time, and twice.
    """
    row = _hold(lapse)
    refuse_if(
        conduct.why_not_decide_lapse(
            said=_said(row), recorded_by=row.by_person, recorded_at=row.at, note=note, at=at, by=by
        )
    )
    said = Said.UPHELD if upheld else Said.EXCUSED
    body = f"对您的履职情况登记（{row.project}）已作结论：{SAID_WORDS[said][0]}。理由：{note.strip()}"
    inbox.post(
        topic=inbox.Topic.REGISTER,
        to_user=row.expert.user,
        subject="履职情况结论",
        body=body,
        link="/experts/me/",
        at=at,
    )
    return _say(row, said, note, by=by, at=at)


def _hold(lapse: Lapse) -> Lapse:
    hold_final(lapse)
    return Lapse.objects.select_related("expert__user").get(pk=lapse.pk)


def _said(row: Lapse) -> frozenset[Said]:
    return frozenset(Said(word.said) for word in row.words.all())


def _say(row: Lapse, said: Said, text: str, *, by: Actor, at: datetime) -> LapseWord:
    name = particulars.masked("name", by.name) if by.role is Role.EXPERT else by.name
    return LapseWord.objects.create(
        lapse=row, said=said.value, text=text.strip()[: conduct.LONGEST_WORDS], by_person=by.person, by_name=name, at=at
    )
