"""Pages: who keeps the key of one's house, and one's own drill; the end of a generation that was stolen."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.queries import key_statements, revocations
from people.colleagues.queries import why_not_administer
from people.colleagues.views import of_a_house
from people.custody import queries, rules


@require_safe
@of_a_house
@never_cache
def custody(request: HttpRequest) -> HttpResponse:
    """Who keeps the key and has shown that he can open it; the drill is done here, in the browser."""
    kept = queries.custody(request.actor.organisation)
    mine = next((each for each in kept.keepers if str(each.user.public_id) == request.actor.person), None)
    context = {
        "nav": "desk", "kept": kept, "mine": mine, "fewest": rules.FEWEST, "house": request.user.organisation,
        "administers": not why_not_administer(request.actor),
    }  # fmt: skip
    return render(request, "people/custody/custody.html", context)


@login_required
@require_safe
@never_cache
def revoke(request: HttpRequest) -> HttpResponse:
    """What ends with a generation of one's house's key, and the form that signs it in the browser with a later one."""
    code = request.actor.organisation
    if not code:
        raise Http404
    over = {statement["revokes"]: statement for statement in revocations(code)}
    keys = [(statement, over.get(statement["gen"])) for statement in key_statements(code)]
    newest = max((statement["gen"] for statement, _ in keys), default=0)
    context = {
        "nav": "desk", "keys": keys, "newest": newest, "code": code, "against": queries.why_not_revoke(request.actor),
        "open": [statement for statement, ended in keys if ended is None and statement["gen"] != newest],
    }  # fmt: skip
    return render(request, "people/custody/revoke.html", context)
