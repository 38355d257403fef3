"""The shape of what is typed to prove who one is."""

from django import forms
from django.utils.translation import gettext_lazy as _

_CODE = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
_FRESH = forms.PasswordInput(attrs={"autocomplete": "new-password"})
_LONG = _("至少十五个字，可以是一句只有您知道的话。")


class AuthenticatorForm(forms.Form):
    """The code an authenticator shows now."""

    code = forms.CharField(label=_("验证器显示的六位数字"), max_length=10, widget=_CODE)


class PasswordForm(forms.Form):
    """The present password and the next."""

    present = forms.CharField(
        label=_("当前密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    fresh = forms.CharField(label=_("新密码"), strip=False, widget=_FRESH, help_text=_LONG)


class LostForm(forms.Form):
    """The code two persons vouched for, and a new password."""

    username = forms.CharField(
        label=_("用户名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(label=_("恢复登录码"), max_length=40, help_text=_("由两位同事核对您的身份后当面交给您。"))
    fresh = forms.CharField(label=_("新密码"), strip=False, widget=_FRESH, help_text=_LONG)
