"""The shape of what somebody types about reaching him."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Delivery
from accounts.reaching.queries import Wish, topics_of
from accounts.reaching.rules import Channel, Topic, Way
from accounts.reaching.words import CHANNEL_WORDS, TOPIC_WORDS
from rulebook.actor import Role


class EmailForm(forms.Form):
    """A mailbox, to which a link goes."""

    address = forms.CharField(
        label=_("电子邮箱"), max_length=120, help_text=_("会收到一封确认邮件，打开里面的链接后生效。"),
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "id": "id_email"}),
    )  # fmt: skip


class PhoneForm(forms.Form):
    """A mobile telephone, to which a code goes."""

    address = forms.CharField(
        label=_("手机号码"), max_length=11, help_text=_("会收到一条验证码；短信和语音电话共用。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "id": "id_phone"}),
    )  # fmt: skip


NAMING: dict[Way, type[forms.Form]] = {Way.EMAIL: EmailForm, Way.PHONE: PhoneForm, Way.WECHAT: forms.Form}


class ChoicesForm(forms.Form):
    """What goes by which channel, and the hours in which nothing does that can wait."""

    quiet_begins = forms.TimeField(
        label=_("免打扰开始"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_ends = forms.TimeField(
        label=_("免打扰结束"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("北京时间，可以跨过午夜。须尽快办理的、账户安全的，以及一天之内到期的，任何时候都会发出。"),
    )  # fmt: skip

    def __init__(self, *args: Any, wish: Wish, role: Role, **kwargs: Any) -> None:
        self.channels = wish.offered
        told: dict[str, Any] = {"quiet_begins": wish.begins, "quiet_ends": wish.ends}
        told |= {each.value: [topic.value for topic in Topic if wish.wants(each, topic)] for each in self.channels}
        super().__init__(*args, initial=told, **kwargs)
        for each in self.channels:
            self.fields[each.value] = forms.MultipleChoiceField(
                label=CHANNEL_WORDS[each], choices=[(topic.value, TOPIC_WORDS[topic]) for topic in topics_of(role)],
                required=False, widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.order_fields([*(each.value for each in self.channels), "quiet_begins", "quiet_ends"])

    @property
    def topics(self) -> dict[Channel, list[Topic]]:
        """What was chosen, by channel."""
        return {each: [Topic(topic) for topic in self.cleaned_data[each.value]] for each in self.channels}


class CalendarForm(forms.Form):
    """Whether the entries of a calendar name the purchases."""

    names = forms.BooleanField(
        label=_("日程里写明项目名称"), required=False,
        help_text=_("日历由您选用的日历服务读取。不勾选时只写“投标截止”一类的事由和时间，不写项目。"),
    )  # fmt: skip


class InboxFilter(forms.Form):
    """Which messages of one's own are wanted."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=60)
    topic = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部类别")), *((t.value, TOPIC_WORDS[t]) for t in Topic)]
    )
    unread = forms.BooleanField(label=_("只看未读"), required=False)


class ReadForm(forms.Form):
    """Up to which message everything is marked read: what came while one was looking stays unread."""

    newest = forms.ModelChoiceField(queryset=Delivery.objects.none(), to_field_name="public_id")

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["newest"].queryset = own  # type: ignore[attr-defined]
