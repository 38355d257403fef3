"""What a choice among opened quotes waits for: a draw, whose turn it is in it, and what follows silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bidding.sealed import rules
from draws import queries as draws
from draws.models import Draw
from draws.rules import OVER, Phase

_AGAIN = _("到时仍不够的，这次抽取作废，公布理由后另行抽取；作废 {most} 次的，本次采购终止。")
_LATE = _("逾期未交的不计入，够半数即继续；不够的，这次抽取作废，另行抽取；作废 {most} 次的，本次采购终止。")
# Phase ↦ whose statement it waits for, what it is for, what happens when its time is over.
_STEPS: Mapping[Phase, tuple[str, Promise | str, Promise | str]] = {
    Phase.KEYS: ("dk/1", _("交密钥"), _AGAIN),
    Phase.POOL: ("", _("监督部门核对名单"), _("核对后即继续；核对没有时限，逾期未核对的由监督部门说明。")),
    Phase.COMMITS: ("dc/1", _("交承诺"), _LATE),
    Phase.DEALS: ("dd/1", _("交份额"), _LATE),
    Phase.COMPLAINTS: ("", _("各方检查份额"), _("到时即继续。")),
    Phase.REVEALS: ("dr/1", _("公开随机数"), _("逾期不公开的，由其余各方用份额恢复，结果不变。")),
    Phase.RECOVERY: ("", _("恢复未公开的随机数"), _AGAIN),
}


@dataclass(frozen=True)
class Wait:
    """A draw that is under way.  missing: names of those who have not taken the step.  ends_at: when it stops waiting,
    None where it waits for a look or a witness.  then: what happens after that."""

    draw: Draw
    step: Promise | str
    missing: list[str]
    ends_at: datetime | None
    then: str


def of(draw: Draw | None) -> Wait | None:
    """What a draw waits for; None where there is none, or it is over."""
    if draw is None or Phase(draw.phase) in OVER:
        return None
    kind, step, then = _STEPS[Phase(draw.phase)]
    missing = [row["name"] for row in draws.steps(draw) if kind and not dict(row["marks"])[kind]]
    ends_at = draw.ends_at if draw.gate_seq is None else None
    return Wait(draw, step, missing, ends_at, str(then).format(most=rules.MOST_DRAWS))
