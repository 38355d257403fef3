"""What the pages call things."""

from django.utils.translation import gettext_lazy as _

from experts.registry.conduct import Fault, Said
from experts.registry.imports import ImportState
from experts.registry.rules import ApplicationState, Post, Standing, Title

TITLE_WORDS = {
    Title.SENIOR: _("高级专业技术职称（含副高级）"),
    Title.MIDDLE: _("中级专业技术职称"),
    Title.LIKE_SENIOR: _("同等专业水平（相当于高级）"),
    Title.LIKE_MIDDLE: _("同等专业水平（相当于中级）"),
    Title.NONE: _("无职称"),
}
APPLICATION_WORDS = {
    ApplicationState.SUBMITTED: (_("等待初审"), "info"),
    ApplicationState.CHECKED: (_("初审通过，等待复核"), "info"),
    ApplicationState.RETURNED: (_("已退回补正"), "warn"),
    ApplicationState.ACCEPTED: (_("已入库"), "ok"),
    ApplicationState.REFUSED: (_("不予入库"), "bad"),
    ApplicationState.WITHDRAWN: (_("已撤回"), ""),
}
NEXT_WORDS = {
    ApplicationState.SUBMITTED: _("由专家库管理人员初审。结果会发站内信，您现在不用做什么。"),
    ApplicationState.CHECKED: _("初审已通过，由另一名管理人员复核。两人都同意才能入库。"),
    ApplicationState.RETURNED: _("请按下面的意见补正后重新提交。"),
    ApplicationState.ACCEPTED: _("您已入库，可以被随机抽取。请保持单位和联系方式准确。"),
    ApplicationState.REFUSED: _("本次申请已了结。情况变化后可以再次申请。"),
    ApplicationState.WITHDRAWN: _("您已撤回申请，可以再次申请。"),
}
STANDING_WORDS = {
    Standing.ENROLLED: (_("在库"), "ok"),
    Standing.SUSPENDED: (_("暂停"), "warn"),
    Standing.LEFT: (_("已退出"), ""),
}
POST_WORDS = {
    Post.MAIN: _("工作单位"),
    Post.PART_TIME: _("兼职、返聘"),
    Post.BOARD: _("董事、监事"),
    Post.OWNER: _("控股股东或实际控制人"),
}
PERSONAL_WORDS = {
    "name": _("姓名"),
    "phone": _("手机号码"),
    "id_number": _("身份证号码"),
    "email": _("电子邮箱"),
    "bank": _("收款账号"),
    "title": _("专业技术职称"),
    "since": _("何年起从事相关工作"),
    "keys": _("评审专业"),
    "employer": _("工作单位"),
    "region": _("所在地区"),
    "edition": _("审核依据版次"),
}
CHANGE_WORDS = {
    "enrolled": _("入库"),
    "review-passed": _("年度复核通过"),
    "review-failed": _("年度复核未通过，暂停抽取"),
    "left": _("本人申请退出"),
    "removed": _("解聘"),
    "slip-issued": _("发放账户启用凭证"),
    "slip-asked": _("申请重发账户凭证"),
    "on-leave": _("请假"),
    "back": _("销假"),
    "barred": _("禁止参加评审"),
    "account-opened": _("本人启用账户"),
}
IMPORT_WORDS = {
    ImportState.WAITING: (_("等待复核"), "info"),
    ImportState.ENTERED: (_("已入库"), "ok"),
    ImportState.DROPPED: (_("已作废"), ""),
}
FAULT_WORDS = {
    Fault.CANCELLED: _("接受后临时取消"),
    Fault.ABSENT: _("未按时签到"),
    Fault.LEFT: _("签字前离开"),
}
SAID_WORDS = {
    Said.ANSWERED: (_("本人说明"), ""),
    Said.UPHELD: (_("记入履职情况"), "warn"),
    Said.EXCUSED: (_("有正当理由，不计"), "ok"),
}
