"""Pages: the second factor at the door, one's own security page, proofs asked anew."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services as accounts
from accounts.factors import door, passkeys, queries, services, totp
from accounts.factors.door import stepped_up
from accounts.factors.forms import AuthenticatorForm, LostForm, PasswordForm
from accounts.factors.rules import Proof, Step
from accounts.models import User
from accounts.resets import queries as resets
from accounts.sessions import queries as sessions
from accounts.sessions import services as ending
from accounts.source import source_of
from accounts.sso import queries as outside

FRESH = "fresh_totp"  # in the session: the sealed secret of an authenticator that is being set up
SECURITY = "accounts:security"


def _owner(request: HttpRequest) -> User:
    """Whose factors are being added to: who is signed in, or who must have one before he is."""
    if request.user.is_authenticated:
        return request.user
    user, _kept = door.beginner(request)
    if queries.factors_of(user).any:
        raise PermissionDenied  # he shows what he has, he does not add to it
    return user


def _added(request: HttpRequest, user: User, proof: Proof) -> HttpResponse:
    """Where a new factor leads: back to one's page, or at last through the door."""
    if request.user.is_authenticated:
        messages.success(request, _("已添加，下次登录时可以使用。"))
        return redirect(SECURITY)
    answer = door.enter(request, user, proof=proof, after="/accounts/security/")
    messages.success(request, _("已添加验证方式并登录。请再生成一份恢复码，打印后收好。"))
    return answer


# --- at the door ------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """After the password: a passkey, a code of the authenticator, a recovery code, or one two persons vouched for."""
    user, kept = door.beginner(request)
    if request.method == "POST":
        proof = door.prove(request, user, request.POST.dict(), at_the_door=True)
        return door.enter(request, user, proof=proof, after=kept["after"])
    return render(request, "accounts/factors/second.html", {"has": queries.factors_of(user)})


@never_cache
@require_safe
def second_new(request: HttpRequest) -> HttpResponse:
    """After the password of somebody who must have a second factor and has none yet."""
    return render(request, "accounts/factors/new.html", {"owner": _owner(request)})


@require_POST
def passkey_ask(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for a passkey: one's own, or anybody's at the door."""
    user = request.user if request.user.is_authenticated else None
    if user is None and door.PENDING in request.session:
        user, _kept = door.beginner(request)
    return JsonResponse(door.challenge(request, user))


@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: it says who, and is two factors at once."""
    attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
    try:
        answer = json.loads(request.POST.get(door.PASSKEY, ""))
    except ValueError:
        answer = None
    user = door.by_passkey(request, answer, None)
    accounts.pass_door(attempt=attempt)
    return door.enter(request, user, proof=Proof.PASSKEY, after=request.POST.get("next", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """A new password by the code of a reset. Throttled like the door, and as silent about who is known."""
    form = LostForm(request.POST or None)
    if request.method == "POST":
        attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
        if form.is_valid():
            services.replace_lost_password(**form.cleaned_data, by=request.actor, at=request.arrived_at)
            accounts.pass_door(attempt=attempt)
            messages.success(request, _("密码已更换，请用新密码登录；原有的其他验证方式仍然需要。"))
            return redirect("accounts:login")
    return render(request, "accounts/factors/lost.html", {"form": form}, status=422 if form.errors else 200)


# --- one's own page ---------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How one signs in, where one is signed in, and what became of the account."""
    user, at = request.user, request.arrived_at
    told = {
        "has": queries.factors_of(user), "passkeys": queries.passkeys_of(user), "form": PasswordForm(),
        "sessions": sessions.sessions_of(user)[:50], "present": request.session.row,
        "page": Paginator(queries.steps_of(user), 10).get_page(request.GET.get("page")),
        "cooling": resets.is_cooling(user, at=at), "providers": outside.links(user),
    }  # fmt: skip
    return render(request, "accounts/factors/security.html", told)


@require_POST
@stepped_up
def passkey_new(request: HttpRequest) -> HttpResponse:
    """What the browser is asked in order to make a passkey."""
    user = _owner(request)
    options, state = passkeys.ask_new(
        origin=door.origin_of(request), handle=user.public_id.bytes, username=user.username, name=user.name,
        kept=queries.credentials_of(user),
    )  # fmt: skip
    request.session[door.CHALLENGE] = {**state, "at": request.arrived_at.isoformat()}
    return JsonResponse(options)


@require_POST
@stepped_up
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keep the passkey the browser made."""
    user, state = _owner(request), door.challenged(request)
    try:
        answer: Any = json.loads(request.POST.get("made", ""))
    except ValueError:
        answer = None
    services.add_passkey(
        user=user, name=request.POST.get("name", ""), origin=door.origin_of(request), state=state,
        answer=answer if isinstance(answer, dict) else {}, by=user.as_actor(), at=request.arrived_at,
    )  # fmt: skip
    return _added(request, user, Proof.PASSKEY)


@require_POST
@login_required
@stepped_up
def passkey_remove(request: HttpRequest, passkey: UUID) -> HttpResponse:
    """Remove a passkey."""
    services.remove_passkey(user=request.user, passkey=passkey, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已移除。"))
    return redirect(SECURITY)


@require_POST
@stepped_up
def authenticator_begin(request: HttpRequest) -> HttpResponse:
    """Begin to set an authenticator up: a new secret, kept by the session until a code shows it has arrived."""
    _owner(request)
    request.session[FRESH] = totp.seal(totp.fresh())
    return redirect("accounts:authenticator")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator(request: HttpRequest) -> HttpResponse:
    """Show the secret to the app, and type the first code."""
    user, sealed = _owner(request), request.session.get(FRESH, "")
    secret = totp.unseal(sealed) if sealed else None
    if secret is None:
        return redirect(SECURITY)
    form = AuthenticatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        services.add_authenticator(user=user, sealed=sealed, code=code, by=user.as_actor(), at=request.arrived_at)
        request.session.pop(FRESH)
        return _added(request, user, Proof.TOTP)
    told = {
        "form": form, "spelt": totp.spelt(secret), "address": totp.address(secret, username=user.username),
    }  # fmt: skip
    return render(request, "accounts/factors/authenticator.html", told, status=422 if form.errors else 200)


@require_POST
@login_required
@stepped_up
def authenticator_remove(request: HttpRequest) -> HttpResponse:
    """Remove the authenticator."""
    services.remove_authenticator(user=request.user, by=request.actor, at=request.arrived_at)
    messages.success(request, _("已移除。"))
    return redirect(SECURITY)


@never_cache
@require_POST
@login_required
@stepped_up
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    made = services.make_codes(user=request.user, by=request.actor, at=request.arrived_at)
    return render(request, "accounts/factors/codes.html", {"codes": made})


@require_POST
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: the other sessions end."""
    form = PasswordForm(request.POST)
    attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
    if not form.is_valid():
        return redirect(SECURITY)
    user = services.change_password(user=request.user, **form.cleaned_data, by=request.actor, at=request.arrived_at)
    accounts.pass_door(attempt=attempt)
    door.keep_signed_in(request, user)
    ending.end_others(user=user, row=request.session.row, by=request.actor, at=request.arrived_at)
    messages.success(request, _("密码已更换，其他设备已退出。"))
    return redirect(SECURITY)


# --- sessions ---------------------------------------------------------------------------------------------------------


@require_POST
@login_required
def end_session(request: HttpRequest, session: UUID) -> HttpResponse:
    """Sign one device out."""
    ending.end_session(user=request.user, session=session, by=request.actor, at=request.arrived_at)
    messages.success(request, _("该设备已退出。"))
    return redirect(SECURITY)


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign every other device out."""
    count = ending.end_others(user=request.user, row=request.session.row, by=request.actor, at=request.arrived_at)
    services.note(
        user=request.user, kind=Step.SESSIONS_ENDED, about=str(count), by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("其他设备已全部退出。"))
    return redirect(SECURITY)


# --- for scripts ------------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_up(request: HttpRequest) -> JsonResponse:
    """What this person can prove himself with; and the proof, for a script that asks its door again then."""
    if request.method == "POST":
        door.prove(request, request.user, request.POST.dict(), at_the_door=False)
        door.mark_proven(request)
        return JsonResponse({"done": True})
    has = queries.factors_of(request.user)
    return JsonResponse({"passkeys": has.passkeys, "codes": has.totp or bool(has.codes), "password": not has.any})
