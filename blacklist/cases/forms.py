"""The shape of what is typed in a case."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blacklist.cases.process import DECISIONS, REPAIRS, RULINGS, Outcome, Terms
from blacklist.cases.rules import CHINA, GROUNDS, Body, Kind
from blacklist.cases.words import FAMILY_WORDS, KIND_WORDS, OUTCOME_WORDS

EXHIBIT = re.compile(r"(.+?)\s+([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
MOST_EXHIBITS = 20


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **more)


def _grounds() -> list[tuple[str, list[tuple[str, str]]]]:
    house = [(key, row) for key, row in GROUNDS.items() if Body.ORGANISATION in row.bodies]
    return [
        (str(words), [(key, row.name) for key, row in house if row.family is family])
        for family, words in FAMILY_WORDS.items()
    ]


class Exhibits(forms.Form):
    """Evidence as a list of names and hashes; the files stay with who hands them in, to be shown at a hearing."""

    evidence = forms.CharField(
        label=_("证据清单"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一件：名称、空格、文件的 SHA-256。原件由提交人保存，当事人可以要求查看。"),
    )  # fmt: skip

    def clean_evidence(self) -> list[dict[str, str]]:
        """One line an exhibit."""
        found = [line.strip() for line in self.cleaned_data["evidence"].splitlines() if line.strip()]
        matches = [EXHIBIT.fullmatch(line) for line in found[: MOST_EXHIBITS + 1]]
        if len(found) > MOST_EXHIBITS or not all(matches):
            raise forms.ValidationError(_("每行须为“名称 SHA-256”，最多20件。"))
        return [{"name": match[1][:200], "sha256": match[2].lower()} for match in matches if match]


class Report(Exhibits):
    """A charge against an organisation."""

    subject = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    ground = forms.ChoiceField(label=_("负面行为"))
    occurred_on = forms.DateField(label=_("行为日期"), widget=forms.DateInput(attrs={"type": "date"}))
    project = forms.CharField(
        label=_("所涉项目编号"), max_length=60, required=False, help_text=_("只供办案使用，任何公开页面都不显示。")
    )
    facts = _text(_("事实经过"))
    field_order = ("subject", "ground", "occurred_on", "project", "facts", "evidence")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _grounds()

    def clean_subject(self) -> str:
        """In capitals, as codes are."""
        return str(self.cleaned_data["subject"]).strip().upper()


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


class Proposal(WithTerms):
    """How a case ends, or an appeal."""

    outcome = forms.ChoiceField(label=_("处理结果"))
    text = _text(_("理由和对申辩意见的答复"))
    field_order = ("outcome", "points", "kind", "months", "text")
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
    promise = forms.BooleanField(label=_("公开承诺守信，不再发生同类行为"), required=False)
    field_order = ("duty_done", "evidence", "promise")
