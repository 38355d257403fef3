"""Pages: the people of one's house, an invitation, a colleague, a hand-over; a first administrator."""

import functools
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.factors.door import admit, stepped_up
from accounts.factors.rules import Proof
from accounts.models import ROLE_WORDS, Delivery, Organisation, User
from accounts.rules import Kind
from people.colleagues import forms, handing, queries, rules, services
from people.colleagues.rules import What
from people.colleagues.words import WHAT_WORDS, told
from people.custody import queries as custody
from people.custody import services as keeping
from people.entering import queries as entering
from people.entering import services as agreeing
from people.powers import queries as powers
from people.powers import services as authorising
from rulebook.actor import Actor, Role
from rulebook.jurisdiction import has_jurisdiction
from rulebook.regions import region_of

LINK = "people.invitation-link"  # shown once to whoever invites, and kept in his session until then


def of_a_house(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages for who acts for a house of several; there is nothing here for anybody else."""

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        house = request.user.organisation
        if house is None or house.kind == Kind.CITIZEN:
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(behind)


@require_safe
@of_a_house
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for one's house, and who says so."""
    code, kind = request.actor.organisation, Kind(request.user.organisation.kind)
    everybody = queries.colleagues(code)
    context = {
        "nav": "desk",
        "house": request.user.organisation,
        "against": queries.why_not_administer(request.actor),
        "colleagues": everybody,
        "administrators": sum(each.administers and each.user.is_active for each in everybody),
        "advised": rules.ADVISED,
        "waiting": [(row, ROLE_WORDS[Role(row.role)]) for row in queries.waiting(code, at=request.arrived_at)],
        "form": forms.InviteForm(roles=rules.roles_of(kind)),
        "link": request.session.pop(LINK, ""),
        "only_authorised": powers.only_authorised(code),
        "custody": custody.custody(code),
        "agreement": entering.agreement(code),
    }
    return render(request, "people/colleagues/people.html", context)


@require_safe
@of_a_house
def history(request: HttpRequest) -> HttpResponse:
    """What was done with the people of one's house. For its administrators."""
    if queries.why_not_administer(request.actor):
        raise Http404
    page = Paginator(queries.steps(request.actor.organisation), 30).get_page(request.GET.get("page"))
    lines = [(step, WHAT_WORDS[What(step.what)], told(step)) for step in page]
    return render(request, "people/colleagues/history.html", {"nav": "desk", "page": page, "lines": lines})


@require_POST
@of_a_house
@stepped_up
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague."""
    form = forms.InviteForm(request.POST, roles=rules.roles_of(Kind(request.user.organisation.kind)))
    if not form.is_valid():
        form.cleaned_data = {"role": "", "name": "", "phone": "", "administers": False} | form.cleaned_data
    row, token = services.invite(**form.cleaned_data, by=request.actor, at=request.arrived_at)
    if row.phone:
        messages.success(request, _("邀请链接已发到手机。七日内有效，只能用一次。"))
    else:
        request.session[LINK] = f"{settings.SITE}/invitations/{token}/"
    return redirect("people:people")


@require_POST
@of_a_house
def revoke(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    services.revoke(invitation=invitation, by=request.actor, at=request.arrived_at)
    messages.success(request, _("邀请已撤回，链接失效。"))
    return redirect("people:people")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by an invitation: set a password, and be signed in."""
    row = queries.invitation(token)
    steward = rules.keeps_platform(Role(row.role))
    form = forms.AcceptForm(request.POST or None, steward=steward)
    against = rules.why_not_accept(
        expires_at=row.expires_at, used=row.used_at is not None, revoked=row.revoked_at is not None,
        at=request.arrived_at,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        user = services.accept(token=token, **form.cleaned_data, by=request.actor, at=request.arrived_at)
        messages.success(request, _("欢迎。今后用 {username} 登录，请记下来。").format(username=user.username))
        return admit(request, user, proof=Proof.PASSWORD, after=reverse("people:people"))
    context = {"row": row, "role": ROLE_WORDS[Role(row.role)], "form": form, "against": against}
    return render(request, "people/colleagues/accept.html", context, status=422 if form.errors else 200)


@require_safe
@of_a_house
@never_cache
def colleague(request: HttpRequest, person: UUID) -> HttpResponse:
    """One colleague: what he may do, and what can be changed. For administrators."""
    user = _colleague(request, person)
    code, kind = request.actor.organisation, Kind(request.user.organisation.kind)
    administrators = queries.administrators(code).count()
    heads = queries.administers(user.as_actor())
    myself, left = user.pk == request.user.pk, queries.has_left(user)
    lose = rules.why_not_lose(administrators=administrators, administers=heads and user.is_active)
    context = {
        "nav": "desk",
        "who": user,
        "heads": heads,
        "left": left,
        "form": forms.RoleForm(roles=rules.roles_of(kind), initial={"role": user.role}),
        "powers": [row for row in powers.powers(code) if row.user_id == user.pk],
        "power_form": forms.PowerForm(),
        "only_authorised": powers.only_authorised(code),
        "against_dismiss": lose,
        "against_block": rules.why_not_block(myself=myself, active=user.is_active) or lose,
        "keeps": any(each.user.pk == user.pk for each in custody.custody(code).keepers),
    }
    return render(request, "people/colleagues/colleague.html", context)


ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "appoint": (services.appoint, gettext_lazy("已指定为单位管理员。")),
    "dismiss": (services.dismiss, gettext_lazy("不再是单位管理员。")),
    "block": (services.block, gettext_lazy("账户已停用，已打开的页面同时失效。")),
    "unblock": (services.unblock, gettext_lazy("账户已恢复。")),
    "role": (services.change_role, gettext_lazy("岗位已变更，即时生效。")),
    "give": (authorising.give, gettext_lazy("已授权。")),
    "give-every": (functools.partial(authorising.give, every=True), gettext_lazy("已授权全部项目。")),
    "keep": (keeping.name, gettext_lazy("已指定为密钥保管人，请其本人完成一次保管演练。")),
    "unkeep": (keeping.end, gettext_lazy("不再是密钥保管人。其见过密钥，请考虑登记新一代密钥。")),
}
TYPED = {"role": "role", "give": "number"}


@require_POST
@of_a_house
@stepped_up
def act(request: HttpRequest, person: UUID, what: str) -> HttpResponse:
    """Do something with a colleague."""
    if what not in ACTS:
        raise Http404
    service, done = ACTS[what]
    typed = {TYPED[what]: request.POST.get(TYPED[what], "")} if what in TYPED else {}
    service(person=person, **typed, by=request.actor, at=request.arrived_at)
    messages.success(request, done)
    if queries.why_not_administer(request.actor):  # he has just given it up himself
        return redirect("people:people")
    return redirect("people:colleague", person)


@require_POST
@of_a_house
def withdraw(request: HttpRequest, power: int) -> HttpResponse:
    """Take an authorisation back."""
    authorising.withdraw(power=power, by=request.actor, at=request.arrived_at)
    messages.success(request, _("授权已收回，即时生效。"))
    return redirect("people:people")


@require_POST
@of_a_house
@stepped_up
def switch(request: HttpRequest) -> HttpResponse:
    """Let only who is authorised act, or everybody."""
    only = request.POST.get("only") == "yes"
    authorising.switch(only_authorised=only, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已改为只由被授权的人办理。") if only else _("已改为全体人员可以办理。"))
    return redirect("people:people")


@require_POST
@of_a_house
def agree(request: HttpRequest) -> HttpResponse:
    """Sign the agreement for one's house."""
    agreeing.agree(by=request.actor, at=request.arrived_at)
    messages.success(request, _("已签署电子签名协议。"))
    return redirect("people:people")


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_house
@stepped_up
@never_cache
def hand_over(request: HttpRequest, person: UUID) -> HttpResponse:
    """Everything that hangs on somebody, and one button that gives it to a colleague and shuts the account."""
    user = _colleague(request, person)
    heirs = [
        each.user for each in queries.colleagues(request.actor.organisation)
        if each.user.is_active and each.user.pk != user.pk and each.user.role == user.role
    ]  # fmt: skip
    if request.method == "POST":
        form = forms.HeirForm(request.POST, heirs=heirs)
        to = UUID(form.cleaned_data["to"]) if form.is_valid() else person  # nobody: refused in words
        services.hand_over(person=person, to=to, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已交接，{name}的账户已关闭。").format(name=user.name))
        return redirect("people:people")
    context = {
        "nav": "desk", "who": user, "heirs": heirs, "form": forms.HeirForm(heirs=heirs),
        "left": queries.has_left(user), "hangs": handing.hangs_on(user),
        "unread": Delivery.objects.filter(user=user, read_at=None).count(),
        "duties": import_string(settings.PERSON_DUTIES)(user.as_actor(), at=request.arrived_at),
    }  # fmt: skip
    return render(request, "people/colleagues/hand_over.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@stepped_up
def first(request: HttpRequest) -> HttpResponse:
    """The security officer puts an administrator into a house that has none."""
    if request.actor.role is not Role.SECURITY:
        raise Http404
    if request.method == "POST":
        person = forms.PersonForm(request.POST)
        if not person.is_valid():
            raise Http404
        row = services.appoint_first(**person.cleaned_data, by=request.actor, at=request.arrived_at)
        messages.success(request, _("已指定 {name} 为单位管理员。").format(name=row.user.name))
        return redirect("people:first")
    form = forms.HouseForm(request.GET or None)
    code = form.cleaned_data["code"] if form.is_bound and form.is_valid() else ""
    context = {
        "nav": "desk", "form": form, "code": code, "house": Organisation.objects.filter(code=code).first(),
        "people": _of_house(code, request.actor),
        "against": rules.why_not_appoint_first(
            administrators=queries.administrators(code).count(), active=True, by=request.actor
        ),
    }  # fmt: skip
    return render(request, "people/colleagues/first.html", context)


def _of_house(code: str, viewer: Actor) -> list[User]:
    """Who could administer a house, for whose office reaches it."""
    if not code or not has_jurisdiction(viewer, region_of(code)):
        return []
    return list(User.objects.filter(organisation_id=code, is_active=True).order_by("pk"))


def _colleague(request: HttpRequest, person: UUID) -> User:
    """Somebody of the house one administers; not found for anybody else."""
    if queries.why_not_administer(request.actor):
        raise Http404
    return User.objects.get(public_id=person, organisation_id=request.actor.organisation)
