"""The door behind the door: who has shown one proof is let in, or asked for another; some acts ask once more.

Nobody is half signed in: until the last proof a session only remembers who began, and is nobody's.
"""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import services as accounts
from accounts.factors import passkeys, queries, rules, services
from accounts.factors.rules import Proof, Step
from accounts.models import User
from accounts.sessions import services as sessions
from accounts.sessions.rules import DEVICE_KEPT, FACTS, device_words, masked_address
from accounts.source import address_of, source_of
from rulebook.refusal import Refused

MARK = f"{settings.COOKIES}known"  # the cookie by which a browser is known again; never the word its bids leave behind
PENDING, PROVEN, CHALLENGE = "pending", "proven_at", "webauthn"  # words of a session
CODE, PASSKEY, PASSWORD = "_proof_code", "_proof_passkey", "_proof_password"
PROOFS = (CODE, PASSKEY, PASSWORD)
SAFE = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


# --- in ---------------------------------------------------------------------------------------------------------------


def admit(request: HttpRequest, user: User, *, proof: Proof, after: str = "") -> HttpResponse:
    """Answer somebody who has shown one proof: in, or on to the second.  after: where he wanted to go, on this site."""
    has = queries.factors_of(user)
    if proof in (Proof.PASSWORD, Proof.SSO) and (has.any or has.needed):
        request.session.cycle_key()
        request.session[PENDING] = {
            "user": user.pk, "hash": user.get_session_auth_hash(), "at": request.arrived_at.isoformat(),
            "after": after, "proof": proof,
        }  # fmt: skip
        return HttpResponseRedirect("/accounts/second/" if has.any else "/accounts/second/new/")
    return enter(request, user, proof=proof, after=after)


def enter(request: HttpRequest, user: User, *, proof: Proof, after: str = "") -> HttpResponse:
    """Sign somebody in, whose last proof this was, and lead him on. The session is a new one."""
    at = request.arrived_at
    request.session.pop(PENDING, None)
    login(request, user)
    by = user.as_actor()
    device, place = device_words(request.headers.get("User-Agent", "")), masked_address(address_of(request))
    request.session[FACTS] = {
        "id": secrets.token_hex(16), "device": device, "place": place, "since": at.isoformat(),
    }  # fmt: skip
    if proof is not Proof.SSO:
        request.session[PROVEN] = at.isoformat()
    mark = request.COOKIES.get(MARK, "")
    mark = mark if 20 <= len(mark) <= 80 else secrets.token_urlsafe(24)
    sessions.note_device(user=user, mark=mark, device=device, place=place, by=by, at=at)
    services.note(user=user, kind=Step.SIGNED_IN, about=" · ".join(filter(None, (device, place))), by=by, at=at)
    answer = HttpResponseRedirect(on_this_site(request, after) or resolve_url(settings.LOGIN_REDIRECT_URL))
    answer.set_cookie(
        MARK, mark, max_age=DEVICE_KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        path="/accounts/",
    )  # fmt: skip
    return answer


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Whose password has just changed stays signed in here, under a new key."""
    update_session_auth_hash(request, user)


def on_this_site(request: HttpRequest, address: str) -> str:
    """An address to go on to; empty where it is of another site."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""


def beginner(request: HttpRequest) -> tuple[User, dict[str, Any]]:
    """Who has shown the first proof in this session, and what it remembers. Refused once it is too long ago."""
    kept = request.session.get(PENDING) or {}
    began = datetime.fromisoformat(kept["at"]) if kept else None
    reasons = rules.why_not_go_on(began_at=began, at=request.arrived_at)
    user = User.objects.select_related("organisation").filter(pk=kept.get("user"), is_active=True).first()
    if reasons or user is None or kept["hash"] != user.get_session_auth_hash():
        raise Refused(*(reasons or rules.why_not_go_on(began_at=None, at=request.arrived_at)))
    return user, kept


# --- proofs -----------------------------------------------------------------------------------------------------------


def origin_of(request: HttpRequest) -> str:
    """The origin a browser names for this site."""
    return f"{request.scheme}://{request.get_host()}"


def challenge(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What the browser is asked for a passkey, of this person or of whoever signs in."""
    kept = queries.credentials_of(user) if user else []
    options, state = passkeys.ask(origin=origin_of(request), kept=kept)
    request.session[CHALLENGE] = {**state, "at": request.arrived_at.isoformat()}
    return options


def challenged(request: HttpRequest) -> dict[str, Any]:
    """The challenge this session was given, which is forgotten by asking for it. Refused when there is none in time."""
    state = request.session.pop(CHALLENGE, None)
    request.session.save()  # forgotten whatever becomes of the answer
    if state is None or not rules.is_fresh(datetime.fromisoformat(state["at"]), at=request.arrived_at):
        raise Refused(rules.WRONG)
    return dict(state)


def by_passkey(request: HttpRequest, answer: Any, user: User | None) -> User:
    """Whose passkey answered the challenge of this session."""
    state = challenged(request)
    if not isinstance(answer, dict):
        raise Refused(rules.WRONG)
    return services.use_passkey(
        user=user, origin=origin_of(request), state=state, answer=answer, by=request.actor, at=request.arrived_at
    )


def prove(request: HttpRequest, user: User, told: dict[str, Any], *, at_the_door: bool) -> Proof:
    """What of a passkey, a code or the password somebody has just shown.

    Counted by where it comes from before it is looked at, and by the sign-in it belongs to: five tries, then the
    password again. Never counted by whom it names, or a rival could keep him out.
    Refused when it does not hold.
    """
    at, by = request.arrived_at, user.as_actor()
    tries = [
        services.try_code(session_key=request.session.session_key or "", at=at),
        accounts.try_door(source=source_of(request), at=at),
    ]
    proof = Proof.PASSWORD
    if told.get(PASSKEY):
        try:
            answer = json.loads(told[PASSKEY]) if isinstance(told[PASSKEY], str) else told[PASSKEY]
        except ValueError:
            answer = None
        by_passkey(request, answer, user)
        proof = Proof.PASSKEY
    elif told.get(CODE):
        proof = services.use_code(user=user, code=str(told[CODE]), may_reset=at_the_door, by=by, at=at)
    elif at_the_door or queries.factors_of(user).any or not user.check_password(str(told.get(PASSWORD, ""))):
        raise Refused(rules.WRONG)
    for each in tries:
        accounts.pass_door(attempt=each)
    return proof


# --- once more, before what cannot be undone --------------------------------------------------------------------------


def must_prove(request: HttpRequest) -> bool:
    """Whether this session must show anew who it is. Never where somebody has no factor and the house asks for none."""
    kept = request.session.get(PROVEN)
    if rules.is_fresh(datetime.fromisoformat(kept) if kept else None, at=request.arrived_at):
        return False
    return settings.SECOND_FACTOR or queries.factors_of(request.user).any


def mark_proven(request: HttpRequest) -> None:
    """Remember the proof in this session, under a new key: what was known of the old one is worth nothing."""
    request.session[PROVEN] = request.arrived_at.isoformat()
    request.session.cycle_key()


def stepped_up(view: View) -> View:
    """A door to what cannot be undone: who has not shown in the last five minutes that it is he, does so first.

    A form comes back as one page that asks for the proof and holds all that was typed; sent again it is proof and act
    in one. A program, or a page's script, gets a refusal with the code `accounts.step-up`, proves itself at
    /accounts/step-up/ and asks again. Files must be chosen again: a browser lets nobody put them back.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method in SAFE or not request.user.is_authenticated or not must_prove(request):
            return view(request, *args, **kwargs)
        if request.path.startswith("/api/") or not request.accepts("text/html"):
            raise Refused(rules.ASK)
        told = {name: request.POST.get(name, "") for name in PROOFS}
        if not any(told.values()):
            return ask_page(request)
        try:
            prove(request, request.user, told, at_the_door=False)
        except Refused as refusal:
            return ask_page(request, refusal)
        mark_proven(request)
        request.POST = request.POST.copy()
        for name in PROOFS:
            request.POST.pop(name, None)
        return view(request, *args, **kwargs)

    return cast(View, door)


def ask_page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    """The page that asks for a proof, holding what was sent."""
    held = [(name, value) for name, values in request.POST.lists() for value in values
            if name not in (*PROOFS, "csrfmiddlewaretoken")]  # fmt: skip
    if "_page" not in request.POST and (came := request.headers.get("Referer", "")):
        held.append(("_page", came))  # where the form stands, should the act be refused
    told = {
        "has": queries.factors_of(request.user), "held": held, "files": list(request.FILES), "back": came_back(request),
        "reasons": refusal.reasons if refusal else (), "action": request.get_full_path(),
    }  # fmt: skip
    return render(request, "accounts/factors/step_up.html", told, status=409 if refusal else 200)


def came_back(request: HttpRequest) -> str:
    """The page a form was sent from, where the browser says so."""
    return on_this_site(request, request.headers.get("Referer", ""))
