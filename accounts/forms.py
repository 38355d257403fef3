"""The shape of what is typed at the door."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignUpForm(forms.Form):
    """A citizen's name, number and password: nothing else is asked."""

    name = forms.CharField(
        label=_("姓名"), max_length=30, help_text=_("公开时只显示姓，如“张*”；中选机构才能看到全名。")
    )
    phone = forms.CharField(
        label=_("手机号码"), max_length=11, help_text=_("登录用；公开时遮盖中间四位。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少十五个字，可以是一句只有您知道的话。"),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that came by message."""

    code = forms.CharField(
        label=_("短信验证码"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class SignIn(AuthenticationForm):
    """Name and password. Unknown name, wrong password and closed account get one and the same answer."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。"),
        "inactive": _("用户名或密码不正确。"),
    }
