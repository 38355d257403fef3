"""The shape of what is typed about letters; never law."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from market.agency.models import Entrustment
from market.agency.rules import Terms
from market.projects.models import CATEGORY_WORDS, Project
from market.projects.sides import ENTRUSTABLE, PAYERS, WORK_WORDS

SELF = "self"


class DayInput(forms.DateInput):
    """A day in the browser's own control."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OfferForm(forms.Form):
    """A letter as a purchaser puts it to an agent."""

    agent = forms.ChoiceField(label=_("采购代理机构"), help_text=_("由本单位自行选择，任何单位和个人不得指定"))
    title = forms.CharField(label=_("委托采购的项目或者范围"), max_length=200)
    single = forms.BooleanField(label=_("只用于一个项目"), required=False)
    works = forms.MultipleChoiceField(
        label=_("委托事项"), choices=[(each.value, WORK_WORDS[each]) for each in ENTRUSTABLE],
        initial=[each.value for each in ENTRUSTABLE], widget=forms.CheckboxSelectMultiple,
        help_text=_("没有勾选的由本单位办理；确认文件和报告、确定供应商、签订合同不得委托"),
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=_("采购类别"), choices=[(key.value, words) for key, words in CATEGORY_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    most = forms.DecimalField(
        label=_("单个项目预算上限（元）"), max_digits=15, decimal_places=2, required=False, help_text=_("不限的留空")
    )
    first = forms.DateField(label=_("自"), widget=DayInput())
    last = forms.DateField(
        label=_("至"), widget=DayInput(), help_text=_("在此期间可以开始新项目；已经开始的办到完成，除非终止委托")
    )
    fee = forms.CharField(
        label=_("代理费用的收取标准"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("随公告公开；不收取的写明不收取"),
    )  # fmt: skip
    payer = forms.ChoiceField(label=_("由谁支付"), choices=PAYERS.items())
    contact_name = forms.CharField(label=_("本单位联系人"), max_length=64)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=32)
    address = forms.CharField(label=_("地址"), max_length=200)
    file = forms.FileField(
        label=_("双方签署的委托代理协议"), widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=_("PDF，不超过 20 MB。只有双方和监督人员能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, agents: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = [(each.code, each.name) for each in agents]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """What the letter says."""
        told = self.cleaned_data
        return Terms(
            told["title"], frozenset(told["works"]), frozenset(told["categories"]), told["most"], told["single"],
            told["first"], told["last"], told["fee"], told["payer"], told["contact_name"], told["contact_phone"],
            told["address"],
        )  # fmt: skip


class AgreeForm(forms.Form):
    """Where the agent is reached."""

    contact_name = forms.CharField(label=_("本机构联系人"), max_length=64)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=32)
    address = forms.CharField(label=_("地址"), max_length=200, help_text=_("以上随各次公告公开"))


class ReasonForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class EndForm(ReasonForm):
    """Why a letter ends, and who goes on with each purchase."""

    def __init__(self, *args: Any, running: Iterable[tuple[Project, list[Entrustment]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = []
        for project, letters in running:
            self.numbers.append(project.number)
            choices = [("", _("请选择")), (SELF, _("采购人自行办理"))]
            choices += [(str(each.public_id), f"{each.agent.name}：{each.title}") for each in letters]
            self.fields[project.number] = forms.ChoiceField(
                label=_("“{title}”由谁接手").format(title=project.title), choices=choices, required=False
            )

    def successors(self) -> dict[str, str]:
        """Number ↦ who goes on."""
        return {number: self.cleaned_data[number] for number in self.numbers}
