"""When each message of a draw is in order, and when a draw moves on. Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason

BY_LOT = Article("招标投标法实施条例", "第46条")


class Phase(enum.StrEnum):
    """How far a draw is. A phase ends when all have spoken or its window is over."""

    KEYS = "keys"
    POOL = "pool"
    COMMITS = "commits"
    DEALS = "deals"
    COMPLAINTS = "complaints"
    REVEALS = "reveals"
    RECOVERY = "recovery"
    SETTLED = "settled"
    VOID = "void"


LIFE = Machine(
    {
        Phase.KEYS: frozenset({Phase.POOL, Phase.VOID}),
        Phase.POOL: frozenset({Phase.COMMITS, Phase.VOID}),
        Phase.COMMITS: frozenset({Phase.DEALS, Phase.VOID}),
        Phase.DEALS: frozenset({Phase.COMPLAINTS, Phase.VOID}),
        Phase.COMPLAINTS: frozenset({Phase.REVEALS, Phase.VOID}),
        Phase.REVEALS: frozenset({Phase.RECOVERY, Phase.SETTLED, Phase.VOID}),
        Phase.RECOVERY: frozenset({Phase.SETTLED, Phase.VOID}),
        Phase.SETTLED: frozenset(),
        Phase.VOID: frozenset(),
    },
    code="draw.phase",
)
OVER = frozenset({Phase.SETTLED, Phase.VOID})
KNOWN = frozenset({Phase.REVEALS, Phase.RECOVERY, Phase.SETTLED})  # who is drawn is known, or about to be

# The phases in which each kind of statement is in order. A slot key before the fixing is a complaint; after the reveal
# window it recovers a silent contributor. In between it must stay secret: it would tell a value before its owner does.
IN_ORDER: Mapping[str, frozenset[Phase]] = {
    "dk/1": frozenset({Phase.KEYS}),
    "pool/1": frozenset({Phase.POOL}),
    "dc/1": frozenset({Phase.COMMITS}),
    "dd/1": frozenset({Phase.DEALS}),
    "dp/1": frozenset({Phase.DEALS, Phase.COMPLAINTS, Phase.RECOVERY}),
    "dr/1": frozenset({Phase.REVEALS, Phase.RECOVERY}),
}
# Statements that wait until the entry before them is in a checkpoint witnesses have seen.
WAITS_FOR_WITNESSES = frozenset({"dd/1", "dr/1"})


@dataclass(frozen=True)
class Windows:
    """How long each phase waits for those who have not spoken, in seconds."""

    keys: int = 600
    commits: int = 600
    deals: int = 600
    complaints: int = 300
    reveals: int = 600
    recovery: int = 1800

    def seconds(self, phase: Phase) -> int | None:
        """The window of a phase; None where a draw waits for ever: the supervisor's look at the pool."""
        return asdict(self).get(phase.value)


def threshold(contributors: int) -> int:
    """How many honest contributors suffice: (m + 1) / 2 of an odd m."""
    return (contributors + 1) // 2


def why_not_announce(
    *, contributors: Sequence[str], strata: Sequence[Mapping[str, object]], pool: Sequence[Mapping[str, object]],
    earlier: int, reason: str, open_draws: int,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against announcing a draw over this pool.

    A second draw for one purpose needs a reason, and the first must be over: no redraw until one likes the result.
    Law: 招标投标法实施条例 第46条.
    """
    if open_draws:
        return (Reason("draw.one-at-a-time", Kind.NOT_NOW, "上一次抽取尚未结束", BY_LOT),)
    if earlier and not reason.strip():
        return (Reason("draw.second-without-reason", Kind.NOT_VALID, "再次抽取必须写明理由", BY_LOT),)
    reasons: tuple[Reason, ...] = ()
    if len(contributors) not in (3, 5, 7) or len(set(contributors)) != len(contributors):
        reasons += (Reason("draw.contributors", Kind.NOT_VALID, "抽取须由3、5或7个不同单位共同参与"),)
    if not strata or any(int(str(s["need"])) < 1 or int(str(s["standby"])) < 0 for s in strata):
        reasons += (Reason("draw.strata", Kind.NOT_VALID, "抽取的专业与人数不完整"),)
    if len({str(row["cid"]) for row in pool}) != len(pool):
        reasons += (Reason("draw.pool-twice", Kind.NOT_VALID, "候选名单中有人重复"),)
    for stratum in strata:
        eligible = {str(row["org"]) for row in pool if stratum["key"] in row["strata"]}  # type: ignore[operator]
        if len(eligible) < int(str(stratum["need"])):
            reasons += (
                Reason(
                    "draw.pool-too-small", Kind.NOT_VALID, "符合条件的候选人不足：{stratum}需要{need}人", BY_LOT,
                    {"stratum": stratum["key"], "need": stratum["need"]},
                ),
            )  # fmt: skip
    return reasons


def why_not_speak(
    v: str, *, phase: Phase, entitled: bool, gate_open: bool, window_over: bool = False
) -> tuple[Reason, ...]:
    """Reasons against a statement, in order: who may speak, whether it is the moment.

    entitled: the signer is the contributor (or for pool/1 the supervision body) he claims to be.
    """
    if v not in IN_ORDER:
        return (Reason("draw.unknown-statement", Kind.NOT_VALID, "抽取不接受这种声明"),)
    if not entitled:
        return (Reason("draw.not-a-contributor", Kind.NOT_YOURS, "签名单位不是本次抽取的这一位参与方"),)
    if phase in OVER:
        return (Reason("draw.over", Kind.NOT_NOW, "本次抽取已经结束"),)
    if phase not in IN_ORDER[v] or window_over:
        return (Reason("draw.not-the-moment", Kind.NOT_NOW, "现在不是提交这一步的时候"),)
    if v in WAITS_FOR_WITNESSES and not gate_open:
        return (Reason("draw.not-witnessed-yet", Kind.NOT_NOW, "上一步尚未被见证方签认，请稍候再交"),)
    return ()


@dataclass(frozen=True)
class Heard:
    """Who has spoken so far, by number."""

    contributors: frozenset[int]
    t: int
    keys: frozenset[int] = frozenset()
    pool_seen: bool = False
    commits: frozenset[int] = frozenset()
    deals: frozenset[int] = frozenset()
    bad_dealers: frozenset[int] = frozenset()
    dealers: frozenset[int] = frozenset()
    reveals: frozenset[int] = frozenset()
    values_known: bool = False  # every value that counts is revealed, or recovered from t slot keys

    @property
    def good_dealers(self) -> frozenset[int]:
        """Those whose deal is there and not proven bad."""
        return self.deals - self.bad_dealers

    @property
    def silent(self) -> frozenset[int]:
        """Dealers that count and have not revealed."""
        return self.dealers - self.reveals


def next_phase(phase: Phase, heard: Heard, *, window_over: bool) -> Phase:
    """Where a draw stands now: the same phase, the next, or void with fewer than t who took part.

    A complaint may come until its window is over, so that phase never ends early.
    """
    match phase:
        case Phase.KEYS:
            if heard.keys == heard.contributors:
                return Phase.POOL
            return Phase.VOID if window_over else phase
        case Phase.POOL:
            return Phase.COMMITS if heard.pool_seen else phase
        case Phase.COMMITS:
            if heard.commits == heard.contributors or (window_over and len(heard.commits) >= heard.t):
                return Phase.DEALS
            return Phase.VOID if window_over else phase
        case Phase.DEALS:
            if heard.deals == heard.commits or (window_over and len(heard.good_dealers) >= heard.t):
                return Phase.COMPLAINTS
            return Phase.VOID if window_over else phase
        case Phase.COMPLAINTS:
            if not window_over:
                return phase
            return Phase.REVEALS if len(heard.good_dealers) >= heard.t else Phase.VOID
        case Phase.REVEALS:
            if heard.values_known:
                return Phase.SETTLED
            return Phase.RECOVERY if window_over else phase
        case Phase.RECOVERY:
            if heard.values_known:
                return Phase.SETTLED
            return Phase.VOID if window_over else phase
        case _:
            return phase


VOID_BECAUSE: Mapping[Phase, str] = {
    Phase.KEYS: "参与方未在时限内交齐密钥",
    Phase.COMMITS: "作出承诺的参与方不足",
    Phase.DEALS: "交付份额的参与方不足",
    Phase.COMPLAINTS: "份额有效的参与方不足",
    Phase.REVEALS: "未能得出结果",
    Phase.RECOVERY: "未公开的份额在时限内无法恢复",
}
