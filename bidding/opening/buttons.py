"""What the host may do in the hall, or the reasons why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext

from bidding.opening import coefficients, rules
from bidding.opening.queries import Standing
from bidding.opening.rules import Act
from bidding.tender import queries as tenders
from rulebook.actor import Actor
from rulebook.refusal import Reason
from rulebook.terms import Terms


@dataclass
class Button:
    """Something the host may do, or the reasons why he may not; others who can never do it are not shown it."""

    key: str
    label: str
    action: str
    against: Sequence[Reason]
    variant: str = ""
    consequence: str = ""


def of(standing: Standing, *, viewer: Actor) -> list[Button]:
    """The host's buttons that belong to what is still ahead, in the terms of the purchase."""
    facts, number = standing.facts, standing.project.number
    buttons = [
        Button("open", _opens(standing), reverse("bidding:open_hall", args=[number]),
               rules.why_not_open(facts, by=viewer)),
        Button("next", gettext("开启下一信封"), reverse("bidding:open_session", args=[number]),
               rules.why_not_open_session(facts, by=viewer), "",
               gettext("只开启评审通过的{terms.bidder}的报价文件；其余的永远封存。")),
        Button("few", gettext("宣布{terms.bidder}不足，不予{terms.opening}"),
               reverse("bidding:declare_too_few", args=[number]),
               rules.why_not_declare_too_few(facts, by=viewer), "danger",
               gettext("项目将{terms.failure}；{terms.file}永远不会被读取。")),
        Button("draw", gettext("抽取价格分的参数"), reverse("bidding:draw_coefficient", args=[number]),
               coefficients.why_not_draw(facts, by=viewer, is_wanted=facts.undrawn,
                                         over=coefficients.last_is_void(standing.tender)), "",
               gettext("只宣布抽取；数值由三方随机数决定，谁也不能填写。")),
        Button("close", gettext("结束{terms.opening}"), reverse("bidding:close_hall", args=[number]),
               rules.why_not_end(facts, by=viewer, reason="?"), "",
               _after(standing)),
        Button("fail", gettext("有效{terms.bid}不足，宣布{terms.failure}"),
               reverse("bidding:end_in_failure", args=[number]),
               rules.why_not_end_in_failure(facts, by=viewer), "danger",
               gettext("项目将{terms.failure}，须重新采购。")),
    ]  # fmt: skip
    return [_called(one, standing.project.terms) for one in buttons if _matters(one, standing)]


def _called(button: Button, terms: Terms) -> Button:
    said = {"label": button.label.format(terms=terms), "consequence": button.consequence.format(terms=terms)}
    return replace(button, **said)


def _opens(standing: Standing) -> str:
    """What opening the hall is called: behind closed doors no list is made public."""
    if tenders.closed_hall(standing.project):
        return gettext("闭门开启{terms.file}")
    return gettext("{terms.opening}并公布{terms.bidder}名单")


def _after(standing: Standing) -> str:
    """What follows when the session ends."""
    sessions = len(standing.tender.layout.sessions)
    if sessions == 1:
        return gettext("结束后不再接受{terms.opening}异议，进入资格审查和{terms.evaluation}。")
    if standing.session < sessions:
        return gettext("结束后不再接受{terms.opening}异议，先评审技术文件；通过评审的，再开启其报价文件。")
    return gettext("结束后不再接受{terms.opening}异议，按报价和评审得分排出名次。")


def _matters(button: Button, standing: Standing) -> bool:
    """Whether a button belongs to what is still ahead; one whose time is past is not shown grey for ever."""
    act, key = standing.act, button.key
    if key == "fail" and button.against:
        # Ending in failure is offered where it may have to be; elsewhere it would only frighten.
        return act is Act.RECORD and standing.facts.effective < standing.facts.min_bids
    if key == "draw":
        return act is Act.RECORD and standing.facts.undrawn and not button.against
    if key == "next" or act is Act.BETWEEN or standing.session > 1 and act is Act.CLOSED:
        return key == "next" and (act is Act.BETWEEN or standing.session > 1 and act is Act.CLOSED)
    before = act in (Act.WAITING, Act.SEALING, Act.CLOSED)
    return act not in (Act.ENDED, Act.NOT_OPENED, Act.STOPPED) and before == (key in ("open", "few"))
