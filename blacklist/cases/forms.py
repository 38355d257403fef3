"""The shape of what is typed in a case."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blacklist.cases.people import Known
from blacklist.cases.process import DECISIONS, REPAIRS, RULINGS, Outcome, Terms
from blacklist.cases.rules import CHINA, GROUNDS, PROMISE, Body, Kind
from blacklist.cases.words import FAMILY_WORDS, KIND_WORDS, OUTCOME_WORDS, masked
from documents.evidence.forms import EvidenceFiles
from documents.evidence.rules import REACH, kind_by_ends, why_not_keep
from rulebook.actor import SYSTEM


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **more)


def _grounds(body: Body) -> list[tuple[str, list[tuple[str, str]]]]:
    house = [(key, row) for key, row in GROUNDS.items() if body in row.bodies]
    return [
        (str(words), [(key, row.name) for key, row in house if row.family is family])
        for family, words in FAMILY_WORDS.items()
    ]


class Exhibits(forms.Form):
    """Files that prove what is said. Parties and deciders may have them, nobody else."""

    evidence = EvidenceFiles(label=_("证据材料"), required=False)

    def clean_evidence(self) -> list[tuple[str, Any]]:
        """Each with its name; looked at by its own bytes, so that what was typed is not lost over a wrong file."""
        found = self.cleaned_data["evidence"]
        for number, file in enumerate(found):
            head = file.read(REACH)
            file.seek(max(0, file.size - REACH))
            kind = kind_by_ends(head, file.read(REACH))
            file.seek(0)
            if reasons := why_not_keep(kept=number, size=file.size, kind=kind, by=SYSTEM):
                raise forms.ValidationError([f"{file.name}：{reason.sentence()}" for reason in reasons])
        return [(file.name, file.file) for file in found]


class FindPerson(forms.Form):
    """What papers say of a person: a name with its firm, or the number of a certificate."""

    name = forms.CharField(label=_("姓名"), max_length=64, required=False)
    firm = forms.CharField(
        label=_("所在单位"), max_length=200, required=False, help_text=_("单位全称或者统一社会信用代码。")
    )
    certificate = forms.CharField(
        label=_("证书编号"), max_length=60, required=False,
        help_text=_("执业证书编号；案件承办人员也可以填写评审专家编号。填写后不必填写姓名和单位。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One way or the other."""
        told = super().clean() or {}
        if not told.get("certificate") and not (told.get("name") and told.get("firm")):
            raise forms.ValidationError(_("请填写姓名和所在单位，或者证书编号。"))
        return told


class Charged(Exhibits):
    """What somebody is charged with."""

    body = Body.ORGANISATION
    ground = forms.ChoiceField(label=_("负面行为"))
    occurred_on = forms.DateField(label=_("行为日期"), widget=forms.DateInput(attrs={"type": "date"}))
    project = forms.CharField(
        label=_("所涉项目编号"), max_length=60, required=False, help_text=_("只供办案使用，任何公开页面都不显示。")
    )
    facts = _text(_("事实经过"))
    field_order = ("subject", "person", "ground", "occurred_on", "project", "facts", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _grounds(self.body)


class Report(Charged):
    """A charge against an organisation."""

    subject = forms.CharField(label=_("统一社会信用代码"), max_length=18)

    def clean_subject(self) -> str:
        """In capitals, as codes are."""
        return str(self.cleaned_data["subject"]).strip().upper()


class ReportPerson(Charged):
    """A charge against a person who was looked up."""

    body = Body.PERSON
    person = forms.ChoiceField(label=_("对象"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Sequence[Known] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(each.ref, shown(each)) for each in people]
        self.fields["person"].initial = people[0].ref if len(people) == 1 else None


def shown(person: Known) -> str:
    """A person as he is shown to who charges him: masked, with where he is known and the end of his certificate."""
    number = f"（证书尾号 {person.certificate[-4:]}）" if person.certificate else ""
    return f"{masked(person.name)}　{person.place}{number}"


class Words(forms.Form):
    """A reason, or nothing but words."""

    text = _text(_("理由"))


class Statement(Exhibits):
    """What the party says, or the minutes say."""

    text = _text(_("意见"))
    field_order = ("text", "evidence")


class WithTerms(forms.Form):
    """What may follow, or does: points, and a restriction besides."""

    points = forms.IntegerField(label=_("扣分"), min_value=0, max_value=100, initial=0)
    kind = forms.ChoiceField(
        label=_("限制"), required=False,
        choices=[("", _("无"))] + [(k.value, w) for k, w in KIND_WORDS.items() if k is not Kind.POINTS],
    )  # fmt: skip
    months = forms.IntegerField(label=_("月数"), min_value=0, max_value=60, initial=0)

    def terms(self) -> Terms:
        """As the rules take it."""
        told = self.cleaned_data
        kind = Kind(told["kind"]) if told["kind"] else None
        return Terms(told["points"], kind, told["months"] if kind else 0)


class Charge(WithTerms, Exhibits):
    """The notice to the party."""

    text = _text(_("查明的事实"))
    field_order = ("points", "kind", "months", "text", "evidence")


class Proposal(WithTerms, Exhibits):
    """How a case ends, or an appeal."""

    outcome = forms.ChoiceField(label=_("处理结果"))
    text = _text(_("理由和对申辩意见的答复"))
    field_order = ("outcome", "points", "kind", "months", "text", "evidence")
    outcomes = DECISIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(o.value, w) for o, w in OUTCOME_WORDS.items() if o in self.outcomes]

    def clean_outcome(self) -> Outcome:
        """As the rules take it."""
        return Outcome(self.cleaned_data["outcome"])


class Ruling(Proposal):
    """What becomes of an appeal."""

    outcomes = RULINGS


class RepairFinding(forms.Form):
    """What becomes of a request for repair."""

    restriction = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("修复结果"), choices=[(o.value, w) for o, w in OUTCOME_WORDS.items() if o in REPAIRS]
    )
    text = _text(_("审核理由"))

    def clean_outcome(self) -> Outcome:
        """As the rules take it."""
        return Outcome(self.cleaned_data["outcome"])


class Second(forms.Form):
    """The second person's word."""

    agrees = forms.ChoiceField(label=_("复核意见"), choices=[("yes", _("同意")), ("no", _("退回"))])
    text = _text(_("复核说明"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    def clean_agrees(self) -> bool:
        """Yes or no."""
        return bool(self.cleaned_data["agrees"] == "yes")


class Hearing(forms.Form):
    """When and where a hearing is held."""

    when = forms.DateTimeField(
        label=_("听证时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    place = forms.CharField(label=_("地点"), max_length=200)

    def clean_when(self) -> Any:
        """Typed as the clock of China shows it."""
        told = self.cleaned_data["when"]
        plain = timezone.make_naive(told) if timezone.is_aware(told) else told
        return plain.replace(tzinfo=CHINA)


class Repair(Exhibits):
    """The party's request for repair."""

    restriction = forms.UUIDField(widget=forms.HiddenInput)
    duty_done = _text(_("纠正行为、履行义务的情况"))
    promise = forms.BooleanField(
        label=_("公开作出守信承诺"), required=False, help_text=_("修复时随处理结果公开，不写名称：{promise}")
    )
    field_order = ("duty_done", "evidence", "promise")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promise"].help_text = str(self.fields["promise"].help_text).format(promise=PROMISE)
