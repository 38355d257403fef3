"""Reads of an opening: where it stands, what everyone in the hall sees, and what evaluation gets of it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet

from bidding.opening import rules
from bidding.opening.few import FEW_PATHS
from bidding.opening.models import (
    Acknowledgement,
    Admission,
    FewStatement,
    HallObjection,
    HolderTurn,
    HostLease,
    Opening,
    OpeningUnit,
    Release,
)
from bidding.opening.opened import OpenedFile
from bidding.opening.rules import Act, Facts
from bidding.submission import queries as submissions
from bidding.submission.models import Closing, Round
from bidding.tender import queries as tenders
from bidding.tender.layouts import READ_OUT
from bidding.tender.models import CommitteeMember, Tender
from draws import queries as draws
from draws.rules import Phase
from ledger import queries as ledger
from ledger import underway
from market.projects import queries as projects
from market.projects.models import Project
from market.projects.procedure import Formalities
from market.projects.rules import Stage
from market.projects.sides import Work
from market.projects.stops import Act as Rest
from proofs import leader as leaders
from rulebook.actor import Actor, Role

M = TypeVar("M", bound=Model)


@dataclass
class Standing:
    """One tender's opening as one act sees it: read once, under the caller's hold when he writes.

    only: the organisation whose envelopes alone are read, for a reader who sees no other's: so the time his page takes
    tells him nothing of how many they are. None for all.
    """

    project: Project
    tender: Tender
    at: datetime
    only: str | None = None

    def own(self, rows: QuerySet[M], of: str) -> QuerySet[M]:
        """Those of the rows that are read; of: the column that says whose each is."""
        return rows if self.only is None else rows.filter(**{of: self.only})

    @cached_property
    def closing(self) -> Closing | Round | None:
        """The closing whose list is opened: the tender's, or that of a round of quotes."""
        return self.round or submissions.closing(self.tender)

    @cached_property
    def round(self) -> Round | None:
        """The round whose quotes are opened, or are next; None in the first session and where there are none."""
        if not self.tender.layout.rounds or self.opening is None:
            return None
        found = {row.number: row for row in self.tender.rounds.all()}
        ended = self.opening.session if self.opening.ended_at else 0
        return found.get(ended) or found.get(self.opening.session - 1)

    @cached_property
    def opening(self) -> Opening | None:
        """The latest session, None before the hall is open."""
        return Opening.objects.filter(tender=self.tender).order_by("session").last()

    @cached_property
    def lease(self) -> HostLease | None:
        """Who held the hall last, whether or not he is still there."""
        return HostLease.objects.filter(tender=self.tender).first()

    @cached_property
    def units(self) -> list[OpeningUnit]:
        """The envelopes of the latest session, by bidder and part; none before the hall is open."""
        return [unit for unit in self.every_unit if unit.opening_id == (self.opening and self.opening.pk)]

    @cached_property
    def every_unit(self) -> list[OpeningUnit]:
        """The envelopes of all sessions so far, by bidder and part."""
        rows = OpeningUnit.objects.filter(opening__tender=self.tender).select_related("bid", "opening")
        found, order = self.own(rows, "bid__organisation"), self.tender.parts
        return sorted(found, key=lambda unit: (unit.bid.organisation, order.index(unit.bid.part)))

    @cached_property
    def admitted(self) -> frozenset[str]:
        """Who passed what was judged after the first session; nobody before that is on record."""
        return frozenset(Admission.objects.filter(tender=self.tender).values_list("organisation", flat=True))

    @cached_property
    def session(self) -> int:
        """The session that is on, or the next once it may begin; 1 first."""
        if self.opening is None:
            return 1
        return self.opening.session + (self.act is Act.CLOSED)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts opened in that session."""
        return self.tender.layout.parts_in(self.session)

    @cached_property
    def released(self) -> set[int]:
        """Units whose bidder has released his half; all of them where bidders hold none."""
        if not self.tender.has_halves:
            return {unit.pk for unit in self.units}
        found = Release.objects.filter(unit__opening=self.opening, role=Release.Role.BIDDER, good=True)
        return set(self.own(found, "unit__bid__organisation").values_list("unit_id", flat=True))

    @cached_property
    def act(self) -> Act:
        opening = self.opening
        return rules.act(
            closes_at=self.tender.closes_at,
            open_stage=self.project.stage == Stage.OPEN,
            closed=opening is None and self._is_closed(),
            opened=opening is not None,
            bidders_done=bool(opening and opening.bidders_done_at),
            rescuing=bool(opening and opening.rescue_from),
            blaming=bool(opening and opening.causes_from),
            read_out=bool(opening and opening.read_out_at),
            ended=bool(opening and opening.ended_at),
            more=self.project.stage == Stage.DECIDING and self._another(),
            admitted=self._may_go_on(),
            over=self.project.ended,
            at=self.at,
        )

    @cached_property
    def turn_is_over(self) -> bool:
        """Whether the present turn has ended."""
        return turn_is_over(opening_of(self), at=self.at)

    def _another(self) -> bool:
        if self.opening is None:
            return False
        if self.tender.layout.rounds:  # until the quotes of the last round were opened
            return not self.tender.rounds.filter(number=self.opening.session - 1, last=True).exists()
        return self.opening.session < len(self.tender.layout.sessions)

    def _may_go_on(self) -> bool:
        """Whether the next session may begin: it is on record who passed, or the next round is closed."""
        if not self.tender.layout.rounds:
            return bool(self.admitted)
        row = self.round
        if row is None or self.opening is None or row.number < self.opening.session or row.entry is None:
            return False
        return ledger.covered(row.entry, cosigned=settings.QUORUM > 0)

    def _is_closed(self) -> bool:
        if self.closing is None or self.closing.entry is None:
            return False
        return ledger.covered(self.closing.entry, cosigned=settings.QUORUM > 0)

    @cached_property
    def facts(self) -> Facts:
        """What the rules ask about this opening."""
        opening, closing = self.opening, self.closing
        waiting = self.act is Act.CLOSED and opening is None
        return Facts(
            act=self.act,
            hosts=hosts(self.project),
            closing=closing.digest if closing else "",
            live=submissions.how_many(self.tender) if waiting else 0,
            # Whether enough have passed is judged before; a later session needs as many as may still be judged.
            min_bids=self.tender.min_bids if self.session == 1 else self.project.least_to_go_on[0],
            few_signed=waiting and FewStatement.objects.filter(closing=closing).exists(),
            turn_ends=opening.turn_ends if opening else None,
            paused=bool(opening and opening.paused_at),
            rests=projects.why_not_go_on(self.project, Rest.OPENING, at=self.at) if self.act is Act.CLOSED else (),
            effective=len(self.effective),
            objections_open=HallObjection.objects.filter(opening=opening, answered_at=None).count() if opening else 0,
            bidders=frozenset(unit.bid.organisation for unit in self.units),
            session=self.session,
            paused_by=opening.paused_by if opening and opening.paused_at else "",
            held_by=self.lease.person if self.lease and self.lease.until > self.at else "",
            host_name=self.lease.name if self.lease else "",
            witnessed=Acknowledgement.objects.filter(opening=opening, role=Acknowledgement.As.WITNESS).exists(),
            rounds=self.tender.layout.rounds,
            undrawn=self.act is Act.RECORD and undrawn(self),
            few=FEW_PATHS[self.project.procedure.regime],
            laws=self.project.procedure.formalities,
        )

    @cached_property
    def effective(self) -> set[str]:
        """Bidders of whom every part opened."""
        verdicts: dict[str, list[str]] = {}
        for unit in self.units:
            verdicts.setdefault(unit.bid.organisation, []).append(unit.verdict)
        return {org for org, said in verdicts.items() if rules.is_effective(said)}


@dataclass(frozen=True)
class OpenedBid:
    """One bid after the opening, as evaluation takes it.

    quote: yuan, None when the sheet names no plain amount.  effective: every part of the sessions so far opened.
    """

    org: str
    name: str
    sheet: Mapping[str, Any]
    quote: Decimal | None
    small: bool
    verdicts: Mapping[str, str]
    effective: bool
    consortium: Mapping[str, Any] | None = None
    guarantee: Mapping[str, Any] | None = None


def stand(project: Project, *, at: datetime, only: str | None = None) -> Standing:
    """Where a project's opening stands at this instant. Raises Tender.DoesNotExist when it has no tender."""
    return Standing(project, tenders.tender(project.number), at, only)


def drawn_here(standing: Standing) -> list[str]:
    """The parameters of the price formula that are drawn by lot in this session."""
    tender = standing.tender
    named = list((tender.formula or {}).get("draw", {}))
    return named if named and standing.session == tender.layout.session_of(tender.layout.price) else []


def undrawn(standing: Standing) -> bool:
    """Whether one of them has no value yet."""
    last = [draws.latest(standing.project.number, name) for name in drawn_here(standing)]
    return any(draw is None or Phase(draw.phase) is not Phase.SETTLED for draw in last)


def laws_of(number: str) -> Formalities:
    """The articles on handing in and on opening of this purchase."""
    return Project.objects.get(number=number).procedure.formalities


def hosts(project: Project) -> frozenset[str]:
    """Organisations whose officers host the opening; nobody where it opens by itself."""
    return frozenset({project.doer(Work.HOST)}) if project.procedure.needs_hall else frozenset()


def is_over(tender: Tender) -> bool:
    """Whether the first session has ended, from where on the bids belong to evaluation."""
    return Opening.objects.filter(tender=tender, session=1, ended_at__isnull=False).exists()


def is_finished(tender: Tender) -> bool:
    """Whether every session has ended."""
    ended = Opening.objects.filter(tender=tender, ended_at__isnull=False).count()
    if not tender.layout.rounds:
        return ended == len(tender.layout.sessions)
    latest = tender.rounds.order_by("number").last()
    return latest is not None and ended == latest.number + 1


def quoted_last(tender: Tender) -> set[str]:
    """Whose quote was opened in the latest round."""
    latest = tender.rounds.order_by("number").last()
    found = OpeningUnit.objects.filter(opening__tender=tender, opening__session=latest.number + 1 if latest else 0)
    return set(found.filter(verdict=rules.OK).values_list("bid__organisation", flat=True))


def opened_bids(tender: Tender, *, only: str | None = None) -> list[OpenedBid]:
    """Every bid that was named at the opening, or that organisation's alone, with what was read out of it; by code."""
    found: dict[str, list[OpeningUnit]] = {}
    rows = OpeningUnit.objects.filter(opening__tender=tender).select_related("bid", "opening")
    rows = rows if only is None else rows.filter(bid__organisation=only)
    for unit in sorted(rows, key=lambda unit: (unit.bid.organisation, unit.bid.part, unit.opening.session)):
        found.setdefault(unit.bid.organisation, []).append(unit)
    return [_opened(org, units) for org, units in found.items()]


def _opened(org: str, units: list[OpeningUnit]) -> OpenedBid:
    sheet = next((unit.sheet for unit in reversed(units) if unit.sheet), {})  # the latest round's
    verdicts = {unit.bid.part: unit.verdict for unit in units}
    return OpenedBid(
        org=org,
        name=units[0].bid.name,
        sheet=sheet,
        quote=rules.quote(sheet),
        small=sheet.get("small") is True,
        verdicts=verdicts,
        consortium=next((unit.consortium for unit in units if unit.consortium), None),
        guarantee=next((unit.guarantee for unit in units if unit.guarantee), None),
        # What a later session has not decided yet takes nothing away.
        effective=rules.is_effective(unit.verdict for unit in units if unit.verdict or unit.opening.session == 1),
    )


def files_of(tender: Tender, org: str) -> list[OpenedFile]:
    """The opened business and technical files of one bid; for the panel, through queries that know the viewer."""
    part = tender.layout.documents
    units = OpeningUnit.objects.filter(opening__tender=tender, bid__organisation=org, bid__part=part)
    hidden = leaders.FILE  # it holds a person's number; the pages say the name
    return [
        OpenedFile(part, **one) for files in units.values_list("files", flat=True) for one in files
        if one["name"] != hidden
    ]  # fmt: skip


def released_documents(tender: Tender, orgs: Collection[str] | None) -> list[tuple[OpeningUnit, list[dict[str, Any]]]]:
    """The envelopes that are not read out and were released, each with the releases that open it.

    orgs: of these bidders alone, None for all.  For the full record; who may have it is decided there.
    """
    rows = OpeningUnit.objects.filter(opening__tender=tender, releases__role=Release.Role.BIDDER, releases__good=True)
    rows = rows.exclude(bid__part__in=READ_OUT).exclude(verdict="").select_related("bid").distinct()
    wanted = [unit for unit in rows.order_by("bid__eid") if orgs is None or unit.bid.organisation in orgs]
    said: dict[int, list[dict[str, Any]]] = {}
    for release in Release.objects.filter(unit__in=wanted, good=True).order_by("member"):
        said.setdefault(release.unit_id, []).append(json.loads(release.statement))
    return [(unit, said[unit.pk]) for unit in wanted]


def holders(tender: Tender) -> list[CommitteeMember]:
    """The key holders of every part, in the order of the manifest."""
    return list(CommitteeMember.objects.filter(committee__tender=tender).select_related("committee").order_by("i"))


def turns(opening: Opening) -> dict[tuple[str, int], HolderTurn]:
    """The holders' finished turns, by part and number."""
    return {(turn.part, turn.member): turn for turn in HolderTurn.objects.filter(opening=opening)}


def turn_is_over(opening: Opening, *, at: datetime) -> bool:
    """Whether the present turn has ended, nothing that arrived within it waiting for its answer any more."""
    turn = {
        "turn_ends": opening.turn_ends,
        "drain": timedelta(seconds=opening.tender.drain),
        "paused": bool(opening.paused_at),
        "at": at,
    }
    if not rules.turn_is_over(**turn):
        return False
    return rules.turn_is_over(**turn, underway=underway.before(opening.turn_ends, at=at))


def opening_of(standing: Standing) -> Opening:
    """The opening an act is about, which its rule has seen to be there."""
    assert standing.opening is not None, "a rule has let an act through before the hall was open"
    return standing.opening


def named(unit: OpeningUnit) -> dict[str, str]:
    """Which envelope an event speaks of."""
    return {"org": unit.bid.organisation, "part": unit.bid.part, "eid": unit.bid.eid}


def few_closing(tender: Tender, *, viewer: Actor, at: datetime) -> dict[str, Any] | None:
    """What the supervisor's client needs to sign that too few bids are on the list; None for everybody else.

    Only once the tender is closed, and only when there are too few: the list of a tender that is opened comes with
    the hall, and one that is not stays sealed for all others for good.
    """
    standing = stand(tender.project, at=at)
    if viewer.role is not Role.SUPERVISOR or standing.act is not Act.CLOSED or standing.opening is not None:
        return None
    if standing.facts.live >= tender.min_bids or standing.closing is None:
        return None
    return {
        "closing": standing.closing.digest,
        "nonce": bytes(standing.closing.nonce).hex(),
        "list": standing.closing.listing,
        "min": tender.min_bids,
        "sealed": sealed_proofs(tender),
    }


def sealed_proofs(tender: Tender, *, round: Round | None = None) -> list[dict[str, Any]]:
    """For every live bid, or quote of a round, its sealed event, nonce and inclusion, with the signed submission."""
    batch = submissions.batch_of(tender.project, round) if round else tender.project.log
    rows = [row for bid in submissions.live(tender, round=round) for row in bid.parts.values()]
    included = ledger.inclusions([row.entry for row in rows], against=ledger.sealed_batch(batch))
    return [
        {
            "event": json.loads(row.entry.event),
            "nonce": bytes(row.entry.nonce).hex(),
            "index": place["index"] if place else None,
            "proof": place["proof"] if place else None,
            "sub": json.loads(row.sub),
        }
        for row, place in zip(rows, included, strict=True)
    ]
