"""Page: who keeps the key of one's house, and one's own drill."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

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
