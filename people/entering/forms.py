"""The shape of what a house types on coming in; never law."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EnterForm(forms.Form):
    """A house's credit code, its person, the promise and the agreement."""

    code = forms.CharField(
        label=_("统一社会信用代码"), min_length=18, max_length=18, help_text=_("十八位；也是首任管理员的登录名。")
    )
    firm = forms.CharField(label=_("单位全称"), max_length=100)
    name = forms.CharField(label=_("经办人姓名"), max_length=30)
    phone = forms.CharField(
        label=_("经办人手机号码"), max_length=11, help_text=_("用来接收验证码，不公开。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少十五个字，可以是一句只有您知道的话。"),
    )  # fmt: skip
    promised = forms.BooleanField(label=_("我代表本单位签署以上承诺书"), required=False)
    agreed = forms.BooleanField(label=_("我代表本单位签署以上电子签名协议"), required=False)


class CodeForm(forms.Form):
    """The code that came by message."""

    code = forms.CharField(
        label=_("短信验证码"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class DocumentForm(CodeForm):
    """The code, and the document of a house that buys with public money."""

    document = forms.FileField(
        label=_("证明文件"), required=False,
        help_text=_("一个 PDF 或照片：加盖公章的单位证书（营业执照）和经办人授权书。只给平台核对人员看。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip


class ObjectForm(forms.Form):
    """What somebody objects whose credit code others hold."""

    text = forms.CharField(
        label=_("异议理由"), widget=forms.Textarea(attrs={"rows": 4}), required=False,
        help_text=_("写明您代表该单位的依据和联系方式，10至2000字。"),
    )  # fmt: skip


class FindForm(forms.Form):
    """What a keeper of the platform found."""

    text = forms.CharField(label=_("核对结果"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
