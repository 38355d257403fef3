"""Reads of awards: the ranking is the buyer's alone until the award notice."""

from datetime import datetime
from typing import Any

from market.awards import lots, rules
from market.awards.lots import Lot
from market.awards.models import Award, Determination, Proposal, ReportConfirmation, ResultObjection
from market.awards.rules import Candidate, Publicity
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects import queries as projects
from market.projects import standing as standings
from market.projects.gate import why_not_banned
from market.projects.leading import BUSY
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.sides import Work
from market.projects.stops import Act
from rulebook.actor import Actor, Role
from rulebook.refusal import Reason


def standing(project: Project) -> Award | None:
    """The award that stands, if any."""
    return Award.objects.filter(project=project, declined_at=None).select_related("notice").first()


def notice(project: Project) -> Notice:
    """The notice of the award that stands, or of the last one. Raises Notice.DoesNotExist."""
    found = Notice.objects.filter(project=project, type=Type.AWARD.value).order_by("-number").first()
    if found is None:
        raise Notice.DoesNotExist
    return found


def proposal(project: Project) -> Proposal | None:
    """The report the buyer received, if it has come and the panel was not told to judge again."""
    return Proposal.objects.filter(project=project, superseded_at=None).first()


def earlier(project: Project) -> list[Proposal]:
    """The reports that another followed, in order: the buyer's to read, and everybody's once an award is public."""
    return list(Proposal.objects.filter(project=project).exclude(superseded_at=None).order_by("received_at"))


def why_not_judge_again(project: Project, *, ground: str) -> tuple[Reason, ...]:
    """Reasons against another report in the place of the one the buyer received.

    Law: 87号令 第64条; 招标投标法实施条例 第54条.
    """
    answered = ResultObjection.objects.filter(project=project).exclude(answered_at=None).exists()
    decided = Award.objects.filter(project=project), Determination.objects.filter(project=project)
    awarded = any(found.exists() for found in decided)
    return rules.why_not_judge_again(
        stage=project.stage, awarded=awarded, objected=answered or ground != rules.OBJECTION,
        law=project.procedure.recheck,
    )  # fmt: skip


def declined(project: Project) -> list[Award]:
    """The winners who declined, in the order in which they did."""
    return list(Award.objects.filter(project=project).exclude(declined_at=None).order_by("declined_at"))


def ranking(project: Project, *, viewer: Actor) -> tuple[Candidate, ...]:
    """The candidates in turn: for the buyer's officers, and for everybody once an award was published."""
    held = proposal(project)
    if held is None or not (project.is_officer(viewer) or Award.objects.filter(project=project).exists()):
        return ()
    return held.ranked


def bans(project: Project, ranked: tuple[Candidate, ...], *, at: datetime) -> dict[str, tuple[Reason, ...]]:
    """Reasons of the blacklist against each candidate and whoever it stands with, and against who would lead."""
    led = standings.why_not_led(project, [each.org for each in ranked])
    return {each.org: why_not_banned(project, org=each.org, at=at) + led.get(each.org, ()) for each in ranked}


def turn(project: Project, *, at: datetime) -> Candidate | None:
    """The candidate whose turn it is: the highest that neither declined, nor is banned, nor has won all it may."""
    held = proposal(project)
    if held is None:
        return None
    out = {award.organisation for award in declined(project)}
    out |= {org for org, why in bans(project, held.ranked, at=at).items() if why}
    out |= set(lots.full(other_lots(project), most=project.most_lots))
    return rules.next_in_turn(held.ranked, out)


def other_lots(project: Project) -> list[Lot]:
    """The other lots of the project's batch as its award desk sees them."""
    decided = {Stage.AWARDED, Stage.CONTRACTED, Stage.COMPLETED, Stage.TERMINATED, Stage.FAILED, Stage.CANCELLED}
    batch = [each for each in projects.lots(project) if each.pk != project.pk]
    winners = dict(
        Award.objects.filter(project__in=batch, declined_at=None).values_list("project__number", "organisation")
    )
    return [Lot(each.number, each.lot, Stage(each.stage) in decided, winners.get(each.number, "")) for each in batch]


def passed_over(project: Project, chosen: Candidate, *, at: datetime) -> list[dict[str, Any]]:
    """Who ranks before the chosen one and may not win, each with why; whoever declined has said so himself."""
    held = proposal(project)
    ahead = held.ranked[: chosen.place - 1] if held else ()
    out = {award.organisation for award in declined(project)}
    full, banned = lots.full(other_lots(project), most=project.most_lots), bans(project, ahead, at=at)
    told = []
    for each in ahead:
        if each.org in full:
            told.append({"org": each.org, "why": "lots", "numbers": list(full[each.org])})
        elif banned.get(each.org) and each.org not in out:
            why = "leader" if {reason.code for reason in banned[each.org]} == {BUSY} else "banned"
            told.append({"org": each.org, "why": why, "numbers": []})
    return told


def under_way(project: Project) -> Determination | None:
    """A determination whose notice waits for the names of the panel."""
    return Determination.objects.filter(project=project, closed_at=None).first()


def why_not_determine(
    project: Project, *, org: str, by: Actor, at: datetime, again: bool = False
) -> tuple[Reason, ...]:
    """Reasons against determining this candidate now.  again: looked at again before the notice goes out."""
    held = proposal(project)
    ranked = held.ranked if held else ()
    return rules.why_not_determine(
        stage=project.stage,
        buyer=project.buyer_id,
        ranked=ranked,
        org=org,
        declined={award.organisation for award in declined(project)},
        bans=bans(project, ranked, at=at),
        due_at=due(held, at=at) if held else None,
        delayed=bool(held and held.delay_reason),
        others=other_lots(project),
        place=project.lot,
        most=project.most_lots,
        law=project.procedure.determination.law,
        publicity=publicity(project, of=held),
        under_way=not again and under_way(project) is not None,
        by_house=by_house(project),
        rests=projects.why_not_go_on(project, Act.AWARD, at=at),
        unconfirmed=unconfirmed(project, held),
        by=by,
        at=at,
    )


def due(held: Proposal, *, at: datetime) -> datetime:
    """Until when the buyer determines, with the time in which the purchase rested since its days last began."""
    since = max([held.received_at, *(each.declined_at for each in declined(held.project) if each.declined_at)])
    return projects.rested(held.project, held.due_at, since=since, act=Act.AWARD, at=at)


def publicity(project: Project, *, of: Proposal | None = None) -> Publicity | None:
    """The publication of its candidates; None where the procedure asks for none.  of: its report, if at hand."""
    row = project.procedure.publicity
    if row is None:
        return None
    held = of or proposal(project)
    ends_at, rests = held.publicity_ends_at if held else None, project.procedure.publicity_rests
    since = {"raised_at__gte": held.received_at} if held else {}  # what was objected to an earlier report is answered
    raised = list(ResultObjection.objects.filter(project=project, **since).values_list("raised_at", "answered_at"))
    if ends_at is not None and rests:
        ends_at += rules.rested(raised)
    waiting = sum(answered is None for _, answered in raised)
    return Publicity(law=row.law, ends_at=ends_at, objections=waiting, rests=rests)


def bidders(project: Project) -> set[str]:
    """Whose bids the report judges."""
    held = proposal(project)
    return {bid["org"] for bid in held.content["bids"]} if held else set()


def objections(project: Project, *, viewer: Actor) -> list[ResultObjection]:
    """Objections to the candidates: all for the buyer's officers, their own for those who raised them."""
    found = ResultObjection.objects.filter(project=project).order_by("raised_at")
    if project.is_officer(viewer):
        return list(found)
    own = viewer.organisation if viewer.role is Role.PROVIDER else ""
    return list(found.filter(organisation=own)) if own else []


def objections_due(project: Project) -> list[datetime]:
    """Until when each objection that waits is to be answered."""
    waiting = ResultObjection.objects.filter(project=project, answered_at=None).order_by("due_at")
    return list(waiting.values_list("due_at", flat=True))


def why_not_publish_candidates(project: Project, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against publishing the candidates now."""
    held = proposal(project)
    return rules.why_not_publish_candidates(
        stage=project.stage, buyer=project.buyer_id, publicity=publicity(project, of=held),
        unconfirmed=unconfirmed(project, held), by=by,
    )  # fmt: skip


def confirmation(held: Proposal | None) -> ReportConfirmation | None:
    """The buyer's word that it takes the report an agent had made."""
    return ReportConfirmation.objects.filter(proposal=held).first() if held else None


def unconfirmed(project: Project, held: Proposal | None) -> bool:
    """An agent had the report made, and the buyer has not taken it."""
    entrusted = project.doer(Work.EVALUATE) != project.buyer_id
    return entrusted and held is not None and confirmation(held) is None


def why_not_confirm_report(project: Project, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the buyer's taking the report now."""
    held = proposal(project)
    return rules.why_not_confirm_report(
        stage=project.stage, buyer=project.buyer_id, entrusted=project.doer(Work.EVALUATE) != project.buyer_id,
        confirmed=confirmation(held) is not None, law=project.procedure.determination.law, by=by,
    )  # fmt: skip


def why_not_object(project: Project, *, text: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against an objection to the candidates now."""
    own = ResultObjection.objects.filter(project=project, organisation=by.organisation, answered_at=None)
    selection = project.procedure.selection
    # Where the buyer names one itself nobody else has taken part, and whoever could have may object.
    concerned = {by.organisation} if selection and selection.picks else bidders(project)
    return rules.why_not_object(
        stage=project.stage, bidders=concerned, publicity=publicity(project), text=text, waiting=own.count(),
        by=by, at=at,
    )  # fmt: skip


def why_not_decline(project: Project, *, reason: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against noting that the winner declines."""
    award = standing(project)
    winner = award.organisation if award else None
    return rules.why_not_decline(
        stage=project.stage, buyer=project.buyer_id, winner=winner, reason=reason, by=by, by_house=by_house(project)
    )


def by_house(project: Project) -> bool:
    """Nobody but the house publishes and determines the result."""
    return project.procedure.by_house


def accept_due(project: Project, award: Award, *, at: datetime | None = None) -> datetime | None:
    """Until when the winner may say yes; None where it is not asked.

    at: counts the time in which the purchase rested until then; without it no rest is counted.
    """
    row, since = project.procedure.selection, award.determined_at
    due = row.accept.due(since) if row else None
    return projects.rested(project, due, since=since, act=Act.AWARD, at=at) if due and at else due


def why_not_accept(project: Project, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against this actor's saying yes now."""
    award = standing(project)
    return rules.why_not_accept(
        stage=project.stage, winner=award.organisation if award else None,
        accepted=bool(award and award.accepted_at), due_at=accept_due(project, award, at=at) if award else None,
        by=by, at=at,
    )  # fmt: skip


def why_not_contract_yet(project: Project) -> tuple[Reason, ...]:
    """Reasons against a contract while the winner has not said yes, where it is asked."""
    award = standing(project)
    return rules.why_not_contract_yet(asked=by_house(project), accepted=bool(award and award.accepted_at))


def silent(at: datetime) -> list[str]:
    """Numbers of purchases whose winner has let its days pass without a word."""
    asked = Award.objects.filter(declined_at=None, accepted_at=None, project__stage=Stage.AWARDED.value)
    rows = asked.filter(project__purchase__isnull=False).select_related("project")
    due = ((each.project.number, accept_due(each.project, each, at=at)) for each in rows)
    return [number for number, until in due if until is not None and at >= until]


def deemed(at: datetime) -> list[str]:
    """Numbers of the projects whose buyer has let the time pass without a word."""
    late = Proposal.objects.filter(
        due_at__lte=at, delay_reason="", superseded_at=None, project__stage=Stage.PROPOSED.value
    )
    open_ones = Determination.objects.filter(closed_at=None).values("project")
    found = late.exclude(project__in=open_ones).select_related("project").order_by("due_at")
    return [held.project.number for held in found if held.project.procedure.deems and at >= due(held, at=at)]
