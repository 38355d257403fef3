"""Doors: to an identity provider and back. It proves a first factor; accounts that have a second are asked for it."""

import logging
from dataclasses import asdict
from datetime import datetime
from typing import NoReturn

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import services as accounts
from accounts.factors import door, rules
from accounts.factors.door import stepped_up
from accounts.factors.rules import Proof
from accounts.source import source_of
from accounts.sso import oidc, queries, services
from accounts.sso.oidc import Asked, NotProven, Provider
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason, Refused

log = logging.getLogger(__name__)
KEPT = "sso"  # in the session: the question that waits for its answer
FAILED = Reason("accounts.sso-failed", Fault.NOT_NOW, "身份提供方没有确认您的身份，请重试，或者用用户名和密码登录")
UNKNOWN = Reason(
    "accounts.sso-unknown", Fault.NOT_NOW,
    "此外部身份还没有关联账户：请先用自己的用户名和密码登录，再到“登录与安全”中关联",
)  # fmt: skip


def _provider(key: str) -> Provider:
    if (found := queries.provider(key)) is None:
        raise Http404
    return found


def _back(request: HttpRequest, key: str) -> str:
    return door.origin_of(request) + reverse("accounts:sso_back", args=[key])


def _fail(wrong: NotProven) -> NoReturn:
    log.warning("identity provider: %s", wrong)
    raise Refused(FAILED) from wrong


@never_cache
@require_safe
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Send the browser to a provider. A link, not a form: forms of this site lead nowhere else."""
    provider, asked = _provider(key), Asked.fresh(key)
    attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
    try:
        there = oidc.address(provider, asked, back=_back(request, key))
    except NotProven as wrong:
        _fail(wrong)
    accounts.pass_door(attempt=attempt)
    request.session[KEPT] = {
        "asked": asdict(asked), "at": request.arrived_at.isoformat(),
        "user": request.user.pk if request.user.is_authenticated else None, "after": request.GET.get("next", ""),
    }  # fmt: skip
    return redirect(there)


@never_cache
@require_safe
def back(request: HttpRequest, key: str) -> HttpResponse:
    """The browser comes back: sign in whose identity it is, or link it to who is signed in and asked for that."""
    provider, kept = _provider(key), request.session.pop(KEPT, None)
    request.session.save()  # a question is answered once, whatever becomes of the answer
    attempt = accounts.try_door(source=source_of(request), at=request.arrived_at)
    mine = request.user.pk if request.user.is_authenticated else None
    began = datetime.fromisoformat(kept["at"]) if kept else None
    if kept is None or kept["asked"]["provider"] != key or kept["user"] != mine:
        raise Refused(FAILED)
    if rules.why_not_go_on(began_at=began, at=request.arrived_at):
        raise Refused(FAILED)
    try:
        subject = oidc.subject(
            provider, Asked(**kept["asked"]), request.GET.dict(), back=_back(request, key), at=request.arrived_at
        )
    except NotProven as wrong:
        _fail(wrong)
    accounts.pass_door(attempt=attempt)
    if mine is not None:
        return _link(request, provider, subject)
    user = queries.owner(issuer=provider.issuer, subject=subject)
    if user is None:
        raise Refused(UNKNOWN)
    return door.admit(request, user, proof=Proof.SSO, after=kept["after"])


def _link(request: HttpRequest, provider: Provider, subject: str) -> HttpResponse:
    if door.must_prove(request):  # who links opens a door into the account: not a session somebody left open
        raise Refused(rules.ASK)
    services.link(
        user=request.user, issuer=provider.issuer, subject=subject, name=provider.name, by=request.actor,
        at=request.arrived_at,
    )  # fmt: skip
    messages.success(request, _("已关联，下次可以从这里登录。"))
    return redirect("accounts:security")


@require_POST
@login_required
@stepped_up
def link(request: HttpRequest, key: str) -> HttpResponse:
    """Prove oneself, then go to the provider."""
    _provider(key)
    return redirect("accounts:sso", key)


@require_POST
@login_required
@stepped_up
def unlink(request: HttpRequest, key: str) -> HttpResponse:
    """Unlink one's identity at a provider."""
    provider = _provider(key)
    services.unlink(
        user=request.user, issuer=provider.issuer, name=provider.name, by=request.actor, at=request.arrived_at
    )
    messages.success(request, _("已取消关联。"))
    return redirect("accounts:security")
