"""Pages: the directory of providers, a shopfront, what one offers oneself, leaving the register."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blacklist.credit import queries as credit
from blacklist.credit import rules as credit_rules
from intermediaries.registry import queries as providers
from intermediaries.registry import rules as provider_rules
from intermediaries.registry import services as register
from intermediaries.registry.forms import told as told_by
from market.catalogue import offers
from market.catalogue import queries as catalogue
from market.shopfronts import forms, queries
from rulebook.actor import Role
from rulebook.calendar import day_in_china


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Providers by name, service and region, page after page."""
    on = day_in_china(request.arrived_at)
    items = [(row.item.code, row.name) for row in catalogue.directory(on=on)]
    form = forms.Search(request.GET, items=items)
    form.is_valid()
    asked = {field: form.cleaned_data.get(field, "") for field in ("q", "item", "region")}
    lines, following = queries.directory(
        words=asked["q"], item=asked["item"], region=asked["region"], after=request.GET.get("after", ""), on=on
    )
    chosen = {field: value for field, value in asked.items() if value}
    told = {
        "nav": "providers", "form": form, "lines": lines, "asked": bool(chosen), "first": "after" not in request.GET,
        "following": urlencode({**chosen, "after": following}) if following else "", "query": urlencode(chosen),
        "provider": request.actor.role is Role.PROVIDER,
    }  # fmt: skip
    return render(request, "market/shopfronts/directory.html", told)


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """A page of the directory as data, and where the next goes on."""
    on = day_in_china(request.arrived_at)
    asked = {field: request.GET.get(field, "")[:60] for field in ("region", "item")}
    lines, following = queries.directory(
        words=request.GET.get("q", "")[:60], after=request.GET.get("after", ""), on=on, **asked
    )
    told = {"providers": [queries.as_data(line.provider, on=on) for line in lines], "after": following}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
def shopfront(request: HttpRequest, code: str) -> HttpResponse:
    """One provider: what it offers, holds, promised and did here, and everything that was changed."""
    row = queries.provider(code)
    told = queries.shopfront(row, on=day_in_china(request.arrived_at), at=request.arrived_at)
    own = request.actor.organisation == code
    told |= {"nav": "providers", "own": own, "keeps": providers.keeps(request.actor)}
    told["follow"] = urlencode({"q": row.organisation.name})
    return render(request, "market/shopfronts/shopfront.html", told)


@require_safe
def credit_page(request: HttpRequest, code: str) -> HttpResponse:
    """A provider's credit, point by point: the item, what it rests on, the rule, when it fades, how to object."""
    row = queries.provider(code)
    told = credit.told(code, viewer=request.actor, at=request.arrived_at)
    page = {"nav": "providers", "row": row, "told": told, "base": credit_rules.BASE}
    return render(request, "market/shopfronts/credit.html", page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_services(request: HttpRequest) -> HttpResponse:
    """What one's own firm offers, at what price; and whether it could perform it today."""
    row = providers.own(request.actor)
    if row is None:
        if request.actor.role is not Role.PROVIDER:
            raise Http404
        return redirect("intermediaries:enter")
    on = day_in_china(request.arrived_at)
    code = row.organisation_id
    items = [(each.item.code, f"{each.name}（{each.item.code}）") for each in catalogue.directory(on=on)]
    form = forms.Offering(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        offers.offer_service(**told_by(form), by=request.actor, at=request.arrived_at)
        messages.success(request, _("服务和价格已公布。"))
        return redirect("market:own_services")
    rows = [
        (offer, version, providers.why_not(code, need=catalogue.need(version.content), on=on))
        for offer, version in catalogue.offers_of(row.pk, on=on)
    ]
    open_contracts = queries.open_contracts(code)
    told = {
        "nav": "providers", "row": row, "rows": rows, "form": form,
        "against": provider_rules.why_not_change(provider=code, state=row.state, by=request.actor),
        "against_leaving": provider_rules.why_not_leave(
            provider=code, state=row.state, open_contracts=open_contracts, by=request.actor
        ),
    }  # fmt: skip
    return render(request, "market/shopfronts/services.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Offer an item no longer."""
    offers.take_back(item=request.POST.get("item", ""), by=request.actor, at=request.arrived_at)
    return redirect("market:own_services")


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the register, with no contract open."""
    row = providers.own(request.actor)
    if row is None:
        raise Http404
    code = row.organisation_id
    register.leave(code=code, open_contracts=queries.open_contracts(code), by=request.actor, at=request.arrived_at)
    messages.success(request, _("已退出。可以随时重新签署承诺书入驻。"))
    return redirect("market:shopfront", code)
