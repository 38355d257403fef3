"""The shape of what applicants, experts and keepers type in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from experts.registry import catalogue
from experts.registry.conduct import Fault
from experts.registry.rules import MOST_SPECIALTIES, Post, Title, Verdict
from experts.registry.words import FAULT_WORDS, POST_WORDS, STANDING_WORDS, TITLE_WORDS


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _specialties() -> list[tuple[str, str]]:
    return [("", "—"), *((line.key, f"{line.key} {line.name}") for line in catalogue.lines() if len(line.key) > 1)]


class Employer(forms.Form):
    """Where somebody works."""

    employer_code = forms.CharField(label=_("工作单位统一社会信用代码"), max_length=18)
    employer_name = forms.CharField(label=_("工作单位名称"), max_length=120)
    employer_since = _day(_("任职起始日"))


class Applying(Employer):
    """What an applicant says of himself."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    phone = forms.CharField(label=_("手机号码"), max_length=11, help_text=_("加密保存，页面上只显示前三位和后四位。"))
    id_number = forms.CharField(label=_("身份证号码"), max_length=18, help_text=_("加密保存，用于核对年龄、防止重复。"))
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    bank = forms.CharField(label=_("劳务报酬收款账号"), max_length=40, required=False)
    title = forms.ChoiceField(label=_("专业技术职称"), choices=[(t.value, w) for t, w in TITLE_WORDS.items()])
    field_since = forms.IntegerField(
        label=_("哪一年开始从事相关领域工作"), min_value=1940, max_value=2200,
        help_text=_("中级职称须满8年。"),
    )  # fmt: skip
    region = forms.CharField(label=_("所在地区"), max_length=60, help_text=_("如“呼伦贝尔市”。"))
    promised = forms.BooleanField(
        label=_("我承诺以独立身份参加评审，依法履行评审专家职责并承担相应法律责任"), required=False
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        """known: the dossier holds name, phone and identity number already; what is left empty stays."""
        super().__init__(*args, **kwargs)
        for field in ("name", "phone", "id_number"):
            self.fields[field].required = not known
        choices = _specialties()
        for n in range(1, MOST_SPECIALTIES + 1):
            self.fields[f"key{n}"] = forms.ChoiceField(
                label=_("评审专业") if n == 1 else _("评审专业（第%(n)s个）") % {"n": n},
                choices=choices,
                required=n == 1,
            )

    def told(self) -> dict[str, Any]:
        """What the act takes."""
        said = dict(self.cleaned_data)
        keys = [said.pop(f"key{n}") for n in range(1, MOST_SPECIALTIES + 1)]
        personal = {field: said.pop(field) for field in ("name", "phone", "id_number", "email", "bank")}
        return said | {"personal": personal, "keys": [key for key in keys if key], "title": Title(said["title"])}


class Judging(forms.Form):
    """A keeper's word on an application."""

    verdict = forms.ChoiceField(
        label=_("意见"), widget=forms.RadioSelect,
        choices=[
            (Verdict.AGREE.value, _("同意")), (Verdict.RETURN.value, _("退回补正")),
            (Verdict.REFUSE.value, _("不予入库")),
        ],
    )  # fmt: skip
    note = forms.CharField(
        label=_("理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回、不予入库须写明；申请人看得到。"),
    )  # fmt: skip


class Leave(forms.Form):
    """Days on which somebody cannot judge."""

    first = _day(_("从"))
    last = _day(_("到（当天含在内）"), required=False, help_text=_("不填表示直到另行销假。"))


class EmploymentForm(forms.Form):
    """Another employer, a board seat, a share."""

    post = forms.ChoiceField(label=_("关系"), choices=[(t.value, w) for t, w in POST_WORDS.items()])
    code = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    name = forms.CharField(label=_("单位名称"), max_length=120)
    since = _day(_("起始日"), help_text=_("选择“工作单位”时，原单位到前一天为止，三年内仍须回避。"))

    def told(self) -> dict[str, Any]:
        return self.cleaned_data | {"post": Post(self.cleaned_data["post"])}


class Ending(forms.Form):
    """When a tie ended."""

    until = _day(_("结束日"))


class Contact(forms.Form):
    """How somebody is reached and paid; empty leaves what is there."""

    phone = forms.CharField(label=_("新手机号码"), max_length=11, required=False)
    email = forms.EmailField(label=_("新电子邮箱"), required=False)
    bank = forms.CharField(label=_("新收款账号"), max_length=40, required=False)


class Purpose(forms.Form):
    """Why somebody looks."""

    purpose = forms.CharField(label=_("用途"), max_length=200, help_text=_("写明为何需要；本人和监督人员都看得到。"))


class TrainingForm(forms.Form):
    """A training somebody took part in."""

    subject = forms.CharField(label=_("培训内容"), max_length=120)
    hours = forms.IntegerField(label=_("学时"), min_value=1, max_value=200)
    on = _day(_("培训日期"))


class Reviewing(forms.Form):
    """The outcome of a yearly review."""

    outcome = forms.ChoiceField(
        label=_("结论"), widget=forms.RadioSelect, choices=[("passed", _("通过")), ("failed", _("不通过，暂停抽取"))]
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False, help_text=_("不通过须写明理由。"))


class Barring(forms.Form):
    """An authority's decision that somebody may not judge for a time."""

    decision = forms.CharField(label=_("处理决定文号"), max_length=120)
    until = _day(_("禁止至（当天含在内）"))


class LapseForm(forms.Form):
    """A panel that somebody let down."""

    fault = forms.ChoiceField(label=_("情形"), choices=[(f.value, words) for f, words in FAULT_WORDS.items()])
    project = forms.CharField(label=_("项目编号"), max_length=60, help_text=_("评审结果公布以后才能登记。"))
    on = _day(_("日期"))
    note = forms.CharField(label=_("经过"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def told(self) -> dict[str, Any]:
        return self.cleaned_data | {"fault": Fault(self.cleaned_data["fault"])}


class Removal(forms.Form):
    """A decision that ends somebody's time in the register."""

    decision = forms.CharField(label=_("决定文号"), max_length=80)
    reason = forms.CharField(label=_("解聘理由"), max_length=300)


class Search(forms.Form):
    """What keepers search the register by."""

    q = forms.CharField(label=_("编号或单位"), max_length=60, required=False)
    specialty = forms.ChoiceField(label=_("评审专业"), required=False)
    region = forms.ChoiceField(label=_("地区"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[("", _("全部")), *((s.value, words[0]) for s, words in STANDING_WORDS.items())],
    )  # fmt: skip
    due = forms.BooleanField(label=_("三十天内须复核"), required=False)

    def __init__(self, *args: Any, specialties: dict[str, str], regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialty"].choices = [("", _("全部")), *specialties.items()]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("全部")), *((r, r) for r in regions)]  # type: ignore[attr-defined]


class Upload(forms.Form):
    """A workbook of experts."""

    file = forms.FileField(label=_("工作簿（.xlsx）"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class Entering(forms.Form):
    """The word of a slip, and the first password."""

    code = forms.CharField(
        label=_("启用凭证"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "mono"}),
        help_text=_("管理人员交给您的一串字母和数字；大小写、连字符不论。"),
    )  # fmt: skip
    id_number = forms.CharField(
        label=_("身份证号码"), max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("与入库登记的一致，证明是您本人。"),
    )  # fmt: skip
    password = forms.CharField(
        label=_("设置密码"), max_length=200, strip=False, help_text=_("不少于15个字符，不要用常见的密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一遍密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean_again(self) -> str:
        """The same twice, or a slip of the finger would lock its person out."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的密码不一致。"))
        return again

    def clean_password(self) -> str:
        """Long and uncommon enough; told here, where it is typed."""
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])
