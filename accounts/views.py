"""Pages: sign in, sign out, inbox, identity key."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import joining, queries, services
from accounts.factors.door import admit
from accounts.factors.rules import Proof
from accounts.forms import CodeForm, SignIn, SignUpForm
from accounts.reaching.forms import InboxFilter, ReadForm
from accounts.rules import CODE_LASTS, masked_phone
from accounts.source import source_of
from accounts.sso import queries as outside


class Login(auth.LoginView):
    """The door. Throttled by where a try comes from, never by whom it names: nobody can lock a rival out."""

    template_name = "accounts/login.html"
    authentication_form = SignIn
    redirect_authenticated_user = True
    extra_context = {"providers": outside.providers}  # noqa: RUF012

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        attempt = services.try_door(source=source_of(request), at=request.arrived_at)
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        services.pass_door(attempt=attempt)
        return admit(request, form.get_user(), proof=Proof.PASSWORD, after=self.get_redirect_url())


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """A citizen signs up to buy a service; a code goes to the telephone. Throttled like the door."""
    if request.user.is_authenticated:
        return redirect("/desk/")
    form = SignUpForm(request.POST or None)
    if request.method == "POST":
        source = source_of(request)
        attempt = services.try_door(source=source, at=request.arrived_at)
        if form.is_valid():
            row = joining.begin(**form.cleaned_data, source=source, by=request.actor, at=request.arrived_at)
            services.pass_door(attempt=attempt)
            return redirect("accounts:confirm_sign_up", row.public_id)
    return render(request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_sign_up(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Type the code; who has is signed in, and begins his first purchase."""
    row = queries.sign_up(sign_up)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = services.try_door(source=source_of(request), at=request.arrived_at)
        code = form.cleaned_data["code"]
        user = joining.confirm_citizen(sign_up=sign_up, code=code, by=request.actor, at=request.arrived_at)
        services.pass_door(attempt=attempt)
        return admit(request, user, proof=Proof.PASSWORD, after="/purchases/new/")
    told = {"form": form, "row": row, "phone": masked_phone(row.phone), "minutes": CODE_LASTS.seconds // 60}
    return render(request, "accounts/confirm.html", told, status=422 if form.errors else 200)


@require_POST
def send_code_again(request: HttpRequest, sign_up: UUID) -> HttpResponse:
    """Another code."""
    queries.sign_up(sign_up)
    joining.send_again(sign_up=sign_up, by=request.actor, at=request.arrived_at)
    messages.success(request, _("验证码已重新发送，原来的不再有效。"))
    return redirect("accounts:confirm_sign_up", sign_up)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, newest first, those that are looked for."""
    form = InboxFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.inbox(request.user, **wanted), 20).get_page(request.GET.get("page"))
    told = {
        "nav": "inbox",
        "page": page,
        "form": form,
        "newest": queries.inbox(request.user).first(),
        "filtered": any(wanted.values()),
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page"}),
    }
    return render(request, "accounts/inbox.html", told)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read that was there when one looked."""
    form = ReadForm(request.POST, own=queries.inbox(request.user))
    if form.is_valid():
        services.read_all(
            user=request.user, newest=form.cleaned_data["newest"], by=request.actor, at=request.arrived_at
        )
        messages.success(request, _("已全部标为已读。"))
    return redirect("accounts:inbox")


@require_POST
@login_required
def open_message(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark a message read and go where it leads."""
    delivery = queries.inbox(request.user).get(public_id=public_id)
    services.open_message(delivery=delivery, at=request.arrived_at)
    return redirect(delivery.message.link or "accounts:inbox")


@login_required
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The organisation's identity key: make it in the browser, register it, see what is pinned."""
    code = request.actor.organisation
    over = {statement["revokes"]: statement for statement in queries.revocations(code)}
    pinned = [(statement, over.get(statement["gen"])) for statement in queries.key_statements(code)]
    return render(request, "accounts/keys.html", {"pinned": pinned, "code": code})
