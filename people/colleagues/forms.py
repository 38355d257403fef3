"""The shape of what is typed about colleagues; never law."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ROLE_WORDS, User
from rulebook.actor import Role


class InviteForm(forms.Form):
    """Whom, as what."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    role = forms.ChoiceField(label=_("岗位"))
    phone = forms.CharField(
        label=_("手机号码"), max_length=11, required=False, help_text=_("链接发到这里；留空的，由您当面交给本人。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    administers = forms.BooleanField(label=_("同时做单位管理员"), required=False)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLE_WORDS[role]) for role in roles]  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """The password of somebody who comes in; who keeps the platform says who he is, too."""

    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少十五个字，可以是一句只有您知道的话。"),
    )  # fmt: skip
    id_number = forms.CharField(
        label=_("身份证号码"), max_length=18, help_text=_("只留下加密摘要，用来保证系统、安全、审计由不同的人担任。")
    )

    def __init__(self, *args: Any, steward: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not steward:
            del self.fields["id_number"]


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("岗位"))

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLE_WORDS[role]) for role in roles]  # type: ignore[attr-defined]


class HeirForm(forms.Form):
    """Who takes over."""

    to = forms.ChoiceField(label=_("由谁接手"))

    def __init__(self, *args: Any, heirs: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(heir.public_id), heir.name) for heir in heirs]  # type: ignore[attr-defined]


class PowerForm(forms.Form):
    """A project to act on."""

    number = forms.CharField(label=_("项目编号"), max_length=32, help_text=_("照公告抄写。"))


class PersonForm(forms.Form):
    """Somebody by his public id."""

    person = forms.UUIDField()


class HouseForm(forms.Form):
    """A house by its credit code."""

    code = forms.CharField(label=_("统一社会信用代码"), min_length=18, max_length=18)
