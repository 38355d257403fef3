"""All that leaves the house in a message: one sentence by its topic. No project, no party, no number, no amount.

Nothing of a message is handed in here, so nothing of it can come out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.reaching.rules import Channel, State, Topic, Way

TOPIC_WORDS: Mapping[Topic, Promise] = {
    Topic.TODAY: _("须尽快办理"),
    Topic.DUTY: _("待办事项"),
    Topic.PROGRESS: _("进展和结果"),
    Topic.REGISTER: _("登记、资质和信用"),
    Topic.ACCOUNT: _("账户安全"),
    Topic.HOUSE: _("系统运行"),
}
CHANNEL_WORDS: Mapping[Channel, Promise] = {
    Channel.EMAIL: _("电子邮件"),
    Channel.SMS: _("短信"),
    Channel.WECHAT: _("微信服务消息"),
    Channel.VOICE: _("语音电话"),
}
WAY_WORDS: Mapping[Way, Promise] = {
    Way.EMAIL: _("电子邮箱"),
    Way.PHONE: _("手机"),
    Way.WECHAT: _("微信"),
}
STATE_WORDS: Mapping[State, Promise] = {
    State.QUEUED: _("等待发送"),
    State.HANDED: _("已交给网关"),
    State.DELIVERED: _("已送达"),
    State.FAILED: _("未送达"),
    State.GIVEN_UP: _("多次未能发出，已停止"),
    State.NEEDLESS: _("不必再发"),
}
SENTENCES: Mapping[Topic, str] = {
    Topic.TODAY: "您有一件须尽快办理的事项，请登录查看。",
    Topic.DUTY: "您有一件待办事项，请登录查看。",
    Topic.PROGRESS: "您有一条新消息，请登录查看。",
    Topic.REGISTER: "您有一条新消息，请登录查看。",
    Topic.ACCOUNT: "您的账户有一条安全提醒，请登录查看。",
    Topic.HOUSE: "系统运行需要查看，请登录。",
}
SUBJECT = "【明标】消息提醒"
FOOT = "本邮件只作提醒，内容和期限以平台为准；不需要时可在“通知方式”里关闭。"
PLACE = "/inbox/"


@dataclass(frozen=True, slots=True)
class Said:
    """What a gateway is told to say.  link: where to sign in and read; none on the telephone."""

    subject: str
    words: str
    link: str


def said(topic: Topic, channel: Channel) -> Said:
    """What a message of this topic says by this channel."""
    link = "" if channel is Channel.VOICE else f"{settings.SITE}{PLACE}"
    words = SENTENCES[topic]
    if channel in (Channel.SMS, Channel.VOICE):
        words = f"【明标】{words}"
    return Said(SUBJECT, words, link)
