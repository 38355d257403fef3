"""Acts that cannot be taken back: door → what follows. One table, so that no page asks for one without saying it.

The part `parts/button_with_reasons.html` looks its door up here: the button then opens a step that names what follows,
and only the second button acts. It works without script, by keyboard and on a phone. `tests/config/test_finality.py`
holds that every door is either here or known to be undone, and that every page asks through the part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Final:
    """What follows from an act that cannot be taken back.

    words: said where the page has none more exact; may name {terms.…}.
    live: in a room that goes by the second; what follows stands beside the button, and a second step would cost time.
    """

    words: object
    live: bool = False


FINAL: Mapping[str, Final] = {
    "market:end": Final(_("项目就此结束，不能恢复；理由立即公告。")),
    "market:suspend": Final(_("立即公告，接下来的程序都要等到恢复。")),
    "market:resume": Final(_("立即公告，各期限扣除暂停所占的时间后继续计算。")),
    "bidding:approve_change": Final(_("立即公告并记入日志，不可撤回；截止时间有变化的同时生效。")),
    "bidding:open_hall": Final(_("公布名单，开始解密，不能退回。"), live=True),
    "bidding:open_session": Final(_("开启以后不能再封存。"), live=True),
    "bidding:declare_too_few": Final(_("项目结束，不再开启。"), live=True),
    "bidding:draw_coefficient": Final(_("抽出的数值不能更换。"), live=True),
    "bidding:close_hall": Final(_("结束以后不再接受异议。"), live=True),
    "bidding:end_in_failure": Final(_("项目结束，须重新采购。"), live=True),
    "bidding:give_quote": Final(_("报价以后不能撤回。"), live=True),
    "bidding:qualify": Final(_("写入公开日志，不能更改。")),
    "bidding:review": Final(_("提交后不能更改。")),
    "bidding:sign_report": Final(_("签署后不能撤回。")),
    "bidding:declare": Final(_("声明记录在案。")),
    "bidding:recuse": Final(_("您退出本次评审，由下一位递补。")),
    "bidding:note_refusal": Final(_("视为同意评审结论，记录不能更改。")),
    "bidding:appraise": Final(_("提交后不能更改。")),
    "bidding:call_panel": Final(_("名单随即冻结，抽取公开，不能重抽。")),
    "bidding:confirm_panel": Final(_("抽取记录确认后，评审小组就任，不能更换记录。")),
    "bidding:leave_talks": Final(_("退出后不能再报价。")),
    "bidding:call_round": Final(_("开始后不能撤销；不提交报价的视为退出。")),
    "bidding:confirm_change": Final(_("同时通知所有参加的供应商，不能撤回。")),
    "bidding:explain_price": Final(_("只能说明一次，提交后不能更改。")),
    "bidding:judge_explanation": Final(_("结论和理由随即公布，不能更改。")),
    "bidding:explain_quote": Final(_("只能说明一次，说明随即公布。")),
    "bidding:judge_low": Final(_("结论和理由随即公布，不能更改。")),
    "bidding:note_refund": Final(_("登记后通知该单位，不能更改。")),
    "bidding:confirm": Final(_("确认后代理机构即可发布公告。")),
    "market:confirm_report": Final(_("确认后记入公开日志，不可撤销。")),
    "market:agree_entrustment": Final(_("即签发授权委托书，摘要记入公开日志。")),
    "market:end_entrustment": Final(_("自即日起终止；正在办理的项目由指定的单位接手。")),
    "market:determine": Final(_("结果立即公告，由系统发出通知书，不能改为别家。")),
    "market:accept": Final(_("确认以后，应按期签订合同；不签的须承担责任。")),
    "market:decline": Final(_("公开记录，由下一名递补。")),
    "market:confirm_contract": Final(_("合同即成立并公告，不可撤销。")),
    "market:publish_candidates": Final(_("立即公开，不可撤回。")),
    "market:object_to_candidates": Final(_("暂停定标，直到{terms.buyer}答复。")),
    "market:answer_result_objection": Final(_("答复随即公布，不能更改。")),
    "market:pick": Final(_("选定以后不能换，理由公布。")),
    "market:pick_directly": Final(_("选定以后不能换，理由公布。")),
    "market:item_publish": Final(_("公布后这一版不再改动。")),
    "market:item_withdraw": Final(_("即日起不得再要求办理，理由一并公布。")),
    "market:purchase_submit": Final(_("公告后内容不能再改，任何人都能看到。")),
    "market:purchase_approve": Final(_("公告后内容不能再改，任何人都能看到。")),
    "market:purchase_confirm": Final(_("公告后内容不能再改，任何人都能看到。")),
    "market:split_alert": Final(_("结论和查明的事实即时公开并告知该单位，不能再改。")),
    "blacklist:confirm": Final(_("立即公布并生效，各处报名、投标、定标随即核对。")),
    "blacklist:list_confirm": Final(_("整份名单立即生效。")),
    "experts:leave_register": Final(_("退出后不再被抽取；已经接受的评审仍须完成。以后可以再次申请。")),
    "experts:cancel": Final(_("您退出本次评审，由下一位递补，并记入履职记录。")),
    "people:hand_over": Final(_("账户永久关闭，已打开的页面同时失效；办理过的事项仍记在其名下。")),
    "people:find": Final(_("结果短信告知申请人，不能更改；异议成立的，该单位现有账户全部停用，由异议人管理。")),
    "people:agree": Final(_("以本单位名义签署，版本和时间存档，不能撤回。")),
    "keeping:confirm": Final(
        _("一天后执行：投标文件、合同、履约附件和完整归档包的内容永久删除，不能恢复；公开记录、摘要和删除清单保留。")
    ),
    "intermediaries:confirm": Final(_("名录立即更新。")),
}


def of(door: str, action: str) -> Final | None:
    """The row of a door by its name, or by the address a button posts to; None for what can be undone."""
    return FINAL.get(door or _door(action)) if door or action else None


@lru_cache(maxsize=4096)
def _door(action: str) -> str:
    try:
        return resolve(action.partition("?")[0]).view_name
    except Resolver404:
        return ""
