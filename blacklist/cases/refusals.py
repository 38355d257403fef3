"""Why not: each act of a case, who first, then when, then what. Pure."""

from datetime import date, datetime

from blacklist.cases import process
from blacklist.cases.process import DECISIONS, LIFE, REPAIRS, RULINGS, File, Outcome, Source, State, Terms
from blacklist.cases.rules import CONSEQUENCES, GROUNDS, REPAIR, WEIGHTS, Body, Kind, months_after
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

KEEPERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
SPEAKERS = frozenset({Role.PROVIDER, Role.OFFICER})  # for their house
REPORTERS = {
    Source.BUYER: frozenset({Role.OFFICER}),
    Source.SUPERVISION: frozenset({Role.SUPERVISOR, Role.OPERATOR, Role.WITNESS}),
    Source.COMPLAINT: frozenset({Role.SUPERVISOR, Role.OPERATOR, Role.OFFICER}),
    Source.SYSTEM: frozenset({Role.SYSTEM}),
}
LIMIT_YEARS = 2  # acts longer ago are let be
LIMITATION = Article("行政处罚法", "第36条")
HEARD = Article("行政处罚法", "第44、45条")
LONGEST = 2000
SHORTEST = 4


def _words(text: str, code: str, what: str) -> tuple[Reason, ...]:
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        return (Reason(f"cases.{code}", Fault.NOT_VALID, "须写明" + what + "（4至2000字）"),)
    return ()


def source_of(by: Actor) -> Source | None:
    """What a report of this person's is, when nobody says otherwise."""
    return next((source for source, roles in REPORTERS.items() if by.role in roles), None)


def why_not_report_from(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against this person's reporting anything, whatever it is."""
    if source_of(by) is None:
        return (Reason("cases.not-a-reporter", Fault.NOT_YOURS, "这一身份不能报告负面行为，可以通过投诉渠道反映"),)
    return ()


def why_not_report(
    *, source: Source, ground: str, body: Body, entered: bool, own: bool, known: bool, occurred_on: date, facts: str,
    by: Actor, on: date,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against charging somebody with an act.

    entered: the party is bound by the entry agreement.  own: it is the reporter's own house.  known: charged already.
    Law: 行政处罚法 第36条 (two years).
    """
    if by.role not in REPORTERS[source]:
        return (Reason("cases.not-a-reporter", Fault.NOT_YOURS, "这一身份不能报告负面行为，可以通过投诉渠道反映"),)
    reasons: tuple[Reason, ...] = ()
    if ground not in GROUNDS or body not in GROUNDS[ground].bodies:
        reasons += (Reason("cases.no-such-ground", Fault.NOT_VALID, "负面行为目录中没有适用于该对象的这一项"),)
    if not entered:
        text = "对象未签署入驻协议，平台无权处理；请向主管部门反映"
        reasons += (Reason("cases.no-agreement", Fault.NOT_VALID, text),)
    if own:
        reasons += (Reason("cases.own-house", Fault.NOT_YOURS, "不能报告本单位"),)
    if occurred_on > on:
        reasons += (Reason("cases.not-yet-happened", Fault.NOT_VALID, "行为日期不能晚于今天"),)
    if months_after(occurred_on, 12 * LIMIT_YEARS) < on:
        text = "行为已超过{years}年，不再处理"
        reasons += (Reason("cases.too-long-ago", Fault.NOT_VALID, text, LIMITATION, {"years": LIMIT_YEARS}),)
    if known:
        reasons += (Reason("cases.known", Fault.NOT_NOW, "这一行为已经报告过"),)
    return reasons + _words(facts, "no-facts", "事实经过")


def why_not_keep(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against somebody's keeping a case: not staff, or the reporter, or the party's."""
    if by.role not in KEEPERS or not by.person:
        return (Reason("cases.not-a-keeper", Fault.NOT_YOURS, "仅平台案件承办人员可以办理"),)
    if by.person == file.reported_by:
        return (Reason("cases.reporter", Fault.NOT_YOURS, "报告人不得办理自己报告的案件"),)
    if by.person == file.party_person or (file.party_org and by.organisation == file.party_org):
        return (Reason("cases.party-keeps", Fault.NOT_YOURS, "当事人及其单位人员应当回避"),)
    return ()


def why_not_be_party(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against speaking for the party."""
    person = bool(file.party_person) and by.person == file.party_person
    house = bool(file.party_org) and by.organisation == file.party_org and by.role in SPEAKERS
    if not person and not house:
        return (Reason("cases.not-the-party", Fault.NOT_YOURS, "仅当事人可以办理"),)
    return ()


def why_not_take_up(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against examining a report."""
    return why_not_keep(file, by=by) or LIFE.why_not(file.state, State.EXAMINING)


def why_not_dismiss(file: File, *, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against letting a report be before anybody was charged; after the notice two persons do it."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.state not in (State.REPORTED, State.EXAMINING):
        return (Reason("cases.noticed-already", Fault.NOT_NOW, "告知后须由两人作出决定"),)
    return _words(text, "no-dismissal-reason", "不予处理的理由")


def why_not_refer(file: File, *, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against recommending a case to the competent authority: the examiner does it, where a law forbids it."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.state is not State.EXAMINING:
        return LIFE.why_not(file.state, State.REFERRED) or _two_now()
    return _lawful(file) + _words(text, "no-referral-reason", "移送的机关和理由")


def _two_now() -> tuple[Reason, ...]:
    return (Reason("cases.two-now", Fault.NOT_NOW, "此时须由一人提出、另一人复核"),)


def _lawful(file: File) -> tuple[Reason, ...]:
    if GROUNDS[file.ground].law is None:
        return (Reason("cases.no-law", Fault.NOT_VALID, "该行为没有可以移送的法律依据"),)
    return ()


def _fits(file: File, terms: Terms) -> tuple[Reason, ...]:
    """Whether the catalogue has such terms for the ground."""
    ground = GROUNDS[file.ground]
    reasons: tuple[Reason, ...] = ()
    if not terms.kinds:
        reasons += (Reason("cases.nothing-follows", Fault.NOT_VALID, "须写明扣分或者其他后果"),)
    if not 0 <= terms.points <= ground.points:
        text = "该行为最多扣{points}分"
        reasons += (Reason("cases.too-many-points", Fault.NOT_VALID, text, ground.rule, {"points": ground.points}),)
    if terms.kind is Kind.POINTS or (terms.kind is not None and terms.kind not in ground.kinds):
        reasons += (Reason("cases.beyond-ground", Fault.NOT_VALID, "该行为不适用这一后果", ground.rule),)
    elif terms.kind is not None:
        row = CONSEQUENCES[terms.kind]
        if not row.shortest <= terms.months <= row.longest:
            text, values = "期限应为{shortest}至{longest}个月", {"shortest": row.shortest, "longest": row.longest}
            reasons += (Reason("cases.wrong-term", Fault.NOT_VALID, text, ground.rule, values),)
    return reasons


def why_not_notice(file: File, *, terms: Terms, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against charging the party. The charge is the most that may come of it.

    Law: 行政处罚法 第44、45条.
    """
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.state is not State.EXAMINING:
        return LIFE.why_not(file.state, State.NOTICED) or _two_now()
    return _fits(file, terms) + _words(text, "no-charge", "查明的事实和证据")


def why_not_state(file: File, *, text: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a statement of the party: in its window, and until the hearing is over.

    Law: 行政处罚法 第44、45条.
    """
    if reasons := why_not_be_party(file, by=by):
        return reasons
    open_hearing = file.state is State.HEARING and not file.heard
    in_window = file.defence_until is not None and at < file.defence_until
    if file.state not in (State.NOTICED, State.HEARING) or not (in_window or open_hearing):
        return (Reason("cases.no-more-words", Fault.NOT_NOW, "不在陈述、申辩期内", HEARD),)
    return _words(text, "no-statement", "陈述和申辩意见")


def why_not_ask_hearing(file: File, *, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against asking for a hearing: once, in the window, where more than points is at stake."""
    if reasons := why_not_be_party(file, by=by):
        return reasons
    if file.hearing_asked:
        return (Reason("cases.hearing-asked", Fault.NOT_NOW, "已经申请听证"),)
    if reasons := LIFE.why_not(file.state, State.HEARING):
        return reasons
    if file.defence_until is None or at >= file.defence_until:
        return (Reason("cases.hearing-too-late", Fault.NOT_NOW, "已过申请听证的期限", process.PENALTIES),)
    if not process.may_be_heard(file):
        return (Reason("cases.only-points", Fault.NOT_VALID, "仅扣分的案件不适用听证，可以陈述、申辩"),)
    return ()


def why_not_set_hearing(file: File, *, when: datetime, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against calling the hearing, which whoever calls it chairs: never the examiner.

    Law: 行政处罚法 第63、64条 (seven working days ahead; the chair did not examine).
    """
    if reasons := why_not_keep(file, by=by):
        return reasons
    if by.person == file.examiner:
        return (Reason("cases.examiner-chairs", Fault.NOT_YOURS, "核查人员不得主持听证", process.PENALTIES),)
    if file.state is not State.HEARING or file.heard:
        return (Reason("cases.no-hearing", Fault.NOT_NOW, "没有待举行的听证"),)
    if when < process.first_hearing(at) or not process.is_hearing_day(when):
        text = "须提前{days}个工作日通知，并在工作日举行"
        values = {"days": process.HEARING_AHEAD}
        return (Reason("cases.hearing-too-soon", Fault.NOT_VALID, text, process.PENALTIES, values),)
    return ()


def why_not_record_hearing(file: File, *, text: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against writing down what was said at the hearing: its chair does, once, when it has begun."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.state is not State.HEARING or file.heard or file.hearing_at is None:
        return (Reason("cases.hearing-not-set", Fault.NOT_NOW, "没有已通知、尚未记录的听证"),)
    if by.person != file.chair:
        return (Reason("cases.not-the-chair", Fault.NOT_YOURS, "由听证主持人记录"),)
    if at < file.hearing_at:
        return (Reason("cases.hearing-not-yet", Fault.NOT_NOW, "听证尚未开始"),)
    return _words(text, "no-minutes", "听证笔录")


def why_not_propose(
    file: File, *, outcome: Outcome, terms: Terms, text: str, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against proposing how a case ends: after the whole time to answer, and after the hearing asked for.

    Law: 行政处罚法 第44、45条.
    """
    if reasons := why_not_keep(file, by=by):
        return reasons
    if reasons := LIFE.why_not(file.state, State.PROPOSED):
        return reasons
    if file.defence_until is None or at < file.defence_until:
        return (Reason("cases.unheard", Fault.NOT_NOW, "陈述、申辩期尚未届满", HEARD),)
    if file.hearing_asked and not file.heard:
        return (Reason("cases.hearing-first", Fault.NOT_NOW, "当事人申请了听证，听证后才能决定", process.PENALTIES),)
    if outcome not in DECISIONS:
        return (Reason("cases.no-such-decision", Fault.NOT_VALID, "没有这样的处理结果"),)
    reasons = _words(text, "no-grounds", "决定的理由和对申辩意见的答复")
    if outcome is Outcome.REFER:
        reasons += _lawful(file)
    if outcome is Outcome.RESTRICT:
        reasons += _fits(file, terms)
        if terms.heavier_than(file.charge):
            reasons += (Reason("cases.beyond-charge", Fault.NOT_VALID, "不得重于告知书载明的后果", HEARD),)
    return reasons


def why_not_second(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against agreeing to, or sending back, what somebody else proposed for a case."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.proposal is None:
        return (Reason("cases.nothing-proposed", Fault.NOT_NOW, "没有待复核的处理意见"),)
    if by.person == file.proposal.by:
        return (Reason("cases.second-person", Fault.NOT_YOURS, "须由提出人以外的另一人复核"),)
    return _not_signer(file, by=by) if file.proposal.outcome in RULINGS else ()


def _not_signer(file: File, *, by: Actor) -> tuple[Reason, ...]:
    if by.person in file.signers:
        return (Reason("cases.signed-it", Fault.NOT_YOURS, "作出原决定的人员不得办理申诉"),)
    return ()


def why_not_serve(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against serving a decision. Late service is served, and told to be late.

    Law: 行政处罚法 第61条.
    """
    return why_not_keep(file, by=by) or LIFE.why_not(file.state, State.SERVED)


def why_not_appeal(file: File, *, text: str, by: Actor, at: datetime) -> tuple[Reason, ...]:
    """Reasons against an appeal: the party's, once, in its window."""
    if reasons := why_not_be_party(file, by=by):
        return reasons
    if file.appealed_at is not None:
        return (Reason("cases.appealed", Fault.NOT_NOW, "已经申诉"),)
    if reasons := LIFE.why_not(file.state, State.APPEALED):
        return reasons
    if file.appeal_until is None or at >= file.appeal_until:
        return (Reason("cases.appeal-too-late", Fault.NOT_NOW, "已过申诉期限"),)
    return _words(text, "no-appeal", "申诉理由")


def why_not_rule(file: File, *, outcome: Outcome, terms: Terms, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against proposing what becomes of an appeal: by nobody who signed the decision; never for the worse."""
    if reasons := why_not_keep(file, by=by) or _not_signer(file, by=by):
        return reasons
    if reasons := LIFE.why_not(file.state, State.RULING):
        return reasons
    if outcome not in RULINGS:
        return (Reason("cases.no-such-ruling", Fault.NOT_VALID, "没有这样的申诉结果"),)
    reasons = _words(text, "no-ruling-reason", "申诉处理的理由")
    if outcome is Outcome.CHANGED and file.decision is not None:
        reasons += _fits(file, terms)
        if terms == file.decision.terms or terms.heavier_than(file.decision.terms):
            reasons += (Reason("cases.not-lighter", Fault.NOT_VALID, "变更后应当轻于原决定"),)
    return reasons


def repair_from(ground: str, *, starts_at: datetime) -> date:
    """The first day a repair of what rests on this ground may be asked for."""
    return months_after(day_in_china(starts_at), WEIGHTS[GROUNDS[ground].severity].repair_after)


def why_not_ask_repair(
    file: File, *, about: str, starts_at: datetime, binding: bool, duty_done: str, promise: bool, by: Actor,
    at: datetime,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against asking for a repair: after its least time, corrected, the duty done, with a public promise.

    binding: the restriction is in force.  starts_at: of it.
    Law: 信用修复管理办法.
    """
    if reasons := why_not_be_party(file, by=by):
        return reasons
    if about in file.repairs:
        return (Reason("cases.repair-asked", Fault.NOT_NOW, "修复申请正在办理"),)
    if not binding:
        return (Reason("cases.nothing-to-repair", Fault.NOT_NOW, "该项限制不在执行中，无需修复"),)
    first = repair_from(file.ground, starts_at=starts_at)
    if day_in_china(at) < first:
        text, values = "自{day}起才可以申请修复", {"day": first.isoformat()}
        return (Reason("cases.repair-too-early", Fault.NOT_NOW, text, REPAIR, values),)
    reasons = _words(duty_done, "no-correction", "纠正行为、履行义务的情况")
    if not promise:
        reasons += (Reason("cases.no-promise", Fault.NOT_VALID, "须作出公开的守信承诺", REPAIR),)
    return reasons


def why_not_propose_repair(file: File, *, about: str, outcome: Outcome, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against proposing what becomes of a request for repair."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if about not in file.repairs:
        return (Reason("cases.no-repair-asked", Fault.NOT_NOW, "没有待办理的修复申请"),)
    if file.repair is not None:
        return (Reason("cases.repair-proposed", Fault.NOT_NOW, "已有待复核的修复意见"),)
    if outcome not in REPAIRS:
        return (Reason("cases.no-such-repair", Fault.NOT_VALID, "没有这样的修复结果"),)
    return _words(text, "no-repair-reason", "修复审核的理由")


def why_not_second_repair(file: File, *, by: Actor) -> tuple[Reason, ...]:
    """Reasons against agreeing to, or sending back, what somebody else proposed for a repair."""
    if reasons := why_not_keep(file, by=by):
        return reasons
    if file.repair is None:
        return (Reason("cases.no-repair-proposed", Fault.NOT_NOW, "没有待复核的修复意见"),)
    if by.person == file.repair.by:
        return (Reason("cases.repair-second-person", Fault.NOT_YOURS, "修复须由提出人以外的另一人复核"),)
    return ()
