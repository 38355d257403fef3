"""Pages: how one is reached, the proof of an address, how the gateways are."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import CodeForm
from accounts.reaching import queries, services
from accounts.reaching.forms import NAMING, CalendarForm, ChoicesForm
from accounts.reaching.gateways import is_played, offered_ways
from accounts.reaching.rules import LEADS_TO, Channel, Way
from accounts.reaching.words import WAY_WORDS
from accounts.source import source_of
from rulebook.actor import Role


def _page(request: HttpRequest, status: int = 200, **forms: object) -> HttpResponse:
    wish = queries.wish_of(request.user)
    own = queries.contacts(request.user)
    ways = [
        {
            "way": way.value,
            "words": WAY_WORDS[way],
            "form": forms.get(way.value) or NAMING[way](),
            **own.get(way, {}),
        }
        for way in offered_ways()
    ]
    told = {
        "nav": "inbox",
        "ways": ways,
        "choices": forms.get("choices") or ChoicesForm(wish=wish, role=request.actor.role),
        "reached": {each.value for each in wish.offered if LEADS_TO[each] in wish.ways},
        "code_form": CodeForm(auto_id="code_%s"),
        "calendar": queries.calendar_key(request.user),
        "calendar_form": CalendarForm(),
        "sendings": queries.own_sendings(request.user),
        "plays_wechat": is_played(Channel.WECHAT),
        **forms,
    }
    return render(request, "accounts/reaching/mine.html", told, status=status)


def _known(way: str) -> Way:
    if way not in {each.value for each in Way}:
        raise Http404
    return Way(way)


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """By which ways one is reached, what goes by them, one's calendar, what went lately."""
    return _page(request)


@login_required
@require_POST
def name_contact(request: HttpRequest, way: str) -> HttpResponse:
    """Name an address; its proof goes there."""
    form = NAMING[_known(way)](request.POST)
    if not form.is_valid():
        return _page(request, 422, **{way: form})
    _row, word = services.name_contact(
        user=request.user, way=Way(way), address=form.cleaned_data.get("address", ""), source=source_of(request),
        by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    if word:
        return _page(request, wechat_code=word)
    messages.success(request, _("已发出，请按收到的提示确认。"))
    return redirect("accounts:reaching")


@login_required
@require_POST
def confirm_phone(request: HttpRequest) -> HttpResponse:
    """The code that came by text message."""
    waiting = queries.contacts(request.user).get(Way.PHONE, {}).get("waits")
    form = CodeForm(request.POST, auto_id="code_%s")
    if waiting is None or not form.is_valid():
        return _page(request, 422, code_form=form)
    services.confirm_contact(contact=waiting, word=form.cleaned_data["code"], by=request.actor, at=request.arrived_at)
    messages.success(request, _("已确认。"))
    return redirect("accounts:reaching")


@login_required
@require_POST
def play_wechat(request: HttpRequest) -> HttpResponse:
    """In the demo, where nobody has the service account: what its gateway would tell of one's own code."""
    waiting = queries.contacts(request.user).get(Way.WECHAT, {}).get("waits")
    if waiting is None or not is_played(Channel.WECHAT):
        raise Http404
    services.confirm_contact(
        contact=waiting, word=request.POST.get("code", ""), address=f"demo-{waiting.id.hex}", by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已确认。"))
    return redirect("accounts:reaching")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: HttpRequest, contact: UUID, word: str) -> HttpResponse:
    """Where the link in a mail leads. Looking confirms nothing: mail filters look at every link."""
    row = queries.mailbox(contact)
    if request.method == "POST":
        row = services.confirm_contact(contact=row, word=word, by=request.actor, at=request.arrived_at)
    return render(request, "accounts/reaching/confirmed.html", {"row": row})


@login_required
@require_POST
def drop_contact(request: HttpRequest, way: str) -> HttpResponse:
    """Take an address away."""
    services.drop_contact(user=request.user, way=_known(way), by=request.actor, at=request.arrived_at)
    messages.success(request, _("已停用，地址已删除。站内信照常。"))
    return redirect("accounts:reaching")


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """What goes by which channel, and when."""
    form = ChoicesForm(request.POST, wish=queries.wish_of(request.user), role=request.actor.role)
    if not form.is_valid():
        return _page(request, 422, choices=form)
    services.choose(
        user=request.user, topics=form.topics, begins=form.cleaned_data["quiet_begins"],
        ends=form.cleaned_data["quiet_ends"], by=request.actor, at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已保存。"))
    return redirect("accounts:reaching")


@login_required
@never_cache
@require_POST
def open_calendar(request: HttpRequest) -> HttpResponse:
    """Make the address of one's calendar; it is shown once."""
    form = CalendarForm(request.POST)
    names = form.is_valid() and form.cleaned_data["names"]
    word = services.open_calendar(user=request.user, names=names, by=request.actor, at=request.arrived_at)
    return _page(request, calendar_address=f"{settings.SITE}{reverse('portal:calendar', args=[word])}")


@login_required
@require_POST
def close_calendar(request: HttpRequest) -> HttpResponse:
    """Let the address of one's calendar lead nowhere."""
    services.close_calendar(user=request.user, by=request.actor, at=request.arrived_at)
    messages.success(request, _("日历地址已作废，日历里不再更新。"))
    return redirect("accounts:reaching")


@login_required
@never_cache
@require_safe
def gateways(request: HttpRequest) -> HttpResponse:
    """How the gateways are, for operators; 404 for everybody else."""
    if request.actor.role is not Role.OPERATOR:
        raise Http404
    return render(request, "accounts/reaching/gateways.html", {"channels": queries.health(at=request.arrived_at)})
