"""An authority's ban: recorded, confirmed by another, stayed, resumed, annulled, repaired, over.

The model is a list of what was confirmed and what followed it; who is kept out on a day is reckoned from it by hand,
for every regime and in several regions, and every gate is asked.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from blacklist.cases.rules import midnight
from blacklist.gate import queries as gate
from blacklist.sanctions import services
from blacklist.sanctions.models import Sanction, SanctionDraft, SanctionFact
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from tests import cast
from tests.hardening.machines.house import MARKS, House, always, code, walk
from tests.make import accounts, blacklist

pytestmark = MARKS

DAY = timedelta(days=1)
TODAY = date(2026, 11, 24)
KEEPERS = (cast.SUPERVISOR, cast.SECOND_SUPERVISOR)
ACTORS = (*KEEPERS, *KEEPERS, cast.OPERATOR, cast.OFFICER, cast.PROVIDER, cast.STRANGER)
HERE, THERE = "1529", "11"
FACTS = ("stayed", "resumed", "annulled", "repaired")


@dataclass
class Ban:
    """A decision as its document has it, and what was confirmed of it."""

    no: str
    starts_on: date
    ends_on: date
    regimes: str
    region: str
    followed: list[str] = field(default_factory=list)

    def binds(self, regime: str, region: str, day: date) -> bool:
        """By hand."""
        if "annulled" in self.followed or "repaired" in self.followed:
            return False
        rests = [fact for fact in self.followed if fact in ("stayed", "resumed")][-1:] == ["stayed"]
        reached = not self.region or (region and region.startswith(self.region))
        return bool(self.starts_on <= day <= self.ends_on and regime in self.regimes and reached and not rests)


DOCUMENTS = (
    Ban("1", TODAY + DAY, date(2027, 11, 24), "BC", ""),
    Ban("2", TODAY, date(2028, 11, 23), "C", ""),
    Ban("3", TODAY + 3 * DAY, date(2027, 11, 26), "B", "15"),
)


class Banned(House):
    """What is decided about one house."""

    @classmethod
    def world(cls):
        for who in (*KEEPERS, cast.OPERATOR, cast.OFFICER, cast.PROVIDER):
            accounts.user(who)

    def begin(self) -> None:
        self.drafts: dict[Any, tuple[Actor, Ban | None, str, Any]] = {}  # draft → by, the ban, the fact, its sanction
        self.bans: dict[Any, Ban] = {}

    def marks(self):
        for ban in DOCUMENTS:
            yield from (midnight(ban.starts_on), midnight(ban.ends_on + DAY))

    def state(self):
        return (Sanction.objects.count(), SanctionFact.objects.count())

    def rows(self):
        return SanctionDraft.objects.count(), SanctionDraft.objects.filter(confirmed_at=None, dropped_at=None).count()

    @rule(by=st.sampled_from(ACTORS), document=st.sampled_from(DOCUMENTS))
    def a_decision_is_recorded(self, by, document):
        facts = {"decision_no": document.no, "starts_on": document.starts_on, "ends_on": document.ends_on,
                 "decided_on": TODAY, "regimes": document.regimes, "region": document.region}  # fmt: skip
        told = self.act(services.record_decision, **(blacklist.FACTS | facts), by=by, at=self.at)
        known = any(ban.no == document.no for ban in self.bans.values())
        assert bool(code(told)) == (by not in KEEPERS or known), code(told)
        if isinstance(told, SanctionDraft) and told.public_id not in self.drafts:
            self.drafts[told.public_id] = (by, document, "", None)

    @rule(by=st.sampled_from(ACTORS), which=st.integers(0, 7), fact=st.sampled_from(FACTS))
    def what_followed_is_recorded(self, by, which, fact):
        if not self.bans:
            return
        public_id = list(self.bans)[which % len(self.bans)]
        ban = self.bans[public_id]
        told = self.act(services.note, twice=False, public_id=public_id, fact=fact, **blacklist.DOCUMENT, by=by,
                        at=self.at)  # fmt: skip
        assert bool(code(told)) == (by not in KEEPERS or not self._fits(ban, fact)), (fact, ban, code(told))
        if not code(told):
            self.drafts[told.public_id] = (by, None, fact, public_id)

    def _fits(self, ban: Ban, fact: str) -> bool:
        """By hand: nothing follows an end; a stay is not stayed, what is not stayed does not go on."""
        day = day_in_china(self.at)
        if {"annulled", "repaired"} & set(ban.followed) or day > ban.ends_on:
            return False
        rests = [each for each in ban.followed if each in ("stayed", "resumed")][-1:] == ["stayed"]
        if fact == "repaired":  # a grave one not before a year from the decision
            return day >= date(2027, 11, 24)
        return {"stayed": not rests, "resumed": rests}.get(fact, True)

    @rule(document=st.sampled_from(DOCUMENTS), fact=st.sampled_from(("", *FACTS)), which=st.integers(0, 7))
    def two_do_all_of_it(self, document, fact, which):
        if fact:
            self.what_followed_is_recorded(KEEPERS[0], which, fact)
        else:
            self.a_decision_is_recorded(KEEPERS[0], document)
        self.another_confirms(KEEPERS[1], len(self.drafts) - 1)

    @rule(by=st.sampled_from(ACTORS), which=st.integers(0, 7))
    def another_confirms(self, by, which):
        if not self.drafts:
            return
        draft = list(self.drafts)[which % len(self.drafts)]
        recorded_by, document, fact, sanction = self.drafts[draft]
        told = self.act(services.confirm, draft=draft, by=by, at=self.at)
        may = by in KEEPERS and by != recorded_by and self._is_open(draft)
        if document is not None:
            may = may and all(ban.no != document.no for ban in self.bans.values())
        else:
            may = may and self._fits(self.bans[sanction], fact)
        assert bool(code(told)) != may, (code(told), fact)
        if not may:
            return
        if document is not None:
            self.bans[told.public_id] = Ban(**{**vars(document), "followed": []})
        else:
            self.bans[sanction].followed.append(fact)
        self.drafts[draft] = (recorded_by, document, "done", sanction)

    @rule(by=st.sampled_from(ACTORS), which=st.integers(0, 7))
    def a_record_is_dropped(self, by, which):
        if not self.drafts:
            return
        draft = list(self.drafts)[which % len(self.drafts)]
        may = by in KEEPERS and self._is_open(draft)
        told = self.act(services.drop, draft=draft, by=by, at=self.at)
        assert bool(code(told)) != may, code(told)
        if may:
            recorded_by, document, _, sanction = self.drafts[draft]
            self.drafts[draft] = (recorded_by, document, "done", sanction)

    def _is_open(self, draft: Any) -> bool:
        return self.drafts[draft][2] != "done"

    @always
    def every_gate_knows_who_is_kept_out_today_and_nobody_else_is(self):
        day = day_in_china(self.at)
        for regime, region in (("A", HERE), ("B", HERE), ("B", THERE), ("B", ""), ("C", THERE), ("D", HERE)):
            kept_out = {ban.no for ban in self.bans.values() if ban.binds(regime, region, day)}
            asked = gate.why_not_take_part(cast.HETAO, regime=regime, region=region, at=self.at)
            assert {reason.values["decision_no"] for reason in asked} == kept_out
            assert gate.banned([cast.HETAO, cast.YINSHAN], regime=regime, region=region, at=self.at) == (
                {cast.HETAO} if kept_out else set()
            )

    def end(self) -> None:
        followed = {fact for ban in self.bans.values() for fact in ban.followed}
        self.saw(bans=bool(self.bans), two=len(self.bans) > 1, **dict.fromkeys(followed, True))


def test_the_life_of_a_ban():
    walk(Banned, examples=30)
