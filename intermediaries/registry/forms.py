"""The shape of what providers, objectors and keepers type in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from blacklist.cases.rules import GROUNDS
from intermediaries.registry.corrections import GROUNDS_OF_CHECKS
from intermediaries.registry.rules import PROFILE, Finding, Outcome
from intermediaries.registry.words import FINDING_WORDS, OUTCOME_WORDS, PROFILE_WORDS
from rulebook.refusal import Kind, Reason, refuse_if

MOST_BYTES = 5 << 20  # of a scan


def told(form: forms.Form) -> dict[str, Any]:
    """What a small form says. Refused with every field that is not filled in as it asks."""
    form.is_valid()
    refuse_if(
        Reason("provider.form", Kind.NOT_VALID, "{field}：{why}", None, {"field": form[field].label, "why": why})
        for field, errors in form.errors.items()
        for why in errors
    )
    return dict(form.cleaned_data)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Profile(forms.Form):
    """What a provider says of itself."""

    legal_rep = forms.CharField(label=PROFILE_WORDS["legal_rep"], max_length=64)
    legal_rep_id = forms.CharField(
        label=_("法定代表人身份证号码"), max_length=18, required=False,
        help_text=_("用于核对本人是否处于禁入期，不保存号码、不公开。不填的不作变更。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    region = forms.CharField(
        label=PROFILE_WORDS["region"], max_length=60, help_text=_("如“呼伦贝尔市”；外地机构同样入驻。")
    )
    address = forms.CharField(label=PROFILE_WORDS["address"], max_length=200)
    scope = forms.CharField(label=PROFILE_WORDS["scope"], max_length=1000, widget=_area())
    contact_name = forms.CharField(label=PROFILE_WORDS["contact_name"], max_length=64)
    contact_phone = forms.CharField(label=PROFILE_WORDS["contact_phone"], max_length=40)

    def profile(self) -> dict[str, str]:
        """The elements of the profile; the representative's number only where it was given."""
        number = self.cleaned_data["legal_rep_id"]
        return {field: self.cleaned_data[field] for field in PROFILE} | ({"legal_rep_id": number} if number else {})


class Renaming(forms.Form):
    """Another name of the firm."""

    name = forms.CharField(label=_("新名称"), max_length=120)
    since = _day(_("登记机关核准变更的日期"))
    document = forms.CharField(label=_("变更登记文书号"), max_length=100, help_text=_("公开，可供核对。"))


class Entering(Profile):
    """The profile and the promise."""

    promised = forms.BooleanField(label=_("我代表本机构签署以上承诺书"), required=False)


class QualificationForm(forms.Form):
    """A certificate of the firm."""

    kind = forms.CharField(label=_("资质类别"), max_length=80, help_text=_("如“测绘资质”。"))
    grade = forms.CharField(label=_("等级"), max_length=20, required=False)
    number = forms.CharField(label=_("证书编号"), max_length=60, help_text=_("编号相同的视为延续。"))
    issuer = forms.CharField(label=_("发证机关"), max_length=120)
    valid_to = _day(_("有效期至"), required=False, help_text=_("长期有效的不填。"))
    scan = forms.FileField(
        label=_("扫描件（PDF）"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=_("将公开展示。"),
    )  # fmt: skip

    def clean_scan(self) -> bytes:
        """A PDF that is not too large; nothing where there is none."""
        file = self.cleaned_data["scan"]
        if not file:
            return b""
        data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES or not data.startswith(b"%PDF-"):
            raise forms.ValidationError(_("请上传不超过 5 兆字节的 PDF 文件"))
        return bytes(data)


class Employing(forms.Form):
    """Somebody who practises for the firm."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    id_number = forms.CharField(
        label=_("身份证号码"), max_length=18, help_text=_("只用于核对是否在别家执业，不保存、不公开。")
    )
    joined_on = _day(_("入职日"))


class Claiming(forms.Form):
    """Somebody who practises here now has left a firm that does not release him."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    id_number = forms.CharField(label=_("身份证号码"), max_length=18, help_text=_("只用于核对，不保存、不公开。"))
    left_on = _day(_("离开原机构的日期"))
    statement = forms.CharField(
        label=_("本人的离职声明"), max_length=1000, widget=_area(3),
        help_text=_("写入本人原话；声明不实的，依法承担责任。原机构可以看到。"),
    )  # fmt: skip


class ObjectingToClaim(forms.Form):
    """The firm he is entered with says that he has not left."""

    claim = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("异议的理由和依据"), max_length=1000, widget=_area(2), help_text=_("如劳动合同、社会保险缴纳情况。")
    )


class DecidingClaim(forms.Form):
    """What a keeper decides of it."""

    frees = forms.TypedChoiceField(
        label=_("决定"), coerce=lambda value: value == "yes", choices=[("yes", _("解除原登记")), ("no", _("不解除"))]
    )
    reason = forms.CharField(label=_("查明的事实和理由（告知双方）"), max_length=1000, widget=_area(2))


class Certifying(forms.Form):
    """A certificate of one of them."""

    person = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.CharField(label=_("证书类别"), max_length=80, help_text=_("如“注册测绘师”。"))
    number = forms.CharField(label=_("证书编号"), max_length=60)
    valid_to = _day(_("有效期至"), required=False)


class Dismissing(forms.Form):
    """Somebody leaves the firm."""

    person = forms.IntegerField(widget=forms.HiddenInput)
    left_on = _day(_("离职日"))


class PlaceForm(forms.Form):
    """A branch."""

    region = forms.CharField(label=_("地区"), max_length=60)
    address = forms.CharField(label=_("地址"), max_length=200)
    phone = forms.CharField(label=_("电话"), max_length=40)


class Objecting(forms.Form):
    """What is wrong in somebody's data."""

    text = forms.CharField(
        label=_("哪一项不实，事实和理由"), max_length=1000, widget=_area(5),
        help_text=_("与结论一并公开，请不要写个人信息。"),
    )  # fmt: skip
    name = forms.CharField(label=_("您的姓名"), max_length=64, required=False)
    contact = forms.CharField(
        label=_("联系电话"), max_length=64, required=False, help_text=_("未登录的须填写；只供核查联系，不公开。")
    )


class FindingForm(forms.Form):
    """What came of an objection."""

    finding = forms.ChoiceField(label=_("结论"), choices=[(f.value, FINDING_WORDS[f][0]) for f in Finding])
    text = forms.CharField(label=_("查明的事实（公开）"), max_length=1000, widget=_area())
    strike = forms.TypedChoiceField(label=_("不再计入的资质"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, held: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["strike"].choices = [("", _("无")), *held]  # type: ignore[attr-defined]


class Checking(forms.Form):
    """A spot check."""

    code = forms.CharField(label=_("机构统一社会信用代码"), max_length=18)
    subject = forms.CharField(label=_("核查内容"), max_length=300)
    outcome = forms.ChoiceField(label=_("结论"), choices=[(o.value, OUTCOME_WORDS[o][0]) for o in Outcome])
    note = forms.CharField(label=_("查明的事实（公开）"), max_length=1000, required=False, widget=_area(2))
    due_on = _day(_("改正期限"), required=False)
    strike = forms.TypedChoiceField(
        label=_("不再计入的资质"), required=False, coerce=int, empty_value=None, help_text=_("只在承诺不实时撤销。")
    )

    def __init__(self, *args: Any, held: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if held is None:
            del self.fields["strike"]
        else:
            self.fields["strike"].choices = [("", _("无")), *held]  # type: ignore[attr-defined]


class Corrected(forms.Form):
    """What a firm has set right."""

    correction = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("改正了什么"), max_length=1000, widget=_area(2))


class LookingAgain(forms.Form):
    """What a second look found."""

    corrected = forms.TypedChoiceField(
        label=_("复查结论"), coerce=lambda value: value == "yes",
        choices=[("yes", _("已改正")), ("no", _("未改正，报告不良行为核查"))],
    )  # fmt: skip
    note = forms.CharField(label=_("查明的事实（公开）"), max_length=900, widget=_area(2))
    due_on = _day(_("另定的改正期限"), required=False, help_text=_("未改正的填写。"))
    ground = forms.ChoiceField(
        label=_("报告的事由"), required=False,
        choices=[("", _("无")), *((key, GROUNDS[key].name) for key in GROUNDS_OF_CHECKS)],
    )  # fmt: skip


class Upload(forms.Form):
    """A table."""

    file = forms.FileField(label=_("表格（.xlsx 或 .csv）"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
