"""What counts against somebody in the register: bars by an authority, and panels he let down. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from experts.registry.rules import BARRED, why_not_keep_register
from rulebook.actor import Actor
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

LONGEST_DECISION = 120
LONGEST_WORDS = 500
PERFORMANCE = Article("政府采购评审专家管理办法", "第21条")
ANSWER_WITHIN = timedelta(days=10)  # the house's own number: nobody is judged before he was heard, or had time to speak
LOOKED_BACK = timedelta(days=365)  # what a yearly review counts


class Fault(StrEnum):
    """How somebody let a panel down. No article of a national edition keeps him off a list for it."""

    CANCELLED = "cancelled"  # accepted, then took it back late
    ABSENT = "absent"  # did not sign in
    LEFT = "left"  # went before the report was signed


class Said(StrEnum):
    """What was said of a lapse after it was written down."""

    ANSWERED = "answered"  # by the expert
    UPHELD = "upheld"  # by a keeper who had not written it down
    EXCUSED = "excused"


DECIDED = frozenset({Said.UPHELD, Said.EXCUSED})


def why_not_bar(*, until: date, decision: str, on: date, by: Actor) -> tuple[Reason, ...]:
    """Reasons against writing down a bar.

    Law: 政府采购法实施条例 第75条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    reasons = ()
    if not decision.strip() or len(decision.strip()) > LONGEST_DECISION:
        reasons += (Reason("expert.bar-undecided", Kind.NOT_VALID, "须写明处理决定的文号", BARRED),)
    if until < on:
        reasons += (Reason("expert.bar-over", Kind.NOT_VALID, "禁止期限不能早于今天", BARRED),)
    return reasons


@dataclass(frozen=True)
class OfPanel:
    """The panel of this house that a lapse is about.  public: its result is announced.  drawn: he was to sit on it."""

    public: bool
    drawn: bool = False


def why_not_record(
    *, project: str, on: date, note: str, known: bool, panel: OfPanel | None = None, today: date, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against writing a lapse down.  known: this one is written down for the same project already.

    panel: of that project, where this house has one.

    Law: 政府采购评审专家管理办法 第21条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    reasons = ()
    if not project.strip() or on > today:
        text = "须写明项目编号和不晚于今天的日期"
        reasons += (Reason("lapse.project", Kind.NOT_VALID, text, PERFORMANCE),)
    if not 4 <= len(note.strip()) <= LONGEST_WORDS:
        reasons += (Reason("lapse.note", Kind.NOT_VALID, "须写明经过（4至500字）", PERFORMANCE),)
    if panel is not None and not panel.public:
        # The same for everybody, or a keeper would learn by trying who sits.
        text = "该项目的评审结果尚未公布，不能登记"
        return (*reasons, Reason("lapse.panel-secret", Kind.NOT_NOW, text, PERFORMANCE))
    if panel is not None and not panel.drawn:
        text = "该专家未被抽取或者选定参加该项目评审"
        reasons += (Reason("lapse.not-of-panel", Kind.NOT_VALID, text, PERFORMANCE),)
    if known:
        reasons += (Reason("lapse.known", Kind.NOT_NOW, "该项目的这一情形已经登记"),)
    return reasons


def why_not_answer_lapse(*, own: bool, said: frozenset[Said], text: str) -> tuple[Reason, ...]:
    """Reasons against answering a lapse: it is one's own, once, before it is decided."""
    if not own:
        return (Reason("lapse.not-own", Kind.NOT_YOURS, "只能对本人的记录作出说明"),)
    if said:
        return (Reason("lapse.answered", Kind.NOT_NOW, "已经说明过，或者已经作出结论"),)
    if not 4 <= len(text.strip()) <= LONGEST_WORDS:
        return (Reason("lapse.answer", Kind.NOT_VALID, "说明应为4至500字"),)
    return ()


def why_not_decide_lapse(
    *, said: frozenset[Said], recorded_by: str, recorded_at: datetime, note: str, at: datetime, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against deciding whether a lapse stands: by another keeper, once its person was heard or had his time."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if recorded_by == by.person:
        return (Reason("lapse.second-person", Kind.NOT_YOURS, "须由登记人以外的另一名管理人员作出结论"),)
    if said & DECIDED:
        return (Reason("lapse.decided", Kind.NOT_NOW, "已经作出结论"),)
    if Said.ANSWERED not in said and at < recorded_at + ANSWER_WITHIN:
        text = "本人尚未说明；登记满{days}日后才能作出结论"
        return (Reason("lapse.unheard", Kind.NOT_NOW, text, None, {"days": ANSWER_WITHIN.days}),)
    if not note.strip():
        return (Reason("lapse.no-reason", Kind.NOT_VALID, "须写明结论的理由"),)
    return ()
