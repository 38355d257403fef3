"""Pages: the directory, an item, its one-time notice sheet on screen and on paper, the same as data; the editor."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import typesetting
from market.catalogue import forms, pages, queries, rules, services, tariffs, words
from market.catalogue.models import ItemVersion
from rulebook.actor import Role
from rulebook.calendar import day_in_china


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """What may be asked for today, searched by name, type, department and region."""
    on = day_in_china(request.arrived_at)
    form = forms.Search(request.GET, choices=queries.choices(on=on))
    form.is_valid()
    chosen = {field: form.cleaned_data.get(field, "") for field in ("type", "department", "region")}
    rows = queries.directory(on=on, words=form.cleaned_data.get("q", ""), **chosen)
    told = {
        "nav": "catalogue", "form": form, "outgrown": queries.outgrown(on=on),
        "rows": [(row, words.type_words(row.type), row.content.get("name_mn", "")) for row in rows],
        "asked": any(request.GET.values()), "edits": queries.keeps(request.actor),
    }  # fmt: skip
    return render(request, "market/catalogue/directory.html", told)


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Approval items, each with the services it may ask for, and which of them an applicant need not buy."""
    asked = request.GET.get("q", "")[:60]
    rows = queries.approvals(on=day_in_china(request.arrived_at), words=asked)
    return render(request, "market/catalogue/approvals.html", {"nav": "catalogue", "rows": rows, "asked": asked})


@require_safe
def feed(request: HttpRequest) -> JsonResponse:
    """The directory in force today as data."""
    rows = queries.directory(on=day_in_china(request.arrived_at))
    told = {"items": [queries.as_data(row) for row in rows]}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """An item: the version in force, or the one asked for, with everything it says and what became of it."""
    on = day_in_china(request.arrived_at)
    asked = request.GET.get("version", "")
    row = queries.version(code, number=int(asked) if asked.isascii() and asked.isdigit() else None, on=on)
    told = {
        **_told(row, request), "versions": queries.versions(row.item),
        "against": queries.why_not_order(code, on=on), "bundles": queries.bundles_with(code, on=on),
        "standing": rules.in_force(queries.versions(row.item), on=on) == row,
        "owns": not rules.why_not_edit(department=row.item.department_id, by=request.actor),
        "buys": request.actor.role is Role.OFFICER,
    }  # fmt: skip
    return render(request, "market/catalogue/item.html", told)


def _told(row: ItemVersion, request: HttpRequest) -> dict[str, Any]:
    return pages.version(row, address=_address(row, request), on=day_in_china(request.arrived_at))


def _address(row: ItemVersion, request: HttpRequest) -> str:
    return request.build_absolute_uri(row.item.get_absolute_url())


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The one-time notice sheet (一次性告知单): all that is wanted, said once, to be printed."""
    row = queries.version(code, on=day_in_china(request.arrived_at))
    return render(request, "market/catalogue/sheet.html", _told(row, request))


@require_safe
def sheet_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper, with a code that leads to the item."""
    row = queries.version(code, on=day_in_china(request.arrived_at))
    values = pages.sheet(row, address=_address(row, request), on=day_in_china(request.arrived_at))
    data = typesetting.pdf("market/catalogue/sheet.typ", values, at=row.published_at)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, _("{code}-一次性告知单.pdf").format(code=code))
    return answer


@require_safe
def as_json(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force, byte for byte what its published SHA-256 is over."""
    row = queries.version(code, on=day_in_china(request.arrived_at))
    return HttpResponse(row.text.encode(), content_type="application/json")


# --- the department's desk -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The department's items and their drafts; a new one begins here."""
    if not queries.keeps(request.actor):
        raise Http404
    form = forms.NewItem(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        services.draft_item(code=code, content={}, by=request.actor, at=request.arrived_at)
        return redirect("market:item_edit", code)
    on = day_in_china(request.arrived_at)
    rows = []
    for each in queries.own(request.actor):
        found = sorted(each.versions.all(), key=lambda version: -version.number)
        rows.append((each, rules.in_force(found, on=on), found[0] if found else None))
    return render(request, "market/catalogue/own.html", {"nav": "desk", "rows": rows, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write the draft of an item; the page says what is still missing and what readers would stumble over."""
    held = queries.own_item(code, viewer=request.actor)
    form = forms.ItemForm(request.POST or None, initial=held.draft)
    if request.method == "POST" and form.is_valid():
        services.draft_item(code=code, content=form.told(), by=request.actor, at=request.arrived_at)
        messages.success(request, _("草稿已保存。"))
        return redirect("market:item_edit", code)
    on = day_in_china(request.arrived_at)
    latest = next(iter(queries.versions(held)), None)
    content = queries.whole(held.draft, on=on)
    done, whole = rules.completeness(content)
    told = {
        "nav": "desk", "item": held, "form": form, "latest": latest, "done": done, "whole": whole,
        "taken": words.taken(content) if content.get("parts") else [],
        "warned": [words.warned(each) for each in rules.warnings(content)],
        "against": rules.why_not_publish(
            content, department=held.department_id, effective_from=on, latest=None,
            parts=queries.fit_parts(held.draft.get("parts", ()), on=on), by=request.actor, on=on,
        ) + tariffs.why_not_tariff(content),
        "publishing": forms.Publishing(initial={"effective_from": on}), "cancelling": forms.Cancelling(),
        "against_withdrawal": rules.why_not_withdraw(
            latest, department=held.department_id, reason="-", by=request.actor
        ),
    }  # fmt: skip
    return render(request, "market/catalogue/edit.html", told, status=422 if form.errors else 200)


@login_required
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the draft as the next version."""
    held = queries.own_item(code, viewer=request.actor)
    form = forms.Publishing(request.POST)
    day = form.cleaned_data["effective_from"] if form.is_valid() else day_in_china(request.arrived_at)
    row = services.publish_item(code=held.code, effective_from=day, by=request.actor, at=request.arrived_at)
    messages.success(request, _("第 {n} 版已公布。").format(n=row.number))
    return redirect(f"{reverse('market:item', args=[code])}?version={row.number}")


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the item out of the directory."""
    held = queries.own_item(code, viewer=request.actor)
    reason = request.POST.get("reason", "")
    services.withdraw_item(code=held.code, reason=reason, by=request.actor, at=request.arrived_at)
    messages.success(request, _("事项已取消，理由已公布。"))
    return redirect("market:item", code)
