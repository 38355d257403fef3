"""Words of what was done with the people of a house."""

from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_WORDS
from people.colleagues.models import Step
from people.colleagues.rules import What
from rulebook.actor import Role

WHAT_WORDS = {
    What.INVITED: _("邀请"),
    What.REVOKED: _("撤回邀请"),
    What.JOINED: _("加入"),
    What.ROLE: _("改任"),
    What.APPOINTED: _("指定为单位管理员"),
    What.DISMISSED: _("不再是单位管理员"),
    What.BLOCKED: _("停用账户"),
    What.UNBLOCKED: _("恢复账户"),
    What.GIVEN: _("授权项目"),
    What.WITHDRAWN: _("收回授权"),
    What.ONLY_AUTHORISED: _("改为只由被授权的人办理"),
    What.EVERYBODY: _("改为全体人员可以办理"),
    What.CUSTODIAN: _("指定为密钥保管人"),
    What.NO_CUSTODIAN: _("不再是密钥保管人"),
    What.DRILLED: _("完成保管演练"),
    What.KEY_REVOKED: _("吊销密钥"),
    What.HANDED_OVER: _("接手工作"),
    What.LEFT: _("离职交接，账户关闭"),
    What.AGREED: _("签署电子签名协议"),
}
PROJECTS = {What.GIVEN, What.WITHDRAWN}


def told(step: Step) -> str:
    """What is said beside a step: a role in words, a project, whatever else was written down."""
    if step.what in {What.ROLE, What.JOINED} and step.told in set(Role):
        return str(ROLE_WORDS[Role(step.told)])
    if step.what in PROJECTS and not step.told:
        return str(_("全部项目"))
    if step.what in (What.DRILLED, What.KEY_REVOKED):
        return str(_("第 {gen} 代密钥").format(gen=step.told))
    return step.told
