"""A sealed tender, for goods and for works: handed in, replaced, taken back, closed, opened, ended.

Envelopes are sealed once and really opened. The model knows by hand what is live, what is too late, whose turn it is.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bidding.opening import hearing, services
from bidding.opening.models import Opening, OpeningUnit, Release
from bidding.opening.tasks import advance_openings
from bidding.submission import services as submission
from bidding.submission.models import Bid, Closing, LateBid, StoredEnvelope, Withdrawal
from bidding.submission.rules import TOO_LATE
from bidding.tender import queries as tenders
from ledger import sequencer
from ledger.models import Entry, Log
from market.notices import services as notices
from market.projects.models import Project
from market.projects.rules import LIFE, Stage
from proofs import canonical
from rulebook.actor import Actor
from rulebook.refusal import Kind, Reason
from tests import cast
from tests.hardening.machines.house import MARKS, MOMENT, House, always, code, walk
from tests.hardening.machines.offers import BIDDERS, DRAIN, ORGS, VERSIONS, prepared
from tests.make import bidding, blacklist
from tests.make import bidding_offers as make

pytestmark = MARKS

SPOILT = ("", "", "", "", "seq", "replaces", "org", "sig")
GROUNDS = (Reason("x", Kind.NOT_NOW, "采购任务取消"),)


@dataclass
class Mine:
    """What one bidder has done.  used: its envelopes.  live: the one that counts, None when taken back."""

    used: set[int] = field(default_factory=set)
    live: int | None = None
    last: int = 0
    said: list[Any] = field(default_factory=list)


class Sealed(House):
    """One tender of three bidders."""

    edition, category = "87-2017", "goods"

    @classmethod
    def world(cls):
        tender = prepared()
        Project.objects.filter(pk=tender.project_id).update(edition=cls.edition, category=cls.category)
        cls.stored = {
            (row.organisation, row.part, (row.slot - 1) % VERSIONS): row
            for row in StoredEnvelope.objects.filter(tender=tender)
        }
        cls.cmh = {part: tenders.committee(tender, part).cmh for part in tender.parts}
        return tender

    def begin(self) -> None:
        self.tender = self.made
        self.number, self.closes_at = self.tender.project.number, self.tender.closes_at
        self.at = self.closes_at - cast.HOUR
        self.mine = {org: Mine() for org in ORGS}
        self.banned: set[str] = set()
        self.fixed = self.announced = self.over = False
        self.opened_at = None
        self.released: set[tuple[str, str]] = set()
        self.stages = [Stage.OPEN]
        self.lates = 0  # refusals for time alone

    def marks(self):
        yield from (self.closes_at, self.closes_at + DRAIN)
        for opening in Opening.objects.filter(tender=self.tender):
            yield from (opening.turn_ends, opening.turn_ends + DRAIN)

    def state(self):
        opening = list(Opening.objects.filter(tender=self.tender).values_list(
            "bidders_done_at", "read_out_at", "ended_at", "record_sha256"))  # fmt: skip
        stage = Project.objects.values_list("stage", flat=True).get(number=self.number)
        return stage, Bid.objects.count(), Withdrawal.objects.count(), opening

    def rows(self):
        return Closing.objects.count(), Release.objects.count()

    # -- until the deadline

    def may_offer(self, who: Actor, at: Any) -> bool:
        """By hand: it came before the deadline, the list is not fixed, the purchase is on."""
        return at < self.closes_at and not self.fixed and not self.over and who in BIDDERS

    def arrival(self, queued: int) -> Any:
        """When it came in: now, or in the last moment before the deadline, and waited in a queue since."""
        return self.closes_at - MOMENT if queued == 0 and self.at >= self.closes_at else self.at

    @rule(who=st.sampled_from((*BIDDERS, *BIDDERS, cast.FOURTH)), version=st.integers(0, VERSIONS - 1),
          spoilt=st.sampled_from(SPOILT), queued=st.integers(0, 2))  # fmt: skip
    def a_bid_is_handed_in(self, who, version, spoilt, queued):
        at, org = self.arrival(queued), who.organisation if who in BIDDERS else ORGS[0]
        mine = self.mine[org]
        subs = [self.sub(org, part, version, spoilt) for part in self.tender.parts]
        told = self.offer(submission.submit, subs=subs, by=who, at=at)
        fits = version not in mine.used and not spoilt and org not in self.banned
        assert bool(code(told)) != (self.may_offer(who, at) and fits), (code(told), at, spoilt, mine)
        if self._is_late(at) and who in BIDDERS and not spoilt and org not in self.banned and mine.last == 0:
            assert code(told) in TOO_LATE, code(told)  # and for no other reason: it is evidence
        if not code(told):
            mine.used.add(version)
            mine.live, mine.last, mine.said = version, mine.last + 1, subs

    @rule(who=st.sampled_from(BIDDERS), shift=st.sampled_from((-1, 0, 0, 1)))
    def a_bid_comes_at_the_deadline(self, who, shift):
        """To the microsecond, with nothing wrong but its time."""
        at, free = self.closes_at + shift * MOMENT, set(range(VERSIONS)) - self.mine[who.organisation].used
        if self.at <= at and free:
            self.at = at
            self.a_bid_is_handed_in(who, min(free), "", 2)

    @rule(shift=st.sampled_from((-1, 0)))
    def the_list_is_fixed_as_soon_as_it_may(self, shift):
        at = self.closes_at + DRAIN + shift * MOMENT
        if self.at <= at:
            self.at = at
            self.the_list_is_fixed(cast.SYSTEM)

    @rule()
    def everybody_bids_who_has_not(self):
        for who in BIDDERS:
            if self.mine[who.organisation].live is None:
                free = set(range(VERSIONS)) - self.mine[who.organisation].used
                self.a_bid_is_handed_in(who, min(free or {0}), "", 2)

    def sub(self, org: str, part: str, version: int, spoilt: str) -> Any:
        row, mine = self.stored[org, part, version], self.mine[org]
        live = None if mine.live is None else self.stored[org, part, mine.live].sha256
        fields = {
            "eid": row.eid, "slot": row.slot, "cmh": self.cmh[part], "env_sha256": row.sha256, "size": row.size,
            "seq": mine.last + (2 if spoilt == "seq" else 1), "replaces": row.sha256 if spoilt == "replaces" else live,
        }  # fmt: skip
        by = ORGS[(ORGS.index(org) + 1) % len(ORGS)] if spoilt == "org" else org
        said = make.said("sub/1", by, fields, number=self.number, part=part, at=self.at)
        return {**said, "size": row.size + 1} if spoilt == "sig" else said

    def offer(self, call: Any, **facts: Any) -> Any:
        """What comes too late is refused with evidence, once for the same words, and with nothing else."""
        facts |= {"project_number": self.number}
        told, late = self.act(call, leaves=1, **facts), LateBid.objects.count()
        if code(told) in TOO_LATE:
            assert told.reasons[0].values["refusal"]
            assert code(self.act(call, **facts)) == code(told)
        assert LateBid.objects.count() == late
        self.lates += code(told) in TOO_LATE
        assert (late > 0) == (self.lates > 0)
        return told

    def _is_late(self, at: Any) -> bool:
        return bool(at >= self.closes_at or self.fixed)

    @rule(who=st.sampled_from(BIDDERS), queued=st.integers(0, 2))
    def a_bid_is_taken_back(self, who, queued):
        at, org = self.arrival(queued), who.organisation
        mine = self.mine[org]
        version = mine.live if mine.live is not None else 0
        wds = [
            make.said("wd/1", org, {"eid": self.stored[org, part, version].eid, "seq": mine.last + 1},
                      number=self.number, part=part, at=self.at)
            for part in self.tender.parts
        ]  # fmt: skip
        told = self.offer(submission.withdraw, wds=wds, by=who, at=at)
        assert bool(code(told)) != (self.may_offer(who, at) and mine.live is not None), code(told)
        if not code(told):
            mine.live, mine.last, mine.said = None, mine.last + 1, []

    @rule(who=st.sampled_from(BIDDERS))
    def what_was_handed_in_is_sent_again(self, who):
        """However late, whatever happened since: the same receipts, and nothing new."""
        mine = self.mine[who.organisation]
        if mine.said:
            was, written = (self.state(), self.rows()), self.entries()
            rows = submission.submit(project_number=self.number, subs=mine.said, by=who, at=self.at)
            assert ((self.state(), self.rows()), self.entries()) == (was, written)
            assert {row.version for row in rows} == {mine.last} and all(row.receipt for row in rows)

    @rule(who=st.sampled_from(BIDDERS), pick=st.integers(0, 7))
    def a_bidder_is_banned(self, who, pick):
        if pick == 5 and who.organisation not in self.banned:
            blacklist.sanction(code=who.organisation, decision_no=f"禁{who.organisation}", basis="apl-9")
            self.banned.add(who.organisation)
            self.a_bid_is_handed_in(who, min(set(range(VERSIONS)) - self.mine[who.organisation].used or {0}), "", 2)

    @rule(by=st.sampled_from((cast.OFFICER, cast.OTHER_OFFICER, cast.PROVIDER)), pick=st.integers(0, 15))
    def the_purchase_is_cancelled(self, by, pick):
        if pick == 15:
            told = self.act(notices.cancel, number=self.number, reasons=GROUNDS, by=by, at=self.at)
            assert by is cast.OFFICER or code(told)
            self.over = self.over or not code(told)

    # -- the list and the hall

    @rule(by=st.sampled_from((cast.SYSTEM, cast.SYSTEM, cast.OFFICER, cast.OPERATOR)))
    def the_list_is_fixed(self, by):
        told = self.act(submission.fix_list, project_number=self.number, by=by, at=self.at)
        due = by is cast.SYSTEM and self.at >= self.closes_at + DRAIN
        assert bool(code(told)) != (self.fixed or due), code(told)
        if not code(told) and not self.fixed:
            self.fixed = True
            listed = told.listing
            live = [(org, part, mine.live) for org, mine in self.mine.items() for part in self.tender.parts]
            assert all((self.stored[one].eid in listed) == (one[2] is not None) for one in live if one[2] is not None)
            assert listed.count('"eid"') == sum(one[2] is not None for one in live)

    @rule()
    def the_list_is_announced(self):
        if self.fixed and not self.announced:
            sequencer.turn(at=self.at)
            self.act(submission.announce_closing, project_number=self.number, by=cast.SYSTEM, at=self.at)
            self.announced = True
            sequencer.turn(at=self.at)

    @rule(until=st.integers(0, 3))
    def it_goes_its_usual_way(self, until):
        """Far enough that lives reach what comes after: everybody bids, the list, the hall, the halves and keys."""
        self.everybody_bids_who_has_not()
        self.at = max(self.at, self.closes_at + DRAIN)
        self.the_list_is_fixed(cast.SYSTEM)
        self.the_list_is_announced()
        if until > 0:
            self.the_hall_is_opened(cast.OFFICER)
        if until > 1:
            self.everybody_releases(ORGS[0])
        if until > 2:
            self.the_clock_ticks()

    def live(self) -> set[str]:
        return {org for org, mine in self.mine.items() if mine.live is not None}

    @rule(by=st.sampled_from((cast.OFFICER, cast.OFFICER, cast.OTHER_OFFICER, cast.SUPERVISOR, cast.PROVIDER)))
    def the_hall_is_opened(self, by):
        told = self.act(services.open_hall, project_number=self.number, by=by, at=self.at)
        enough = len(self.live()) >= 3
        may = by is cast.OFFICER and self.announced and self.opened_at is None and not self.over and enough
        assert bool(code(told)) != may, code(told)
        if may:
            self.opened_at = self.at

    @rule(who=st.sampled_from((*BIDDERS, cast.FOURTH)), part=st.sampled_from(("sheet", "body")))
    def a_half_is_released(self, who, part):
        if not self.announced or (who.organisation, part) in self.released:
            return
        org = who.organisation if who in BIDDERS else ORGS[0]
        if self.mine[org].live is None:
            return
        said = self.half(who.organisation, org, part)
        opening = Opening.objects.filter(tender=self.tender).first()
        mine = opening is not None and org == who.organisation and opening.bidders_done_at is None
        may = mine and not self.over and self.at < opening.turn_ends
        told = self.act(hearing.hear, project_number=self.number, statement=said, at=self.at)
        assert bool(code(told)) != may, code(told)
        if may:
            self.released.add((org, part))

    def half(self, by: str, org: str, part: str) -> Any:
        row = self.stored[org, part, self.mine[org].live]
        unit, cmh = bidding.rules.unit(self.number, part), bytes.fromhex(self.cmh[part])
        b = make.accounts.signer(org).half(unit=unit, cmh=cmh, slot=row.slot, eid=bytes.fromhex(row.eid))
        closing = Closing.objects.get(tender=self.tender).digest
        fields = {"eid": row.eid, "role": "b", "closing": closing, "b": canonical.b64u(b)}
        return make.said("rel/1", by, fields, number=self.number, part=part, at=self.at)

    @rule(holder=st.sampled_from(make.HOLDERS), org=st.sampled_from(ORGS), part=st.sampled_from(("sheet", "body")))
    def a_key_is_released(self, holder, org, part):
        if not self.announced or self.mine[org].live is None:
            return
        row = self.stored[org, part, self.mine[org].live]
        sk = make.accounts.signer(holder).slot_key(unit=bidding.rules.unit(self.number, part), role="c", slot=row.slot)
        fields = {
            "eid": row.eid, "role": "c", "closing": Closing.objects.get(tender=self.tender).digest,
            "i": make.HOLDERS.index(holder) + 1, "slot": row.slot, "sk": canonical.b64u(sk),
        }  # fmt: skip
        said = make.said("rel/1", holder, fields, number=self.number, part=part, at=self.at)
        was = Release.objects.filter(role=Release.Role.HOLDER).count()
        told = self.act(hearing.hear, project_number=self.number, statement=said, at=self.at)
        opening = Opening.objects.filter(tender=self.tender).first()
        done = opening is not None and opening.bidders_done_at is not None
        if not code(told):
            assert done and (org, part) in self.released
        assert done or Release.objects.filter(role=Release.Role.HOLDER).count() == was

    @rule(org=st.sampled_from(ORGS))
    def everybody_releases(self, org):
        """The whole of a turn at once, so that lives come to their end."""
        for part in self.tender.parts:
            for who in BIDDERS:
                self.a_half_is_released(who, part)
        for part in self.tender.parts:
            for holder in make.HOLDERS[:2]:
                for each in ORGS:
                    self.a_key_is_released(holder, each, part)

    @rule()
    def the_clock_ticks(self):
        units = list(OpeningUnit.objects.exclude(verdict="").values_list("pk", "verdict"))
        advance_openings(by=cast.SYSTEM, at=self.at)
        assert set(units) <= set(OpeningUnit.objects.values_list("pk", "verdict"))  # a verdict is the last word

    @rule(by=st.sampled_from((cast.OFFICER, cast.OTHER_OFFICER, cast.PROVIDER)))
    def the_hall_is_closed(self, by):
        opening = Opening.objects.filter(tender=self.tender).first()
        read_out = opening is not None and opening.read_out_at is not None and opening.ended_at is None
        told = self.act(services.close_hall, project_number=self.number, reason="见证人已离场", by=by, at=self.at)
        assert not code(told) or not (read_out and by is cast.OFFICER and self.effective() == 3 and not self.over)
        assert code(told) or (read_out and by is cast.OFFICER)

    @rule(by=st.sampled_from((cast.OFFICER, cast.OTHER_OFFICER)))
    def the_opening_ends_in_failure(self, by):
        told = self.act(services.end_in_failure, project_number=self.number, by=by, at=self.at)
        if not code(told):
            assert by is cast.OFFICER and self.effective() < 3
            self.over = True

    def effective(self) -> int:
        rows = OpeningUnit.objects.filter(opening__tender=self.tender)
        return sum({row.verdict for row in rows if row.bid.organisation == org} == {"OK"} for org in ORGS)

    def end(self) -> None:
        opened = Opening.objects.filter(tender=self.tender).first()
        bad = OpeningUnit.objects.exclude(verdict__in=("", "OK")).exists()
        self.saw(
            replaced=any(len(mine.used) > 1 for mine in self.mine.values()), late=LateBid.objects.exists(),
            fixed=self.fixed, opened=opened is not None, read_out=bool(opened and opened.read_out_at),
            ended=bool(opened and opened.ended_at), unopened=bad, few=self.announced and len(self.live()) < 3,
        )  # fmt: skip

    # -- what holds always

    @always
    def no_bid_is_late_and_no_version_is_left_out(self):
        rows = list(Bid.objects.filter(tender=self.tender))
        gone = list(Withdrawal.objects.filter(tender=self.tender))
        assert all(row.received_at < self.closes_at for row in [*rows, *gone])
        for org, mine in self.mine.items():
            for part in self.tender.parts:
                numbers = sorted(row.version for row in [*rows, *gone] if (row.organisation, row.part) == (org, part))
                assert numbers == list(range(1, mine.last + 1))

    @always
    def nothing_goes_back(self):
        stage = Stage(Project.objects.values_list("stage", flat=True).get(number=self.number))
        if stage is not self.stages[-1]:
            assert not LIFE.why_not(self.stages[-1], stage)
            assert stage not in self.stages
            self.stages.append(stage)
        assert Opening.objects.filter(tender=self.tender).count() == (self.opened_at is not None)

    @always
    def nobody_learns_who_bids_before_the_hall_is_open(self):
        if self.opened_at is None:
            told = "".join(
                Entry.objects.filter(log=Log.PUBLIC, stream=self.tender.project.log).values_list("event", flat=True)
            )
            assert not [org for org in ORGS if org in told]

    @always
    def what_is_on_the_list_is_what_was_live(self):
        if self.opened_at is not None:
            named = set(
                OpeningUnit.objects.filter(opening__tender=self.tender).values_list("bid__organisation", flat=True)
            )
            assert named == self.live()

    @always
    def a_bid_opens_by_its_owner_and_k_holders_or_not_at_all(self):
        for unit in OpeningUnit.objects.filter(opening__tender=self.tender).exclude(verdict="").select_related("bid"):
            keys = Release.objects.filter(unit=unit, role=Release.Role.HOLDER, good=True).count()
            whole = (unit.bid.organisation, unit.bid.part) in self.released and keys >= 2
            assert (unit.verdict == "OK") == whole, (unit.verdict, keys)


class Works(Sealed):
    """The same under the law of tenders for works."""

    edition, category = "ztb-2019", "works"


def test_the_life_of_a_tender_for_goods():
    walk(Sealed, examples=12, see=("late", "fixed", "opened"))


def test_the_life_of_a_tender_for_works():
    walk(Works, examples=16)
