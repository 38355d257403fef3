"""Page: a buyer chooses one provider directly."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.factors.door import stepped_up
from market.catalogue import queries as catalogue
from market.purchases import queries as purchases
from market.selection import direct
from market.selection.gate import why_not_take_part

MOST = 30  # providers shown with the reasons against each


class PickForm(forms.Form):
    """Whom, at what price, and why."""

    org = forms.CharField(
        label=_("机构的统一社会信用代码"),
        max_length=18,
        min_length=18,
        help_text=_("从提供该服务的机构中点选，或者直接填写。"),
    )
    amount = forms.DecimalField(
        label=_("价格（元）"), max_digits=15, decimal_places=2, min_value=Decimal("0.01"),
        help_text=_("不高于公告的最高限价；合同价就是这个价格。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("选定的理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("为什么是这一家，和别家比过什么。随结果公布。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
def pick(request: HttpRequest, number: str) -> HttpResponse:
    """The providers that offer the item, with what stands against each; and the choice."""
    row = purchases.own(number, request.actor)
    project = row.project
    first = {"org": request.GET.get("org", ""), "amount": project.price_cap if row.price_known else None}
    form = PickForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        direct.pick(number=number, **form.cleaned_data, by=request.actor, at=request.arrived_at)
        messages.success(request, _now("已选定，结果随即公示。"))
        return redirect("market:purchase", number)
    offers = [
        (each, why_not_take_part(project, org=each.provider.organisation_id, at=request.arrived_at))
        for each in catalogue.offers_for(row.item, most=MOST)
    ]
    against = direct.why_not_pick(
        project, org="", amount=project.price_cap, reason="-----", by=request.actor, at=request.arrived_at
    )
    told = {"nav": "desk", "project": project, "purchase": row, "form": form, "offers": offers, "against": against}
    return render(request, "market/selection/pick.html", told, status=422 if form.errors else 200)
