"""Shapes of what people fill in in the hall."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bidding.tender.forms import Moment


class IncidentForm(forms.Form):
    """An outage of the platform."""

    number = forms.CharField(label=_("故障编号"), max_length=32)
    since = Moment(label=_("开始时间"))
    until = Moment(label=_("结束时间"))
    cause = forms.CharField(label=_("故障原因"), max_length=500)
