"""Where an opening stands and who may do what in it. Pure.

Gates in order: who, when, what. A shut gate hides the gates behind it, or a stranger could learn how many bids
there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bidding.opening.few import FEW_PATHS, OTHER_METHODS, FewPath, too_few, too_few_effective
from bidding.submission.rules import PATIENCE
from bidding.tender.layouts import TWO_ENVELOPES
from market.projects.procedure import Formalities
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.money import yuan
from rulebook.refusal import Kind, Reason

DRAWN = Article("招标投标法实施条例", "第49条")
OK = "OK"
ABSENT = "ABSENT"
MOST_OBJECTIONS = 5  # of one bidder that wait for an answer
INSUFFICIENT = "INSUFFICIENT"


class Act(StrEnum):
    """The acts of an opening, in the order in which they are played."""

    WAITING = "waiting"  # offers are still taken
    SEALING = "sealing"  # the deadline has passed, the list is being fixed and witnessed
    CLOSED = "closed"  # the list stands; the host may open, or there are too few
    BIDDERS = "bidders"  # bidders release their halves
    HOLDERS = "holders"  # holders release their keys
    RESCUE = "rescue"  # holders fell short; bidders rescue their own bids
    CAUSES = "causes"  # some bids did not open; host and witness state whose doing it was
    RECORD = "record"  # read out; the record is acknowledged, objections are answered
    BETWEEN = "between"  # a session has ended; who passes is judged before the next is opened
    ENDED = "ended"
    NOT_OPENED = "not-opened"
    STOPPED = "stopped"  # the purchase came to nothing while its hall was open; what is sealed stays so


PLAYED = (Act.BIDDERS, Act.HOLDERS, Act.RESCUE, Act.CAUSES, Act.RECORD)


@dataclass(frozen=True)
class Facts:
    """What is known of one tender's opening; `live` and `min_bids` only matter behind the gates of who and when."""

    act: Act
    hosts: frozenset[str]  # organisations whose officers host it
    closing: str = ""
    live: int = 0
    min_bids: int = 3
    few_signed: bool = False
    turn_ends: datetime | None = None
    paused: bool = False
    rests: tuple[Reason, ...] = ()  # why nothing is opened now: the purchase is suspended
    effective: int = 0  # bids of which every part opened
    objections_open: int = 0
    bidders: frozenset[str] = frozenset()
    session: int = 1  # the one that is on, or the next once it may begin
    few: FewPath = FEW_PATHS["B"]
    laws: Formalities = Formalities()
    paused_by: str = ""  # "host" or "supervisor", while paused
    held_by: str = ""  # the person who holds the hall as its host now
    host_name: str = ""
    rounds: bool = False  # quotes are sealed in rounds after a negotiation
    undrawn: bool = False  # a parameter of the price formula has still to be drawn in this session
    witnessed: bool = True  # the trading centre's witness has signed the record


def act(
    *,
    closes_at: datetime,
    open_stage: bool,
    closed: bool,
    opened: bool,
    bidders_done: bool,
    rescuing: bool,
    blaming: bool = False,
    read_out: bool,
    ended: bool,
    more: bool = False,
    admitted: bool = False,
    over: bool = False,
    at: datetime,
) -> Act:
    """The act an opening is in. Derived from what is recorded; only the first deadline is the clock's.

    opened … ended: of the latest session.  more: another follows it.  admitted: who is opened in that is on record.
    over: the purchase has come to nothing.
    """
    if ended and more:
        return Act.CLOSED if admitted else Act.BETWEEN
    if ended:
        return Act.ENDED
    if opened and over:
        return Act.STOPPED
    if opened:
        if read_out:
            return Act.RECORD
        if blaming:
            return Act.CAUSES
        if rescuing:
            return Act.RESCUE
        return Act.HOLDERS if bidders_done else Act.BIDDERS
    if at < closes_at:
        return Act.WAITING
    if not open_stage:
        return Act.NOT_OPENED
    return Act.CLOSED if closed else Act.SEALING


def why_not_open(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against opening the hall.

    Law: 招标投标法 第34条 (at the set time), 招标投标法实施条例 第44条 (not with fewer than three).
    """
    shut = not_host(facts, by) or _not_closed(facts) or facts.rests or held(facts, by)
    if shut:
        return shut
    if facts.live < facts.min_bids:
        return (too_few(facts.min_bids, facts.laws.too_few),)
    return ()


def why_not_open_session(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against opening the next session: the host, once it is on record who passed.

    Law: 公路工程建设项目招标投标管理办法 第41条 (to verify).
    """
    shut = not_host(facts, by)
    if shut:
        return shut
    if facts.act is Act.CLOSED and facts.session > 1:
        return facts.rests or held(facts, by)
    return not_in(facts) or (Reason("hall.already-open", Kind.NOT_NOW, "{terms.opening}大厅已经开启"),)


def why_not_sign_few(facts: Facts, *, supervises: bool, closing: str, least: int) -> tuple[Reason, ...]:
    """Reasons against taking the supervisor's signed word that there are too few."""
    if not supervises:
        return (Reason("few.not-supervisor", Kind.NOT_YOURS, "仅监督部门可确认{terms.bidder}不足"),)
    shut = _not_closed(facts)
    if shut:
        return shut
    if facts.live >= facts.min_bids:
        return (Reason("few.enough", Kind.NOT_NOW, "{terms.bidder}数符合{terms.opening}条件"),)
    if closing != facts.closing or least != facts.min_bids:
        return (Reason("few.other-closing", Kind.NOT_VALID, "声明所指的封存清单或最少家数不符"),)
    return ()


def why_not_declare_too_few(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against declaring that the tender is not opened.

    Law: 招标投标法实施条例 第44条.
    """
    shut = not_host(facts, by) or _not_closed(facts) or facts.rests or held(facts, by)
    if shut:
        return shut
    if facts.live >= facts.min_bids:
        return (Reason("few.enough", Kind.NOT_NOW, "{terms.bidder}数符合{terms.opening}条件"),)
    if not facts.few_signed:
        return (Reason("few.unsigned", Kind.NOT_NOW, "尚未收到监督部门签署的确认", facts.laws.too_few),)
    return ()


def why_not_attend(facts: Facts, *, organisation: str) -> tuple[Reason, ...]:
    """Reasons against a bidder's saying that he is present."""
    return not_bidder(facts, organisation) or not_in(facts, *PLAYED)


def why_not_release_half(facts: Facts, *, organisation: str, closing: str, at: datetime) -> tuple[Reason, ...]:
    """Reasons against taking a bidder's half: his turn, before its end, not while paused.

    Law: 电子招标投标办法 第30条.
    """
    shut = not_bidder(facts, organisation) or not_in(facts, Act.BIDDERS) or _not_running(facts, at)
    return shut or _other_closing(facts, closing)


def why_not_release_key(facts: Facts, *, is_holder: bool, closing: str) -> tuple[Reason, ...]:
    """Reasons against taking a holder's slot key: never before the bidders are done.

    Late keys are welcome: while the bids are not read out, each may save one.
    """
    if not is_holder:
        return (Reason("release.not-holder", Kind.NOT_YOURS, "不是本项目的密钥保管人"),)
    shut = not_in(facts, Act.HOLDERS, Act.RESCUE) or halted(facts)
    return shut or _other_closing(facts, closing)


def why_not_rescue(facts: Facts, *, organisation: str, closing: str, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a bidder's rescuing his own bid where holders fell short.

    Law: 电子招标投标办法 第31条.
    """
    shut = not_bidder(facts, organisation) or not_in(facts, Act.RESCUE) or _not_running(facts, at)
    return shut or _other_closing(facts, closing)


def why_not_acknowledge(facts: Facts, *, signs_as: object | None, same_record: bool) -> tuple[Reason, ...]:
    """Reasons against taking a signature under the opening record."""
    if signs_as is None:
        return (Reason("record.not-signatory", Kind.NOT_YOURS, "不是{terms.opening}记录的签署人"),)
    shut = not_in(facts, Act.RECORD)
    if shut:
        return shut
    if not same_record:
        return (Reason("record.other", Kind.NOT_VALID, "签署的不是本次{terms.opening}记录"),)
    return ()


def why_not_object(facts: Facts, *, organisation: str, waiting: int = 0) -> tuple[Reason, ...]:
    """Reasons against a bidder's objecting on the spot.

    waiting: how many of its own wait for an answer: the opening cannot end before, so they are not endless.
    Law: 招标投标法实施条例 第44条.
    """
    shut = not_bidder(facts, organisation) or not_in(facts, *PLAYED)
    if not shut and waiting >= MOST_OBJECTIONS:
        text = "本单位已有 {most} 项异议待答复，答复后可再提出"
        shut = (Reason("objection.too-many", Kind.NOT_NOW, text, None, {"most": MOST_OBJECTIONS}),)
    return shut


def why_not_answer(facts: Facts, *, by: Actor, answered: bool) -> tuple[Reason, ...]:
    """Reasons against the host's answering an objection."""
    shut = not_host(facts, by) or not_in(facts, *PLAYED) or held(facts, by)
    if shut:
        return shut
    if answered:
        return (Reason("objection.answered", Kind.NOT_NOW, "该异议已答复"),)
    return ()


def why_not_end(facts: Facts, *, by: Actor, reason: str = "") -> tuple[Reason, ...]:
    """Reasons against ending the opening and handing the bids to evaluation.

    A bidder who is absent or silent accepts; the witness is waited for, or it is said why not.  Law: 87号令 第42条.
    """
    shut = not_host(facts, by) or _not_read_out(facts) or halted(facts) or held(facts, by)
    if shut:
        return shut
    reasons = _objections(facts)
    if facts.effective < facts.min_bids and (facts.few.ends or not facts.effective):
        reasons += (too_few_effective(facts.min_bids, facts.few.law),)
    if facts.undrawn:
        reasons += (Reason("hall.undrawn", Kind.NOT_NOW, "价格分的参数尚未抽出", DRAWN),)
    if not facts.witnessed and not reason:
        text = "见证人尚未在{terms.opening}记录上签署；不等待的，请写明理由"
        reasons += (Reason("hall.not-countersigned", Kind.NOT_NOW, text, facts.laws.recorded),)
    return reasons


def why_not_end_in_failure(facts: Facts, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against ending the opening in failure because too few bids could be opened."""
    shut = not_host(facts, by) or _not_read_out(facts) or halted(facts) or held(facts, by)
    if shut:
        return shut
    reasons = _objections(facts)
    if facts.effective >= facts.min_bids:
        reasons += (
            Reason("hall.enough-effective", Kind.NOT_NOW, "成功开启的{terms.bid}家数符合{terms.evaluation}条件"),
        )
    elif facts.effective and not facts.few.ends:
        text = "是否明显缺乏竞争由{terms.panel}判断，不在{terms.opening}时{terms.failure}"
        reasons += (Reason("hall.panel-decides", Kind.NOT_NOW, text, facts.few.law),)
    return reasons


def turn_is_over(*, turn_ends: datetime, drain: timedelta, paused: bool, at: datetime, underway: bool = False) -> bool:
    """Whether a turn has ended, and what was stamped within it has had time to arrive.

    underway: the house lags, and something that arrived within the turn may still wait for its answer.
    """
    return not paused and at >= turn_ends + drain + (PATIENCE if underway else timedelta())


def why_not_end_turn(facts: Facts, turn: Act, *, done: bool) -> tuple[Reason, ...]:
    """Reasons against the clock's ending a turn.  done: its time is over, or nobody in it is waited for any more."""
    shut = not_in(facts, turn) or halted(facts)
    return shut if shut or done else (Reason("hall.turn-runs", Kind.NOT_NOW, "本环节尚未结束"),)


def is_effective(verdicts: Iterable[str]) -> bool:
    """A bid takes part in evaluation when every part of it opened."""
    verdicts = tuple(verdicts)
    return bool(verdicts) and all(verdict == OK for verdict in verdicts)


def quote(sheet: Mapping[str, Any]) -> Decimal | None:
    """The price a sheet names, in yuan; None when it is no plain positive amount with at most two places."""
    said = sheet.get("price")
    try:
        amount = yuan(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return amount if amount is not None and amount > 0 and amount == Decimal(str(said)) else None


def not_host(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    """The reason for whoever is no officer of a house that hosts."""
    if by.role is not Role.OFFICER or by.organisation not in facts.hosts:
        return (Reason("hall.not-officer", Kind.NOT_YOURS, "仅本项目的{terms.opening}主持人可操作"),)
    return ()


def held(facts: Facts, by: Actor) -> tuple[Reason, ...]:
    """The reason while another officer of the same house holds the hall."""
    if facts.held_by and facts.held_by != by.person:
        values = {"name": facts.host_name}
        return (Reason("hall.held", Kind.NOT_NOW, "大厅现由 {name} 主持，可请其移交", None, values),)
    return ()


def not_bidder(facts: Facts, organisation: str) -> tuple[Reason, ...]:
    """The reason for whoever did not bid; before the hall is open the same for everybody."""
    if facts.act not in (*PLAYED, Act.ENDED):
        return not_in(facts, *PLAYED)  # who bids is nobody's business until the hall is open
    if organisation not in facts.bidders:
        return (Reason("hall.not-bidder", Kind.NOT_YOURS, "不是本次{terms.opening}的{terms.bidder}"),)
    return ()


def _not_closed(facts: Facts) -> tuple[Reason, ...]:
    if facts.act is Act.WAITING:
        return (Reason("hall.too-early", Kind.NOT_NOW, "未到{terms.opening}时间", facts.laws.opened),)
    if facts.act is Act.SEALING:
        return (Reason("hall.not-witnessed", Kind.NOT_NOW, "封存清单正在入日志并等待见证签名"),)
    if facts.act is Act.NOT_OPENED:
        return (Reason("hall.not-opened", Kind.NOT_NOW, "本项目不予{terms.opening}"),)
    if facts.act is not Act.CLOSED or facts.session > 1:
        return (Reason("hall.already-open", Kind.NOT_NOW, "{terms.opening}大厅已经开启"),)
    return ()


def not_in(facts: Facts, *acts: Act) -> tuple[Reason, ...]:
    """The reason outside these acts."""
    if facts.act in acts:
        return ()
    if facts.act in (Act.WAITING, Act.SEALING, Act.CLOSED):
        return (Reason("hall.not-open", Kind.NOT_NOW, "{terms.opening}尚未开始", facts.laws.opened),)
    if facts.act is Act.NOT_OPENED:
        return (Reason("hall.not-opened", Kind.NOT_NOW, "本项目不予{terms.opening}"),)
    if facts.act is Act.STOPPED:
        return (Reason("hall.over", Kind.NOT_NOW, "本项目已终止，{terms.opening}不再进行，未解密的不再解密"),)
    if facts.act is Act.BETWEEN and facts.rounds:
        text = "谈判（磋商）或者报价正在进行；本轮报价截止封存后，方可开启"
        return (Reason("hall.between-rounds", Kind.NOT_NOW, text, OTHER_METHODS),)
    if facts.act is Act.BETWEEN:
        text = "本次{terms.opening}已经结束；评审通过名单公布后，方可开启下一信封"
        return (Reason("hall.between", Kind.NOT_NOW, text, TWO_ENVELOPES),)
    if facts.act is Act.ENDED:
        return (Reason("hall.ended", Kind.NOT_NOW, "{terms.opening}已经结束"),)
    return (Reason("hall.not-this-turn", Kind.NOT_NOW, "现在不是进行此项的环节"),)


def _not_read_out(facts: Facts) -> tuple[Reason, ...]:
    if facts.act is Act.CAUSES:
        return (Reason("hall.causes-open", Kind.NOT_NOW, "未能开启的{terms.bid}尚在认定原因", facts.laws.undone),)
    if facts.act in (Act.BIDDERS, Act.HOLDERS, Act.RESCUE):
        return (Reason("hall.not-read-out", Kind.NOT_NOW, "仍有{terms.bid}未得出开启结论", facts.laws.decrypted),)
    return not_in(facts, Act.RECORD)


def _not_running(facts: Facts, at: datetime) -> tuple[Reason, ...]:
    shut = halted(facts)
    if not shut and facts.turn_ends is not None and at >= facts.turn_ends:
        text = "本环节时间已到，未解密的视为撤销{terms.bid}"
        if facts.act is Act.RESCUE:  # holders fell short, which is no bidder's doing
            text = "补救的时间已到，不再接收"
        shut = (Reason("release.too-late", Kind.NOT_NOW, text, facts.laws.undone),)
    return shut


def halted(facts: Facts) -> tuple[Reason, ...]:
    """The reason while the opening is paused."""
    if facts.paused:
        return (Reason("hall.paused", Kind.NOT_NOW, "{terms.opening}已暂停，计时停止"),)
    return ()


def _other_closing(facts: Facts, closing: str) -> tuple[Reason, ...]:
    if closing != facts.closing:
        return (Reason("release.other-closing", Kind.NOT_VALID, "声明所指的封存清单不是本次{terms.opening}的清单"),)
    return ()


def _objections(facts: Facts) -> tuple[Reason, ...]:
    if facts.objections_open:
        return (Reason("hall.objections-open", Kind.NOT_NOW, "尚有{terms.opening}异议未当场答复", facts.laws.objected),)
    return ()
