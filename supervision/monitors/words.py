"""The words of alerts."""

from django.utils.translation import gettext_lazy as _

from supervision.monitors.rules import Finding, Light, Monitor, Step

LIGHT_WORDS = {Light.GREEN.value: _("绿"), Light.YELLOW.value: _("黄"), Light.RED.value: _("红")}
LIGHT_TONES = {Light.GREEN.value: "ok", Light.YELLOW.value: "warn", Light.RED.value: "bad"}
MONITOR_WORDS = {
    Monitor.TIME.value: _("时限"),
    Monitor.PROCESS.value: _("流程"),
    Monitor.FEE.value: _("收费"),
    Monitor.ANOMALY.value: _("异常"),
    Monitor.CLUE.value: _("线索"),
}
FINDING_WORDS = {
    Finding.CONFIRMED.value: _("属实，已督促或移送"),
    Finding.CORRECTED.value: _("属实，已改正"),
    Finding.EXPLAINED.value: _("事实存在，有合理原因"),
    Finding.FALSE.value: _("误报"),
    Finding.IN_TIME.value: _("期满前已经办理"),
}
STEP_WORDS = {
    Step.RAISED.value: _("发出预警"),
    Step.REDDENED.value: _("转为红色"),
    Step.ASSIGNED.value: _("指定承办人"),
    Step.TAKEN.value: _("接办"),
    Step.HANDED.value: _("移交"),
    Step.NOTED.value: _("办理情况"),
    Step.CURED.value: _("已经补办"),
    Step.ESCALATED.value: _("承办人逾期"),
    Step.CLOSED.value: _("办结"),
}
